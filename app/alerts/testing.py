"""“Send a test message”, and what became of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from app.alerts.services import alert_services
from app.words import plain
from core.errors import MienError
from core.records.delivery import State
from core.records.recipient import ChannelKind, Recipient

if TYPE_CHECKING:
    from core.delivery.service import DeliveryService

_ARRIVED = {
    ChannelKind.TELEGRAM: "The test message was delivered: look into the chat.",
    ChannelKind.EMAIL: "The mail server took the test message: look into the mailbox.",
    ChannelKind.DRY_RUN: "The test message would have been sent.",
}


@dataclass
class Test:
    """One that was asked for here.

    Attributes:
        state: WAITING until it is known.
        sentence: why it did not arrive.
    """

    __test__ = False  # no test of pytest's

    state: State = State.WAITING
    sentence: str = ""

    def run(self, delivery: DeliveryService, recipient_id: int) -> None:
        """In a thread of its own: a channel that does not answer must not stop the page."""
        try:
            outcome = delivery.send_test(recipient_id)
        except MienError as error:
            self.sentence, self.state = error.sentence, State.REFUSED
        else:
            self.sentence, self.state = outcome.sentence, outcome.state
        if self.state is State.WAITING:  # not sent, and nothing tries it again
            self.state = State.REFUSED


def offer_test(who: Recipient) -> None:
    """The button, for a fragment."""
    test: Test | None = st.session_state.get(_key(who.id))
    st.button(
        "Send a test message",
        key=f"recipient-test-{who.id}",
        disabled=test is not None and test.state is State.WAITING,
        on_click=_send,
        args=(who.id,),
    )


def show_test(who: Recipient) -> None:
    """What became of the last one; in a fragment that refreshes."""
    test: Test | None = st.session_state.get(_key(who.id))
    if test is not None:
        st.markdown(test_text(test, who.channel))


def test_text(test: Test, channel: ChannelKind) -> str:
    """Markdown."""
    match test.state:
        case State.WAITING:
            return ":material/schedule: :gray[The test message is on its way …]"
        case State.SENT:
            return f":material/check_circle: :gray[{_ARRIVED[channel]}]"
        case State.UNCERTAIN:
            return (
                f":material/help: :gray[The test message may have arrived. {plain(test.sentence)}]"
            )
        case _:
            return (
                ":orange[:material/error: The test message was not delivered.] "
                f"{plain(test.sentence)}"
            )


def _key(recipient_id: int) -> str:
    return f"recipient-tested-{recipient_id}"


def _send(recipient_id: int) -> None:
    test = st.session_state[_key(recipient_id)] = Test()
    threading.Thread(
        target=test.run,
        args=(alert_services().delivery, recipient_id),
        name="test-message",
        daemon=True,
    ).start()
