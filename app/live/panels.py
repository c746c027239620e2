"""What stands beside and below the live picture."""

from __future__ import annotations

from html import escape

import streamlit as st

from app.charts import CHART_CONFIG, TIMELINE_PX, rolling_timeline
from app.live.notices import Notice, Tone
from app.palette import swatch
from core.expression.reading import Reading
from core.expression.wording import looks_label
from core.monitoring.health import Health
from core.monitoring.history import ReadingSeries
from core.monitoring.observation import Observation, ObservedFace

STYLE = """<style>
.st-key-live-beneath { min-height: 8rem }
.st-key-live-reading { min-height: 22rem }
.mien-demo {
  display: block; width: 100%; aspect-ratio: 4 / 3; border-radius: 10px;
  background: rgba(128, 128, 128, 0.12);
}
</style>"""
"""Places keep their height while what stands in them changes."""

CHOSEN_KEY = "live-chosen-face"
SHOWN_KEY = "live-shown-face"
_SELECTBOX_KEY = "live-face"


def show_notice(notice: Notice) -> None:
    """What is to be said of the picture, in a place that keeps its height."""
    with st.container(key="live-notice"):
        match notice.tone:
            case Tone.QUIET:
                st.success(notice.text)
            case Tone.HINT:
                st.info(notice.text)
            case Tone.TROUBLE:
                st.warning(notice.text)


def choose_face(observation: Observation | None) -> ObservedFace | None:
    """The face that the person chose, else the one shown before, else the largest.

    Trap: a widget forgets a choice that is missing from its options once, and a detector misses
    a face now and then. So the choice stands beside the widget and counts again when the face is
    back; before the first picture of a connection, in which numbers start anew, it is dropped.
    """
    if observation is None:
        st.session_state[CHOSEN_KEY] = st.session_state[SHOWN_KEY] = None
        return None
    by_id = {face.track_id: face for face in observation.faces}
    if not by_id:
        return None
    wanted = (st.session_state.get(CHOSEN_KEY), st.session_state.get(SHOWN_KEY))
    shown = next((by_id[id_] for id_ in wanted if id_ in by_id), observation.faces[0])
    st.session_state[SHOWN_KEY] = shown.track_id
    if len(by_id) > 1:
        st.session_state[_SELECTBOX_KEY] = shown.track_id
        st.selectbox(
            "Face",
            sorted(by_id),
            key=_SELECTBOX_KEY,
            format_func=lambda track_id: f"Face {track_id}",
            on_change=_keep_choice,
        )
    return shown


def _keep_choice() -> None:
    st.session_state[CHOSEN_KEY] = st.session_state[_SELECTBOX_KEY]


def show_reading(face: ObservedFace | None) -> None:
    """The word and the probabilities of one face."""
    if face is not None and not face.quality.readable:
        st.html(_headline("", "Not readable now", f"Face {face.track_id} · {_notes(face)}"))
        return
    if face is None or face.smoothed is None:
        st.html(_headline("", "No reading yet", "How the face in the picture looks appears here."))
        return
    glyph, words = _said(face)
    detail = f"Face {face.track_id}" + (f" · {_notes(face)}" if face.quality.notes else "")
    st.html(_headline(glyph, words, detail) + _bars(face.smoothed))


def show_timeline(series: ReadingSeries | None, now_s: float) -> None:
    """The last two minutes of one person."""
    if series is None:
        with st.container(height=TIMELINE_PX, horizontal_alignment="center"):
            st.caption("The last two minutes appear here once a face is read.")
        return
    figure = rolling_timeline(now_s - series.captured_s, series.probabilities, series.labels)
    st.plotly_chart(
        figure,
        key="live-timeline",
        config=CHART_CONFIG,
        alt="Probabilities of each expression over the last two minutes",
    )


def health_line(health: Health) -> str:
    """One quiet line of figures."""
    parts = [
        f"{health.frames_in_per_s:.0f} frames per second in",
        f"{health.frames_out_per_s:.0f} out",
        f"{health.analyses_per_s:.0f} analysed",
        f"{health.dropped} dropped",
    ]
    if health.latency_ms_median is not None:
        parts.append(f"latency {health.latency_ms_median:.0f} ms")
    return " · ".join(parts)


def recording_line(trouble: str | None) -> str:
    """A second line beneath the figures, where readings are not written; "" where they are.

    It adds no element, so that nothing moves.
    """
    if trouble is None:
        return ""
    return "  \n:orange[:material/warning: Readings are not being saved now. Why stands below.]"


def _notes(face: ObservedFace) -> str:
    return ", ".join(face.quality.notes)


def _said(face: ObservedFace) -> tuple[str, str]:
    words = looks_label(face.label)
    words = words[:1].upper() + words[1:]
    return ("" if face.label is None else _glyph(face.label)), words


def _headline(glyph_html: str, words: str, detail: str) -> str:
    return (
        f'<div style="font-size:1.6rem;font-weight:600;line-height:1.3">{glyph_html}'
        f"{escape(words)}</div>"
        f'<div style="opacity:.7;margin-bottom:.8rem">{escape(detail)}</div>'
    )


def _glyph(label: str) -> str:
    shown = swatch(label)
    return (
        '<span aria-hidden="true" '
        f'style="display:inline-block;width:1.4em;color:{shown.colour_hex}">'
        f"{shown.glyph}</span>"
    )


def _bars(reading: Reading) -> str:
    """Plain HTML: a plotly chart remounts at each update, twice a second, and would take the
    browser's time from the picture.
    """
    rows = [
        _bar(label, share)
        for label, share in zip(reading.labels, reading.probabilities, strict=True)
    ]
    return f'<div role="list">{"".join(rows)}</div>'


def _bar(label: str, share: float) -> str:
    shown = swatch(label)
    return (
        '<div role="listitem" style="display:grid;grid-template-columns:6.4rem 1fr 2.8rem;'
        'align-items:center;gap:.5rem;height:2.1rem">'
        f"<span>{_glyph(label)}{escape(shown.word)}</span>"
        '<span style="background:rgba(128,128,128,.18);border-radius:4px;height:.8rem">'
        f'<span style="display:block;height:100%;border-radius:4px;width:{share:.1%};'
        f'background:{shown.colour_hex}"></span></span>'
        f'<span style="text-align:right;font-variant-numeric:tabular-nums">{share:.0%}</span>'
        "</div>"
    )
