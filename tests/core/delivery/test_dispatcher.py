"""The outbox's worker: what each way of failing means, in simulated time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.alerts.alert import Alert, Answer, NewAlert
from core.alerts.change import Ending
from core.alerts.rule import Severity
from core.delivery.channel import (
    ChannelDeadError,
    MaybeSentError,
    MessageRefusedError,
    NeverSentError,
    RecipientGoneError,
    RecipientMovedError,
    WaitAskedError,
)
from core.delivery.lane import DEAD_RETRY_S
from core.delivery.words import REPEAT
from core.errors import DeliveryError, RecordsError
from core.records.delivery import Kind, State
from core.records.recipient import ChannelKind
from tests.support.delivering import Post
from tests.support.episodes import new_alert


def fired(post: Post, number: int = 1, **changes: object) -> NewAlert:
    return new_alert(number, fired_utc=post.clock.now_utc(), **changes)


def opened(post: Post, number: int = 1, deadline_s: float = 3600, **changes: object) -> Alert:
    return post.stores.alerts.open(fired(post, number, **changes), deadline_s)


def test_an_alert_reaches_its_recipient_once_with_picture_and_buttons(post: Post) -> None:
    anna = post.person()
    alert = opened(post, picture_jpeg=b"jpeg")
    post.go_for(60)
    [(address, message)] = post.telegram.sent
    assert address == anna.address
    assert message.text.startswith("Mien · Alert 1 · Kitchen\nMay be in pain, please check.")
    assert message.picture_jpeg == b"jpeg"
    assert [button.data for row in message.buttons for button in row] == [
        f"ack:{alert.id}",
        f"snooze:{alert.id}",
        f"false:{alert.id}",
    ]
    assert post.states(alert.id) == [State.SENT]


@pytest.mark.parametrize(
    ("failure", "sent", "state", "repeats"),
    [
        pytest.param(WaitAskedError(7), 1, State.SENT, 0, id="asked to wait"),
        pytest.param(NeverSentError("Not reached."), 1, State.SENT, 0, id="never sent"),
        pytest.param(MaybeSentError("No answer."), 1, State.SENT, 1, id="may have arrived"),
        pytest.param(RecipientMovedError("new"), 1, State.SENT, 0, id="moved"),
        pytest.param(ChannelDeadError("Token."), 1, State.SENT, 0, id="channel dead for a while"),
        pytest.param(RecipientGoneError("Gone."), 0, State.REFUSED, 0, id="gone"),
        pytest.param(MessageRefusedError("No."), 0, State.REFUSED, 0, id="refused"),
    ],
)
def test_one_failure_of_an_alert(
    post: Post, failure: DeliveryError, sent: int, state: State, repeats: int
) -> None:
    post.person()
    post.telegram.failures = [failure]
    alert = opened(post)
    post.go_for(DEAD_RETRY_S + 10)
    assert len(post.telegram.sent) == sent
    assert post.states(alert.id) == [state]
    assert failure.sentence in post.sentences(alert.id)
    assert sum(REPEAT in text for text in post.telegram.texts()) == repeats


def test_what_may_have_arrived_twice_is_not_sent_a_third_time(post: Post) -> None:
    post.person()
    post.telegram.always = MaybeSentError("No answer.")
    alert = opened(post)
    post.go_for(120)
    assert post.telegram.tries == 2
    assert post.states(alert.id) == [State.UNCERTAIN]


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.TEST, Kind.DIGEST])
def test_nothing_but_alerts_is_repeated(post: Post, kind: Kind) -> None:
    anna = post.person()
    post.telegram.failures = [MaybeSentError("No answer.")]
    row = post.stores.outbox.queue(anna.id, kind, "A sentence.")
    post.go_for(120)
    assert post.telegram.tries == 1
    assert [told[0].id for told in post.stores.outbox.failures(row.not_before_utc)] == [row.id]


def test_a_wait_that_is_asked_for_holds_the_whole_channel_and_counts_for_nothing(
    post: Post,
) -> None:
    post.person("Anna")
    post.person("Ben")
    post.person("Cleo", ChannelKind.EMAIL)
    post.telegram.failures = [WaitAskedError(30)]
    opened(post)
    post.go_for(29)
    assert len(post.email.sent) == 1
    # Ben's was on its way when Anna's was answered.
    before = len(post.telegram.sent)
    opened(post, 2)
    post.go()
    assert len(post.telegram.sent) == before
    post.clock.advance(2)
    post.go()
    assert len(post.telegram.sent) == 4
    attempts = {row.attempts for row in post.stores.outbox.refs(f"{1:032x}")}
    assert attempts == {1}


def test_a_dead_channel_keeps_its_rows_is_tried_slowly_and_holds_no_other_back(
    post: Post,
) -> None:
    post.person("Anna")
    post.person("Cleo", ChannelKind.EMAIL)
    post.telegram.always = ChannelDeadError("Telegram does not accept the bot's token.")
    alert = opened(post)
    post.go()
    assert len(post.email.sent) == 1
    post.go_for(600)
    assert post.telegram.tries == 600 / DEAD_RETRY_S
    assert post.lanes[ChannelKind.TELEGRAM].trouble is not None
    post.telegram.always = None
    post.go_for(DEAD_RETRY_S + 5)
    assert len(post.telegram.sent) == 1
    assert State.WAITING not in post.states(alert.id)
    assert post.lanes[ChannelKind.TELEGRAM].trouble is None


def test_a_network_that_is_down_for_ten_minutes_loses_and_doubles_nothing(post: Post) -> None:
    post.person()
    post.telegram.always = NeverSentError("Telegram could not be reached.")
    alerts = [opened(post, number) for number in range(1, 6)]
    post.go_for(600)
    assert post.telegram.sent == []
    post.telegram.always = None
    post.go_for(60)
    assert len(post.telegram.sent) == len(alerts)
    assert all(REPEAT not in text for text in post.telegram.texts())
    assert "late" in post.telegram.texts()[0]


def test_after_its_deadline_an_alert_is_given_up_and_says_so(post: Post) -> None:
    post.person()
    post.telegram.always = NeverSentError("Telegram could not be reached.")
    alert = opened(post, deadline_s=60)
    post.go_for(120)
    assert post.states(alert.id) == [State.EXPIRED]


def test_severity_goes_first(post: Post) -> None:
    post.person()
    post.lanes[ChannelKind.TELEGRAM]._asked_to_wait_until_s = 5
    for number in range(1, 12):
        opened(post, number, severity=Severity.MEDIUM)
    opened(post, 12, severity=Severity.HIGH)
    post.clock.advance(6)
    post.go()
    assert post.telegram.texts()[0].startswith("Mien · Alert 12 ")


def test_whoever_is_gone_is_disabled_and_the_others_are_told(post: Post) -> None:
    gone, other = post.person("Anna"), post.person("Ben", ChannelKind.EMAIL)
    post.telegram.always = RecipientGoneError("Telegram does not let us write to this chat.")
    opened(post)
    opened(post, 2)
    post.go_for(5)
    known = post.stores.recipients.one(gone.id)
    assert known is not None
    assert known.disabled_why == "Telegram does not let us write to this chat."
    notices = [text for text in post.email.texts() if "Anna cannot be reached" in text]
    assert len(notices) == 1
    assert "did not reach them: May be in pain, please check." in notices[0]
    assert other.address == post.email.sent[0][0]


def test_a_moved_chat_keeps_its_new_address(post: Post) -> None:
    anna = post.person()
    post.telegram.failures = [RecipientMovedError("-100")]
    opened(post)
    post.go_for(2)
    assert [address for address, _ in post.telegram.sent] == ["-100"]
    moved = post.stores.recipients.one(anna.id)
    assert moved is not None
    assert moved.address == "-100"


def test_its_end_and_its_answer_change_the_message_that_was_sent(post: Post) -> None:
    post.person("Anna")
    post.person("Ben")
    alert = opened(post, picture_jpeg=b"jpeg")
    post.go()
    post.stores.alerts.close(alert.id, post.clock.now_utc(), Ending.CLEARED)
    post.go()
    post.stores.alerts.answer(alert.id, Answer.ACKNOWLEDGED, "Anna")
    post.go()
    assert len(post.telegram.sent) == 2
    assert len(post.telegram.edited) == 4
    over, taken = post.telegram.edited[0][1], post.telegram.edited[-1][1]
    assert "It is over since " in over.text
    assert over.buttons
    assert over.has_picture_before
    assert "Anna has taken it." in taken.text
    assert taken.buttons == ()


def test_an_alert_that_is_over_before_it_could_be_sent_still_tells(post: Post) -> None:
    post.person()
    post.telegram.failures = [NeverSentError("Not reached.")]
    alert = opened(post)
    post.go()
    post.stores.alerts.close(alert.id, post.clock.now_utc(), Ending.CLEARED)
    post.go_for(10)
    assert len(post.telegram.sent) == 1
    assert "It is over since" in post.telegram.texts()[0]


def test_reminders_come_until_somebody_answers(post: Post) -> None:
    post.person()
    alert = opened(post, picture_jpeg=b"jpeg")
    post.go_for(200, every_s=5)
    assert [text.split("\n")[1] for text in post.telegram.texts()][1:] == [
        "Reminder 1: nobody has answered yet."
    ]
    post.stores.alerts.answer(alert.id, Answer.ACKNOWLEDGED, "Anna")
    post.go_for(600, every_s=5)
    assert len(post.telegram.sent) == 2
    # Both messages say who took it.
    assert {ref for ref, _ in post.telegram.edited} == {
        f"{post.telegram.sent[0][0]}:1",
        f"{post.telegram.sent[0][0]}:2",
    }


def test_the_next_turn_is_told_when_all_reminders_are_through(post: Post) -> None:
    post.person("Anna")
    post.person("Ben", ChannelKind.EMAIL, turn=2)
    opened(post)
    post.go_for(700, every_s=5)
    assert len(post.telegram.sent) == 4
    assert post.email.sent == []
    post.go_for(60, every_s=5)
    assert len(post.email.sent) == 1


@pytest.mark.parametrize(
    ("severity", "after_mute", "silent"),
    [
        pytest.param(Severity.HIGH, 0, True, id="high comes at once, without a sound"),
        pytest.param(Severity.MEDIUM, 1800, False, id="medium waits"),
    ],
)
def test_whoever_asked_for_quiet(
    post: Post, severity: Severity, after_mute: float, silent: bool
) -> None:
    anna = post.person()
    post.stores.recipients.mute(anna.id, post.clock.now_utc() + timedelta(seconds=1800))
    opened(post, severity=severity)
    post.go()
    assert len(post.telegram.sent) == (0 if after_mute else 1)
    post.clock.advance(after_mute)
    post.go()
    assert [message.silent for _, message in post.telegram.sent] == [silent]


def test_a_mute_longer_than_the_deadline_loses_no_alert(post: Post) -> None:
    anna = post.person()
    post.stores.recipients.mute(anna.id, post.clock.now_utc() + timedelta(hours=8))
    alert = opened(post, severity=Severity.MEDIUM)
    post.go_for(3600, every_s=30)
    assert post.states(alert.id)[0] is State.SENT
    assert post.telegram.sent[0][1].silent


def test_what_was_sent_and_could_not_be_recorded_is_recorded_later_and_not_sent_again(
    post: Post,
) -> None:
    post.person()
    alert = opened(post)
    send = post.telegram.send

    async def send_and_lose_the_database(*given: object) -> object:
        post.database_is_away = True
        return await send(*given)  # type: ignore[arg-type]

    post.telegram.send = send_and_lose_the_database  # type: ignore[method-assign, assignment]
    post.go()
    assert post.states(alert.id) == [State.SENDING]
    post.database_is_away = False
    post.go_for(100)
    assert post.states(alert.id) == [State.SENT]
    assert post.telegram.tries == 1


def test_a_crash_between_sending_and_recording_leads_to_a_marked_repeat(
    post: Post, tmp_path: Path
) -> None:
    post.person()
    alert = opened(post)
    # What a killed server leaves behind: the row is leased, and nobody comes back to it.
    assert len(post.stores.outbox.lease("killed server", 10, 45)) == 1
    post.go_for(40)
    assert post.telegram.sent == []
    post.go_for(10)
    assert [REPEAT in text for text in post.telegram.texts()] == [True]
    assert post.states(alert.id) == [State.SENT]


def test_two_servers_send_each_alert_once(post: Post, tmp_path: Path) -> None:
    other = Post(tmp_path, "other server", post.clock)
    for name in ("Anna", "Ben", "Cleo"):
        post.person(name)
    for number in range(1, 21):
        opened(post, number)

    async def both() -> None:
        for _ in range(30):
            await asyncio.gather(post.dispatcher.round(), other.dispatcher.round())
            await asyncio.gather(post.dispatcher.idle(), other.dispatcher.idle())

    asyncio.run(both())
    texts = [(address, message.text) for address, message in post.telegram.sent]
    texts += [(address, message.text) for address, message in other.telegram.sent]
    other.database.close()
    assert len(texts) == len(set(texts)) == 60
    assert post.telegram.sent
    assert other.telegram.sent


def test_a_moved_chat_that_is_linked_already_is_told_once(post: Post) -> None:
    old, new = post.person("Group"), post.person("Supergroup")
    post.telegram.failures = [RecipientMovedError(new.address)]
    alert = opened(post)
    post.go_for(5)
    assert [address for address, _ in post.telegram.sent] == [new.address]
    assert sorted(post.states(alert.id)) == [State.REFUSED, State.SENT]
    known = post.stores.recipients.one(old.id)
    assert known is not None
    assert known.disabled_why is not None


def test_a_channel_that_hangs_holds_no_other_back(post: Post) -> None:
    for number in range(12):
        post.person(f"Person {number}")
    post.person("Cleo", ChannelKind.EMAIL)
    post.telegram.stuck = True
    opened(post)

    async def look() -> None:
        await post.dispatcher.round()
        await asyncio.sleep(0.05)
        assert len(post.email.sent) == 1
        await post.dispatcher.stop(0.1)

    asyncio.run(look())


def test_an_unreadable_outbox_is_said_and_forgotten_when_it_is_back(post: Post) -> None:
    post.database_is_away = True
    post.go()
    assert post.dispatcher.trouble == "The database is busy."
    post.database_is_away = False
    post.go()
    assert post.dispatcher.trouble is None


def test_chores_that_fail_hold_no_alert_back(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.person()

    def cannot() -> None:
        raise RecordsError("The database refused; nothing was changed.")

    monkeypatch.setattr(post.stores.alerts, "held", cannot)
    opened(post)
    post.go()
    assert len(post.telegram.sent) == 1
    assert post.dispatcher.trouble == "The database refused; nothing was changed."


@pytest.mark.parametrize(
    ("kind", "state", "repeat"),
    [
        pytest.param(Kind.ALERT, State.WAITING, True, id="an alert is repeated, marked"),
        pytest.param(Kind.NOTICE, State.UNCERTAIN, False, id="a notice is not"),
    ],
)
def test_a_stop_while_sending(post: Post, kind: Kind, state: State, repeat: bool) -> None:
    anna = post.person()
    if kind is Kind.ALERT:
        opened(post)
    else:
        post.stores.outbox.queue(anna.id, kind, "A sentence.", f"{opened(post).id}")
    post.telegram.stuck = True

    async def stop_in_the_middle() -> None:
        await post.dispatcher.round()
        await asyncio.sleep(0.05)
        await post.dispatcher.stop(0.2)

    asyncio.run(stop_in_the_middle())
    row = next(row for row, _, _ in post.stores.outbox.trail(f"{1:032x}") if row.kind is kind)
    assert (row.state, row.maybe_repeat) == (state, repeat)


def test_a_stop_between_sending_and_recording_records(post: Post) -> None:
    post.person()
    alert = opened(post)
    in_database = post.ledger._in_database
    stopping = asyncio.Event()

    async def slow_at_first(call: Callable[[], object]) -> object:
        if not stopping.is_set():
            stopping.set()
            await asyncio.sleep(60)
        return await in_database(call)

    post.ledger._in_database = slow_at_first  # type: ignore[assignment]

    async def stop_in_the_middle() -> None:
        await post.dispatcher.round()
        await stopping.wait()
        await post.dispatcher.stop(0.5)

    asyncio.run(stop_in_the_middle())
    assert len(post.telegram.sent) == 1
    assert post.states(alert.id) == [State.SENT]


def test_a_fault_in_one_delivery_ends_no_other(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.person("Anna")
    post.person("Ben", ChannelKind.EMAIL)

    async def faulty(address: str, message: object) -> None:
        raise ZeroDivisionError

    post.telegram.send = faulty  # type: ignore[method-assign, assignment]
    opened(post)
    post.go()
    assert len(post.email.sent) == 1
    assert "ZeroDivisionError" in caplog.text
