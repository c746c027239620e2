"""The outbox: each row to one server at a time, none lost, none told too often."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from core.alerts.alert import Alert, Answer
from core.alerts.change import Ending
from core.alerts.rule import Severity
from core.clock import SystemClock
from core.records.alert_store import AlertStore
from core.records.database import Database, open_database
from core.records.delivery import Delivery, Kind, State
from core.records.outbox import Outbox
from core.records.recipient import ChannelKind
from core.records.recipients import Recipients
from tests.support.alerts import FIRED_UTC, new_alert
from tests.support.clock import FakeClock

LEASE_S = 60.0
DEADLINE_S = 3600.0


@pytest.fixture
def anna(recipients: Recipients) -> int:
    return recipients.add("Anna", ChannelKind.TELEGRAM, "chat of Anna").id


@pytest.fixture
def opened(alerts: AlertStore, anna: int) -> Alert:
    """With Anna's row."""
    return alerts.open(new_alert(), DEADLINE_S)


@pytest.fixture
def other(database_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[Outbox]:
    """Of another server on the same database."""
    database = open_database(database_url, tmp_path)
    yield Outbox(database, clock)
    database.close()


def lease(outbox: Outbox, limit: int = 100) -> tuple[Delivery, ...]:
    return outbox.lease("a server", limit, LEASE_S)


def only(rows: tuple[Delivery, ...]) -> Delivery:
    (row,) = rows
    return row


def now(outbox: Outbox, delivery_id: int) -> Delivery:
    found = outbox.one(delivery_id)
    assert found is not None
    return found


class TestLease:
    def test_marks_what_it_gives(self, outbox: Outbox, opened: Alert) -> None:
        row = only(lease(outbox))
        assert (row.alert_id, row.kind, row.state) == (opened.id, Kind.ALERT, State.SENDING)
        assert row == now(outbox, row.id)
        assert lease(outbox) == ()

    def test_high_first_then_oldest(self, outbox: Outbox, alerts: AlertStore, anna: int) -> None:
        medium = alerts.open(new_alert(rule_key="any", severity=Severity.MEDIUM), DEADLINE_S)
        notice = outbox.queue(anna, Kind.NOTICE, "Ben cannot be reached.")
        high = [alerts.open(new_alert(person=person), DEADLINE_S) for person in (1, 2)]
        order = [row.alert_id for row in lease(outbox, 3)]
        assert order == [high[0].id, high[1].id, medium.id]
        assert only(lease(outbox)).id == notice.id

    def test_of_chosen_channels(self, outbox: Outbox, recipients: Recipients, anna: int) -> None:
        ben = recipients.add("Ben", ChannelKind.EMAIL, "ben@example.org").id
        for recipient_id in (anna, ben):
            outbox.queue(recipient_id, Kind.TEST)
        assert outbox.lease("a server", 10, LEASE_S, []) == ()
        mail = only(outbox.lease("a server", 10, LEASE_S, [ChannelKind.EMAIL]))
        assert mail.recipient_id == ben
        assert only(lease(outbox)).recipient_id == anna

    def test_not_before_its_time(self, outbox: Outbox, anna: int, clock: FakeClock) -> None:
        due_utc = clock.now_utc() + timedelta(seconds=30)
        outbox.queue(anna, Kind.TEST, not_before_utc=due_utc)
        assert outbox.next_due_utc() == due_utc
        clock.advance(29.9)
        assert lease(outbox) == ()
        clock.advance(0.1)
        assert len(lease(outbox)) == 1

    def test_an_update_waits_for_the_message_that_it_edits(
        self, outbox: Outbox, opened: Alert, alerts: AlertStore
    ) -> None:
        row = only(lease(outbox))
        alerts.close(opened.id, FIRED_UTC, Ending.CLEARED)
        assert lease(outbox) == ()
        outbox.finish(row.id, State.SENT, "Sent.", "chat:1")
        assert only(lease(outbox)).kind is Kind.UPDATE

    def test_two_servers_never_share_a_row(self, outbox: Outbox, other: Outbox, anna: int) -> None:
        queued = {outbox.queue(anna, Kind.TEST, str(index)).id for index in range(40)}
        given: list[int] = []
        together = threading.Barrier(4)

        def work(mine: Outbox, owner: str) -> None:
            together.wait()
            while rows := mine.lease(owner, 3, LEASE_S):
                given.extend(row.id for row in rows)

        threads = [
            threading.Thread(target=work, args=(mine, str(index)))
            for index, mine in enumerate((outbox, other, outbox, other))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(given) == sorted(queued)

    def test_two_processes_never_share_a_row(
        self, outbox: Outbox, anna: int, database_url: str, tmp_path: Path
    ) -> None:
        # the processes have the machine's time, which lies after the test's
        queued = {outbox.queue(anna, Kind.TEST, deadline_s=1e9).id for _ in range(40)}
        context = multiprocessing.get_context("spawn")
        given: Queue[list[int]] = context.Queue()
        processes = [
            context.Process(target=lease_all, args=(database_url, tmp_path, given))
            for _ in range(2)
        ]
        for process in processes:
            process.start()
        both = [given.get(timeout=60) for _ in processes]
        for process in processes:
            process.join()
        assert sorted(both[0] + both[1]) == sorted(queued)


def lease_all(url: str, data_dir: Path, given: Queue[list[int]]) -> None:
    """What another server would do."""
    database = open_database(url, data_dir)
    outbox = Outbox(database, SystemClock())
    mine: list[int] = []
    while rows := outbox.lease(database.owner, 3, LEASE_S):
        mine += [row.id for row in rows]
    given.put(mine)
    database.close()


class TestLeaseThatRanOut:
    @pytest.mark.parametrize(
        ("kind", "state", "marked"),
        [
            pytest.param(Kind.ALERT, State.SENDING, True, id="an alert is repeated and says so"),
            pytest.param(Kind.REMINDER, State.SENDING, True, id="a reminder, too"),
            pytest.param(Kind.UPDATE, State.SENDING, False, id="an edit is repeated freely"),
            pytest.param(Kind.TEST, State.UNCERTAIN, False, id="a test is not repeated"),
            pytest.param(Kind.NOTICE, State.UNCERTAIN, False, id="nor is a notice"),
            pytest.param(Kind.DIGEST, State.UNCERTAIN, False, id="nor a digest"),
        ],
    )
    def test_by_kind(
        self,
        kind: Kind,
        state: State,
        marked: bool,
        outbox: Outbox,
        other: Outbox,
        anna: int,
        clock: FakeClock,
    ) -> None:
        queued = outbox.queue(anna, kind, reminder=1 if kind is Kind.REMINDER else 0)
        lease(other)
        clock.advance(LEASE_S - 1)
        assert lease(outbox) == ()
        clock.advance(1)
        again = lease(outbox)
        row = now(outbox, queued.id)
        assert (row.state, row.maybe_repeat, row.attempts) == (state, marked, 1)
        assert again == ((row,) if state is State.SENDING else ())

    def test_is_in_the_trail(self, outbox: Outbox, opened: Alert, clock: FakeClock) -> None:
        lease(outbox)
        clock.advance(LEASE_S)
        lease(outbox)
        ((_, _, attempts),) = outbox.trail(opened.id)
        assert [line.sentence for line in attempts] == [
            "The server stopped while it was sending; the message may have arrived."
        ]

    def test_the_late_news_that_it_was_sent_counts(
        self, outbox: Outbox, other: Outbox, opened: Alert, clock: FakeClock
    ) -> None:
        row = only(lease(other))
        clock.advance(LEASE_S)
        lease(outbox)
        other.finish(row.id, State.SENT, "Sent.", "chat:1")
        outbox.finish(row.id, State.EXPIRED, "Too late.")
        assert now(outbox, row.id).state is State.SENT

    def test_next_due_is_its_end(self, outbox: Outbox, opened: Alert, clock: FakeClock) -> None:
        lease(outbox)
        assert outbox.next_due_utc() == clock.now_utc() + timedelta(seconds=LEASE_S)


class TestClockThatGoesBack:
    def test_what_waits_is_due_at_once(
        self, database: Database, outbox: Outbox, opened: Alert, clock: FakeClock
    ) -> None:
        row = only(lease(outbox))
        outbox.again(row.id, clock.now_utc() + timedelta(seconds=30), "The network is down.")
        back = Outbox(database, FakeClock(clock.now_utc() - timedelta(hours=1)))
        assert back.next_due_utc() == clock.now_utc() - timedelta(hours=1)
        assert only(lease(back)).id == row.id

    def test_servers_that_differ_by_a_minute_respect_leases(
        self, database: Database, outbox: Outbox, opened: Alert, clock: FakeClock
    ) -> None:
        lease(outbox)
        behind = Outbox(database, FakeClock(clock.now_utc() - timedelta(minutes=1)))
        assert lease(behind) == ()


class TestEnds:
    def test_sent(self, outbox: Outbox, opened: Alert, clock: FakeClock) -> None:
        row = only(lease(outbox))
        clock.advance(0.5)
        outbox.finish(row.id, State.SENT, "Sent without the picture.", "chat:17")
        sent, to, attempts = outbox.trail(opened.id)[0]
        assert (sent.state, sent.message_ref, sent.attempts) == (State.SENT, "chat:17", 1)
        assert to.name == "Anna"
        assert [(line.at_utc, line.state, line.sentence) for line in attempts] == [
            (clock.now_utc(), State.SENT, "Sent without the picture.")
        ]
        assert outbox.refs(opened.id) == (sent,)
        assert outbox.failures(FIRED_UTC) == ()
        assert outbox.waiting() == 0
        assert outbox.next_due_utc() is None

    def test_a_state_that_is_no_end_is_refused(self, outbox: Outbox, opened: Alert) -> None:
        with pytest.raises(ValueError, match="no end"):
            outbox.finish(only(lease(outbox)).id, State.WAITING, "")

    def test_expired_at_its_deadline(self, outbox: Outbox, opened: Alert, clock: FakeClock) -> None:
        clock.advance(DEADLINE_S)
        assert lease(outbox) == ()
        ((row, to, _),) = outbox.failures(clock.now_utc())
        assert (row.alert_id, row.state, to.name) == (opened.id, State.EXPIRED, "Anna")

    @pytest.mark.parametrize("counts", [True, False], ids=["counts", "told to wait"])
    def test_again(self, counts: bool, outbox: Outbox, opened: Alert, clock: FakeClock) -> None:
        row = only(lease(outbox))
        until_utc = clock.now_utc() + timedelta(seconds=8)
        outbox.again(row.id, until_utc, "The network is down.", counts, maybe_repeat=True)
        waits = now(outbox, row.id)
        assert (waits.state, waits.not_before_utc) == (State.WAITING, until_utc)
        assert (waits.attempts, waits.maybe_repeat) == (int(counts), True)
        clock.advance(8)
        lease(outbox)
        outbox.again(row.id, clock.now_utc(), "The network is down.")
        assert now(outbox, row.id).maybe_repeat

    def test_again_does_not_wake_what_has_ended(self, outbox: Outbox, opened: Alert) -> None:
        row = only(lease(outbox))
        outbox.finish(row.id, State.SENT, "Sent.")
        outbox.again(row.id, FIRED_UTC, "The network is down.")
        assert now(outbox, row.id).state is State.SENT

    def test_released_as_it_was(self, outbox: Outbox, opened: Alert) -> None:
        row = only(lease(outbox))
        outbox.release(row.id)
        waits = now(outbox, row.id)
        assert (waits.state, waits.attempts, waits.maybe_repeat) == (State.WAITING, 0, False)
        assert only(lease(outbox)).id == row.id


class TestNextTurn:
    @pytest.fixture
    def turns(self, alerts: AlertStore, recipients: Recipients, anna: int) -> Alert:
        """Anna and Ben first, then Cleo."""
        recipients.add("Ben", ChannelKind.EMAIL, "ben@example.org")
        recipients.add("Cleo", ChannelKind.TELEGRAM, "chat of Cleo", 2)
        return alerts.open(new_alert(), DEADLINE_S)

    def test_comes_at_once_when_nobody_can_be_reached(self, outbox: Outbox, turns: Alert) -> None:
        first, second = lease(outbox)
        outbox.finish(first.id, State.REFUSED, "Anna blocked the bot.")
        assert lease(outbox) == ()  # Ben may still be reached
        outbox.finish(second.id, State.REFUSED, "There is no such mailbox.")
        assert only(lease(outbox)).recipient_id == 3

    def test_comes_at_once_when_the_others_were_disabled(
        self, outbox: Outbox, turns: Alert, recipients: Recipients
    ) -> None:
        recipients.disable(1, "Anna blocked the bot.")
        recipients.remove(2)
        states = [row.state for row, _, _ in outbox.trail(turns.id)]
        assert states == [State.REFUSED, State.CANCELLED, State.WAITING]
        assert only(lease(outbox)).recipient_id == 3

    def test_waits_when_somebody_was_reached(
        self, outbox: Outbox, turns: Alert, clock: FakeClock
    ) -> None:
        first, second = lease(outbox)
        outbox.finish(first.id, State.SENT, "Sent.")
        outbox.finish(second.id, State.REFUSED, "There is no such mailbox.")
        assert lease(outbox) == ()
        clock.advance(720)
        assert only(lease(outbox)).recipient_id == 3


class TestRemind:
    EVERY_S = 180.0

    @pytest.fixture
    def sent(self, outbox: Outbox, opened: Alert) -> Alert:
        """Anna has the alert."""
        outbox.finish(only(lease(outbox)).id, State.SENT, "Sent.", "chat:1")
        return opened

    def test_until_the_last_one(self, outbox: Outbox, sent: Alert, clock: FakeClock) -> None:
        added = []
        for _ in range(5):
            clock.advance(self.EVERY_S - 1)
            assert outbox.remind(self.EVERY_S, 3) == 0
            clock.advance(1)
            added.append(outbox.remind(self.EVERY_S, 3))
            assert outbox.remind(self.EVERY_S, 3) == 0  # one is on its way
            for row in lease(outbox):
                outbox.finish(row.id, State.SENT, "Sent.")
        assert added == [1, 1, 1, 0, 0]
        rows = [row for row, _, _ in outbox.trail(sent.id)]
        assert [(row.kind, row.reminder) for row in rows] == [
            (Kind.ALERT, 0),
            *((Kind.REMINDER, number) for number in (1, 2, 3)),
        ]

    def test_not_of_what_was_answered(
        self, outbox: Outbox, sent: Alert, alerts: AlertStore, clock: FakeClock
    ) -> None:
        alerts.answer(sent.id, Answer.ACKNOWLEDGED, "Anna")
        clock.advance(self.EVERY_S)
        assert outbox.remind(self.EVERY_S, 3) == 0

    def test_of_what_is_over_all_the_same(
        self, outbox: Outbox, sent: Alert, alerts: AlertStore, clock: FakeClock
    ) -> None:
        alerts.close(sent.id, FIRED_UTC, Ending.CLEARED)
        clock.advance(self.EVERY_S)
        assert outbox.remind(self.EVERY_S, 3) == 1

    def test_not_of_what_nobody_got(self, outbox: Outbox, opened: Alert, clock: FakeClock) -> None:
        outbox.finish(only(lease(outbox)).id, State.REFUSED, "Anna blocked the bot.")
        clock.advance(self.EVERY_S)
        assert outbox.remind(self.EVERY_S, 3) == 0

    def test_not_one_who_is_disabled(
        self, outbox: Outbox, sent: Alert, recipients: Recipients, clock: FakeClock
    ) -> None:
        recipients.disable(1, "Anna blocked the bot.")
        clock.advance(self.EVERY_S)
        assert outbox.remind(self.EVERY_S, 3) == 0

    def test_brings_up_nothing_old(self, outbox: Outbox, sent: Alert, clock: FakeClock) -> None:
        clock.advance(DEADLINE_S)
        assert outbox.remind(self.EVERY_S, 3) == 0

    def test_once_by_two_servers(
        self, outbox: Outbox, other: Outbox, sent: Alert, clock: FakeClock
    ) -> None:
        clock.advance(self.EVERY_S)
        added: list[int] = []
        together = threading.Barrier(2)

        def remind(mine: Outbox) -> None:
            together.wait()
            added.append(mine.remind(self.EVERY_S, 3))

        threads = [threading.Thread(target=remind, args=(mine,)) for mine in (outbox, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(added) == [0, 1]
        assert len(lease(outbox)) == 1
