"""How long readings are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import RecordsError
from core.records.database import Database, open_database
from core.records.keeping import Keeping, KeepingStore
from core.records.kept_setting import KeptSetting


def test_a_month_and_a_year_unless_somebody_chose(database: Database) -> None:
    assert KeepingStore(database).load() == Keeping(readings_days=30, rollups_days=365)


def test_what_one_server_saves_another_reads(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    other = open_database(database_url, tmp_path)
    for chosen in (Keeping(7, 90), Keeping(1, 3650)):
        KeepingStore(other).save(chosen)
        assert KeepingStore(database).load() == chosen
    other.close()


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        pytest.param(Keeping(readings_days=0), "1 to 3650 days", id="not at all"),
        pytest.param(Keeping(rollups_days=10_000), "1 to 3650 days", id="for ever"),
        pytest.param(Keeping(60, 30), "at least as long", id="sums go before readings"),
    ],
)
def test_what_makes_no_sense_is_not_saved(
    database: Database, chosen: Keeping, sentence: str
) -> None:
    store = KeepingStore(database)
    store.save(Keeping(2, 3))
    with pytest.raises(RecordsError, match=sentence):
        store.save(chosen)
    assert store.load() == Keeping(2, 3)


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param("days: 3", id="no JSON"),
        pytest.param("[30, 365]", id="no object"),
        pytest.param('{"readings_days": "30"}', id="a text"),
        pytest.param('{"readings_days": 0}', id="out of bounds"),
        pytest.param('{"minutes": 3}', id="of another version"),
    ],
)
def test_what_cannot_be_read_is_said(database: Database, kept: str) -> None:
    KeptSetting(database, "keeping").put(kept)
    with pytest.raises(RecordsError, match="nothing expires"):
        KeepingStore(database).load()
