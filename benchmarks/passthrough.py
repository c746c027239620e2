"""A page whose streamer is Live's, and whose callback gives each frame back as it came."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import streamlit as st

from app.live.stream import camera_stream

st.set_page_config(layout="wide")
picture, _ = st.columns([2, 1])
with picture:
    camera_stream(lambda frame: frame, lambda: None, power_saving=False)
