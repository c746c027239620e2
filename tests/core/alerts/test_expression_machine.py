"""Every line of the transition table, and what lies beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.alerts.change import Change, ChangeKind, Ending
from core.alerts.engine import AlertEngine
from core.alerts.policy import AlertPolicy
from core.alerts.rule import AlertRule
from core.alerts.standing import Phase, Standing
from tests.support.person_seconds import PAIN8, START_S, person_second, second, seconds_of

RULE = AlertRule("pain", "Pain", ("pain",), window_s=1.0, clear_after_s=4.0, cooldown_s=10.0)
"""Enter 50 %, exit 30 %, dwell 5 s, 8 readings, coverage 60 %, grace 1 s. In a window of one second
the median is the score itself."""
SMOOTH = replace(RULE, window_s=3.0)

PAIN = {"#": 0.9, "-": 0.4, ".": 0.1, " ": None}
LETTER = {
    Phase.CLEAR: "c",
    Phase.PENDING: "p",
    Phase.FIRING: "f",
    Phase.RESOLVING: "r",
    Phase.COOLING: "o",
    Phase.SNOOZED: "s",
}


def engine_with(rule: AlertRule) -> AlertEngine:
    return AlertEngine(AlertPolicy(rules=(rule,), watches=()))


def standing(engine: AlertEngine) -> Standing:
    (one,) = engine.standing()
    return one


def played(drawing: str, rule: AlertRule) -> str:
    """The phase after each second; a capital where something was decided."""
    engine = engine_with(rule)
    phases = []
    for each in seconds_of(PAIN[sign] for sign in drawing):
        decided = engine.take(each)
        letter = LETTER[standing(engine).phase]
        phases.append(letter.upper() if decided else letter)
    return "".join(phases)


def changes_of(drawing: str, rule: AlertRule = RULE) -> list[Change]:
    engine = engine_with(rule)
    seconds = seconds_of(PAIN[sign] for sign in drawing)
    return [change for each in seconds for change in engine.take(each)]


@pytest.mark.parametrize(
    ("rule", "pain", "phases"),
    [
        pytest.param(RULE, "..--..", "cccccc", id="between the lines it stays clear"),
        pytest.param(RULE, ".#", "cp", id="clear to pending"),
        pytest.param(replace(RULE, enter=0.4), ".-", "cp", id="exactly enter is enough"),
        pytest.param(RULE, ".######", "cpppppF", id="pending to firing after the dwell"),
        pytest.param(RULE, ".##..", "cpppc", id="pending to clear after the grace"),
        pytest.param(RULE, ".##--", "cpppc", id="between the lines does not hold"),
        pytest.param(RULE, ".##.###", "cpppppF", id="a dip shorter than the grace"),
        pytest.param(RULE, ".#####.#", "cppppppF", id="nothing fires within a dip"),
        pytest.param(RULE, ".##.#.##", "cpppppFf", id="each dip counts for itself"),
        pytest.param(replace(RULE, grace_s=0.0), ".##.", "cppc", id="no grace"),
        pytest.param(replace(RULE, grace_s=2.0), ".##..##", "cpppppF", id="more grace"),
        pytest.param(RULE, ".##  ##", "cpppppF", id="a gap that coverage allows"),
        pytest.param(RULE, ".#####  ", "cppppppp", id="nobody seen, nothing fires"),
        pytest.param(RULE, ".##   #", "cppppcp", id="a longer gap begins anew"),
        pytest.param(
            replace(RULE, coverage=0.8), ".# # # ###", "cppppppppF", id="fires once covered"
        ),
        pytest.param(RULE, "######---", "pppppFfff", id="firing stays between the lines"),
        pytest.param(RULE, "######.", "pppppFr", id="firing to resolving"),
        pytest.param(RULE, "######.....", "pppppFrrrrO", id="resolving to clear"),
        pytest.param(RULE, "######..-...", "pppppFrrrrrO", id="a moment above exit"),
        pytest.param(RULE, "######..--", "pppppFrrrf", id="resolving to firing"),
        pytest.param(RULE, "######..--.....", "pppppFrrrfrrrrO", id="then it counts from new"),
        pytest.param(RULE, "######.-.-...", "pppppFrrrrrrO", id="each moment counts for itself"),
        pytest.param(RULE, "######       #", "pppppFffffffff", id="unseen it stays firing"),
        pytest.param(RULE, "######..    ...", "pppppFrrrrrrrrO", id="unseen time does not clear"),
        pytest.param(
            RULE, "######.....######", "pppppFrrrrOoooopF", id="the cooldown, then the dwell"
        ),
        pytest.param(
            replace(RULE, cooldown_s=14.0),
            "######.....#########",
            "pppppFrrrrOooooooooF",
            id="the dwell goes on in the cooldown",
        ),
        pytest.param(SMOOTH, "..#....", "ccccccc", id="a spike of one second is no median"),
        pytest.param(SMOOTH, "#......", "ppccccc", id="a spike of who just came"),
        pytest.param(SMOOTH, "..##.....", "cccpppccc", id="a spike of two seconds"),
        pytest.param(SMOOTH, "..#######", "cccpppppF", id="the median comes a second later"),
        pytest.param(SMOOTH, "..##.#.##.##", "cccpppppFfff", id="flickering, mostly pain"),
    ],
)
def test_phases(rule: AlertRule, pain: str, phases: str) -> None:
    assert played(pain, rule) == phases


def test_too_few_readings_wait_for_more() -> None:
    engine = engine_with(RULE)
    fired = [
        index for index in range(12) if engine.take(second(index, person_second(0.9, readings=1)))
    ]
    assert fired == [7]  # the eighth reading, though the dwell was over after the sixth


def test_readings_before_the_window_do_not_count() -> None:
    engine = engine_with(RULE)
    for index in range(5):
        assert engine.take(second(index, person_second(0.1, readings=15))) == ()
    fired = [
        index
        for index in range(5, 20)
        if engine.take(second(index, person_second(0.9, readings=1)))
    ]
    assert fired == [12]


def test_what_fired_says_why() -> None:
    (fired,) = changes_of("..#######", SMOOTH)
    assert fired.kind is ChangeKind.FIRED
    assert (fired.person, fired.rule, fired.at_s) == (1, SMOOTH, START_S + 8)
    assert [point.score for point in fired.trail] == [0.1] * 3 + [0.9] * 6
    assert fired.dwell_began_utc == fired.trail[3].at_utc
    assert fired.at_utc == fired.trail[-1].at_utc
    assert fired.score == 0.9


def test_what_is_over_says_how() -> None:
    over = changes_of("######.....")[-1]
    assert (over.kind, over.ending, over.person) == (ChangeKind.OVER, Ending.CLEARED, 1)
    assert (over.at_s, over.score) == (START_S + 10, 0.1)


def test_a_trail_is_two_minutes_long() -> None:
    fired = changes_of("." * 300 + "#" * 6)[0]
    assert len(fired.trail) == 121
    assert fired.trail[0].at_s == fired.at_s - 120


def test_labels_that_only_the_chosen_model_knows_count_too() -> None:
    rule = replace(RULE, labels=("neutral",))
    alone = replace(person_second(0.0), watched=None)
    engine = engine_with(rule)
    assert [bool(engine.take(second(index, alone))) for index in range(6)] == [False] * 5 + [True]
    assert "neutral" in PAIN8


def test_standing_shows_the_score_and_how_long_it_has_held() -> None:
    engine = engine_with(SMOOTH)
    for each in seconds_of([0.1, 0.1, 0.8, 0.9, 0.9]):
        engine.take(each)
    assert standing(engine) == Standing(SMOOTH, 1, Phase.PENDING, 0.9, 1.0)


def test_standing_has_no_score_of_who_is_not_seen() -> None:
    engine = engine_with(SMOOTH)
    for each in seconds_of([0.9, None, None]):
        engine.take(each)
    assert standing(engine).score == 0.9
    engine.take(second(3))
    assert standing(engine).score is None


def test_standing_says_until_when_it_cools() -> None:
    engine = engine_with(RULE)
    for each in seconds_of(PAIN[sign] for sign in "######....."):
        engine.take(each)
    assert standing(engine) == Standing(RULE, 1, Phase.COOLING, 0.1, 0.0, START_S + 15)
