"""“Keep on the Timeline”: what was read of a video becomes a session beside those of cameras."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import streamlit as st

from app.alerts.when import day_and_clock, reader_zone
from app.composition import PAGES_ROOT, looking_back
from app.video.found import Found, copy_into
from app.video.shelf import Work
from app.words import plain
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.session_store import LONGEST_NAME


def show_keep(work: Work, found: Found) -> None:
    """A form, or where it is kept already a way there."""
    st.subheader("Keep it on the Timeline")
    try:
        if _is_kept(work):
            _kept(work)
        else:
            _form(work, found, reader_zone())
    except RecordsError as error:
        st.warning(plain(error.sentence), icon=":material/warning:")


def _is_kept(work: Work) -> bool:
    if work.kept_as is None:
        return False
    if looking_back().sessions.one(work.kept_as) is None:  # erased there meanwhile
        work.kept_as = None
    return work.kept_as is not None


def _kept(work: Work) -> None:
    st.success(
        "The readings are kept on the Timeline: numbers, without pictures.",
        icon=":material/check_circle:",
    )
    st.page_link(
        PAGES_ROOT / "timeline.py",
        label="Show it on the Timeline",
        icon=":material/timeline:",
        query_params={"sessions": str(work.kept_as)},
    )


def _form(work: Work, found: Found, zone: tzinfo | None) -> None:
    st.caption(
        "Copies what was read of each second, as numbers and without pictures. Everything else on "
        "this page is erased sooner or later; that copy stays as long as other readings."
    )
    usual = usual_beginning(found).astimezone(zone)
    minute = usual.replace(second=0, microsecond=0)
    with st.form("video-keep", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                "Name", work.name[:LONGEST_NAME], max_chars=LONGEST_NAME, width=320
            )
            day = st.date_input("Recorded on", minute.date(), format="YYYY-MM-DD", width=150)
            time = st.time_input(
                "at",
                usual.time().replace(second=0, microsecond=0),
                step=timedelta(minutes=1),
                width=110,
            )
            sent = st.form_submit_button("Keep", icon=":material/bookmark_add:")
        st.caption(_whence(found, zone))
    if not sent:
        return
    began = datetime.combine(day, time, usual.tzinfo)
    # Left as it was, the field's minute means the very second.
    began_utc = (usual if began == minute else began).astimezone(UTC)
    if _refused(began_utc):
        return
    with st.spinner("Copying"):
        _keep(work, found, name, began_utc)
    st.rerun()


def usual_beginning(found: Found) -> datetime:
    """When it was recorded, as the file says, else when it was read."""
    return found.summary.info.recorded_utc or found.began_utc


def _whence(found: Found, zone: tzinfo | None) -> str:
    recorded_utc = found.summary.info.recorded_utc
    if recorded_utc is None:
        return "The file does not say when it was recorded; the time is that of now."
    when = day_and_clock(recorded_utc, SystemClock().now_utc(), zone)
    return f"Recorded {when}, as the file says."


def _refused(began_utc: datetime) -> bool:
    """With the sentence why."""
    now_utc = SystemClock().now_utc()
    keeping = looking_back().keeping.load()
    if began_utc > now_utc:
        st.error("That time is still to come.", icon=":material/error:")
        return True
    if began_utc < now_utc - keeping.readings_for:
        st.error(
            f"Single seconds are kept for {keeping.readings_days} days only, so a video of that "
            "time would be erased at once. Choose a later day, such as today; the name can say "
            "when it was recorded.",
            icon=":material/error:",
        )
        return True
    return False


def _keep(work: Work, found: Found, name: str, began_utc: datetime) -> None:
    records = looking_back()
    kept = records.sessions.by_camera_id(copy_into(records.seconds, found, began_utc))
    if kept is None:
        raise RecordsError("The readings could not be kept. Please try again.")
    if name.strip() and name.strip() != kept.camera_name:
        records.sessions.rename(kept.id, name)
    work.kept_as = kept.id
