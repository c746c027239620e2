from __future__ import annotations

import json

import pytest
import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from app.ice import ENVIRONMENT_VARIABLE, rtc_configuration
from core.errors import ConfigurationError

TURN = {"urls": "turn:turn.example.org:3478", "username": "home", "credential": "hidden-word"}


class NoSecrets:
    """What `st.secrets` does without a file."""

    def get(self, *_: object) -> object:
        raise StreamlitSecretNotFoundError("none")


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setattr(st, "secrets", NoSecrets())


def test_none_by_default_said_outright() -> None:
    assert rtc_configuration() == {"iceServers": []}


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, json.dumps([TURN]))
    assert rtc_configuration() == {"iceServers": [TURN]}


@pytest.mark.parametrize(
    "urls",
    [
        pytest.param("stun:192.0.2.1", id="an address without a port"),
        pytest.param(["turns:turn.example.org?transport=tcp", "stun:h:3478"], id="several"),
    ],
)
def test_every_form_that_browsers_take(monkeypatch: pytest.MonkeyPatch, urls: object) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, json.dumps([{**TURN, "urls": urls}]))
    assert rtc_configuration() == {"iceServers": [{**TURN, "urls": urls}]}


def test_from_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "secrets", {"webrtc": {"ice_servers": [TURN]}})
    assert rtc_configuration() == {"iceServers": [TURN]}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("turn:hidden-word", id="no JSON"),
        pytest.param(json.dumps(TURN), id="one server, no list"),
        pytest.param(json.dumps("hidden-word"), id="a text"),
        pytest.param(json.dumps([{"url": "turn:x", "credential": "hidden-word"}]), id="no urls"),
        pytest.param(json.dumps([{**TURN, "hidden-word": 1}]), id="an unknown key"),
        pytest.param(json.dumps([{"urls": 5}]), id="a number for a url"),
        pytest.param(json.dumps([{"urls": []}]), id="an empty list of urls"),
        pytest.param(json.dumps([{"urls": "https://hidden-word"}]), id="a web address"),
        pytest.param(json.dumps([{"urls": "stun:[2001:db8::1]:3478"}]), id="IPv6"),
        pytest.param(json.dumps([{"urls": "stun:h:port"}]), id="a port that is no number"),
        pytest.param(json.dumps([{"urls": ["stun:h", "hidden-word"]}]), id="one of two urls"),
        pytest.param(json.dumps([{"urls": "turn:h"}]), id="turn without a credential"),
        pytest.param(json.dumps([{**TURN, "credential": 5}]), id="a number for a credential"),
    ],
)
def test_what_cannot_be_used_is_refused_without_telling_secrets(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, text)
    with pytest.raises(ConfigurationError) as refusal:
        rtc_configuration()
    told = refusal.value.sentence + refusal.value.cause
    assert "hidden-word" not in told
    assert refusal.value.__cause__ is None
