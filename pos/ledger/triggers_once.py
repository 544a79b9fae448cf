"""What allows one change of one column, once, from nothing to something: a claim that is released."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.engine import Connection

RELEASED_ONCE = {"statement_claim": "released_at"}


def released_once(connection: Connection) -> list[str]:
    """The triggers of the tables that are there."""
    make = _sqlite_released if connection.dialect.name == "sqlite" else _postgresql_released
    return [made for table, fixed in _tables(connection).items() for made in make(table, fixed)]


def _tables(connection: Connection) -> dict[str, list[str]]:
    """Those of RELEASED_ONCE that exist here, with the columns that never change."""
    look = inspect(connection)
    here = RELEASED_ONCE.keys() & set(look.get_table_names())
    return {t: [c["name"] for c in look.get_columns(t) if c["name"] != RELEASED_ONCE[t]] for t in sorted(here)}


def _sqlite_released(table: str, fixed: list[str]) -> list[str]:
    once = RELEASED_ONCE[table]
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in fixed)
    return [
        f"CREATE TRIGGER pos_{table}_released BEFORE UPDATE ON {table} "
        f"WHEN NOT (OLD.{once} IS NULL AND NEW.{once} IS NOT NULL AND {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is released once'); END",
        f"CREATE TRIGGER pos_{table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is released once'); END",
    ]


def _postgresql_released(table: str, fixed: list[str]) -> list[str]:
    once = RELEASED_ONCE[table]
    same = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in fixed)
    return [
        f"CREATE OR REPLACE FUNCTION pos_{table}_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF OLD.{once} IS NULL AND NEW.{once} IS NOT NULL AND {same} THEN RETURN NEW; "
        f"END IF; END IF; RAISE EXCEPTION '{table} is released once' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER pos_{table}_released BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION pos_{table}_once()",
        f"CREATE TRIGGER pos_{table}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION pos_{table}_once()",
    ]
