"""How soon an alert is where it belongs.

Cameras in real time, one after the other, into a real server process that sends to the Bot API
server of this machine: what the internet and Telegram add comes on top. All moments are on the one
monotonic clock of the machine.

`accepted_ms`: from the end of the second in which the rule's dwell was reached, on the engine's
clock, until the Bot API server had taken the message with its picture. The engine gets that second
with the first frame after it.

`accepted_after_dwell_ms`: from the moment in which the pain had lasted for as long as the rule
demands, to the same. It adds that seconds begin with the camera and not with the pain, and that the
median over three seconds follows the second of them.
"""

from __future__ import annotations

import random
import time
from statistics import median
from typing import Any

import numpy as np

from core.alerts.alert import Alert
from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS
from tests.support.drilling import Household, household
from tests.support.waiting import eventually

APART_S = 3.0
"""A chat gets one message a second; none of these shall wait for another."""
CALM_S, PAIN_S = 4.0, 10.0
DWELL_S = 5.0
"""Of the rule that all have without changing anything, "Pain, careful"."""
IDLE_S = 10.0


def measure(alerts: int) -> dict[str, Any]:
    """Over so many alerts. Also the share of a core that a server without cameras uses."""
    chance = random.Random(4)
    with household(in_haste=False) as home:
        home.stores.policy.save(AlertPolicy(rules=(PRESETS["pain-careful"].rule,)))
        home.carer()
        server = home.server()
        before_s = server.ask("processor_s")
        time.sleep(IDLE_S)
        idle_share = (server.ask("processor_s") - before_s) / IDLE_S
        pain_from_s: dict[str, float] = {}
        for _ in range(alerts):
            camera_id, from_s = server.ask("film", CALM_S + chance.random(), PAIN_S)
            pain_from_s[camera_id] = from_s
            time.sleep(APART_S)
        eventually(lambda: len(home.copies()) >= alerts)
        home.settled()
        return {
            **_delays(home, pain_from_s),
            "cpu_share_of_idle_alert_server": round(idle_share, 4),
        }


def _delays(home: Household, pain_from_s: dict[str, float]) -> dict[str, Any]:
    accepted_s = {alert_id: message.accepted_s for alert_id, message in home.copies()}
    alerts = [alert for alert in home.alerts() if alert.camera_id in pain_from_s]
    engine_ms = [(accepted_s[alert.id] - _decided_s(alert)) * 1000 for alert in alerts]
    felt_ms = [
        (accepted_s[alert.id] - pain_from_s[alert.camera_id] - DWELL_S) * 1000 for alert in alerts
    ]
    return {
        "alerts_measured": len(alerts),
        "accepted_ms_median": round(median(engine_ms), 1),
        "accepted_ms_p95": round(float(np.percentile(engine_ms, 95)), 1),
        "accepted_ms_max": round(max(engine_ms), 1),
        "accepted_after_dwell_ms_median": round(median(felt_ms), 1),
        "accepted_after_dwell_ms_p95": round(float(np.percentile(felt_ms, 95)), 1),
    }


def _decided_s(alert: Alert) -> float:
    return alert.why.trail[-1].at_s
