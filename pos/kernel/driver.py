"""Straight to psycopg with driver SQL, for the few statements every sale sends.

SQLAlchemy describes each answer's columns, makes a cursor and walks its events for every statement: a third of a
sale's CPU, for answers whose columns are known beforehand. Its transaction, its pool and its errors stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

_CURSORS = "pos_cursors"  # of a connection, by statement: a cursor that runs the same one again keeps what it learnt
MOST_CURSORS = 200


def send(connection: Connection, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Execute one prepared statement in the connection's transaction; all rows it returns, or none.

    `sql` has psycopg's `%s`. Raises what SQLAlchemy would raise (`IntegrityError`, `OperationalError` …); a connection
    that died is taken out of the pool. Of the engine's events `before_cursor_execute` alone fires.
    """
    pooled = connection.connection
    cursors: dict[str, tuple[psycopg.RawCursor[Any], bytes]] = pooled.info.setdefault(_CURSORS, {})
    known = cursors.get(sql)
    if known is None:
        if len(cursors) >= MOST_CURSORS:
            cursors.clear()
        known = cursors[sql] = psycopg.RawCursor(pooled.driver_connection), _numbered(sql)  # type: ignore[arg-type]
    cursor, query = known
    if connection.engine._has_events or connection._has_events:
        for told in connection.dispatch.before_cursor_execute:
            told(connection, cursor, sql, values, None, False)
    try:
        cursor.execute(query, values, prepare=True)
        return cursor.fetchall() if cursor.pgresult.nfields else []  # type: ignore[union-attr]
    except psycopg.Error as error:
        gone = connection.dialect.is_disconnect(error, pooled.driver_connection, cursor)  # type: ignore[arg-type]
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, None, error, psycopg.Error, connection_invalidated=gone, dialect=connection.dialect
        ) from error


@lru_cache(maxsize=MOST_CURSORS)
def _numbered(sql: str) -> bytes:
    """With PostgreSQL's own `$1`, so that psycopg need not look for places at each execution."""
    numbers = count(1)
    return re.sub("%(s|%)", lambda mark: f"${next(numbers)}" if mark[1] == "s" else "%", sql).encode()
