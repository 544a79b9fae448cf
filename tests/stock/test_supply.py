"""Running out, asking for more, what ends soon, what is below zero."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pos.access.reach import EVERYWHERE
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.places.models import Site
from pos.stock import supply as rules
from pos.stock.commands import Move, Receive
from pos.stock.models import Delivery, Document, SupplyRequest
from pos.stock.queries.expiring import list_expiring
from pos.stock.queries.negative import list_negative
from pos.stock.queries.supply import list_low
from pos.stock.service import move, receive
from pos.stock.service import supply as service
from tests.reports.market import Market, a_market

AT = datetime.fromisoformat("2026-11-22T05:00:00+00:00")


@pytest.fixture
def market(app: Flask) -> Market:
    """20 honeys and 5 teas in the shop; the fair's booth has its own."""
    return a_market(app)


def sold(market: Market, product: str, units: int, days_ago: int, site: str = "shop") -> None:
    """So many sold at a place some days ago."""
    day = today() - timedelta(days=days_ago)
    with unit_of_work() as work:
        gone = Move(
            market.ids[product], units * 1000, "site", market.ids[site], "customer", market.ids[site], "sale", day,
            now() - timedelta(days=days_ago), "test", market.ids[site], f"{product}-{days_ago}-{units}",
        )  # fmt: skip
        move(work, market.ids["gifts"], [gone], recorded_at=now())


def a_request(market: Market, source: tuple[str, str] | None = None) -> str:
    with unit_of_work() as work:
        return service.ask_for_goods(
            work, site_id=market.ids["shop"], source=source or ("producer", market.ids["honey maker"]),
            wanted={market.ids["honey"]: 12_000}, note="trước Tết", at=now(), by=None,
        )  # fmt: skip


def test_what_sells_and_lasts_less_than_a_week_is_asked_for_two_weeks(market: Market) -> None:
    sold(market, "honey", 18, 27)
    sold(market, "tea", 1, 10)
    sold(market, "bowl", 9, 29)  # too long ago

    low = list_low(db.session(), db.session.get_one(Site, market.ids["shop"]), today())

    assert [(one.name, one.on_hand_milli, one.sold_milli, one.days, one.fill_milli) for one in low] == [
        ("Mật ong", 2_000, 18_000, 3, 7_000)
    ]


def test_a_request_is_promised_moved_and_becomes_one_intake(market: Market) -> None:
    request_id, tomorrow = a_request(market), today() + timedelta(days=1)
    with unit_of_work() as work:
        service.decline(work, request_id, at=now(), by=None)
    with unit_of_work() as work, pytest.raises(Invalid, match=r"supply\.past"):
        service.promise(work, request_id, on=today() - timedelta(days=1), at=now(), by=None)
    with unit_of_work() as work:
        service.promise(work, request_id, on=tomorrow, at=now(), by=None)
    papers = []
    for _ in range(2):
        with unit_of_work() as work:
            papers.append(service.begin_paper(work, request_id, at=now(), by=None))
    with unit_of_work() as work, pytest.raises(Conflict, match=r"supply\.over"):
        service.promise(work, request_id, on=tomorrow, at=now(), by=None)

    paper = db.session.get_one(Document, papers[0])
    assert papers[0] == papers[1]
    assert (paper.kind, paper.state, paper.from_id, paper.to_id) == (
        "intake", "draft", market.ids["honey maker"], market.ids["shop"],
    )  # fmt: skip
    assert [(line.product_id, line.qty_milli, line.expected_milli) for line in paper.lines] == [
        (market.ids["honey"], 12_000, 12_000)
    ]


def test_a_producer_promises_with_one_tap_and_sees_only_its_own(market: Market) -> None:
    request_id = a_request(market)
    mine = f"/producer/{market.ids['honey maker']}/wanted"

    page = market.as_("honey maker").get(mine).get_data(as_text=True)
    foreign = market.as_("bowl maker").post(f"/producer/{market.ids['bowl maker']}/wanted/{request_id}", data={})
    told = market.as_("honey maker").post(
        f"{mine}/{request_id}", data={"on": (today() + timedelta(days=2)).isoformat()}
    )

    assert ("Mai tôi giao" in page, "trước Tết" in page) == (True, True)
    assert (foreign.status_code, told.status_code) == (404, 303)
    db.session.rollback()
    asked = db.session.get_one(SupplyRequest, request_id)
    assert (asked.state, asked.promised_on) == ("promised", today() + timedelta(days=2))


def test_a_promise_is_an_announced_delivery_that_the_till_counts(market: Market) -> None:
    request_id, ids = a_request(market), market.ids
    mine = f"/producer/{ids['honey maker']}"
    day, later = today() + timedelta(days=1), today() + timedelta(days=3)
    for on in (day, later):
        market.as_("honey maker").post(f"{mine}/wanted/{request_id}", data={"on": on.isoformat()})
    db.session.rollback()
    [told] = db.session.scalars(select(Delivery)).all()
    assert (told.due_on, told.site_id, [(x.product_id, x.qty_milli) for x in told.lines]) == (
        later, ids["shop"], [(ids["honey"], 12_000)],
    )  # fmt: skip
    assert f"{mine}/deliveries/{told.id}" in market.as_("honey maker").get(f"{mine}/wanted").get_data(as_text=True)

    till, lines = market.devices["shop"], [{"product": ids["honey"], "qty_milli": 11_000}]
    counted = till.event("goods.in", {"from": ids["honey maker"], "announced": told.id, "lines": lines})
    till.send(counted)

    db.session.rollback()
    asked = db.session.get_one(SupplyRequest, request_id)
    assert (asked.state, asked.document_id, asked.delivery_id) == ("arrived", counted["id"], told.id)


