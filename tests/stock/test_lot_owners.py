"""Lots of goods the till counted in, kept apart later, and whose they are; what a count misses of which lot."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pos.catalogue.models import Product
from pos.catalogue.service.merging import merge_product
from pos.consignment.jobs import follow_merge
from pos.consignment.models import GoodsTerms, Share
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.places.models import Operator
from pos.producers.models import Producer
from pos.reports.check import check_all
from pos.stock.commands import DraftLine
from pos.stock.models import Level, Lot, Movement
from pos.stock.queries.equation import Asked, list_equations
from pos.stock.service import counts
from pos.stock.service.documents import confirm, draft
from tests.factories import a_product
from tests.reports.market import Market, a_market
from tests.stock.shelves import shelves


@pytest.fixture
def market(app: Flask) -> Market:
    """20 honeys and 5 teas in the shop, counted in by the office."""
    return a_market(app)


def at_the_shop(market: Market, product: str) -> dict[str, int]:
    """Lot ("" loose) → units on the shelf."""
    db.session.rollback()
    rows = db.session.execute(
        select(Level.lot_id, Level.on_hand_milli).where(
            Level.place_kind == "site", Level.place_id == market.ids["shop"], Level.product_id == market.ids[product]
        )
    )
    return {lot: int(milli) // 1000 for lot, milli in rows if milli}


def sound() -> None:
    db.session.rollback()
    assert [finding.problems for finding in check_all(db.session()) if not finding.holds] == []


def test_what_the_till_counted_in_is_a_lot_kept_apart_and_owned_later(market: Market) -> None:
    ids, till = market.ids, market.devices["shop"]
    with unit_of_work() as work:
        work.get_one(Product, ids["tea"]).shelf_life_days = 30
    lines = [{"product": ids["tea"], "qty_milli": 6_000}]
    till.send(event := till.event("goods.in", {"from": ids["honey maker"], "lines": lines}))
    lot = db.session.scalars(select(Lot).where(Lot.document_id == event["id"])).one()
    assert (lot.made_itself, lot.expires_on, lot.qty_milli) == (True, today() + timedelta(days=30), 6_000)

    manager, path = market.as_("manager"), f"/stock/lots/{ids['gifts']}/{ids['tea']}/{lot.id}"
    owned = f"/agreements/lots/{ids['gifts']}/{ids['tea']}/{lot.id}"
    before = manager.post(owned, data={"mode": "own", "cost": "30.000"}).status_code
    apart = [manager.post(f"{path}/apart").status_code for _ in range(2)]
    bare = manager.post(owned, data={"mode": "own"}).status_code
    twice = [manager.post(owned, data={"mode": "own", "cost": c}).status_code for c in ("35.000", "30.000")]
    page = manager.get(owned.rsplit("/", 1)[0]).get_data(as_text=True)

    assert (before, apart, bare, twice) == (404, [303, 303], 422, [303, 303])
    assert at_the_shop(market, "tea") == {"": 5, lot.id: 6}
    assert ("Hàng của đơn vị" in page, "30.000" in page) == (True, True)
    sale = till.sale((ids["tea"], 1_000, 50_000))
    sale["body"]["lines"][0]["lot"] = lot.id
    till.send(till.event("sale", sale["body"]))
    db.session.rollback()
    share = db.session.scalars(select(Share).where(Share.product_id == ids["tea"])).one()
    assert (share.mode, at_the_shop(market, "tea")) == ("own", {"": 5, lot.id: 5})
    sound()


def test_what_a_count_misses_is_loose_first_then_of_the_lot_that_ends_first(app: Flask) -> None:
    here = shelves()
    soon, late = date(2026, 12, 1), date(2027, 3, 1)
    with unit_of_work() as work:
        note = here.intake(
            DraftLine(here.honey, 2_000), DraftLine(here.honey, 4_000, lot_code="L1", expires_on=late),
            DraftLine(here.honey, 4_000, lot_code="L2", expires_on=soon),
        )  # fmt: skip
        confirm(work, draft(work, note, at=now(), by=None), revision=None, at=now(), by=None)
    with unit_of_work() as work:
        count = counts.open_count(work, site_id=here.shop, scope_kind="all", scope_id="", note=None, at=now(), by="a")
        counts.enter(work, count, entry_id=here.shop, product_id=here.honey, qty_milli=5_000, at=now(), by="a",
                     weighed=False)  # fmt: skip
        counts.end_blind(work, count, at=now(), by="a")
        counts.confirm_count(work, count, liabilities={}, reason="một người", at=now(), by="a")

    codes = {lot.id: lot.code for lot in db.session.scalars(select(Lot)) if lot.code}
    lost = db.session.execute(
        select(Movement.lot_id, Movement.qty_milli).where(Movement.to_kind == "lost").order_by(Movement.line)
    )
    assert [(codes.get(lot or "", ""), milli) for lot, milli in lost] == [("", 2_000), ("L2", 3_000)]
    lines = list_equations(db.session(), Asked([here.operator]), here.maker, by_lot=True)
    assert all(line.sums.closes for line in lines)


def test_a_merged_product_takes_its_stock_its_lots_and_its_terms_along(market: Market) -> None:
    ids = market.ids
    with unit_of_work() as work:
        maker, gifts = work.get_one(Producer, ids["honey maker"]), work.get_one(Operator, ids["gifts"])
        same = a_product(work, maker, gifts, name="Chè búp (2)", price_vnd=50_000, unit="gói", kind="che").id
        work.add(GoodsTerms(id=new_id(), operator_id=gifts.id, product_id=ids["tea"], site_id="", lot_id="",
                            starts_on=today(), mode="own", cost_vnd=30_000, made_at=now(), made_by=None))  # fmt: skip
    with unit_of_work() as work:
        merge_product(work, ids["tea"], same, at=now(), by=None)
    for _ in range(2):
        follow_merge({"product": ids["tea"], "into": same})

    ids["same"] = same
    assert (at_the_shop(market, "tea"), at_the_shop(market, "same")) == ({}, {"": 5})
    lines = list_equations(db.session(), Asked([ids["gifts"]]), ids["honey maker"])
    assert all(line.sums.closes for line in lines)
    assert {line.product_id: line.sums["delivered"] for line in lines} == {ids["honey"]: 20_000, same: 5_000}
    assert db.session.scalars(select(Lot.qty_milli).where(Lot.product_id == same)).all() == [5_000]
    assert db.session.scalars(select(GoodsTerms.mode).where(GoodsTerms.product_id == same)).all() == ["own"]
    sound()
