"""What runs at every visit: the frame around the pages, and the choice of the page."""

from __future__ import annotations

import streamlit as st

from app.composition import ICON, PAGES_ROOT

st.set_page_config(
    page_title="Mien", page_icon=str(ICON), layout="wide", menu_items={"About": "Mien"}
)
st.logo(str(ICON), size="large")

page = st.navigation(
    {
        "Watch": [st.Page(PAGES_ROOT / "live.py", title="Live", icon="📷", default=True)],
        "Analyse": [st.Page(PAGES_ROOT / "stills.py", title="Stills", icon="🖼️")],
    }
)
page.run()
