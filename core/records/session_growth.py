"""The row of a session, which grows with its seconds, within a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.roll_ups import minute_of, unroll
from core.records.second_rows import SECOND
from core.records.session import SessionSource
from core.records.tables import session


def locked_session(connection: Connection, session_id: int) -> Row[Any] | None:
    """Nobody else writes its seconds or roll-ups before the transaction ends."""
    query = select(session).where(session.c.id == session_id).with_for_update(key_share=True)
    return connection.execute(query).one_or_none()


def session_of(connection: Connection, camera: CameraRow, seconds: Sequence[Second]) -> int:
    """Its id; made where these are its first seconds. At least one."""
    known = select(session.c.id).where(session.c.camera_id == camera.id)
    found: int | None = connection.scalar(known)
    if found is not None:
        return found
    began_utc = min(each.at_utc for each in seconds) - SECOND
    times = {
        "began_utc": began_utc,
        "last_utc": max(each.at_utc for each in seconds),
        "rolled_until_utc": minute_of(began_utc),
    }
    values = {"camera_id": camera.id, "name": "", **_values(camera), **times}
    return int(connection.scalars(insert(session).values(values).returning(session.c.id)).one())


def grow_session(
    connection: Connection, session_id: int, camera: CameraRow, new: Sequence[Second]
) -> None:
    """By seconds that were not there before; late ones will be rolled up, too."""
    row = locked_session(connection, session_id)
    if row is None or not new:
        return
    began_utc = min(each.at_utc for each in new) - SECOND
    if began_utc < row.rolled_until_utc:
        unroll(connection, session_id, minute_of(began_utc))
    times = {
        "began_utc": min(row.began_utc, began_utc),
        "last_utc": max(row.last_utc, *(each.at_utc for each in new)),
    }
    connection.execute(
        update(session).where(session.c.id == session_id).values({**_values(camera), **times})
    )


def camera_from(row: Row[Any]) -> CameraRow:
    """From a row with the table's columns."""
    return CameraRow(
        id=row.camera_id,
        name=row.camera_name,
        model=row.model,
        sure_from=row.sure_from,
        source=SessionSource(row.source),
    )


def _values(camera: CameraRow) -> dict[str, Any]:
    return {
        "camera_name": camera.name,
        "source": camera.source,
        "model": camera.model,
        "sure_from": camera.sure_from,
    }
