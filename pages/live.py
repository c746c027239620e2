"""Watch: the live picture and what is read from it."""

from app.live.page import render_live
from app.sidebar import analysis_sidebar

render_live(analysis_sidebar(live=True))
