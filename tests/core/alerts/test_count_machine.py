"""The originals' rule, line by line of its table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.alerts.change import ChangeKind, Ending
from core.alerts.count_machine import is_negative
from core.alerts.engine import AlertEngine
from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS
from core.alerts.rule import CountRule
from core.alerts.standing import Phase
from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.second import PersonSecond
from tests.support.person_seconds import START_S, seconds_of

ORIGINAL = PRESETS["original"].rule
assert isinstance(ORIGINAL, CountRule)
SHORT = replace(ORIGINAL, more_than=2, of_last=5, apart_s=4.0)

PAIN = {"#": 0.9, ".": 0.0, " ": None}


def played(drawing: str, rule: CountRule) -> str:
    """A letter for each second: f for firing, o for cooling, capitals where it was decided."""
    engine = AlertEngine(AlertPolicy(rules=(rule,), watches=()))
    signs = []
    for each in seconds_of(PAIN[sign] for sign in drawing):
        decided = engine.take(each)
        phases = [one.phase for one in engine.standing()]
        sign = {Phase.FIRING: "f", Phase.COOLING: "o"}.get(*phases, ".") if phases else "."
        signs.append({"f": "F", "o": "O", ".": "C"}[sign] if decided else sign)
    return "".join(signs)


@pytest.mark.parametrize(
    ("rule", "pain", "phases"),
    [
        pytest.param(SHORT, "##...", ".....", id="as many as allowed"),
        pytest.param(SHORT, "###", "..F", id="one more fires"),
        pytest.param(SHORT, "#.#.#", "....F", id="they need not be in a row"),
        pytest.param(SHORT, "#.#...#", ".......", id="old ones do not count"),
        pytest.param(SHORT, "## #", "...F", id="who is not seen is not counted"),
        pytest.param(SHORT, "###..", "..Fff", id="firing while they are among the last"),
        pytest.param(SHORT, "###..#.#", "..Ffffff", id="around the limit it is one episode"),
        pytest.param(SHORT, "###....", "..FfffC", id="clear when half are left"),
        pytest.param(replace(SHORT, apart_s=8.0), "###....###", "..FfffOooo", id="too soon"),
        pytest.param(
            replace(SHORT, apart_s=8.0), "###....####", "..FfffOoooF", id="again, apart enough"
        ),
        pytest.param(SHORT, "###      ", "..Fffffff", id="unseen it stays firing"),
        pytest.param(ORIGINAL, "#.#.#.#.#.#", "." * 10 + "F", id="six of the last forty"),
        pytest.param(ORIGINAL, "#####" + "." * 40, "." * 45, id="five are not enough"),
    ],
)
def test_phases(rule: CountRule, pain: str, phases: str) -> None:
    assert played(pain, rule) == phases


def test_score_is_the_share_and_crosses_its_lines() -> None:
    engine = AlertEngine(AlertPolicy(rules=(SHORT,), watches=()))
    seconds = seconds_of(PAIN[sign] for sign in "###....")
    fired, over = [change for each in seconds for change in engine.take(each)]
    assert (fired.kind, fired.score, fired.at_s) == (ChangeKind.FIRED, 3 / 5, START_S + 2)
    assert (over.ending, over.score) == (Ending.CLEARED, 1 / 5)
    upper, lower = SHORT.lines
    assert over.score <= lower < upper < fired.score
    assert [point.score for point in fired.trail] == [1 / 5, 2 / 5, 3 / 5]


ANGRY = Reading(FER7, (0.7, *(0.05,) * 6))
NEUTRAL = Reading(FER7, (*(0.05,) * 6, 0.7))


@pytest.mark.parametrize(
    ("shown", "watched", "labels", "negative"),
    [
        pytest.param(ANGRY, None, ("angry", "sad"), True, id="the chosen model alone"),
        pytest.param(NEUTRAL, None, ("angry", "sad"), False, id="likeliest is another"),
        pytest.param(NEUTRAL, ANGRY, ("angry",), True, id="the alert model knows better"),
        pytest.param(ANGRY, NEUTRAL, ("angry",), False, id="both ways"),
        pytest.param(
            Reading(("contempt", "happy"), (0.9, 0.1)),
            NEUTRAL,
            ("contempt",),
            True,
            id="what only the chosen model knows",
        ),
    ],
)
def test_negative_is_by_the_likeliest_label(
    shown: Reading, watched: Reading | None, labels: tuple[str, ...], negative: bool
) -> None:
    assert is_negative(PersonSecond(1, 15, shown, watched), labels) is negative
