"""Every episode, and who is told."""

import streamlit as st

from app.alerts.page import render_alerts
from app.alerts.tuning import alert_tuning

st.title("Alerts")
alert_tuning()
render_alerts()
