"""A run over many producers: its totals, its pages, and freezing all of it at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text

from pos.consignment.models import SettlementLine, Share, Statement
from pos.consignment.queries import runs
from pos.consignment.queries.checks import settlement_problems
from pos.consignment.queries.previews import previews
from pos.consignment.queries.runs import get_run, list_briefs
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from tests.consignment.shop import DAY, Shop, later, noon
from tests.consignment.test_statements_views import enter, shop, web

__all__ = ["shop", "web"]


def a_shop(window: int) -> Shop:
    """Sales and a return that settle in every way: now, later, beyond the cut-off."""
    with unit_of_work() as session:
        made = Shop(session, window=window)
        first = made.sell(("P1", 3), ("P2", 1))
        made.sell(("P3", 2), day=later(1))
        made.take_back(first, 1, 1, paid=185_000, day=later(2))
        made.sell(("P2", 5), day=later(4))
    return made


@pytest.mark.parametrize("window", [0, 2, 30])
@pytest.mark.parametrize("frozen", [False, True])
def test_a_run_says_what_the_drafts_of_its_producers_say(app: Flask, window: int, frozen: bool) -> None:
    made = a_shop(window)
    if frozen and window == 0:
        with unit_of_work() as session:
            freeze_statement(session, made.operator_id, made.producer("P1"), DAY, run_on=DAY, at=noon(DAY), by=None)
    session, cutoff = db.session(), later(3)
    ids = [made.producer(name) for name in ("P1", "P2", "P3")]

    briefs = {brief.producer_id: brief for brief in list_briefs(session, made.operator_id, cutoff, run_on=cutoff)}
    drafts = previews(session, made.operator_id, cutoff, run_on=cutoff, producer_ids=ids)

    said = {
        d.producer_id: (d.verdict, d.division.payout_vnd if d.verdict == "freeze" else 0, d.held_vnd)
        for d in drafts
        if d.lines or d.held or d.division.opening_vnd
    }
    assert {id_: (b.verdict, b.payout_vnd, b.held_vnd) for id_, b in briefs.items()} == said


def test_a_page_holds_its_producers_and_the_totals_hold_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PAGE", 2)
    made = a_shop(0)
    session, cutoff = db.session(), later(5)

    pages = [get_run(session, made.operator_id, cutoff, run_on=cutoff, page=n) for n in (1, 2, 99)]

    names = [[draft.producer_name for draft in run.drafts] for run in pages]
    assert names == [["Hộ kinh doanh P1", "Hộ kinh doanh P2"], ["Hộ kinh doanh P3"], ["Hộ kinh doanh P3"]]
    assert {run.payout_vnd for run in pages} == {sum(d.division.payout_vnd for run in pages[:2] for d in run.drafts)}


def test_freezing_all_takes_every_page(shop: Shop, web: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PAGE", 1)
    ha, cutoff = enter(web, "ha"), (today() - timedelta(days=8)).isoformat()
    asked = {"operator": shop.operator_id, "cutoff": cutoff}
    first = ha.get("/statements/run", query_string=asked).text
    assert first.count('name="producer"') == 1
    assert 'name="all"' in first
    assert "page=2" in first

    ha.post("/statements/run", data=asked | {"all": "1", "producer": shop.producer("P1")})

    assert db.session().scalar(select(func.count(Statement.id))) == 3


def test_a_settlement_line_repeats_its_share(app: Flask) -> None:
    made = a_shop(0)
    session = db.session()
    assert settlement_problems(session, made.operator_id) == []
    rows = session.execute(
        select(SettlementLine.gross_vnd, SettlementLine.commission_vnd, Share.gross_vnd, Share.commission_vnd).join(
            Share, Share.id == SettlementLine.share_id
        )
    ).all()
    assert [row[:2] for row in rows] == [row[2:] for row in rows]
    assert sum(row[0] for row in rows) > 0


def test_a_line_that_says_something_else_than_its_share_is_found(app: Flask) -> None:
    made = a_shop(0)
    with unit_of_work() as session:
        share = session.scalars(select(Share).where(Share.kind == "sale").limit(1)).one()
        entry, line_id = session.execute(select(SettlementLine.entry_id, SettlementLine.id).limit(1)).one()
        session.execute(
            insert(SettlementLine).values(
                id=(wrong := new_id()), operator_id=made.operator_id, producer_id=share.producer_id, entry_id=entry,
                seq=1, kind="sale", amount_vnd=0, business_date=DAY, available_on=DAY, share_id=share.id,
                returns_line_id=None, note=None, mode="commission", commission_bp=1, gross_vnd=7,
            )
        )  # fmt: skip

    found = [(p.rule, p.about, p.found) for p in settlement_problems(db.session(), made.operator_id)]

    assert ("line_share", wrong, 7) in found
    assert line_id != wrong


def plan(statement: str) -> str:
    """How SQLite goes about it."""
    return " ".join(row[3] for row in db.session().execute(text(f"EXPLAIN QUERY PLAN {statement}")))


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (f"SELECT sum(total_vnd) FROM sale WHERE day = '{date(2026, 1, 1)}'", "ix_sale_day"),
        ("SELECT count(*) FROM shift WHERE state IN ('open', 'closing')", "ix_shift_state"),
        ("SELECT count(*) FROM flag WHERE closed_at IS NULL", "ix_flag_open"),
        (
            "SELECT id FROM stock_document WHERE operator_id = 'x' ORDER BY made_at DESC LIMIT 9",
            "ix_stock_document_made",
        ),
        ("SELECT sum(amount_vnd) FROM settlement_line WHERE producer_id = 'x'", "ix_settlement_line_producer_day"),
        (
            "SELECT sum(amount_vnd) FROM settlement_line WHERE operator_id = 'x' AND producer_id = 'x' AND seq > 9",
            "ix_settlement_line_producer (operator_id=? AND producer_id=? AND seq>?)",
        ),
    ],
)
def test_the_home_pages_questions_have_an_index(app: Flask, statement: str, index: str) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a plan of an empty PostgreSQL table says nothing")
    assert index in plan(statement)
