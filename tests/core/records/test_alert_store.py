"""Episodes: all or nothing, once, and answered once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from core.alerts.alert import Alert, Answer, NewAlert
from core.alerts.change import Ending
from core.alerts.rule import Severity, Signal
from core.errors import RecordsError
from core.records.alert_filter import AlertFilter, AlertState
from core.records.alert_store import AlertStore
from core.records.database import Database, open_database
from core.records.delivery import Delivery, Kind, State
from core.records.outbox import Outbox
from core.records.recipient import ChannelKind
from core.records.recipients import Recipients
from core.records.tables import alert, alert_picture, delivery
from core.records.telling import cancel_what_follows, update_messages
from tests.support.alerts import FIRED_UTC, new_alert
from tests.support.clock import FakeClock

DEADLINE_S = 3600.0


def add(recipients: Recipients, name: str, turn: int = 1) -> int:
    return recipients.add(name, ChannelKind.TELEGRAM, f"chat of {name}", turn).id


def rows_of(outbox: Outbox, alert_id: str, *kinds: Kind) -> list[Delivery]:
    return [row for row, _, _ in outbox.trail(alert_id) if not kinds or row.kind in kinds]


def send_all(outbox: Outbox) -> None:
    for row in outbox.lease("a server", 100, 60):
        outbox.finish(row.id, State.SENT, "Sent.", f"chat:{row.id}")


def counts(database: Database) -> tuple[int | None, ...]:
    with database.read() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table))
            for table in (alert, alert_picture, delivery)
        )


def test_what_was_opened_reads_back_the_same(alerts: AlertStore) -> None:
    new = new_alert()
    opened = alerts.open(new, DEADLINE_S)
    assert opened == alerts.by_id(new.id) == alerts.one(opened.number)
    expected = asdict(new)
    assert expected.pop("picture_jpeg") == alerts.picture(new.id)
    expected.pop("maybe_told")  # of its deliveries
    assert {key: asdict(opened)[key] for key in expected} == expected
    assert opened.is_open
    assert opened.has_picture


def test_times_of_any_zone_read_back_as_utc(alerts: AlertStore) -> None:
    fired = datetime(2026, 3, 29, 3, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    opened = alerts.open(new_alert(fired_utc=fired), DEADLINE_S)
    assert opened.fired_utc == fired
    assert opened.fired_utc.tzinfo is UTC


def test_numbers_count_up(alerts: AlertStore) -> None:
    opened = [alerts.open(new_alert(person=person), DEADLINE_S) for person in (1, 2, 3)]
    assert all(later.number > earlier.number for earlier, later in pairwise(opened))


def test_everyone_gets_a_row_and_later_turns_a_later_one(
    alerts: AlertStore, outbox: Outbox, recipients: Recipients, clock: FakeClock
) -> None:
    add(recipients, "Anna"), add(recipients, "Ben"), add(recipients, "Cleo", 2)
    off = add(recipients, "Dora", 2)
    recipients.disable(off, "Dora blocked the bot.")
    add(recipients, "Emil", 7)  # the third turn, as nobody has turns 3 to 6
    new = new_alert()
    alerts.open(new, DEADLINE_S, turn_after_s=720)
    told = [
        (to.name, (row.not_before_utc - clock.now_utc()).total_seconds(), row.state)
        for row, to, _ in outbox.trail(new.id)
    ]
    assert told == [
        ("Anna", 0, State.WAITING),
        ("Ben", 0, State.WAITING),
        ("Cleo", 720, State.WAITING),
        ("Emil", 1440, State.WAITING),
    ]
    for row in rows_of(outbox, new.id):
        assert row.deadline_utc == row.not_before_utc + timedelta(seconds=DEADLINE_S)


@pytest.mark.parametrize("maybe_told", [True, False])
def test_what_an_ended_server_may_have_sent_is_told_as_a_possible_repeat(
    alerts: AlertStore, outbox: Outbox, recipients: Recipients, maybe_told: bool
) -> None:
    add(recipients, "Anna")
    new = new_alert(maybe_told=maybe_told)
    alerts.open(new, DEADLINE_S)
    assert [row.maybe_repeat for row in rows_of(outbox, new.id)] == [maybe_told]


def test_nobody_waits_for_a_turn_of_none(
    alerts: AlertStore, outbox: Outbox, recipients: Recipients
) -> None:
    recipients.disable(add(recipients, "Anna"), "Anna blocked the bot.")
    add(recipients, "Ben", 2)
    alerts.open(new_alert(), DEADLINE_S)
    assert len(outbox.lease("a server", 10, 60)) == 1


def test_is_due_at_once_where_the_cameras_clock_runs_ahead(
    alerts: AlertStore, outbox: Outbox, recipients: Recipients
) -> None:
    # the machine's clock was set back by an hour since the camera connected
    add(recipients, "Anna")
    alerts.open(new_alert(fired_utc=FIRED_UTC + timedelta(hours=1)), DEADLINE_S)
    assert len(outbox.lease("a server", 10, 60)) == 1


def test_what_is_held_gets_no_rows(
    alerts: AlertStore, outbox: Outbox, recipients: Recipients
) -> None:
    add(recipients, "Anna")
    first, second = (
        alerts.open(new_alert(held=True, person=person), DEADLINE_S) for person in (1, 2)
    )
    assert outbox.trail(first.id) == ()
    assert alerts.held() == (first, second)
    alerts.digested([first.id])
    assert alerts.held() == (second,)


@pytest.mark.usefixtures("alters_tables")
@pytest.mark.parametrize("table", ["alert", "alert_picture", "delivery"])
def test_a_failure_in_the_middle_leaves_nothing(
    table: str, database: Database, alerts: AlertStore, recipients: Recipients
) -> None:
    add(recipients, "Anna"), add(recipients, "Ben")
    refuse_inserts(database, table, after_rows=1 if table == "delivery" else 0)
    with pytest.raises(RecordsError):
        alerts.open(new_alert(), DEADLINE_S)
    assert counts(database) == (0, 0, 0)


def refuse_inserts(database: Database, table: str, after_rows: int) -> None:
    """A trigger fails once the table has so many rows."""
    condition = f"(SELECT count(*) FROM {table}) >= {after_rows}"
    on_postgresql = (
        f"CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
        "RAISE 'refused'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    on_sqlite = (
        f"CREATE TRIGGER refuse BEFORE INSERT ON {table} WHEN {condition} "
        "BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )
    with database.write() as connection:
        dialect = connection.dialect.name
        for statement in on_sqlite if dialect == "sqlite" else on_postgresql:
            connection.execute(text(statement))


def test_handing_it_over_twice_records_it_once(
    alerts: AlertStore, recipients: Recipients, database: Database
) -> None:
    add(recipients, "Anna")
    new = new_alert()
    first = alerts.open(new, DEADLINE_S)
    closed = alerts.close(new.id, FIRED_UTC, Ending.CLEARED)
    assert closed is not None
    assert (
        alerts.open(new, DEADLINE_S)
        == closed
        == replace(first, over_utc=FIRED_UTC, ending=Ending.CLEARED)
    )
    assert counts(database) == (1, 1, 1)


def test_handing_over_what_is_over_does_not_find_its_successor(alerts: AlertStore) -> None:
    new = new_alert()
    first = alerts.open(new, DEADLINE_S)
    alerts.close(new.id, FIRED_UTC, Ending.CLEARED)
    alerts.open(new_alert(), DEADLINE_S)
    assert alerts.open(new, DEADLINE_S).number == first.number


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param({}, True, id="the same again"),
        pytest.param({"person": 2}, False, id="another person"),
        pytest.param({"person": None}, False, id="the camera itself"),
        pytest.param({"rule_key": "any"}, False, id="another rule"),
        pytest.param({"camera_id": "kitchen-2"}, False, id="another camera"),
    ],
)
def test_one_open_alert_for_each_camera_person_and_rule(
    other: dict[str, Any], same: bool, alerts: AlertStore
) -> None:
    first = alerts.open(new_alert(), DEADLINE_S)
    second = alerts.open(new_alert(**other), DEADLINE_S)
    assert (first.number == second.number) is same


def test_the_camera_itself_has_one_open_alert_too(alerts: AlertStore) -> None:
    lost = {"person": None, "rule_key": "camera lost", "signal": Signal.CAMERA_LOST}
    first, second = (alerts.open(new_alert(**lost), DEADLINE_S) for _ in range(2))
    assert first == second


def test_after_the_end_another_may_open(alerts: AlertStore) -> None:
    first = alerts.open(new_alert(), DEADLINE_S)
    alerts.close(first.id, FIRED_UTC, Ending.CLEARED)
    assert alerts.open(new_alert(), DEADLINE_S).number != first.number


def test_two_servers_open_the_same_episode_at_once(
    database_url: str, tmp_path: Path, alerts: AlertStore, database: Database, clock: FakeClock
) -> None:
    other = open_database(database_url, tmp_path)
    stores = [alerts, AlertStore(other, clock)] * 4
    found: list[Alert] = []
    together = threading.Barrier(len(stores))

    def open_one(store: AlertStore, new: NewAlert) -> None:
        together.wait()
        found.append(store.open(new, DEADLINE_S))

    run_all(*(lambda store=store: open_one(store, new_alert()) for store in stores))
    other.close()
    assert len(found) == len(stores)
    assert len({each.id for each in found}) == 1
    assert counts(database)[0] == 1


def run_all(*calls: Any) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestClose:
    def test_updates_those_who_were_told(
        self, alerts: AlertStore, outbox: Outbox, recipients: Recipients
    ) -> None:
        anna = add(recipients, "Anna")
        add(recipients, "Ben", 2)  # is not told yet
        new = new_alert()
        alerts.open(new, DEADLINE_S)
        send_all(outbox)
        over = alerts.close(new.id, FIRED_UTC + timedelta(seconds=30), Ending.CLEARED)
        assert over is not None
        assert not over.is_open
        updates = rows_of(outbox, new.id, Kind.UPDATE)
        assert [row.recipient_id for row in updates] == [anna]

    def test_what_waits_is_still_sent(
        self, alerts: AlertStore, outbox: Outbox, recipients: Recipients
    ) -> None:
        add(recipients, "Anna")
        new = new_alert()
        alerts.open(new, DEADLINE_S)
        alerts.close(new.id, FIRED_UTC, Ending.CLEARED)
        assert [row.kind for row in outbox.lease("a server", 10, 60)] == [Kind.ALERT]
        assert rows_of(outbox, new.id, Kind.UPDATE) == []

    def test_again_changes_nothing(
        self, alerts: AlertStore, outbox: Outbox, recipients: Recipients
    ) -> None:
        add(recipients, "Anna")
        new = new_alert()
        alerts.open(new, DEADLINE_S)
        send_all(outbox)
        first = alerts.close(new.id, FIRED_UTC, Ending.CLEARED)
        assert alerts.close(new.id, FIRED_UTC + timedelta(1), Ending.STOPPED) == first
        assert len(rows_of(outbox, new.id, Kind.UPDATE)) == 1

    def test_of_none_is_none(self, alerts: AlertStore) -> None:
        assert alerts.close("no such", FIRED_UTC, Ending.CLEARED) is None


class TestAnswer:
    def test_the_first_counts(
        self, alerts: AlertStore, outbox: Outbox, recipients: Recipients, clock: FakeClock
    ) -> None:
        add(recipients, "Anna"), add(recipients, "Ben"), add(recipients, "Cleo", 2)
        opened = alerts.open(new_alert(), DEADLINE_S)
        send_all(outbox)
        outbox.queue(1, Kind.REMINDER, alert_id=opened.id, reminder=1)
        clock.advance(5)
        answered, first = alerts.answer(opened.number, Answer.ACKNOWLEDGED, "Anna")
        assert first
        assert answered == replace(
            opened,
            answer=Answer.ACKNOWLEDGED,
            answered_by="Anna",
            answered_utc=clock.now_utc(),
        )
        assert alerts.answer(opened.id, Answer.FALSE_ALARM, "Ben") == (answered, False)
        states = [(row.kind, row.recipient_id, row.state) for row in rows_of(outbox, opened.id)]
        assert states == [
            (Kind.ALERT, 1, State.SENT),
            (Kind.ALERT, 2, State.SENT),
            (Kind.ALERT, 3, State.CANCELLED),
            (Kind.REMINDER, 1, State.CANCELLED),
            (Kind.UPDATE, 1, State.WAITING),
            (Kind.UPDATE, 2, State.WAITING),
        ]

    def test_one_update_tells_both_the_end_and_the_answer(
        self, alerts: AlertStore, outbox: Outbox, recipients: Recipients
    ) -> None:
        add(recipients, "Anna")
        opened = alerts.open(new_alert(), DEADLINE_S)
        send_all(outbox)
        alerts.close(opened.id, FIRED_UTC, Ending.CLEARED)
        alerts.answer(opened.id, Answer.ACKNOWLEDGED, "Anna")
        assert len(rows_of(outbox, opened.id, Kind.UPDATE)) == 1

    def test_one_update_more_where_the_other_is_on_its_way(
        self, alerts: AlertStore, outbox: Outbox, recipients: Recipients
    ) -> None:
        add(recipients, "Anna")
        opened = alerts.open(new_alert(), DEADLINE_S)
        send_all(outbox)
        alerts.close(opened.id, FIRED_UTC, Ending.CLEARED)
        outbox.lease("a server", 10, 60)
        alerts.answer(opened.id, Answer.ACKNOWLEDGED, "Anna")
        assert len(rows_of(outbox, opened.id, Kind.UPDATE)) == 2

    @pytest.mark.parametrize("which", [4711, "no such"], ids=["number", "id"])
    def test_of_none_is_an_error(self, which: int | str, alerts: AlertStore) -> None:
        with pytest.raises(RecordsError, match="no such alert"):
            alerts.answer(which, Answer.ACKNOWLEDGED, "Anna")

    def test_two_carers_press_at_the_same_moment(
        self,
        alerts: AlertStore,
        outbox: Outbox,
        recipients: Recipients,
        database_url: str,
        tmp_path: Path,
        clock: FakeClock,
    ) -> None:
        add(recipients, "Anna")
        opened = alerts.open(new_alert(), DEADLINE_S)
        send_all(outbox)
        other = open_database(database_url, tmp_path)
        stores = [alerts, AlertStore(other, clock)] * 4
        together = threading.Barrier(len(stores))
        said: list[tuple[Alert, bool]] = []

        def press(store: AlertStore, who: str) -> None:
            together.wait()
            said.append(store.answer(opened.number, Answer.ACKNOWLEDGED, who))

        run_all(
            *(
                lambda store=store, who=who: press(store, f"carer {who}")
                for who, store in enumerate(stores)
            )
        )
        other.close()
        assert [first for _, first in said].count(True) == 1
        assert len(said) == len(stores)
        assert len({answered.answered_by for answered, _ in said}) == 1
        assert len(rows_of(outbox, opened.id, Kind.UPDATE)) == 1


class TestWhileItIsRecorded:
    @pytest.mark.parametrize("record", [update_messages, cancel_what_follows])
    def test_no_server_sends_what_was_true_before(
        self,
        record: Callable[[Connection, str, datetime], None],
        alerts: AlertStore,
        recipients: Recipients,
        database: Database,
        database_url: str,
        tmp_path: Path,
        clock: FakeClock,
    ) -> None:
        add(recipients, "Anna")
        opened = alerts.open(new_alert(), DEADLINE_S)
        other = open_database(database_url, tmp_path)
        outbox = Outbox(other, clock)
        with database.write() as connection:
            record(connection, opened.id, clock.now_utc())
            assert leased_by(outbox) == 0
        assert leased_by(outbox) == 1
        other.close()


def leased_by(outbox: Outbox) -> int:
    """SQLite lets one server write at a time; PostgreSQL leaves out the rows that are held."""
    try:
        return len(outbox.lease("another server", 10, 60))
    except RecordsError:
        return 0


class TestList:
    @pytest.fixture
    def four(self, alerts: AlertStore) -> tuple[Alert, ...]:
        """Oldest first: open; over; medium, false alarm; of the living room, acknowledged."""
        first = alerts.open(new_alert(), DEADLINE_S)
        later = FIRED_UTC + timedelta(hours=1)
        over = alerts.open(new_alert(person=2, fired_utc=later), DEADLINE_S)
        alerts.close(over.id, later, Ending.CLEARED)
        medium = alerts.open(
            new_alert(rule_key="any", title="Any 100 %", severity=Severity.MEDIUM), DEADLINE_S
        )
        alerts.answer(medium.id, Answer.FALSE_ALARM, "the dashboard")
        living = alerts.open(new_alert(camera_id="2", camera_name="Living room"), DEADLINE_S)
        alerts.answer(living.id, Answer.ACKNOWLEDGED, "Anna")
        return first, over, medium, living

    @pytest.mark.parametrize(
        ("which", "found"),
        [
            pytest.param(AlertFilter(), [3, 2, 1, 0], id="all, newest first"),
            pytest.param(AlertFilter(states=[AlertState.OPEN]), [3, 2, 0], id="open"),
            pytest.param(AlertFilter(states=[AlertState.OVER]), [1], id="over"),
            pytest.param(AlertFilter(states=list(AlertState)), [3, 2, 1, 0], id="open or over"),
            pytest.param(AlertFilter(severities=[Severity.MEDIUM]), [2], id="medium"),
            pytest.param(AlertFilter(rule_keys=["any"]), [2], id="rule"),
            pytest.param(AlertFilter(answers=[None]), [1, 0], id="unanswered"),
            pytest.param(AlertFilter(answers=[None, Answer.FALSE_ALARM]), [2, 1, 0], id="not ack"),
            pytest.param(AlertFilter(text="LIVING"), [3], id="camera's name"),
            pytest.param(AlertFilter(text="anna"), [3], id="who answered"),
            pytest.param(AlertFilter(text="100 %"), [2], id="a wildcard is a letter"),
            pytest.param(AlertFilter(text="nothing"), [], id="nothing"),
            pytest.param(AlertFilter(text="9" * 30), [], id="a number that is none"),
            pytest.param(AlertFilter(since_utc=FIRED_UTC + timedelta(1 / 24)), [1], id="since"),
            pytest.param(
                AlertFilter(until_utc=FIRED_UTC + timedelta(1 / 24)), [3, 2, 0], id="until"
            ),
            pytest.param(
                AlertFilter(states=[AlertState.OPEN], answers=[None], text="kit"), [0], id="both"
            ),
        ],
    )
    def test_finds(
        self, which: AlertFilter, found: list[int], alerts: AlertStore, four: tuple[Alert, ...]
    ) -> None:
        ids = [each.id for each in four]
        assert [ids.index(each.id) for each in alerts.list(which, 10)] == found

    def test_finds_by_number(self, alerts: AlertStore, four: tuple[Alert, ...]) -> None:
        number = four[1].number
        assert [each.number for each in alerts.list(AlertFilter(text=f"#{number}"), 10)] == [number]

    def test_goes_on_from_page_to_page(self, alerts: AlertStore, four: tuple[Alert, ...]) -> None:
        first = alerts.list(AlertFilter(), 3)
        rest = alerts.list(AlertFilter(), 3, before_number=first[-1].number)
        assert [each.number for each in (*first, *rest)] == [each.number for each in four[::-1]]


class TestPictures:
    def test_expire_without_touching_the_alert(self, alerts: AlertStore) -> None:
        old = alerts.open(new_alert(), DEADLINE_S)
        young = alerts.open(new_alert(person=2, fired_utc=FIRED_UTC + timedelta(3)), DEADLINE_S)
        assert alerts.expire_pictures(FIRED_UTC + timedelta(3)) == 1
        assert alerts.picture(old.id) is None
        assert alerts.by_id(old.id) == replace(old, has_picture=False)
        assert alerts.by_id(young.id) == young

    def test_may_be_missing(self, alerts: AlertStore) -> None:
        opened = alerts.open(new_alert(picture_jpeg=None), DEADLINE_S)
        assert not opened.has_picture
        assert alerts.picture(opened.id) is None


class TestEndLeftOpen:
    @pytest.fixture
    def other(self, database_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[AlertStore]:
        """Of another server on the same database."""
        database = open_database(database_url, tmp_path)
        yield AlertStore(database, clock)
        database.close()

    def test_leaves_what_a_living_server_has_open(
        self, alerts: AlertStore, other: AlertStore, clock: FakeClock
    ) -> None:
        opened = other.open(new_alert(), DEADLINE_S)
        for _ in range(10):
            assert alerts.end_left_open() == other.end_left_open() == 0
            clock.advance(20)
        assert alerts.by_id(opened.id) == opened

    def test_ends_what_a_dead_server_left(
        self,
        alerts: AlertStore,
        other: AlertStore,
        clock: FakeClock,
        outbox: Outbox,
        recipients: Recipients,
    ) -> None:
        add(recipients, "Anna")
        left = other.open(new_alert(), DEADLINE_S)
        own = alerts.open(new_alert(person=2), DEADLINE_S)
        send_all(outbox)
        clock.advance(61)
        assert alerts.end_left_open() == 1
        assert alerts.end_left_open() == 0
        ended = alerts.by_id(left.id)
        assert ended == replace(left, over_utc=clock.now_utc(), ending=Ending.STOPPED)
        assert alerts.by_id(own.id) == own
        assert len(rows_of(outbox, left.id, Kind.UPDATE)) == 1
