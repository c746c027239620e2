"""How often a carer would be told without need.

Each frame of a clip is analysed once, by the real detector and the real models, at the pace of a
live camera. What was seen is then replayed over and over through the real rules, for simulated
hours. So there are many hours and little variety: the seconds of distinct footage stand beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import av

from app.composition import DEMO_CLIP, toolbox
from core.alerts.change import ChangeKind
from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS
from core.alerts.replay import replay
from core.monitoring.analyser import ALERT_MODEL, FaceAnalyser
from core.monitoring.observation import Observation
from core.monitoring.second import Second
from core.monitoring.second_meter import SecondMeter
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import MOST_ANALYSES_PER_S
from core.training.synthetic.storyboard import section_at
from core.vision.frame import Frame
from core.vision.threads import use_one_core_per_call
from tests.support.clock import FakeClock

EASED_S = 1.0
"""An expression forms and fades for so long at a change of the clip's sections."""
CALM = ("neutral", "happy")
DEFAULT_PRESET = "pain-careful"


def measure(hours: float, media: Sequence[Path]) -> dict[str, Any]:
    """False alerts an hour: of the preset that everybody begins with on the neutral and happy parts
    of the project's own clip; and beside it of each preset on each clip. An hour of its pain, which
    is one long episode, shows that the rules would have told.
    """
    use_one_core_per_call()
    seen = {f"{DEMO_CLIP.name}, {' and '.join(CALM)}": list(_observed(DEMO_CLIP, _is_calm))}
    seen |= {path.name: list(_observed(path, lambda _: True)) for path in media}
    by_clip = {name: _alerts_per_hour(parts, hours) for name, parts in seen.items()}
    rendered = next(iter(by_clip.values()))
    pain = list(_observed(DEMO_CLIP, _is_pain))
    footage_s = {name: round(len(parts) / MOST_ANALYSES_PER_S, 1) for name, parts in seen.items()}
    return {
        "false_alerts_per_hour": rendered[DEFAULT_PRESET],
        "alerts_per_hour": by_clip,
        "alerts_in_an_hour_of_pain": {
            key: _fired(tuple(_seconds(pain, 1)), key) for key in PRESETS
        },
        "hours_watched": hours * len(seen) * len(PRESETS),
        "distinct_footage_s": footage_s,
    }


def _is_calm(at_s: float) -> bool:
    """Whether nothing but a calm face shows at this time of the clip."""
    return section_at(at_s).label in CALM and section_at(max(0.0, at_s - EASED_S)).label in CALM


def _is_pain(at_s: float) -> bool:
    """Whether nothing but pain shows: as a check that it would be told at all."""
    return section_at(at_s).label == section_at(at_s - EASED_S).label == "pain"


def _observed(clip: Path, is_meant: Callable[[float], bool]) -> Iterator[Observation]:
    clock = FakeClock()
    analyser = FaceAnalyser(toolbox(), clock, ALERT_MODEL)
    settings = AnalysisSettings()
    for number, (at_s, frame) in enumerate(_frames(clip)):
        if is_meant(at_s):
            clock.advance(1 / MOST_ANALYSES_PER_S)
            image_bgr = frame.to_ndarray(format="bgr24")
            yield analyser.analyse(Frame(image_bgr, clock.monotonic_s(), number), settings)


def _frames(clip: Path) -> Iterator[tuple[float, av.VideoFrame]]:
    """As many a second as a live camera's are analysed."""
    due_s = 0.0
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            at_s = float(frame.time or 0.0)
            if at_s >= due_s:
                due_s += 1 / MOST_ANALYSES_PER_S
                yield at_s, frame


def _alerts_per_hour(parts: Sequence[Observation], hours: float) -> dict[str, float]:
    seconds = tuple(_seconds(parts, hours))
    return {key: round(_fired(seconds, key) / hours, 3) for key in PRESETS}


def _fired(seconds: Iterable[Second], preset: str) -> int:
    policy = AlertPolicy(rules=(PRESETS[preset].rule,))
    return sum(change.kind is ChangeKind.FIRED for change in replay(seconds, policy))


def _seconds(parts: Sequence[Observation], hours: float) -> Iterator[Second]:
    """The clip over and over, on one clock."""
    meter = SecondMeter()
    first = parts[0]
    for number in range(round(hours * 3600 * MOST_ANALYSES_PER_S)):
        passed_s = number / MOST_ANALYSES_PER_S
        seen = replace(
            parts[number % len(parts)],
            captured_s=first.captured_s + passed_s,
            taken_utc=first.taken_utc + timedelta(seconds=passed_s),
        )
        second = meter.take(seen)
        if second is not None:
            yield second
