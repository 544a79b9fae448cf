"""Rows for the hot path: one statement per table, and on PostgreSQL one for all tables nobody reads before the end.

A driver's executemany is a statement a row, `insert().values([...])` compiles anew each time, and every statement
costs a round trip. See docs/performance.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import msgspec
from sqlalchemy import Table, Update, insert
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from pos.kernel.db import Base, connection_of, is_postgresql
from pos.kernel.driver import send

ROWS_AT_ONCE = 50  # below SQLite's 32,766 parameters whatever the table


@dataclass(frozen=True, slots=True)
class _Insert:
    """An INSERT of so many rows as driver SQL, and what Python has to make of some values first."""

    sql: str
    binders: tuple[tuple[str, Callable[[Any], Any]], ...]


@lru_cache(maxsize=512)
def _insert_of(dialect: Dialect, table: Table, columns: tuple[str, ...], count: int, tail: str) -> _Insert | None:
    """Built once per table and number of rows (on PostgreSQL per table); None where Python makes defaults."""
    if any(c.default is not None and c.name not in columns for c in table.columns):
        return None
    quote = dialect.identifier_preparer.quote
    names, name = ", ".join(quote(column) for column in columns), quote(table.name)
    into = f"INSERT INTO {name} ({names})"
    if dialect.name == "postgresql":
        sql = f"{into} SELECT {names} FROM json_populate_recordset(NULL::{name}, %s)"
    else:
        row = "(" + ", ".join("?" * len(columns)) + ")"
        sql = f"{into} VALUES {', '.join([row] * count)}"
    binders = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in columns]
    return _Insert(f"{sql} {tail}".rstrip(), tuple((name, binder) for name, binder in binders if binder is not None))


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], tail: str = "") -> list[Any]:
    """Insert rows by one statement for all of them, built once: the hot path's way, no object graph.

    `tail` is SQL of both databases after the rows (ON CONFLICT, RETURNING); what it returns is returned.
    Inside `together` rows without a tail are held back until its end.

    All rows need the same keys. On PostgreSQL the rows travel as one JSON parameter: one prepared statement
    whatever their number and the size of their figures.
    """
    if not rows:
        return []
    connection = connection_of(session)
    told: list[Any] = []
    dialect, table = connection.dialect, cast(Table, model.__table__)
    whole = dialect.name == "postgresql"
    held = _held(session)
    columns = tuple(rows[0])
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = [dict(row) for row in rows[start : start + ROWS_AT_ONCE]]
        ready = _insert_of(dialect, table, columns, 0 if whole else len(some), tail)
        if ready is None:
            assert not tail
            connection.execute(insert(table), some)
            continue
        for name, bind in ready.binders:
            for row in some:
                row[name] = bind(row[name])
        if whole:
            values: tuple[Any, ...] = (msgspec.json.encode(some).decode(),)
        else:
            values = tuple([row[name] for row in some for name in columns])
        if held is not None and not tail:
            held.add(ready.sql, values)
            continue
        if whole:
            told += send(connection, ready.sql, values)
            continue
        done = connection.exec_driver_sql(ready.sql, values)
        if done.returns_rows:
            told += done.all()
    return told


# --- questions asked of every event -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Question:
    """A statement as driver SQL, its parameters in order with its own constants, and what Python makes of some."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    binders: tuple[tuple[str, Callable[[Any], Any]], ...]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]


def ask(connection: Connection, statement: Any, values: Mapping[str, Any]) -> Sequence[Any]:
    """All rows of a statement that is built once and asked with every event: a third of a sale's CPU went into
    SQLAlchemy's way from a statement to its SQL. An expanding `IN` travels as one array, so PostgreSQL prepares
    one statement whatever the number of values; the rows are plain tuples. On SQLite, which needs a parameter each,
    it is a plain execute.
    """
    if connection.dialect.name != "postgresql":
        return connection.execute(statement, dict(values)).all()
    known = _question_of(statement, tuple(values))
    told = {**known.constants, **values}
    for name, bind in known.binders:
        told[name] = bind(told[name])
    rows = send(connection, known.sql, [told[name] for name in known.names])
    if not known.readers or not rows:
        return rows
    read: list[tuple[Any, ...]] = []
    for row in rows:
        cells = list(row)
        for at, reader in known.readers:
            cells[at] = reader(cells[at])
        read.append(tuple(cells))
    return read


@lru_cache(maxsize=64)
def _question_of(statement: ClauseElement, keys: tuple[str, ...]) -> _Question:
    """Compiled for psycopg once per statement (module constants: there are a dozen)."""
    dialect = PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]
    made = cast(SQLCompiler, statement.compile(dialect=dialect, column_keys=list(keys)))
    names = tuple(made.positiontup or ())
    types = [(name, made.binds[name].type.dialect_impl(dialect)) for name in dict.fromkeys(names)]
    binders = [(name, type_.bind_processor(dialect)) for name, type_ in types]
    readers = [column.type.result_processor(dialect, None) for column in made._result_columns]
    return _Question(
        _EXPANDING.sub("= ANY(%s)", made.string),
        names,
        {name: value for name, value in made.params.items() if name not in keys},
        tuple((name, binder) for name, binder in binders if binder is not None),
        tuple((at, reader) for at, reader in enumerate(readers) if reader is not None),
    )


_EXPANDING = re.compile(r"IN \(__\[POSTCOMPILE_\w+\]\)")


# --- several tables by one statement ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Held:
    """What `together` holds back, in order."""

    pieces: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, sql: str, values: Sequence[Any]) -> None:
        self.pieces.append(sql)
        self.values += values


def _held(session: Session) -> _Held | None:
    return cast("_Held | None", session.info.get("held"))


@contextmanager
def together(session: Session, *, only_if: bool = True) -> Iterator[None]:
    """Hold back the rows and changes made inside, and send them as one statement at the end (PostgreSQL).

    Nothing inside may read them: say `send_held` first. They see the database as it is when they are sent, not
    one another. On SQLite, where a statement costs no round trip, everything happens at once. Inside another
    `together` it adds nothing. An exception throws away what is held: the unit of work is lost anyway.
    """
    if not only_if or not is_postgresql(session) or _held(session) is not None:
        yield
        return
    session.info["held"] = _Held()
    try:
        yield
        send_held(session)
    finally:
        session.info["held"] = None


def send_held(session: Session) -> None:
    """Send what is held so far: what follows will read it, or a trigger will."""
    held = _held(session)
    if held is None or not held.pieces:
        return
    sql = held.pieces[0] if len(held.pieces) == 1 else _joined(tuple(held.pieces))
    send(connection_of(session), sql, held.values)
    held.pieces.clear()
    held.values.clear()


@lru_cache(maxsize=256)
def _joined(pieces: tuple[str, ...]) -> str:
    return "WITH " + ", ".join(f"w{n} AS ({sql})" for n, sql in enumerate(pieces)) + " SELECT"


def change(session: Session, statement: Update, values: Mapping[str, Any]) -> None:
    """Execute an UPDATE with its bound values; inside `together` it is held back like rows are."""
    held = _held(session)
    if held is None:
        connection_of(session).execute(statement, dict(values))
        return
    sql, names = _change_of(statement)
    held.add(sql, [values[name] for name in names])


@lru_cache(maxsize=64)
def _change_of(statement: Update) -> tuple[str, tuple[str, ...]]:
    """An UPDATE as driver SQL with the order of its parameters; built once per statement."""
    made = statement.compile(dialect=PGDialect_psycopg(paramstyle="format"))  # type: ignore[no-untyped-call]
    return made.string, tuple(made.positiontup or ())