def test_what_is_promised_and_then_not_is_awaited_by_nobody(market: Market) -> None:
    mine = f"/producer/{market.ids['honey maker']}"
    states = []
    for undo in ("declined", "dropped", "taken back"):
        request_id = a_request(market)
        with unit_of_work() as work:
            service.promise(work, request_id, on=today(), at=now(), by=None)
        delivery = db.session.get_one(SupplyRequest, request_id).delivery_id
        if undo == "taken back":
            market.as_("honey maker").post(f"{mine}/deliveries/{delivery}/cancel")
        else:
            with unit_of_work() as work:
                if undo == "declined":
                    service.decline(work, request_id, at=now(), by=None)
                else:
                    service.drop_request(work, request_id)
        db.session.rollback()
        asked = db.session.get_one(SupplyRequest, request_id)
        states.append((asked.state, asked.delivery_id, db.session.get_one(Delivery, delivery).state))

    assert states == [(state, None, "cancelled") for state in ("declined", "dropped", "asked")]


def test_another_place_is_asked_and_a_transfer_begun(market: Market) -> None:
    request_id = a_request(market, ("site", market.ids["booth one"]))
    with unit_of_work() as work:
        paper_id = service.begin_paper(work, request_id, at=now(), by=None)

    paper = db.session.get_one(Document, paper_id)
    assert (paper.kind, paper.from_kind, paper.from_id, paper.to_kind, paper.to_id) == (
        "transfer", "site", market.ids["booth one"], "transit", market.ids["shop"],
    )  # fmt: skip


def test_the_earliest_to_expire_is_taken_as_sold_first(market: Market) -> None:
    soon, later = today() + timedelta(days=5), today() + timedelta(days=20)
    with unit_of_work() as work:
        for end, units in ((soon, 6), (later, 4)):
            receive(
                work,
                Receive(
                    market.ids["gifts"], market.ids["honey maker"], market.ids["shop"], today(),
                    ((market.ids["tea"], units * 1000, end),),
                ),
                at=now(), by=None,
            )  # fmt: skip
    sold(market, "tea", 1, 3)  # 5 without an end came before: they go last

    rows = list_expiring(db.session(), db.session.get_one(Site, market.ids["shop"]), today())

    assert [(r.expires_on, r.milli, r.too_much_milli, r.markdown_bp) for r in rows] == [
        (soon, 5_000, 4_822, 3_000), (later, 4_000, 4_000, 1_500),
    ]  # fmt: skip


def test_a_level_below_zero_names_the_paper_that_waits_and_the_place_that_has_some(market: Market) -> None:
    sold(market, "tea", 9, 0)
    request_id = a_request(market)
    with unit_of_work() as work:
        work.scalars(select(SupplyRequest).where(SupplyRequest.id == request_id)).one()
        for line in work.scalars(select(SupplyRequest).where(SupplyRequest.id == request_id)).one().lines:
            line.product_id = market.ids["tea"]
        paper = service.begin_paper(work, request_id, at=now(), by=None)

    found = list_negative(db.session(), EVERYWHERE, today())

    assert [(n.site_id, n.product_id, n.milli, [(c.code, c.ids) for c in n.causes]) for n in found] == [
        (market.ids["shop"], market.ids["tea"], -4_000,
         [("announced", (paper,)), ("lookalike", (market.ids["honey"],))]),
    ]  # fmt: skip


def step(minute: int, milli: int, reason: str, source: str) -> rules.Step:
    at = AT + timedelta(minutes=minute)
    return rules.Step(at, at, milli, reason, source)


def test_causes_of_a_level_below_zero() -> None:
    twice = [step(0, 5_000, "intake", "a"), step(1, -3_000, "sale", "b"), step(3, -3_000, "sale", "c")]
    counted = [step(0, 5_000, "intake", "a"), step(1, -5_000, "stocktake", "b"), step(9, -1_000, "sale", "c")]
    never = [step(1, -3_000, "sale", "b"), step(9, -3_000, "sale", "c")]
    plain = [step(0, 1_000, "intake", "a"), step(9, -3_000, "sale", "c")]

    told = [
        [(c.code, c.milli) for c in rules.causes(short, steps, rules.Around())]
        for short, steps in ((1_000, twice), (1_000, counted), (6_000, never), (2_000, plain))
    ]

    assert told == [[("twice", 3_000)], [("loss", 5_000)], [("never_in", 6_000)], [("unexplained", 2_000)]]


def test_cover_and_filling_are_whole() -> None:
    assert [rules.cover_days(10_000, 28_000), rules.cover_days(-1_000, 1), rules.cover_days(5, 0)] == [10, 0, None]
    assert [rules.fill(2_000, 18_000), rules.fill(2_000, 1_000), rules.fill(100, 1_237, weighed=True)] == [
        7_000,
        0,
        1_000,
    ]
