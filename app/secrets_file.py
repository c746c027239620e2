"""Streamlit's file of secrets, read without a browser session."""

from __future__ import annotations

import logging
import os
import tomllib
from dataclasses import replace
from pathlib import Path

from core.delivery.settings import DeliverySettings, settings_from

SECRETS = Path(".streamlit") / "secrets.toml"
UNREADABLE = "The file .streamlit/secrets.toml cannot be read, so it is not used."

_log = logging.getLogger(__name__)


def delivery_settings_from(root: Path) -> DeliverySettings:
    """From the environment and the file under this folder; `st.secrets` needs a session."""
    try:
        written = tomllib.loads((root / SECRETS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        written = {}
    except (OSError, ValueError) as error:
        # Trap: the error of a broken file may quote the line with the token.
        _log.error("%s (%s)", UNREADABLE, type(error).__name__)
        settings = settings_from(os.environ, {})
        return replace(settings, missing=(UNREADABLE, *settings.missing))
    return settings_from(os.environ, written)
