"""Past the database: an alert arrives all the same, and once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.alerts.alert import NewAlert
from core.alerts.rule import Severity
from core.delivery.channel import MaybeSentError, NeverSentError
from core.delivery.direct import Outcome
from core.delivery.words import REPEAT
from core.errors import DeliveryError
from core.records.delivery import State
from core.records.recipient import ChannelKind, Recipient
from tests.support.delivering import Post
from tests.support.episodes import new_alert


def tell(post: Post, new: NewAlert, *recipients: Recipient) -> tuple[Outcome, ...]:
    return asyncio.run(post.direct.send(new, recipients))


def fired(post: Post, **changes: object) -> NewAlert:
    return new_alert(fired_utc=post.clock.now_utc(), **changes)


def test_arrives_at_once_and_is_not_sent_again_once_it_is_recorded(post: Post) -> None:
    anna = post.person("Anna")
    ben = post.person("Ben", ChannelKind.EMAIL)
    new = fired(post, picture_jpeg=b"jpeg")
    told = tell(post, new, anna, ben)
    assert [outcome.state for outcome in told] == [State.SENT, State.SENT]
    assert tell(post, new, anna, ben) == told
    post.stores.alerts.open(new, 3600)
    post.go_for(60)
    assert (len(post.telegram.sent), len(post.email.sent)) == (1, 1)
    assert post.telegram.sent[0][1].picture_jpeg == b"jpeg"
    assert post.states(new.id) == [State.SENT, State.SENT]
    assert "while the database was away" in post.sentences(new.id)[0]
    assert post.stores.outbox.refs(new.id)[0].message_ref == told[0].message_ref


@pytest.mark.parametrize(
    ("failure", "state", "marked"),
    [
        pytest.param(NeverSentError("Not reached."), State.WAITING, False, id="never sent"),
        pytest.param(MaybeSentError("No answer."), State.UNCERTAIN, True, id="maybe"),
    ],
)
def test_what_did_not_surely_arrive_goes_out_when_it_is_recorded(
    post: Post, failure: DeliveryError, state: State, marked: bool
) -> None:
    anna = post.person()
    post.telegram.failures = [failure]
    new = fired(post)
    assert [outcome.state for outcome in tell(post, new, anna)] == [state]
    post.stores.alerts.open(new, 3600)
    post.go_for(5)
    assert [REPEAT in text for text in post.telegram.texts()] == [marked]


def test_is_repeated_once_marked_while_the_database_stays_away(post: Post) -> None:
    anna = post.person()
    post.telegram.always = MaybeSentError("No answer.")
    new = fired(post)
    for _ in range(4):
        assert [outcome.state for outcome in tell(post, new, anna)] == [State.UNCERTAIN]
    assert post.telegram.tries == 2


def test_whoever_asks_while_it_is_under_way_starts_nothing(post: Post) -> None:
    anna = post.person()
    post.telegram.stuck = True
    new = fired(post)

    async def twice() -> None:
        first = asyncio.create_task(post.direct.send(new, [anna]))
        await asyncio.sleep(0.01)
        [outcome] = await post.direct.send(new, [anna])
        assert outcome.state is State.UNCERTAIN
        first.cancel()

    asyncio.run(twice())
    assert post.telegram.tries == 1


def test_tells_only_those_who_are_to_be_told_now(post: Post) -> None:
    later, anna = post.person("Ben", turn=2), post.person("Anna")
    gone = post.person("Cleo")
    post.stores.recipients.disable(gone.id, "Blocked.")
    new = fired(post)
    told = tell(post, new, anna, later, *post.stores.recipients.all()[1:2])
    assert [outcome.recipient_id for outcome in told] == [anna.id]


def test_what_is_held_for_the_morning_waits(post: Post) -> None:
    assert tell(post, fired(post, held=True), post.person()) == ()


@pytest.mark.parametrize(
    ("severity", "sent"), [(Severity.HIGH, 1), (Severity.MEDIUM, 0)], ids=["high", "medium"]
)
def test_whoever_asked_for_quiet(post: Post, severity: Severity, sent: int) -> None:
    anna = post.person()
    post.stores.recipients.mute(anna.id, post.clock.now_utc() + timedelta(minutes=30))
    muted = post.stores.recipients.one(anna.id)
    assert muted is not None
    tell(post, fired(post, severity=severity), muted)
    assert [message.silent for _, message in post.telegram.sent] == [True] * sent
