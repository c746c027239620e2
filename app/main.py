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
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.composition import alert_system, camera_hub, settings_store
from app.failures import log_plainly, show_error
from app.health import health_of
from app.live.demo_stream import moving_picture, route_path
from app.message_queue import keep_pages_in_order
from app.uploads import keep_uploads_in_memory
from core.delivery.redaction import install as redact_the_log


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """What belongs to the server and not to a browser: started before any page, ended after."""
    log_plainly()
    redact_the_log()
    keep_uploads_in_memory()
    keep_pages_in_order()
    settings_store()
    hub, alerts = camera_hub(), alert_system()
    alerts.start()
    try:
        yield
    finally:
        await asyncio.to_thread(hub.close_all)
        await asyncio.to_thread(alerts.stop)


async def healthz(_: Request) -> JSONResponse:
    """For a watchdog or a balancer: 200 while alerts can be recorded and sent, else 503."""
    health = health_of(camera_hub(), alert_system())
    return JSONResponse(health, status_code=200 if health["status"] != "failing" else 503)


app = st.App(
    Path(__file__).with_name("router.py"),
    lifespan=lifespan,
    routes=[Route("/healthz", healthz), Route(route_path(), moving_picture)],
    on_script_error=show_error,
)
