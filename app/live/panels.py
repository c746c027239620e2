"""What stands beside and below the live picture."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from app.charts import CHART_CONFIG, rolling_timeline
from app.live.notices import Notice, Tone
from app.palette import swatch
from core.expression.reading import Reading
from core.expression.wording import looks_label
from core.monitoring.health import Health
from core.monitoring.history import ReadingSeries
from core.monitoring.observation import Observation, ObservedFace

NOTICE_PX = 92
READING_PX = 430
CHOSEN_KEY = "live-chosen-face"


def show_notice(notice: Notice) -> None:
    """One notice in a place of fixed height, so that nothing below it jumps."""
    with st.container(height=NOTICE_PX, border=False):
        match notice.tone:
            case Tone.QUIET:
                st.caption(notice.text)
            case Tone.HINT:
                st.info(notice.text)
            case Tone.TROUBLE:
                st.warning(notice.text)


def choose_face(observation: Observation | None) -> ObservedFace | None:
    """The face that the person chose, or the largest; None while nobody is there."""
    faces = observation.faces if observation is not None else ()
    ids = sorted(face.track_id for face in faces)
    if len(ids) > 1:
        st.selectbox("Face", ids, key=CHOSEN_KEY, format_func=lambda track_id: f"Face {track_id}")
    chosen = st.session_state.get(CHOSEN_KEY)
    return next((face for face in faces if face.track_id == chosen), faces[0] if faces else None)


def show_reading(face: ObservedFace | None) -> None:
    """The word and the probabilities of one face."""
    if face is None or face.smoothed is None:
        st.html(_headline("–", "The reading of the face appears here."))
        return
    shown = swatch(face.label) if face.label is not None else None
    words = looks_label(face.label)
    st.html(
        _headline(
            f"{shown.glyph if shown else '?'} {words[:1].upper()}{words[1:]}",
            f"Face {face.track_id}" + _notes(face),
        )
        + _bars(face.smoothed)
    )


def show_timeline(series: ReadingSeries | None, now_utc: np.datetime64) -> None:
    """The last two minutes of one person."""
    if series is None:
        empty = np.zeros(0)
        figure = rolling_timeline(empty, np.zeros((0, 0)), ())
    else:
        seconds_ago = (now_utc - series.taken_utc) / np.timedelta64(1, "s")
        figure = rolling_timeline(seconds_ago, series.probabilities, series.labels)
    st.plotly_chart(figure, key="live-timeline", config=CHART_CONFIG)


def health_line(health: Health) -> str:
    """One quiet line of figures."""
    parts = [
        f"{health.frames_in_per_s:.0f} frames per second in",
        f"{health.frames_out_per_s:.0f} out",
        f"{health.analyses_per_s:.0f} analyses per second",
        f"{health.dropped} frames not analysed",
    ]
    if health.latency_ms_median is not None:
        parts.append(f"{health.latency_ms_median:.0f} ms per analysis")
    return " · ".join(parts)


def _notes(face: ObservedFace) -> str:
    return "".join(f" · {note}" for note in face.quality.notes)


def _headline(words: str, detail: str) -> str:
    return (
        f'<div style="font-size:1.6rem;font-weight:600;line-height:1.3">{escape(words)}</div>'
        f'<div style="opacity:.65;margin-bottom:.8rem">{escape(detail)}</div>'
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
        '<div role="listitem" style="display:grid;grid-template-columns:6.5rem 1fr 3rem;'
        'align-items:center;gap:.5rem;height:2.1rem">'
        f'<span><span style="color:{shown.colour_hex}">{shown.glyph}</span> '
        f"{escape(shown.word)}</span>"
        '<span style="background:rgba(128,128,128,.18);border-radius:4px;height:.8rem">'
        f'<span style="display:block;height:100%;border-radius:4px;width:{share:.1%};'
        f'background:{shown.colour_hex}"></span></span>'
        f'<span style="text-align:right;font-variant-numeric:tabular-nums">{share:.0%}</span>'
        "</div>"
    )
