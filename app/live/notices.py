"""The words for every state of the Live page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.live.browser_camera import BrowserCamera
from app.live.connection import Phase
from app.words import plain
from core.monitoring.conditions import Condition, judge
from core.monitoring.worker import CameraState


class Tone(StrEnum):
    """How much attention a notice asks for."""

    QUIET = "quiet"
    HINT = "hint"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Notice:
    """What the page says beneath the picture.

    Attributes:
        text: what is, and what to do; Markdown.
        tone: how it is shown.
        offer_snapshot: whether single pictures through the browser would work instead.
        offer_stills: whether to point to the page for pictures.
    """

    text: str
    tone: Tone = Tone.HINT
    offer_snapshot: bool = False
    offer_stills: bool = False


_BROWSER = {
    BrowserCamera.INSECURE: Notice(
        "**This address has no camera.** Browsers give the camera only to pages over HTTPS or on "
        "localhost. Open the dashboard over HTTPS, or on the machine that it runs on.",
        Tone.TROUBLE,
        offer_stills=True,
    ),
    BrowserCamera.REFUSED: Notice(
        "**The camera was not allowed.** Press the camera or lock symbol beside the address, "
        "allow the camera for this page, then press START again.",
        Tone.TROUBLE,
        offer_stills=True,
    ),
    BrowserCamera.MISSING: Notice(
        "**No camera was found.** Connect one, or switch it on, then press START again.",
        Tone.TROUBLE,
        offer_stills=True,
    ),
    BrowserCamera.BUSY: Notice(
        "**The camera did not answer.** Another program may be using it: close that one, then "
        "press START again.",
        Tone.TROUBLE,
        offer_stills=True,
    ),
}

_NO_PATH = (
    "The browser and this server find no way to each other: a firewall may be in between, or the "
    "two are in different networks and an ICE server is needed (see the README)."
)

_PHASE = {
    Phase.IDLE: Notice(
        "Press **START** and allow the camera. The pictures are read by your own Mien; only an "
        "alert keeps one."
    ),
    Phase.CONNECTING: Notice("Connecting to the camera …"),
    Phase.SLOW: Notice(
        f"**Still connecting.** {_NO_PATH} Single pictures work all the same.",
        Tone.TROUBLE,
        offer_snapshot=True,
    ),
    Phase.FAILED: Notice(
        f"**The camera could not connect.** {_NO_PATH} Single pictures work all the same.",
        Tone.TROUBLE,
        offer_snapshot=True,
    ),
    Phase.LOST: Notice(
        "**The connection to the camera was lost.** The readings so far are kept below. "
        "Press START to go on.",
        Tone.TROUBLE,
        offer_snapshot=True,
    ),
}

_CONDITION = {
    Condition.WAITING: Notice("Waiting for the first picture …"),
    Condition.LOST: Notice(
        "**No pictures are coming from the camera.** They may come back by themselves; if not, "
        "press STOP and START. The readings so far are kept.",
        Tone.TROUBLE,
    ),
    Condition.TOO_DARK: Notice(
        "**It is too dark to read a face.** Switch on a light, or face the window."
    ),
    Condition.TOO_FAR: Notice(
        "**The face is too far away to be read.** Come closer, or lower “Smallest face” in the "
        "sidebar."
    ),
    Condition.UNREADABLE: Notice(
        "**The face cannot be read.** Turn it fully into the picture and hold still for a moment."
    ),
    Condition.NO_FACE: Notice("**No face in the picture.** Look towards the camera."),
    Condition.SEVERAL: Notice(
        "Several faces are being read. Choose whose reading to show.", Tone.QUIET
    ),
    Condition.GOOD: Notice("One face is being read.", Tone.QUIET),
}


_DEMO = {
    Condition.TOO_FAR: Notice(
        "**The face is smaller than “Smallest face”.** Lower that in the sidebar to have it read."
    ),
    Condition.SEVERAL: _CONDITION[Condition.SEVERAL],
    Condition.GOOD: _CONDITION[Condition.GOOD],
}


def demo_notice(state: CameraState | None, trouble: str | None) -> Notice:
    """The one thing to say of the demo clip.

    Args:
        state: of the analysis; None before the first picture.
        trouble: the sentence of a clip that cannot be played.
    """
    if trouble is not None:
        return Notice(f"**There is no demo.** {plain(trouble)}", Tone.TROUBLE)
    if state is not None and state.trouble is not None:
        return _failing(state.trouble)
    condition = judge(state) if state is not None else Condition.WAITING
    return _DEMO.get(condition, Notice("Waiting for the face …"))


def _failing(trouble: str) -> Notice:
    return Notice(f"**The faces cannot be read at the moment.** {plain(trouble)}", Tone.TROUBLE)


def notice_for(
    browser: BrowserCamera, phase: Phase, condition: Condition, trouble: str | None
) -> Notice:
    """The one thing to say: what the browser refuses comes first, then the connection, then
    the picture itself.

    Args:
        browser: what the browser reports.
        phase: of the connection.
        condition: of the running camera; counts only while playing.
        trouble: the sentence of a failing analysis.
    """
    if phase is not Phase.PLAYING:
        # an old refusal no longer counts once a new attempt is under way
        started = phase in (Phase.CONNECTING, Phase.SLOW)
        if browser is not BrowserCamera.FINE and not started:
            return _BROWSER[browser]
        return _PHASE[phase]
    if condition is Condition.FAILING and trouble is not None:
        return _failing(trouble)
    return _CONDITION[condition]
