"""What runs at every visit: the frame around the pages, and the choice of the page."""

from __future__ import annotations

import streamlit as st

from app.alerts.banner import alert_banner
from app.composition import ICON, PAGES_ROOT, WORDMARK
from app.live.leaving import leave_live

# Trap: the page's own icon, and first: without it Streamlit takes a :material/ icon of the
# navigation for the tab and asks a public host for its picture.
st.set_page_config(page_title="Mien", page_icon=str(ICON), layout="wide")
st.logo(str(WORDMARK), size="large", icon_image=str(ICON))

page = st.navigation(
    {
        "Watch": [
            st.Page(PAGES_ROOT / "live.py", title="Live", icon=":material/videocam:", default=True)
        ],
        "Analyse": [
            st.Page(PAGES_ROOT / "stills.py", title="Stills", icon=":material/photo_library:"),
            st.Page(PAGES_ROOT / "video.py", title="Video", icon=":material/movie:"),
        ],
        "Look back": [
            st.Page(PAGES_ROOT / "timeline.py", title="Timeline", icon=":material/timeline:"),
            st.Page(PAGES_ROOT / "alerts.py", title="Alerts", icon=":material/notifications:"),
        ],
        "Understand": [
            st.Page(PAGES_ROOT / "models.py", title="Models", icon=":material/insights:"),
            st.Page(PAGES_ROOT / "teach.py", title="Teach it a face", icon=":material/school:"),
        ],
    }
)
st.set_page_config(page_title=f"{page.title} · Mien")
# A demo plays without a connection of its own, and a stream's end does not tell why it ended.
if page.title != "Live":
    leave_live()
page.run()
alert_banner(PAGES_ROOT / "alerts.py", stays=page.title == "Live")
