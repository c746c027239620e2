"""The live picture and what is read from it."""

import streamlit as st

from app.alerts.tuning import alert_tuning
from app.live.page import render_live
from app.sidebar import analysis_sidebar

st.title("Live")
settings = analysis_sidebar(live=True)
alert_tuning()
render_live(settings)
