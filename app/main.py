"""The server's entry.

    streamlit run app/main.py

from the root of the project serves the dashboard on http://localhost:8501; `make run` does that.
Streamlit finds `app` below and runs it with uvicorn. Besides the pages it serves `/healthz`, and
on SIGTERM or Ctrl+C it ends all cameras, records and sends what was decided, and closes the
database before the process ends.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

# Trap: `streamlit run app/main.py` puts app/ on the import path, not the root.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime import Runtime

from app.composition import alert_system, camera_hub, settings_store, video_shelf
from app.downloads import offered_file
from app.downloads import route_path as download_path
from app.failures import log_plainly, show_error
from app.health import health_of
from app.live.demo_stream import moving_picture, route_path
from app.message_queue import keep_pages_in_order
from app.uploads import keep_uploads_in_memory
from app.video.upload import VideoUploads
from core.delivery.redaction import install as redact_the_log


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """What belongs to the server and not to a browser: started before any page, ended after."""
    log_plainly()
    redact_the_log()
    keep_uploads_in_memory()
    keep_pages_in_order()
    settings_store()
    hub, alerts, videos = camera_hub(), alert_system(), video_shelf()
    alerts.start()
    videos.start()
    try:
        yield
    finally:
        await asyncio.to_thread(hub.close_all)
        await asyncio.to_thread(alerts.stop)
        await asyncio.to_thread(videos.stop)


def _is_session(session_id: str) -> bool:
    return Runtime.instance().is_active_session(session_id)


async def healthz(_: Request) -> JSONResponse:
    """For a watchdog or a balancer: 200 while alerts can be recorded and sent, else 503."""
    health = health_of(camera_hub(), alert_system())
    return JSONResponse(health, status_code=200 if health["status"] != "failing" else 503)


app = st.App(
    Path(__file__).with_name("router.py"),
    lifespan=lifespan,
    routes=[
        Route("/healthz", healthz),
        Route(route_path(), moving_picture),
        Route(download_path(), offered_file),
    ],
    middleware=[
        Middleware(VideoUploads, arrivals=lambda: video_shelf().arrivals, is_session=_is_session)
    ],
    on_script_error=show_error,
)
