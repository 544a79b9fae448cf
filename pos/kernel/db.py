"""The database: base class, honest SQLite transactions, and the one place that commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, String, Text, event, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Dialect, Engine
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
    try:
        session.connection(execution_options={"pos_begin": "IMMEDIATE"})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["busy"] = False


def is_postgresql(session: Session) -> bool:
    """True where rows and names must be locked by hand; SQLite has one writer anyway."""
    return session.get_bind().dialect.name == "postgresql"


def upsert_of(postgresql: bool, model: type[Base]) -> Any:
    """`INSERT` into a model's table in one dialect, so that `ON CONFLICT` can be said. Build once, execute often."""
    make = postgresql_insert if postgresql else sqlite_insert
    return make(model.__table__)  # type: ignore[arg-type]


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by one statement compiled once: the hot path's way, no object graph.

    All rows need the same keys. (`insert().values([...])` compiles anew for each number of rows.)
    """
    if rows:
        session.connection().execute(insert(model.__table__), list(rows))  # type: ignore[arg-type]
