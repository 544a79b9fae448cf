"""Goods nobody could name, through the pages: the list, what would be booked, and booking it in one unit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from pos.consignment.models import AgreementVersion, LineAssignment, SettlementLine, Share
from pos.consignment.service.assignments import nobodys
from pos.kernel.db import db
from pos.kernel.ids import new_id
from pos.ledger.models import JournalEntry
from pos.ledger.queries import balances
from pos.reports.check import check_all
from pos.till.models import Flag
from tests.counting import counted
from tests.reports.market import Market, a_market


@pytest.fixture
def market(app: Flask) -> Market:
    made = a_market(app)
    made.ids["strange"] = new_id()
    return made


def sell_strange(market: Market, *qty: int, back: int = 0) -> list[dict[str, Any]]:
    """Jars of 45,000 nobody registered; of the first some come back."""
    shop = market.devices["shop"]
    sales = [shop.sale((market.ids["strange"], n * 1000, 45_000)) for n in qty]
    shop.send(*sales)
    if back:
        returns = [{
            "line": 1, "sale": sales[0]["id"], "sale_line": 1, "product": market.ids["strange"],
            "qty_milli": back * 1000, "paid": back * 45_000, "disposition": "shelf", "reason": "khách đổi ý",
        }]  # fmt: skip
        shop.send(shop.sale(returns=returns))
    return sales


def waits(market: Market) -> int:
    db.session.rollback()
    return balances(db.session(), market.ids["gifts"]).get(("unidentified_receipts", ""), 0)


def here(market: Market) -> str:
    return f"/office/owners/{market.ids['gifts']}"


def version(market: Market, producer: str) -> str:
    wanted = select(AgreementVersion.id).where(
        AgreementVersion.agreement.has(operator_id=market.ids["gifts"], producer_id=market.ids[producer])
    )
    return db.session().scalars(wanted).one()


def form(market: Market, sales: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "product": market.ids["strange"], "name": "?", "producer": market.ids["honey maker"],
        "version": version(market, "honey maker"), "reason": "HTX gọi điện", "line": [f"{s['id']}:1" for s in sales],
        **more,
    }  # fmt: skip


def test_the_list_says_how_much_waits_for_which_goods(market: Market) -> None:
    sell_strange(market, 3, 1, back=1)

    page = market.as_("manager").get("/office/owners").text

    assert waits(market) == -135_000
    assert "2 dòng, 135.000" in page
    assert re.search(r'<td class="r">2</td><td class="r">3</td><td class="r"><b class="num">135.000</b>', page)


def test_what_would_be_booked_is_what_is_booked(market: Market) -> None:
    sales = sell_strange(market, 3, 1, back=1)
    manager = market.as_("manager")
    entries = select(func.count(JournalEntry.id))
    before = db.session().scalar(entries)

    plan = manager.post(f"{here(market)}/plan", data=form(market, sales)).text

    db.session.rollback()
    assert db.session().scalar(entries) == before
    due = int(re.findall(r'class="num">([\d.−-]+)<', plan.split("Chủ thể nhận")[1])[0].replace(".", ""))
    assert manager.post(here(market), data=form(market, sales)).status_code == 303
    assert waits(market) == 0
    amounts = select(func.sum(SettlementLine.amount_vnd)).where(SettlementLine.operator_id == market.ids["gifts"])
    assert int(db.session().scalar(amounts) or 0) == due > 0
    assert [found.problems for found in check_all(db.session()) if not found.holds] == []


def test_it_is_kept_who_said_so_and_why_and_the_doubt_closes(market: Market) -> None:
    sales = sell_strange(market, 2)

    market.as_("manager").post(here(market), data=form(market, sales))

    db.session.rollback()
    said = db.session().scalars(select(LineAssignment)).one()
    assert (said.made_by, said.reason) == (market.people["manager"], "HTX gọi điện")
    doubts = select(Flag.done_because).where(Flag.event_id == sales[0]["id"], Flag.code == "no_agreement")
    assert db.session().scalars(doubts).all() == ["cause_gone"]
    assert "HTX gọi điện" in market.as_("auditor").get("/office/owners").text


def test_one_line_that_cannot_be_assigned_stops_all(market: Market) -> None:
    sales = sell_strange(market, 1, 2)
    manager, asked = market.as_("manager"), form(market, sales)
    manager.post(here(market), data=asked | {"line": [f"{sales[0]['id']}:1"]})
    waiting = waits(market)

    # The first has its owner by now: it is no longer among those that wait, so only the other one is booked.
    answer = manager.post(here(market), data=asked | {"mode": "margin"})

    assert (answer.status_code, waits(market)) == (422, waiting)
    assert "f-cost" in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"line": []}, "line"),
        ({"version": ""}, "version"),
        ({"producer": "own", "version": ""}, "cost"),
        ({"cost": "abc"}, "cost"),
        ({"mode": "gift"}, "mode"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(market: Market, wrong: dict[str, Any], field: str) -> None:
    sales = sell_strange(market, 1)

    answer = market.as_("manager").post(here(market), data=form(market, sales) | wrong)

    assert (answer.status_code, waits(market)) == (422, -45_000)
    assert f'href="#f-{field}"' in answer.text


def test_another_operators_version_is_refused(market: Market) -> None:
    sales = sell_strange(market, 1)
    foreign = select(AgreementVersion.id).where(AgreementVersion.agreement.has(operator_id=market.ids["village"]))

    answer = market.as_("manager").post(
        here(market), data=form(market, sales) | {"version": db.session().scalars(foreign.limit(1)).one()}
    )

    assert (answer.status_code, waits(market)) == (422, -45_000)


def test_own_goods_cost_what_is_said(market: Market) -> None:
    sales = sell_strange(market, 2)

    market.as_("manager").post(
        here(market), data=form(market, sales) | {"producer": "own", "version": "", "cost": "30.000"}
    )

    db.session.rollback()
    books = balances(db.session(), market.ids["gifts"])
    assert (books["cost_of_goods", ""], books["inventory", ""]) == (60_000, -60_000)
    assert waits(market) == 0


def test_one_and_many_goods_cost_the_same_number_of_queries(market: Market) -> None:
    sell_strange(market, 1)
    manager = market.as_("manager")
    manager.get("/office/owners")
    with counted() as one:
        manager.get("/office/owners")
    shop = market.devices["shop"]
    shop.send(*[shop.sale((new_id(), 1000, 20_000)) for _ in range(30)])
    with counted() as many:
        manager.get("/office/owners")

    assert len(many) == len(one)


def test_what_waits_is_found_by_its_own_index(market: Market) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a plan of an almost empty PostgreSQL table says nothing")
    asked = select(Share.id).where(nobodys(), Share.operator_id == "x")
    sql = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True, "render_postcompile": True}))

    plan = " ".join(row[3] for row in db.session().execute(text(f"EXPLAIN QUERY PLAN {sql}")))

    assert "ix_share_nobodys" in plan
