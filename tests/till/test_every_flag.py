"""Every doubt of the contract can be raised, has words in both languages, and closes when its cause can go and goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.access.models import Grant, Person
from pos.catalogue.models import Certificate, Offer, Price, Product
from pos.consignment.service.agreements import agree_on_goods
from pos.kernel.clock import from_iso, iso
from pos.kernel.db import unit_of_work
from pos.kernel.ids import new_id
from pos.stock.models import Lot
from pos.till.commands import KINDS
from pos.till.jobs import recheck_flags
from pos.till.models import Flag
from pos.till.service.intake import take_events
from pos.till.service.recheck import RULES
from pos.web.words import WORDS, words
from tests.databases import SECRET
from tests.till.golden import BEFORE, LONG_AGO, RECEIVED, SETUP, build
from tests.till.tablet import Tablet, back, line, tender, voucher

CODES = (
    "unknown_product", "no_agreement", "foreign_goods", "price_differs", "total_differs", "negative_stock",
    "certificate_expired", "lot_expired", "clock_skew", "stale_shift", "late", "second_close", "unknown_tender",
    "chain_broken", "returned_too_much", "unknown_sale", "receipt_no_reused", "unknown_staff", "unknown_shift",
    "approved_offline", "under_age_unchecked", "tasting_over",
    "second_open", "discount_not_allowed",  # ours beside the contract's
)  # fmt: skip
FOREVER = {  # what happened stays as it happened
    "price_differs", "total_differs", "stale_shift", "late", "second_close", "chain_broken", "returned_too_much",
    "receipt_no_reused", "second_open", "discount_not_allowed",
}  # fmt: skip
TEA, HONEY, BOWL = (product["id"] for product in SETUP["products"])
PRICE = {product["id"]: product["price"] for product in SETUP["products"]}
CASHIER = SETUP["staff"][0]["id"]


class Shop:
    """The golden shop and its tablet, with a shift open."""

    def __init__(self, session: Session) -> None:
        self.session, self.world = session, build()
        self.tablet = Tablet(self.world.log_id)
        self.tell(self.tablet.write("shift.open", float=0, count=None, keeper=None))

    def tell(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        return self.tablet.tell(self.world, *events)

    def sale(self, product: str | None = TEA, price: int | None = None, **more: Any) -> dict[str, Any]:
        vnd = PRICE.get(product or "", 50_000) if price is None else price
        body: dict[str, Any] = {key: more.pop(key) for key in ("age_checked", "approvals") if key in more}
        return self._sale(vnd, line(product, 1, vnd, **more), body)

    def _sale(self, vnd: int, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        return self.tablet.write(
            "sale", receipt_no=f"HK03A-261121-{self.tablet.next_seq}", lines=[row | {"line": 1}], total=vnd,
            tenders=[tender("cash", vnd)], **body,
        )  # fmt: skip

    def flags(self) -> dict[str, bool]:
        """Code → closed."""
        self.session.rollback()
        rows = self.session.execute(select(Flag.code, Flag.closed_at))
        return {code: closed is not None for code, closed in rows}

    def change(self, what: Any) -> None:
        with unit_of_work() as work:
            work.execute(what)

    def add(self, *rows: Any) -> None:
        with unit_of_work() as work:
            work.add_all(rows)


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session)


Undo = Callable[[], object]


def unknown_product(shop: Shop) -> Undo:
    product = new_id()
    shop.tell(shop.sale(product))
    return lambda: shop.add(
        Product(
            id=product, producer_id=SETUP["producers"][0]["id"], name="Mứt", search="", kind="che", made_at=RECEIVED
        )
    )


def no_agreement(shop: Shop) -> Undo:
    product = new_id()
    shop.tell(shop.sale(product))
    named = {"id": product, "name": "Mứt sen", "price": 50_000, "producer": SETUP["producers"][0]["id"]}
    return lambda: shop.tell(shop.tablet.write("product.new", **named))


def foreign_goods(shop: Shop) -> Undo:
    product = new_id()
    shop.add(
        Product(
            id=product, producer_id=SETUP["producers"][0]["id"], name="Mứt", search="", kind="che", made_at=RECEIVED
        )
    )
    shop.tell(shop.sale(product))
    return lambda: shop.add(Offer(operator_id=shop.world.operator_id, product_id=product, sku="m", version=1))


def price_differs(shop: Shop) -> None:
    shop.tell(shop.sale(TEA, 100_000))


def total_differs(shop: Shop) -> None:
    shop.tell(shop.tablet.sale(line(TEA, 1, PRICE[TEA]), tenders={"cash": PRICE[TEA] - 1}))


def negative_stock(shop: Shop) -> Undo:
    out = [{"product": TEA, "qty_milli": 999_000}]
    shop.tell(shop.tablet.write("goods.out", reason="sample", lines=out))
    return lambda: shop.tell(shop.tablet.write("goods.in", **{"from": SETUP["producers"][0]["id"]}, lines=out))


def certificate_expired(shop: Shop) -> Undo:
    shop.change(update(Certificate).values(valid_to=date(2026, 11, 20)))
    shop.tell(shop.sale(stars=4))
    return lambda: shop.change(update(Certificate).values(valid_to=date(2026, 11, 21)))


def tasting_over(shop: Shop) -> Undo:
    shop.change(update(Offer).where(Offer.product_id == TEA).values(tasting_milli=500))
    shop.tell(shop.tablet.write("goods.out", reason="sample", to=None, lines=[{"product": TEA, "qty_milli": 500}]))
    assert "tasting_over" not in shop.flags()  # just as much as is allowed
    more = {"reason": "sample", "to": None, "lines": [{"product": TEA, "qty_milli": 100}]}
    [told] = shop.tell(event := shop.tablet.write("goods.out", **more))
    assert told["status"] == "flagged"
    return lambda: shop.tell(shop.tablet.write("goods.out", **more, undo_of=event["id"]))


def lot_expired(shop: Shop) -> Undo:
    lot = new_id()
    counted = [{"product": TEA, "qty_milli": 1000, "lot": lot, "expires": "2026-11-20"}]
    came = shop.tablet.write("goods.in", **{"from": SETUP["producers"][0]["id"]}, lines=counted)
    shop.tell(came)
    shop.tell(shop.sale(lot=lot))
    return lambda: shop.change(update(Lot).values(expires_on=date(2026, 11, 21)))


def clock_skew(shop: Shop) -> Undo:
    late = iso(RECEIVED - timedelta(minutes=6))
    shop.sale()
    raw = f'{{"sent_at":"{late}","events":[{shop.tablet.events[-1]}]}}'
    take_events(shop.world.log_id, raw.encode(), received_at=RECEIVED, secret=SECRET)
    after = RECEIVED + timedelta(minutes=5)
    return lambda: shop.world.send(json.dumps(shop.sale()), at=after)


def stale_shift(shop: Shop) -> None:
    shop.tablet.day = "2026-11-22"
    shop.tell(shop.sale())


def late(shop: Shop) -> None:
    shop.tell(shop.tablet.write("shift.close", counted=0))
    shop.tell(shop.sale())


def second_close(shop: Shop) -> None:
    shop.tell(*(shop.tablet.write("shift.close", counted=0) for _ in range(2)))


def second_open(shop: Shop) -> None:
    shop.tell(shop.tablet.write("shift.open", float=1000, count=None, keeper=None))


def discount_not_allowed(shop: Shop) -> None:
    with unit_of_work() as work:
        agree_on_goods(
            work, operator_id=shop.world.operator_id, product_id=TEA, starts_on=LONG_AGO, at=BEFORE, by=None, mode="own"
        )
        work.execute(update(Price).values(cost_vnd=1))
    off = [voucher(1000, [1000], producer=100)]
    shop.tell(shop.tablet.sale(line(TEA, 1, PRICE[TEA]), discounts=off, tenders={"cash": PRICE[TEA] - 1000}))


def unknown_tender(shop: Shop) -> Undo:
    shells = tender("shells", PRICE[TEA])
    sale = shop.tablet.sale(line(TEA, 1, PRICE[TEA]), tenders=[shells])
    shop.tell(sale)
    wrong = {"id": shells["id"], "kind": "shells", "amount": PRICE[TEA]}
    cash = [tender("cash", PRICE[TEA])]
    return lambda: shop.tell(shop.tablet.write("tender.correct", sale=sale["id"], **{"from": wrong}, tenders=cash))


def chain_broken(shop: Shop) -> None:
    shop.tablet.prev = "1" * 64
    shop.tell(shop.sale())


def returned_too_much(shop: Shop) -> None:
    shop.tell(shop.tablet.sale(returns=[back(None, 1, 1, 10_000, product=TEA)], tenders={"cash": -10_000}))


def unknown_sale(shop: Shop) -> Undo:
    sale = shop.sale()
    shop.tell(shop.tablet.sale(returns=[back(sale, 1, 1, PRICE[TEA])], tenders={"cash": -PRICE[TEA]}))
    return lambda: shop.tell(sale)


def receipt_no_reused(shop: Shop) -> None:
    first = shop.sale()
    row = line(TEA, 1, PRICE[TEA]) | {"line": 1}
    again = shop.tablet.write(
        "sale", receipt_no=first["body"]["receipt_no"], lines=[row], total=PRICE[TEA],
        tenders=[tender("cash", PRICE[TEA])],
    )  # fmt: skip
    shop.tell(first, again)


def unknown_staff(shop: Shop) -> Undo:
    shop.tell(shop.sale())
    shop.change(update(Person).values(id=new_id()).where(Person.id == CASHIER))
    shop.tell(shop.sale())
    return lambda: shop.add(Person(id=CASHIER, name="Lan", made_at=RECEIVED))


def unknown_shift(shop: Shop) -> Undo:
    shop.tablet.shift = new_id()
    opening = shop.tablet.write("shift.open", float=0, count=None, keeper=None)
    shop.tell(shop.sale())
    return lambda: shop.tell(opening)


def approved_offline(shop: Shop) -> Undo:
    yes = approval("drawer", CASHIER)
    shop.tell(shop.tablet.write("drawer.open", reason="đổi tiền", approval=yes))
    return lambda: shop.add(supervisor(CASHIER, "site", SETUP["site"]["id"]))


def under_age_unchecked(shop: Shop) -> Undo:
    shop.change(update(Product).values(alcohol_bp=2_900).where(Product.id == TEA))
    shop.tell(shop.sale(age_checked=False))
    return lambda: shop.change(update(Product).values(alcohol_bp=0))


def approval(action: str, staff: str | None, amount: int = 0, *, offline: bool = False) -> dict[str, Any]:
    return {"action": action, "amount": amount, "staff": staff, "at": "2026-11-21T01:00:00.000Z", "offline": offline}


def supervisor(person: str, kind: str, scope: str, revoked_at: str | None = None) -> Grant:
    return Grant(
        id=new_id(), person_id=person, role="supervisor", scope_kind=kind, scope_id=scope, made_at=RECEIVED,
        revoked_at=from_iso(revoked_at) if revoked_at else None,
    )  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_it_is_raised_and_closes_by_itself_only_where_its_cause_can_go(shop: Shop, code: str) -> None:
    put_right = globals()[code](shop)
    recheck_flags({})
    assert shop.flags()[code] is False
    assert (code in FOREVER) == (put_right is None)

    if put_right is not None:
        put_right()
        recheck_flags({})
        assert shop.flags()[code] is True


@pytest.mark.parametrize("code", CODES)
def test_it_has_words_in_both_languages(app: Flask, code: str) -> None:
    with app.test_request_context():
        with force_locale("vi"):
            vi = str(words("flag", code))
        with force_locale("en"):
            en = str(words("flag", code))
    assert vi != en
    assert code not in (vi, en)


def test_no_doubt_is_outside_the_contract() -> None:
    assert set(WORDS["flag"]) == {*CODES, "bank_unidentified"}  # of a line of the bank, not of an event
    assert set(RULES) == set(CODES) - FOREVER


# ── Shifts open too long ─────────────────────────────────────────────────────
@pytest.mark.parametrize("opened_last", [False, True])
def test_a_shift_too_long_open_is_found_whatever_comes_first(shop: Shop, opened_last: bool) -> None:
    shop.tablet.shift = new_id()
    opening = shop.tablet.write("shift.open", float=0, count=None, keeper=None)
    today = shop.sale()
    shop.tablet.day = "2026-11-22"
    events = [today, shop.sale(), shop.tablet.write("goods.in", **{"from": SETUP["producers"][0]["id"]}, lines=[])]

    shop.tell(*([*events, opening] if opened_last else [opening, *events]))

    shop.session.rollback()
    raised = shop.session.execute(select(Flag.event_id, Flag.closed_at).where(Flag.code == "stale_shift"))
    assert [tuple(row) for row in raised] == [(events[1]["id"], None)]
    assert "unknown_shift" not in {code for code, closed in shop.flags().items() if not closed}


def test_a_ticket_of_yesterdays_shift_may_be_corrected_today(shop: Shop) -> None:
    sale, yesterday = shop.sale(), shop.tablet.shift
    shop.tablet.day, shop.tablet.shift = "2026-11-22", new_id()
    opening = shop.tablet.write("shift.open", float=0, count=None, keeper=None)
    paid = sale["body"]["tenders"][0]
    taken = {"id": paid["id"], "kind": "cash", "amount": paid["amount"]}
    correct = shop.tablet.write(
        "tender.correct", sale=sale["id"], sale_shift=yesterday, tenders=[tender("vietqr", paid["amount"])],
        reason="bấm nhầm", **{"from": taken},
    )  # fmt: skip

    shop.tell(sale, opening, correct)

    assert shop.flags() == {}


# ── Lots ─────────────────────────────────────────────────────────────────────
def test_a_lot_sold_on_its_last_day_is_good(shop: Shop) -> None:
    lot = new_id()
    counted = [{"product": TEA, "qty_milli": 1000, "lot": lot, "expires": "2026-11-21"}]
    shop.tell(shop.tablet.write("goods.in", **{"from": SETUP["producers"][0]["id"]}, lines=counted))

    shop.tell(shop.sale(lot=lot))

    assert shop.flags() == {}


def test_a_lot_whose_end_comes_after_its_sale_is_doubted_then(shop: Shop) -> None:
    lot = new_id()
    counted = [{"product": TEA, "qty_milli": 1000, "lot": lot, "expires": "2026-11-20"}]
    came = shop.tablet.write("goods.in", **{"from": SETUP["producers"][0]["id"]}, lines=counted)
    sale, other = shop.sale(lot=lot), shop.sale()
    shop.tell(sale, other)
    assert "lot_expired" not in shop.flags()

    for _ in range(2):
        shop.world.send(*shop.tablet.events, at=RECEIVED + timedelta(minutes=1))

    rows = shop.session.execute(select(Flag.event_id).where(Flag.code == "lot_expired")).all()
    assert [id_ for (id_,) in rows] == [sale["id"]]
    assert came["id"] != sale["id"]
    [again] = shop.tell(sale)
    assert (again["status"], again["flags"]) == ("repeated", ["negative_stock"])  # the first ones


def test_of_a_lots_two_ends_the_earlier_stands_whatever_comes_first(shop: Shop) -> None:
    lots = [new_id(), new_id()]
    ends = ["2026-12-31", "2026-11-20"]
    for lot, said in zip(lots, (ends, ends[::-1]), strict=True):
        for end in said:
            counted = [{"product": TEA, "qty_milli": 1000, "lot": lot, "expires": end}]
            shop.tell(shop.tablet.write("goods.in", **{"from": SETUP["producers"][0]["id"]}, lines=counted))

    known = shop.session.scalars(select(Lot.expires_on).where(Lot.id.in_(lots)))
    assert list(known) == [date(2026, 11, 20)] * 2


def test_a_day_that_is_none_is_quarantined(shop: Shop) -> None:
    counted = [{"product": TEA, "qty_milli": 1000, "lot": new_id(), "expires": "2026-02-31"}]

    [result] = shop.tell(shop.tablet.write("goods.in", **{"from": SETUP["producers"][0]["id"]}, lines=counted))

    assert result["status"] == "quarantined"
    assert not result["why"].startswith("unexpected")


# ── Age ──────────────────────────────────────────────────────────────────────
def test_the_buyers_age_was_asked(shop: Shop) -> None:
    shop.change(update(Product).values(alcohol_bp=2_900).where(Product.id == TEA))

    shop.tell(shop.sale(age_checked=True), shop.sale(HONEY, age_checked=False))

    assert shop.flags() == {}


# ── Approvals ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("given", "doubted"),
    [
        (approval("discount", CASHIER, PRICE[TEA] * 3 // 10), False),
        (approval("discount", CASHIER, PRICE[TEA] * 3 // 10 + 1), True),
        (approval("discount", CASHIER, 1, offline=True), True),
        (approval("refund", CASHIER, 2_000_000), False),
        (approval("refund", CASHIER, -2_000_000), False),
        (approval("refund", CASHIER, 2_000_001), True),
        (approval("return_without_receipt", CASHIER, 2_000_000), False),
        (approval("owed", CASHIER, 9_000_000), False),
        (approval("owed", new_id()), True),
        (approval("owed", None), True),
        ({}, True),
    ],
)  # fmt: skip
def test_an_approval_by_somebody_with_the_right(shop: Shop, given: dict[str, Any], doubted: bool) -> None:
    shop.add(supervisor(CASHIER, "operator", shop.world.operator_id))

    shop.tell(shop.sale(approvals=[given]))

    assert ("approved_offline" in shop.flags()) == doubted


@pytest.mark.parametrize(
    ("kind", "scope", "revoked", "doubted"),
    [
        ("site", SETUP["site"]["id"], None, False),
        ("site", new_id(), None, True),
        ("operator", new_id(), None, True),
        ("site", SETUP["site"]["id"], "2026-11-21T00:00:00Z", True),
        ("site", SETUP["site"]["id"], "2026-11-21T23:00:00Z", False),  # had it then
    ],
)
def test_where_and_when_the_approver_had_the_right(
    shop: Shop, kind: str, scope: str, revoked: str | None, doubted: bool
) -> None:
    shop.add(supervisor(CASHIER, kind, scope, revoked))

    shop.tell(shop.sale(approvals=[approval("owed", CASHIER, 1000)]))

    assert ("approved_offline" in shop.flags()) == doubted


BODIES: dict[str, dict[str, Any]] = {
    "cash.move": {"direction": "in", "amount": 1000},
    "goods.out": {"reason": "sample", "lines": []},
    "goods.in": {"from": SETUP["producers"][0]["id"], "lines": []},
    "shift.continue": {"from_device": new_id()},
    "tender.correct": {"sale": new_id(), "from": {"kind": "cash", "amount": 0}, "tenders": []},
    "line.remove": {},
    "drawer.open": {},
    "shift.close": {"counted": 0},
}


@pytest.mark.parametrize("kind", BODIES)
def test_any_event_may_carry_an_approval(shop: Shop, kind: str) -> None:
    assert kind in KINDS
    shop.tell(shop.tablet.write(kind, **BODIES[kind], approval=approval("cash", CASHIER, 7000, offline=True)))

    assert "approved_offline" in shop.flags()
    assert shop.session.scalar(select(Flag.amount_vnd).where(Flag.code == "approved_offline")) == 7000


def test_what_was_approved_without_the_server_waits_for_a_person(shop: Shop) -> None:
    shop.add(supervisor(CASHIER, "operator", shop.world.operator_id))
    shop.tell(shop.sale(approvals=[approval("discount", CASHIER, 1, offline=True)]))

    recheck_flags({})

    assert shop.flags() == {"approved_offline": False}


def test_an_approval_of_another_shape_is_not_this_schema(shop: Shop) -> None:
    [result] = shop.tell(shop.tablet.write("drawer.open", approval="yes"))

    assert result["status"] == "quarantined"
