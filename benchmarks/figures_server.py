"""The dashboard as it is served, with one more address: `/figures`, the cameras' figures."""

import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app import main
from app.composition import camera_hub


async def figures(_: Request) -> JSONResponse:
    """Health of every open camera."""
    return JSONResponse([asdict(state.health) for state in camera_hub().states()])


app = st.App(
    Path(main.__file__).with_name("router.py"),
    lifespan=main.lifespan,
    routes=[Route("/figures", figures)],
)
