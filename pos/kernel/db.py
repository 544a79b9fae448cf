"""The database: base class, honest SQLite transactions, and the one place that commits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, cast

import msgspec
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, String, Table, Text, event, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "%(constraint_name)s",  # constraint names are sentences and stay as written
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on both databases. Refuses a naive datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its zone; use pos.kernel.clock.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. Money is BIGINT đồng, quantities BIGINT thousandths, ids UUID text of 36."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger().with_variant(Integer(), "sqlite"),
        datetime: Instant(),
        str: Text(),
    }


Id = String(36)
db = SQLAlchemy(metadata=Base.metadata)


def honest_transactions(engine: Engine) -> None:
    """Make SQLite begin when we say so, and keep what it promised through a power cut.

    pysqlite's own BEGIN comes too late and a plain BEGIN loses contended writes, so a
    unit of work asks for IMMEDIATE through the connection's `pos_begin` option.
    """

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            "busy_timeout = 15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        how = connection.get_execution_options().get("pos_begin", "")
        connection.exec_driver_sql(f"BEGIN {how}".strip())


IDLE_SECONDS = 5.0


def lively_connections(engine: Engine) -> None:
    """Ask a connection that lay idle whether it still lives, instead of each at every transaction.

    One that dies within these seconds ends its request with 503, which acknowledges nothing.
    """

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("rests_since")
        if since is not None and time.monotonic() - since > IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise DisconnectionError("the database closed it") from error


# SQLite lets one write and the others sleep and look again, some of them for a second; here they queue.
# Another process is still kept out by SQLite itself.
_writers = threading.Lock()
WRITER_SECONDS = 15.0


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Commit everything done inside, or nothing. Does not nest.

    Ends the session's read transaction first: on SQLite a writer that has read before
    asking for the lock is refused when another wrote in between.
    """
    session = db.session()
    if session.info.get("busy"):
        raise RuntimeError("A unit of work is already open; pass its session on.")
    session.rollback()
    session.info["busy"] = True
    waits = not is_postgresql(session) and _writers.acquire(timeout=WRITER_SECONDS)
    try:
        session.connection(execution_options={"pos_begin": "IMMEDIATE"})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["busy"] = False
        if waits:
            _writers.release()


def end_reading(session: Session) -> None:
    """End a transaction that has only read, by COMMIT: at a ROLLBACK psycopg forgets every statement it has prepared.

    With anything unsaved in the session it is a rollback as ever.
    """
    if session.new or session.dirty or session.deleted:
        session.rollback()
    else:
        session.commit()


def is_postgresql(session: Session) -> bool:
    """True where rows and names must be locked by hand; SQLite has one writer anyway."""
    return session.get_bind().dialect.name == "postgresql"


def upsert_of(postgresql: bool, model: type[Base]) -> Any:
    """`INSERT` into a model's table in one dialect, so that `ON CONFLICT` can be said. Build once, execute often."""
    make = postgresql_insert if postgresql else sqlite_insert
    return make(model.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Insert:
    """An INSERT of so many rows as driver SQL, and what Python has to make of some values first."""

    sql: str
    binders: tuple[tuple[str, Callable[[Any], Any]], ...]


ROWS_AT_ONCE = 50  # below SQLite's 32,766 parameters whatever the table


@lru_cache(maxsize=512)
def _insert_of(dialect: Dialect, table: Table, columns: tuple[str, ...], count: int, tail: str) -> _Insert | None:
    """Built once per table and number of rows (on PostgreSQL per table); None where Python makes defaults."""
    if any(c.default is not None and c.name not in columns for c in table.columns):
        return None
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in columns)
    into = f"INSERT INTO {quote(table.name)} ({names})"
    if dialect.name == "postgresql":
        types = ", ".join(f"{quote(name)} {table.c[name].type.compile(dialect)}" for name in columns)
        sql = f"{into} SELECT {names} FROM json_to_recordset(%s::json) AS r({types})"
    else:
        row = "(" + ", ".join("?" * len(columns)) + ")"
        sql = f"{into} VALUES {', '.join([row] * count)}"
    binders = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in columns]
    return _Insert(f"{sql} {tail}", tuple((name, binder) for name, binder in binders if binder is not None))


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], tail: str = "") -> list[Any]:
    """Insert rows by one statement for all of them, built once: the hot path's way, no object graph.

    `tail` is SQL of both databases after the rows (ON CONFLICT, RETURNING); what it returns is returned.

    All rows need the same keys. A driver's executemany is a statement a row, and `insert().values([...])`
    compiles anew each time. On PostgreSQL the rows travel as one JSON parameter: one prepared statement
    whatever their number and the size of their figures.
    """
    if not rows:
        return []
    connection = session.connection()
    told: list[Any] = []
    dialect, table = connection.dialect, cast(Table, model.__table__)
    whole = dialect.name == "postgresql"
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
            done = connection.exec_driver_sql(ready.sql, (msgspec.json.encode(some).decode(),))
        else:
            done = connection.exec_driver_sql(ready.sql, tuple([row[name] for row in some for name in columns]))
        if done.returns_rows:
            told += done.all()
    return told
