"""A recorded video, read face by face."""

import streamlit as st

from app.sidebar import analysis_sidebar
from app.video.page import render_video

st.title("Video")
render_video(analysis_sidebar(live=False, video=True))
