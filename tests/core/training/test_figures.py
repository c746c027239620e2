"""The README shows what was measured when the models were published, and nothing else."""

from pathlib import Path

import pytest

from core.errors import ModelError
from core.training.figures import SHIPPED, readme_figures

ROOT = Path(__file__).parents[3]


def test_the_readme_shows_what_the_command_prints():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.split("<!-- figures -->\n")[1].split("<!-- /figures -->")[0].strip()
    assert shown == readme_figures(ROOT / "models").strip()


def test_every_shipped_model_has_its_row():
    rows = readme_figures(ROOT / "models").splitlines()
    assert [row.split("`")[1] for row in rows if row.startswith("| `")] == list(SHIPPED)


def test_a_model_without_an_evaluation_is_said(tmp_path: Path):
    folder = tmp_path / "mien7"
    folder.mkdir()
    (folder / "card.json").write_bytes((ROOT / "models/mien7/card.json").read_bytes())
    with pytest.raises(ModelError, match="without an evaluation"):
        readme_figures(tmp_path)
