"""What is kept: for how long, how much of it, all of it to take away, and how to erase."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from app.alerts.when import reader_zone
from app.composition import looking_back, stores
from app.exports import show_export
from app.timeline.erasing import show_erasing
from app.words import counted, plain, size
from core.clock import SystemClock
from core.errors import MienError
from core.export.task import ExportKind, ExportTask
from core.records.amounts import Amounts
from core.records.keeping import FEWEST_DAYS, MOST_DAYS, Keeping

_ASKED, _SAVED = "keeping-asked", "keeping-saved"
_MOST_PICTURE_DAYS = 365


def show_keeping() -> None:
    """Reads the database each time; RecordsError where it cannot be used."""
    st.markdown("**For how long**")
    _show_days()
    st.markdown("**How much there is**")
    _show_amounts()
    st.markdown("**Take everything with you**")
    show_export("everything", "Export everything", _ask_for_everything)
    st.caption(
        "One zip file: all readings and sums as Parquet, sessions, notes and alerts as JSON, the "
        "pictures of alerts, and a README. Names of those who were told are in it, their addresses "
        "are not. Whoever has the file can see all of it."
    )
    st.markdown("**Erase**")
    show_erasing(reader_zone())


def _show_days() -> None:
    keeping, picture_days = looking_back().keeping.load(), stores().policy.load().picture_days
    with st.form("keeping", border=False):
        with st.container(horizontal=True, gap="medium"):
            readings = _days("Single readings, days", "readings", keeping.readings_days, MOST_DAYS)
            sums = _days("Sums per minute and hour, days", "sums", keeping.rollups_days, MOST_DAYS)
            pictures = _days(
                "Pictures of alerts, days", "pictures", picture_days, _MOST_PICTURE_DAYS
            )
        st.caption(
            "What is older is erased by itself, within the hour. Sessions go with their "
            "last sum; notes and alerts stay until somebody erases them."
        )
        asked = st.form_submit_button("Save", key="keeping-save")
    if st.session_state.pop(_SAVED, False):
        st.success("Saved.", icon=":material/check:")
    wanted = Keeping(readings, sums)
    if asked and (wanted, pictures) != (keeping, picture_days):
        shorter = [
            words
            for words, new, old in (
                (f"readings older than {_of_days(readings)}", readings, keeping.readings_days),
                (f"sums older than {_of_days(sums)}", sums, keeping.rollups_days),
                (f"pictures older than {_of_days(pictures)}", pictures, picture_days),
            )
            if new < old
        ]
        if shorter:
            st.session_state[_ASKED] = wanted, pictures, shorter
        else:
            _save(wanted, pictures)
    if (asks := st.session_state.get(_ASKED)) is not None:
        st.dialog("Keep less?", on_dismiss=_forget)(_confirm_days)(*asks)


def _days(title: str, key: str, value: int, most: int) -> int:
    return int(st.number_input(title, FEWEST_DAYS, most, value, 1, key=f"keeping-{key}", width=220))


def _of_days(days: int) -> str:
    return counted(days, "day")


def _confirm_days(keeping: Keeping, picture_days: int, shorter: list[str]) -> None:
    goes = " and ".join(filter(None, (", ".join(shorter[:-1]), shorter[-1])))
    st.markdown(f"This erases {goes}, within the hour. It cannot be undone.")
    with st.container(horizontal=True):
        if st.button("Save and erase", type="primary", key="keeping-shorter"):
            _save(keeping, picture_days)
        if st.button("Cancel", key="keeping-cancel"):
            _forget()
            st.rerun()


def _forget() -> None:
    st.session_state.pop(_ASKED, None)


def _save(keeping: Keeping, picture_days: int) -> None:
    try:
        looking_back().keeping.save(keeping)
        policy = stores().policy
        policy.save(replace(policy.load(), picture_days=picture_days))
    except MienError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        return
    _forget()
    st.session_state[_SAVED] = True
    st.rerun()


def _show_amounts() -> None:
    records = looking_back()
    days = records.keeping.load().readings_days
    found = records.amounts.since(SystemClock().now_utc() - timedelta(days=days))
    st.markdown(plain(amounts_words(found)))
    st.caption("Room that erased readings leave in the database is used again.")


def amounts_words(found: Amounts) -> str:
    """“About 86,000 readings …, 2,900 sums, …; the database takes 34 MB.”"""
    parts = [
        f"about {_about(found.readings)} readings, one for each second and person",
        f"{found.sums:,} sums per minute and hour",
        f"{counted(found.alerts, 'alert')} with {counted(found.pictures, 'picture')}",
        counted(found.notes, "note"),
    ]
    listed = ", ".join(parts[:-1]) + f" and {parts[-1]}"
    return f"{listed[:1].upper()}{listed[1:]}. The database takes {size(found.size_bytes)}."


def _about(count: int) -> str:
    """Two digits that count, no more are known."""
    if count >= 1_000_000:
        return f"{count / 1e6:.1f} million"
    step = 10 ** max(0, len(str(count)) - 2)
    return f"{round(count / step) * step:,}"


def _ask_for_everything() -> tuple[ExportTask, str]:
    day = f"{SystemClock().now_utc():%Y-%m-%d}"
    return ExportTask(ExportKind.EVERYTHING), f"mien-{day}.zip"
