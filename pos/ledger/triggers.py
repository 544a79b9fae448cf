"""What the database itself refuses: changing what is written once, and an entry that does not balance.

Every migration run drops all triggers first and ends with `install_triggers` (Alembic's batch
mode would lose a table's own and fail on others' that read it). Source: money.md, "The journal".
"""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from pos.ledger.triggers_once import released_once

APPEND_ONLY = (
    "till_event",
    "sale",
    "sale_line",
    "sale_return",
    "tender",
    "cash_move",
    "control_note",
    "journal_entry",
    "posting",
    "stock_movement",
    "share",
    "goods_terms",
    "commission_rule",
    "line_assignment",
    "loss_share",
    "stock_count_entry",
    "stock_count_ask",
    "stock_count_difference",
    "stock_loss_decision",
    "stock_lot_change",
    "safe_funding",
    "owed_payment",
    "settlement_line",
    "statement_document",
    "receipt",
    "flag_change",
    "producer_note",
    "money_paper",
    "cash_slip",
    "books_seal",
    "producer_invoice",
    "sale_invoice",
    "bank_statement",
    "bank_line",
    "bank_match",
    "card_payment",
    "settlement_bonus",
    "payout_event",
    "bank_file",
    "payout_confirmation",
    "account_check",
    "notice",
)
# Papers: a draft may change, what is confirmed may not, nor its lines. (table, table of lines, its column)
PAPERS = (("stock_document", "stock_document_line", "document_id"),)
BALANCE = "an entry needs two postings or more that sum to 0"
LATE = "postings come before their entry, never after"


def append_only_tables(connection: Connection) -> list[str]:
    """Those of APPEND_ONLY that exist here."""
    existing = set(inspect(connection).get_table_names())
    return [table for table in APPEND_ONLY if table in existing]


def _sqlite(tables: list[str], papers: bool) -> list[str]:
    made = [
        f"CREATE TRIGGER pos_{table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    ]
    for paper, lines, key in PAPERS if papers else ():
        done = f"EXISTS (SELECT 1 FROM {paper} WHERE id = {{}}.{key} AND state = 'confirmed')"
        refuse = "BEGIN SELECT RAISE(ABORT, '{} is written once'); END"
        for verb in ("UPDATE", "DELETE"):
            made += [
                f"CREATE TRIGGER pos_{paper}_no_{verb.lower()} BEFORE {verb} ON {paper} "
                f"WHEN OLD.state = 'confirmed' {refuse.format(paper)}",
                f"CREATE TRIGGER pos_{lines}_no_{verb.lower()} BEFORE {verb} ON {lines} "
                f"WHEN {done.format('OLD')} {refuse.format(lines)}",
            ]
        made.append(
            f"CREATE TRIGGER pos_{lines}_no_insert BEFORE INSERT ON {lines} "
            f"WHEN {done.format('NEW')} {refuse.format(lines)}"
        )
    if "journal_entry" in tables:
        made += [
            "CREATE TRIGGER pos_journal_entry_balances BEFORE INSERT ON journal_entry WHEN "
            "(SELECT COUNT(*) < 2 OR SUM(amount_vnd) <> 0 FROM posting WHERE entry_id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{BALANCE}'); END",
            "CREATE TRIGGER pos_posting_before_entry BEFORE INSERT ON posting WHEN "
            "EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.entry_id) "
            f"BEGIN SELECT RAISE(ABORT, '{LATE}'); END",
        ]
    return made


def _postgresql(tables: list[str], papers: bool) -> list[str]:
    refuse = "USING ERRCODE = 'integrity_constraint_violation'"
    made = [
        "CREATE OR REPLACE FUNCTION pos_written_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '%% is written once', TG_TABLE_NAME {refuse}; END $$"
    ]
    for table in tables:
        made += [
            f"CREATE TRIGGER pos_{table}_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION pos_written_once()",
            f"CREATE TRIGGER pos_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION pos_written_once()",
        ]
    for paper, lines, key in PAPERS if papers else ():
        made += [
            f"CREATE OR REPLACE FUNCTION pos_{lines}_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM {paper} WHERE id = OLD.{key} AND state = 'confirmed') "
            f"OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM {paper} WHERE id = NEW.{key} AND state = 'confirmed') "
            f"THEN RAISE EXCEPTION '%% is written once', TG_TABLE_NAME {refuse}; END IF; "
            "RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$",
            f"CREATE TRIGGER pos_{lines}_rows BEFORE INSERT OR UPDATE OR DELETE ON {lines} "
            f"FOR EACH ROW EXECUTE FUNCTION pos_{lines}_open()",
            f"CREATE TRIGGER pos_{paper}_rows BEFORE UPDATE OR DELETE ON {paper} "
            "FOR EACH ROW WHEN (OLD.state = 'confirmed') EXECUTE FUNCTION pos_written_once()",
        ]
        made += [
            f"CREATE TRIGGER pos_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION pos_written_once()"
            for table in (paper, lines)
        ]
    if "journal_entry" in tables:
        made += [
            "CREATE OR REPLACE FUNCTION pos_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF (SELECT COUNT(*) < 2 OR SUM(amount_vnd) <> 0 FROM posting WHERE entry_id = NEW.id) THEN "
            f"RAISE EXCEPTION '{BALANCE}' {refuse}; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER pos_journal_entry_balances BEFORE INSERT ON journal_entry "
            "FOR EACH ROW EXECUTE FUNCTION pos_entry_balances()",
            "CREATE OR REPLACE FUNCTION pos_posting_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.entry_id) THEN "
            f"RAISE EXCEPTION '{LATE}' {refuse}; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER pos_posting_before_entry BEFORE INSERT ON posting "
            "FOR EACH ROW EXECUTE FUNCTION pos_posting_first()",
        ]
    return made


def install_triggers(connection: Connection) -> None:
    """Put all triggers on the tables that are there."""
    tables = append_only_tables(connection)
    papers = PAPERS[0][0] in inspect(connection).get_table_names()  # not yet in the midst of a downgrade
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for statement in [*make(tables, papers), *released_once(connection)]:
        connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Take all of ours away, whatever release made them."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'pos_%'"
        )
        for (name,) in found.all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    found = connection.exec_driver_sql(
        "SELECT t.tgname, t.tgrelid::regclass::text FROM pg_trigger t "
        "WHERE NOT t.tgisinternal AND t.tgname LIKE 'pos\\_%%'"
    )
    for name, table in found.all():
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
