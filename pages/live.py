"""The live picture and what is read from it."""

import streamlit as st

from app.live.page import render_live
from app.sidebar import analysis_sidebar

st.title("Live")
render_live(analysis_sidebar(live=True))
