"""Pictures, read face by face."""

import streamlit as st

from app.sidebar import analysis_sidebar
from app.stills.page import render_stills

st.title("Stills")
render_stills(analysis_sidebar(live=False))
