"""The digest of the quiet hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from core.alerts.hours import DailyHours
from core.alerts.policy import AlertPolicy
from core.alerts.rule import Severity
from tests.support.clock import FakeClock
from tests.support.delivering import Post
from tests.support.episodes import new_alert

NIGHT = replace(AlertPolicy(), quiet=DailyHours(time(22), time(6), "UTC"))


def at_night(folder: Path) -> Post:
    post = Post(folder, clock=FakeClock(datetime(2026, 1, 1, 5, 50, tzinfo=UTC)))
    post.stores.policy.save(NIGHT)
    return post


def held(post: Post, number: int) -> None:
    new = new_alert(number, fired_utc=post.clock.now_utc(), severity=Severity.MEDIUM, held=True)
    post.stores.alerts.open(new, 3600)


def test_what_was_held_is_told_once_when_quiet_hours_end(tmp_path: Path) -> None:
    post = at_night(tmp_path)
    post.person("Anna")
    post.person("Ben", turn=2)
    held(post, 1)
    held(post, 2)
    post.go_for(595, every_s=5)
    assert post.telegram.sent == []
    post.go_for(300, every_s=5)
    [text] = post.telegram.texts()
    assert text.startswith("Mien · Held back during quiet hours: 2 alerts\nAlert 1 ·")
    post.database.close()


def test_it_is_kept_until_there_is_somebody_to_tell(tmp_path: Path) -> None:
    post = at_night(tmp_path)
    held(post, 1)
    post.clock.advance(timedelta(hours=1).total_seconds())
    post.go()
    post.person()
    post.clock.advance(120)
    post.go()
    assert len(post.telegram.sent) == 1
    post.database.close()


def test_when_quiet_hours_are_given_up_nothing_stays_held(tmp_path: Path) -> None:
    post = at_night(tmp_path)
    post.person()
    held(post, 1)
    post.stores.policy.save(replace(NIGHT, quiet=None))
    post.go()
    assert len(post.telegram.sent) == 1
    post.database.close()
