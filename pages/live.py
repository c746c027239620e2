"""Watch: the live picture and what is read from it."""

from app.live.page import render_live
from core.monitoring.settings import AnalysisSettings

render_live(AnalysisSettings())
