"""Alembic's environment: both databases, triggers off while tables change, all or nothing on SQLite."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.operations import MigrationScript
from sqlalchemy.engine import Connection

from pos.kernel.db import Base, Instant, db
from pos.ledger.triggers import drop_triggers, install_triggers


def nothing_if_empty(_context: Any, _revision: Any, directives: list[MigrationScript]) -> None:
    """`pos db migrate` with no difference makes no file."""
    script = directives[0]
    if not getattr(context.config.cmd_opts, "autogenerate", False):
        return  # `check` wants to see the empty script
    if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        directives.clear()


def plain(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Migrations speak plain SQLAlchemy: they must run when our types have moved on."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Instant) else False


def moves_schema() -> bool:
    """True for upgrade, downgrade and stamp; false for check, current and migrate."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    moves = moves_schema()
    if sqlite and moves:
        # The pragma does nothing inside a transaction, and our listener began one.
        for statement in ("ROLLBACK", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"):
            connection.exec_driver_sql(statement)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_as_batch=True,
        compare_type=True,
        render_item=plain,
        process_revision_directives=nothing_if_empty,
    )
    with context.begin_transaction():
        if moves:
            drop_triggers(connection)
        context.run_migrations()
        if moves:
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"foreign keys broken: {broken}")
            install_triggers(connection)
    connection.commit()
    if sqlite and moves:
        connection.invalidate()  # the next connection has foreign_keys = ON again


with db.engine.connect() as connection:
    run(connection)
