"""Whether alerts arrive: once, soon, at little cost, and only with need.

    python -m benchmarks.alerts --json [--media CLIP...] [--short]

The drills (`tests/support/drills.py`), the time until an alert is delivered, the processor's time
that watching takes, and alerts on footage that needs none; each figure is defined in the module
that measures it, beside this one. `--short` only shows that everything works.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from benchmarks import alert_drills, alert_latency, alert_processor, false_alerts
from benchmarks.report import print_figures


def main() -> None:
    """Prints one figure a line, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alerts", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--media", type=Path, nargs="*", default=[], help="more clips to watch")
    parser.add_argument("--short", action="store_true", help="a few minutes instead of many")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    short = options.short
    # In turns, the drills last: what one does must not be in another's figures.
    figures = {
        **false_alerts.measure(0.2 if short else 10.0, options.media),
        **alert_processor.measure(20 if short else 300),
        **alert_latency.measure(5 if short else 60),
        **alert_drills.measure(rounds=1 if short else 3, kills=3 if short else 30),
    }
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
