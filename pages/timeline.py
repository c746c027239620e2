"""What was seen, looked back on."""

import streamlit as st

from app.timeline.page import render_timeline

st.title("Timeline")
render_timeline()
