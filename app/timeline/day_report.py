"""The way to the printable report of a day."""

from __future__ import annotations

from datetime import tzinfo
from functools import partial

import streamlit as st

from app.composition import looking_back
from app.downloads import offer_page
from app.timeline.day import kept_days
from app.timeline.report import day_report_html


def show_day_report(zone: tzinfo | None) -> None:
    """Which day, and the link, which opens beside this page."""
    records = looking_back()
    days = kept_days(records.timeline.extent(), zone)
    if days is None:
        st.caption("Once a camera was on, a report of each day can be printed here.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day = st.date_input(
            "Day",
            days[1],
            min_value=days[0],
            max_value=days[1],
            key="timeline-report-day",
            format="DD/MM/YYYY",
            width=180,
        )
        make = partial(day_report_html, day, zone, records)
        st.link_button(
            "Open the report",
            offer_page(f"report of {day} in {zone}", make),
            icon=":material/print:",
            key="timeline-report",
        )
    st.caption(
        "One day on paper: its times, charts, alerts and notes, and what to bear in mind. It opens "
        "in a new tab, to be printed or saved."
    )
