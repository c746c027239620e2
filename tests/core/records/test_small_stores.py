"""Snoozes, leases and the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.alerts.policy import AlertPolicy
from core.errors import RuleError
from core.records.database import Database, open_database
from core.records.leases import Leases
from core.records.policy_store import PolicyStore
from core.records.snoozes import Snooze, Snoozes
from core.records.tables import setting
from tests.support.clock import FakeClock


@pytest.fixture
def other(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """Another server's."""
    opened = open_database(database_url, tmp_path)
    yield opened
    opened.close()


class TestSnoozes:
    def test_end_by_themselves_or_are_lifted(self, database: Database, clock: FakeClock) -> None:
        snoozes = Snoozes(database, clock)
        now = clock.now_utc()
        long = snoozes.add(None, None, None, now + timedelta(minutes=30), "Anna")
        short = snoozes.add("kitchen-1", "pain", 2, now + timedelta(minutes=5), "the dashboard")
        assert snoozes.active() == (short, long)
        assert short.by == "the dashboard"
        clock.advance(300)
        assert snoozes.active() == (long,)
        snoozes.lift(long.id)
        assert snoozes.active() == ()

    @pytest.mark.parametrize(
        ("camera_id", "rule_key", "person", "covers"),
        [
            pytest.param(None, None, None, True, id="all"),
            pytest.param("kitchen-1", None, None, True, id="the camera"),
            pytest.param(None, "pain", None, True, id="the rule"),
            pytest.param("kitchen-1", "pain", 2, True, id="exactly this"),
            pytest.param("hall-1", None, None, False, id="another camera"),
            pytest.param(None, "any", None, False, id="another rule"),
            pytest.param("kitchen-1", "pain", 1, False, id="another person"),
        ],
    )
    def test_cover(
        self,
        camera_id: str | None,
        rule_key: str | None,
        person: int | None,
        covers: bool,
        clock: FakeClock,
    ) -> None:
        snooze = Snooze(1, camera_id, rule_key, person, clock.now_utc(), "Anna")
        assert snooze.covers("kitchen-1", "pain", 2) is covers


class TestLeases:
    def test_one_holds_it(self, database: Database, other: Database, clock: FakeClock) -> None:
        mine, theirs = Leases(database, clock), Leases(other, clock)
        assert mine.hold("bot", "a", 30)
        assert not theirs.hold("bot", "b", 30)
        assert theirs.hold("retention", "b", 30)
        clock.advance(20)
        assert mine.hold("bot", "a", 30)
        clock.advance(29)
        assert not theirs.hold("bot", "b", 30)
        clock.advance(1)
        assert theirs.hold("bot", "b", 30)
        assert not mine.hold("bot", "a", 30)

    def test_may_be_let_go(self, database: Database, clock: FakeClock) -> None:
        leases = Leases(database, clock)
        assert leases.hold("bot", "a", 30)
        leases.let_go("bot", "b")
        assert not leases.hold("bot", "b", 30)
        leases.let_go("bot", "a")
        assert leases.hold("bot", "b", 30)

    def test_of_before_the_clock_was_set_back_is_free(
        self, database: Database, clock: FakeClock
    ) -> None:
        assert Leases(database, clock).hold("bot", "a", 30)
        back = FakeClock(clock.now_utc() - timedelta(hours=1))
        assert Leases(database, back).hold("bot", "b", 30)


class TestPolicyStore:
    def test_has_a_default(self, database: Database) -> None:
        store = PolicyStore(database)
        assert store.load() == AlertPolicy()
        assert store.trouble is None

    def test_servers_see_each_others_changes(self, database: Database, other: Database) -> None:
        mine, theirs = PolicyStore(database), PolicyStore(other)
        for reminders in (1, 2):
            changed = replace(AlertPolicy(), reminders=reminders)
            theirs.save(changed)
            assert mine.load() == theirs.load() == changed
        assert mine.load() is mine.load()

    def test_refuses_what_makes_no_sense(self, database: Database) -> None:
        store = PolicyStore(database)
        with pytest.raises(RuleError):
            store.save(replace(AlertPolicy(), reminders=-1))
        assert store.load() == AlertPolicy()

    def test_what_cannot_be_read_is_kept_and_said(self, database: Database) -> None:
        store = PolicyStore(database)
        known = replace(AlertPolicy(), reminders=1)
        store.save(known)
        assert store.load() == known
        with database.write() as connection:
            connection.execute(setting.update().values(value="{broken"))
        assert store.load() == known
        assert store.trouble is not None
        assert PolicyStore(database).load() == AlertPolicy()
        with database.read() as connection:
            assert connection.execute(setting.select()).one().value == "{broken"
        store.save(known)
        assert store.load() == known
        assert store.trouble is None

    @pytest.mark.usefixtures("alters_tables")
    def test_the_last_known_one_counts_while_the_database_is_away(self, database: Database) -> None:
        store = PolicyStore(database)
        known = replace(AlertPolicy(), reminders=1)
        store.save(known)
        assert store.load() == known
        with database.write() as connection:
            connection.exec_driver_sql("DROP TABLE setting")
        assert store.load() == known
        assert store.trouble is not None
