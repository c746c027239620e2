"""What the server says of itself to a watchdog: sentences, no secrets, no names."""

from __future__ import annotations

from typing import Any

from app.alert_system import AlertSystem
from core.monitoring.hub import CameraHub


def health_of(hub: CameraHub, alerts: AlertSystem) -> dict[str, Any]:
    """For JSON.

    "failing" means that an alert may not be recorded or not be sent; a channel that was never set
    up is no failure. While the database is being opened, the status is "starting".
    """
    troubles = alerts.troubles()
    health = alerts.delivery_health()
    sent_utc = health.last_sent_utc if health is not None else None
    return {
        "status": "failing" if troubles else "ok" if health is not None else "starting",
        "troubles": troubles,
        "cameras": len(hub),
        "lost_cameras": sum(camera.lost_for_s is not None for camera in alerts.tower.cameras()),
        "database": "open" if health is not None else "not open",
        "delivery": {
            "unrecorded": alerts.desk.waiting,
            "waiting": health.waiting if health is not None else 0,
            "last_sent_utc": sent_utc.isoformat(timespec="seconds") if sent_utc else None,
        },
    }
