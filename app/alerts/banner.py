"""On every page: an alert that nobody has answered, with a button to take it."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import streamlit as st

from app.alerts.answering import answer
from app.alerts.opened import opened_alert
from app.alerts.services import alert_services
from app.alerts.when import clock, reader_zone
from app.palette import ALERT_HEX
from app.words import counted, plain
from core.alerts.alert import Alert, Answer
from core.clock import SystemClock
from core.delivery.words import please_check
from core.errors import MienError
from core.records.stores import AlertFilter

REFRESH_EVERY_S = 2.0
SHOWN_FOR = timedelta(hours=12)
"""After that an alert nobody answered is history, for the Alerts page."""

_KEY = "alert-banner"
# Over the page's lower edge: what comes and goes must not move what somebody reads. The wrappers
# around it, the fragment's too, take part in the page's layout, so they float as well.
_STYLE = f"""<style>
[data-testid="stLayoutWrapper"]:has(.st-key-{_KEY}) {{
  position: fixed; right: 1rem; bottom: 1rem; z-index: 1000;
  width: min(46rem, calc(100vw - 2rem)); max-width: none;
}}
@media (min-width: 768px) {{
  [data-testid="stLayoutWrapper"]:has(.st-key-{_KEY}) {{
    width: min(46rem, calc(100vw - 22rem));
  }}
}}
.st-key-{_KEY} {{
  padding: .75rem 1rem; border-radius: .6rem; background: {ALERT_HEX};
  box-shadow: 0 4px 24px rgba(0, 0, 0, .35);
}}
.st-key-{_KEY} p, .st-key-{_KEY} span {{ color: #fff }}
.st-key-{_KEY} :is(button, a) {{
  background: transparent; border-color: rgba(255, 255, 255, .7); color: #fff;
}}
.st-key-{_KEY} :is(button, a):is(:hover, :focus-visible) {{
  background: rgba(255, 255, 255, .16); border-color: #fff; color: #fff;
}}
[data-testid="stMainBlockContainer"]:has(.st-key-{_KEY}) {{ padding-bottom: 16rem }}
</style>"""

_log = logging.getLogger(__name__)


def alert_banner(alerts_page: Path, *, stays: bool) -> None:
    """Call on every page, after what it shows: until its style has loaded, it stands in line.

    Args:
        alerts_page: where an episode is opened.
        stays: open it in another tab, as leaving this page would end its camera.
    """
    st.fragment(_banner, run_every=REFRESH_EVERY_S)(alerts_page, stays)


def _banner(alerts_page: Path, stays: bool) -> None:
    try:
        waiting = unanswered()
    except MienError as error:
        # The Alerts page says so; the others go on.
        _log.warning("No banner: %s", error.cause)
        return
    if not waiting or opened_alert() == waiting[0].number:
        return
    alert = waiting[0]
    with st.container(
        key=_KEY,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        st.html(_STYLE)
        st.markdown(banner_text(alert, len(waiting) - 1), width="content")
        with st.container(horizontal=True, width="content"):
            st.button(
                "Acknowledge",
                key=f"banner-ack-{alert.number}",
                on_click=answer,
                args=(alert, Answer.ACKNOWLEDGED),
            )
            if stays:
                st.link_button("Open", f"{alerts_page.stem}?alert={alert.number}")
            elif st.button("Open", key=f"banner-open-{alert.number}"):
                st.switch_page(alerts_page, query_params={"alert": str(alert.number)})


def unanswered() -> tuple[Alert, ...]:
    """Of the last hours, newest first; those held for the morning are not among them."""
    since_utc = SystemClock().now_utc() - SHOWN_FOR
    kept = alert_services().stores.alerts.list(
        AlertFilter(since_utc=since_utc, answers=frozenset({None})), 20
    )
    return tuple(alert for alert in kept if not alert.held)


def banner_text(alert: Alert, more: int) -> str:
    """Markdown."""
    since = f"{'since' if alert.is_open else 'at'} {clock(alert.fired_utc, reader_zone())}"
    others = f" And {counted(more, 'more alert')}." if more else ""
    return (
        f":material/notifications_active: **Alert {alert.number} · {plain(please_check(alert))}** "
        f"{plain(alert.camera_name)}, {since}.{others}"
    )
