"""Every store of a database, under one roof for those who build them."""

from __future__ import annotations

from core.records.alert_filter import AlertFilter, AlertState
from core.records.alert_store import AlertStore
from core.records.leases import Leases
from core.records.link_codes import LinkCode, LinkCodes, TooManyTriesError
from core.records.outbox import Outbox, Told
from core.records.policy_store import PolicyStore
from core.records.recipients import Recipients
from core.records.second_store import CameraRow, SecondStore
from core.records.snoozes import Snooze, Snoozes

__all__ = [
    "AlertFilter",
    "AlertState",
    "AlertStore",
    "CameraRow",
    "Leases",
    "LinkCode",
    "LinkCodes",
    "Outbox",
    "PolicyStore",
    "Recipients",
    "SecondStore",
    "Snooze",
    "Snoozes",
    "Told",
    "TooManyTriesError",
]
