"""All models, side by side."""

import streamlit as st

from app.model_cards.page import render_models

st.title("Models")
render_models()
