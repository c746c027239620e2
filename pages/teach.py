"""A model of one person's own expressions, from a few dozen pictures."""

import streamlit as st

from app.teach.page import render_teach

st.title("Teach it a face")
render_teach()
