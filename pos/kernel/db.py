"""The database: base class, honest SQLite transactions, and the one place that commits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, String, Text, event
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


def well_behaved(engine: Engine) -> None:
    """What every engine of this application is told once, whichever its database."""
    if engine.dialect.name == "sqlite":
        honest_transactions(engine)
    else:
        lively_connections(engine)


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
        session.info["connection"] = session.connection(execution_options={"pos_begin": "IMMEDIATE"})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["busy"] = False
        session.info.pop("connection", None)
        if waits:
            _writers.release()


def connection_of(session: Session) -> Connection:
    """The session's connection. A unit of work holds one from its begin to its end and need not look it up."""
    return session.info.get("connection") or session.connection()


def end_reading(session: Session) -> None:
    """End a transaction that has only read, by COMMIT: at a ROLLBACK psycopg forgets every statement it has prepared.

    With anything unsaved in the session it is a rollback as ever.
    """
    if session.new or session.dirty or session.deleted:
        session.rollback()
    else:
        session.commit()


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for a look or two outside any unit of work; it sees what is committed.

    On PostgreSQL each look stands alone, without BEGIN and COMMIT: two round trips fewer.
    """
    session = db.session()
    if is_postgresql(session):
        with _looking(db.engine).connect() as connection:
            yield connection
        return
    try:
        yield session.connection()
    finally:
        end_reading(session)


@lru_cache(maxsize=8)
def _looking(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def is_postgresql(session: Session) -> bool:
    """True where rows and names must be locked by hand; SQLite has one writer anyway."""
    known = session.info.get("postgresql")
    if known is None:
        known = session.info["postgresql"] = session.get_bind().dialect.name == "postgresql"
    return bool(known)


def upsert_of(postgresql: bool, model: type[Base]) -> Any:
    """`INSERT` into a model's table in one dialect, so that `ON CONFLICT` can be said. Build once, execute often."""
    make = postgresql_insert if postgresql else sqlite_insert
    return make(model.__table__)  # type: ignore[arg-type]
