"""Rows of seconds and of the people in them, within a transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from core.expression.reading import Reading
from core.monitoring.second import PersonSecond, Second
from core.records.packing import packed, unpacked
from core.records.tables import label_set, reading, second

Labels = tuple[str, ...]

SECOND = timedelta(seconds=1)
"""A second is kept by its end, and counts where it begins."""


def insert_seconds(
    connection: Connection, session_id: int, seconds: Sequence[Second]
) -> list[Second]:
    """Those that are not there yet: a batch may come again where its commit was uncertain.

    Returns:
        Those.
    """
    new = _not_yet_there(connection, session_id, seconds)
    ids = _ids_of_labels(connection, new)
    people = [
        _person_values(session_id, each.at_utc, person, ids)
        for each in new
        for person in each.people
    ]
    if new:
        connection.execute(insert(second), [_second_values(session_id, each) for each in new])
    if people:
        connection.execute(insert(reading), people)
    return new


def people_between(
    connection: Connection, session_id: int, first_utc: datetime, last_utc: datetime
) -> Mapping[datetime, tuple[PersonSecond, ...]]:
    """By second, both ends included."""
    labels = labels_by_id(connection)
    rows = connection.execute(
        select(reading)
        .where(reading.c.session_id == session_id)
        .where(reading.c.at_utc >= first_utc, reading.c.at_utc <= last_utc)
        .order_by(reading.c.at_utc, reading.c.track_id)
    )
    return {
        at_utc: tuple(_person_from(row, labels) for row in of_second)
        for at_utc, of_second in groupby(rows, key=attrgetter("at_utc"))
    }


def labels_by_id(connection: Connection) -> Mapping[int, Labels]:
    """Of all models that were ever chosen."""
    return {row.id: tuple(json.loads(row.labels)) for row in connection.execute(select(label_set))}


def id_of_labels(connection: Connection, labels: Labels) -> int:
    """Each label set has one row, whoever was the first to bring it."""
    text = json.dumps(labels)
    known = select(label_set.c.id).where(label_set.c.labels == text)
    new = insert(label_set).values(labels=text).returning(label_set.c.id)
    found: int | None = connection.scalar(known)
    return found if found is not None else int(connection.scalars(new).one())


def second_from(row: Row[Any], people: tuple[PersonSecond, ...]) -> Second:
    """From a row with the table's columns."""
    return Second(
        at_s=row.at_s,
        at_utc=row.at_utc,
        frames=row.frames,
        faces=row.faces,
        brightness=row.brightness,
        motion=row.motion,
        people=people,
    )


def _not_yet_there(
    connection: Connection, session_id: int, seconds: Sequence[Second]
) -> list[Second]:
    moments = [each.at_utc for each in seconds]
    there = select(second.c.at_utc).where(
        second.c.session_id == session_id,
        second.c.at_utc >= min(moments),
        second.c.at_utc <= max(moments),
    )
    known = set(connection.scalars(there))
    return [each for each in seconds if each.at_utc not in known]


def _ids_of_labels(connection: Connection, seconds: Iterable[Second]) -> Mapping[Labels, int]:
    wanted = {
        face.labels
        for each in seconds
        for person in each.people
        for face in (person.shown, person.watched)
        if face is not None
    }
    return {labels: id_of_labels(connection, labels) for labels in sorted(wanted)}


def _second_values(session_id: int, each: Second) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "at_utc": each.at_utc,
        "at_s": each.at_s,
        "frames": each.frames,
        "faces": each.faces,
        "brightness": each.brightness,
        "motion": each.motion,
    }


def _person_values(
    session_id: int, at_utc: datetime, person: PersonSecond, ids: Mapping[Labels, int]
) -> dict[str, Any]:
    watched = person.watched
    return {
        "session_id": session_id,
        "at_utc": at_utc,
        "track_id": person.track_id,
        "readings": person.readings,
        "shown_labels": ids[person.shown.labels],
        "shown": packed(person.shown.probabilities),
        "watched_labels": ids[watched.labels] if watched is not None else None,
        "watched": packed(watched.probabilities) if watched is not None else None,
    }


def _person_from(row: Row[Any], labels: Mapping[int, Labels]) -> PersonSecond:
    watched = row.watched_labels
    return PersonSecond(
        track_id=row.track_id,
        readings=row.readings,
        shown=Reading(labels[row.shown_labels], unpacked(row.shown)),
        watched=Reading(labels[watched], unpacked(row.watched)) if watched is not None else None,
    )
