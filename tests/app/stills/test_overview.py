"""The table of all faces, without a page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_pandas_is_loaded_before_the_page_draws_anything() -> None:
    # Else a click during the first table meets plotly with a pandas that is half loaded.
    program = "import app.stills.page, sys; print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
