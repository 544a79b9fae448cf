"""The database refuses what the books forbid, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_migrate import check
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from config import ROOT
from pos.kernel.clock import now, today
from pos.kernel.db import unit_of_work
from pos.ledger.models import JournalEntry, Posting


def an_entry(**changes: Any) -> dict[str, Any]:
    return {
        "id": "e1", "operator_id": "o", "seq": 1, "kind": "sale", "business_date": today(), "occurred_at": now(),
        "recorded_at": now(), "source_kind": "test", "source_id": "1", "prev_hash": "0", "hash": "1", **changes,
    }  # fmt: skip


def postings(session: Session, *amounts: int, start: int = 1) -> None:
    for n, amount in enumerate(amounts, start):
        session.execute(
            insert(Posting).values(entry_id="e1", n=n, operator_id="o", account="a", dimension="", amount_vnd=amount)
        )


@pytest.mark.parametrize("amounts", [(5,), (5, -4), ()])
def test_an_entry_that_does_not_balance_is_refused(app: Flask, amounts: tuple[int, ...]) -> None:
    with pytest.raises(IntegrityError), unit_of_work() as session:
        postings(session, *amounts)
        session.execute(insert(JournalEntry).values(**an_entry()))


def test_a_posting_after_its_entry_is_refused(app: Flask) -> None:
    with unit_of_work() as session:
        postings(session, 5, -5)
        session.execute(insert(JournalEntry).values(**an_entry()))

    with pytest.raises(IntegrityError), unit_of_work() as session:
        postings(session, 1, start=3)


def test_a_posting_without_its_entry_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError), unit_of_work() as session:
        postings(session, 5, -5)


@pytest.mark.parametrize("statement", ["UPDATE {} SET operator_id = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["journal_entry", "posting"])
def test_what_is_written_once_cannot_change(app: Flask, table: str, statement: str) -> None:
    with unit_of_work() as session:
        postings(session, 5, -5)
        session.execute(insert(JournalEntry).values(**an_entry()))

    with pytest.raises(DBAPIError, match="written once"), unit_of_work() as session:
        session.execute(text(statement.format(table)))


def test_the_models_are_what_the_migrations_make(app: Flask) -> None:
    check(directory=str(ROOT / "migrations"))
