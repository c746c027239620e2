"""Single pictures through the browser's camera input, where no live picture is possible."""

from __future__ import annotations

import streamlit as st

from core.monitoring.settings import AnalysisSettings


def offer_snapshot(settings: AnalysisSettings) -> None:
    """A camera input that opens when asked for, read as a still picture is."""
    if not st.toggle("Take single pictures instead", key="live-snapshots"):
        return
    st.camera_input("Take a picture", key="live-snapshot")
