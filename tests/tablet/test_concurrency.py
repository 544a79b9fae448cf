"""Tablets that send at the same moment, each on a connection of its own: threads and a real database, no pauses.

On PostgreSQL two of them may wait for each other; the database then ends one with 503 and the tablet sends again,
as it does here. What counts is the end: every event recorded once, the books the same as in order.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.access.service import make_enrol_code
from pos.kernel.clock import iso, now
from pos.kernel.db import db, unit_of_work
from pos.ledger.models import ChainHead, JournalEntry, Posting
from pos.reports.check import check_all
from pos.stock.models import Level, Movement
from pos.till.models import Flag, PendingReturn, Sale, Shift, TillEvent
from tests.tablet.device import Device
from tests.till.golden import SETUP, World, build

TEA, HONEY, BOWL = (product["id"] for product in SETUP["products"])
PRICE = {product["id"]: product["price"] for product in SETUP["products"]}
TRIES = 20


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def enrolled(app: Flask, count: int) -> list[Device]:
    """Tablets of the golden till, each with a log of its own."""
    made = []
    for _ in range(count):
        device = Device(app.test_client())
        with unit_of_work() as session:
            code = make_enrol_code(session, SETUP["till"]["id"], at=now())
        device.enrol(code)
        made.append(device)
    return made


def post(app: Flask, device: Device, events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Send as the tablet does: 503 acknowledges nothing, so send the same again."""
    body = json.dumps({"sent_at": iso(now()), "events": events}, ensure_ascii=False).encode()
    for _ in range(TRIES):
        answer = FlaskClient(app, app.response_class).post("/api/till/events", data=body, headers=device.headers)
        if answer.status_code != 503:
            assert answer.status_code == 200, answer.get_data(as_text=True)
            told: dict[str, Any] = answer.get_json()
            return told
    raise AssertionError(f"503 {TRIES} times")


def together(*works: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own, all let go at once."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait()
        return work()

    db.session.remove()
    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(run, work) for work in works]]


def each_event(app: Flask, device: Device, events: Sequence[dict[str, Any]]) -> list[str]:
    """Send one by one; the statuses."""
    return [post(app, device, [event])["results"][0]["status"] for event in events]


def sold(device: Device, product: str, qty: int = 1000, **more: Any) -> dict[str, Any]:
    return device.sale((product, qty, PRICE[product]), **more)


def back(sale: dict[str, Any], qty: int = 1000, paid: int | None = None, place: str = "shelf") -> dict[str, Any]:
    line = sale["body"]["lines"][0]
    return {
        "sale": sale["id"], "line": 1, "product": line["product"], "qty_milli": qty, "disposition": place,
        "paid": line["paid"] if paid is None else paid,
    }  # fmt: skip


def count_of(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def books_hold(session: Session) -> None:
    """Every invariant; the chain without a gap; no drawer or stock level of its own invention."""
    session.rollback()
    assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []
    seqs = session.scalars(select(JournalEntry.seq).order_by(JournalEntry.seq)).all()
    assert list(seqs) == list(range(1, len(seqs) + 1))
    assert session.scalars(select(ChainHead.seq)).all() == [len(seqs)]


def balance(session: Session, account: str) -> int:
    return int(session.scalar(select(func.sum(Posting.amount_vnd)).where(Posting.account == account)) or 0)


def test_the_same_batch_on_four_connections_is_recorded_once(app: Flask, world: World, session: Session) -> None:
    [device] = enrolled(app, 1)
    events = [device.open(0), *(sold(device, TEA) for _ in range(12))]

    answers = together(*[lambda: post(app, device, events)] * 4)

    told = Counter((r["seq"], r["status"]) for answer in answers for r in answer["results"])
    assert {key: n for key, n in told.items() if key[1] != "repeated"} == {(e["seq"], "recorded"): 1 for e in events}
    assert {answer["received_through"] for answer in answers} == {len(events)}
    assert (count_of(session, TillEvent), count_of(session, Sale)) == (13, 12)
    assert balance(session, "drawer") == 12 * PRICE[TEA]
    books_hold(session)


def test_one_log_on_two_connections_by_turns_leaves_no_gap(app: Flask, world: World, session: Session) -> None:
    [device] = enrolled(app, 1)
    events = [device.open(0), *(sold(device, HONEY) for _ in range(23))]

    together(lambda: each_event(app, device, events[0::2]), lambda: each_event(app, device, events[1::2]))

    [log] = session.scalars(select(DeviceLog).where(DeviceLog.device_id == device.device))
    assert (log.received_through, log.recorded_through, log.greatest) == (24, 24, 24)
    open_flags = session.scalars(select(Flag.code).where(Flag.closed_at.is_(None))).all()
    assert open_flags == []
    books_hold(session)


@pytest.mark.parametrize("round_", range(6))
def test_a_return_and_its_sale_at_once_clear_each_other(
    app: Flask, world: World, session: Session, round_: int
) -> None:
    seller, refunder = enrolled(app, 2)
    sales = [seller.open(0), *(sold(seller, TEA) for _ in range(6))]
    returns = [refunder.open(0), *(refunder.sale(returns=[back(sale)]) for sale in sales[1:])]

    together(lambda: each_event(app, seller, sales), lambda: each_event(app, refunder, returns))

    assert (balance(session, "refund_pending"), balance(session, "unsettled")) == (0, 0)
    assert balance(session, "commission_income") == 0
    assert count_of(session, PendingReturn) == 0
    assert session.scalars(select(Flag.code).where(Flag.closed_at.is_(None))).all() == []
    books_hold(session)


def test_three_tablets_take_back_one_line_and_get_no_more_than_it(app: Flask, world: World, session: Session) -> None:
    seller, *refunders = enrolled(app, 4)
    first_of_all, sale = seller.open(0), sold(seller, HONEY, 2000)
    post(app, seller, [first_of_all, sale])
    logs = [[device.open(0), device.sale(returns=[back(sale, 1000, 125_500)])] for device in refunders]

    together(*(partial(post, app, device, events) for device, events in zip(refunders, logs, strict=True)))

    assert (balance(session, "unsettled"), balance(session, "commission_income")) == (0, 0)
    assert balance(session, "goodwill_expense") == 125_500
    assert session.scalars(select(Flag.code)).all() == ["returned_too_much"]
    books_hold(session)


@pytest.mark.parametrize("round_", range(4))
def test_two_tablets_close_one_shift_and_one_close_posts(
    app: Flask, world: World, session: Session, round_: int
) -> None:
    first, other = enrolled(app, 2)
    opened = first.open(100_000)
    other.shift = first.shift
    mine, theirs = sold(first, TEA), sold(other, HONEY)
    post(app, first, [opened, mine])
    post(app, other, [theirs])
    drawer = 100_000 + PRICE[TEA] + PRICE[HONEY]
    named = {"devices": [{"device": first.device, "seq": 3}, {"device": other.device, "seq": 2}]}
    closes = [device.event("shift.close", {"counted": drawer, **named}) for device in (first, other)]

    answers = together(lambda: post(app, first, closes[:1]), lambda: post(app, other, closes[1:]))

    [shift] = session.scalars(select(Shift))
    assert (shift.state, shift.expected_vnd, shift.drawer_vnd) == ("closed", drawer, 0)
    flags = Counter(flag for answer in answers for flag in answer["results"][0]["flags"])
    assert flags["second_close"] == 1
    kinds = Counter(session.scalars(select(JournalEntry.kind).where(JournalEntry.kind.startswith("shift"))))
    assert kinds == {"shift_open": 1, "shift_close": 1}
    assert (balance(session, "drawer"), balance(session, "cash_variance")) == (0, 0)
    books_hold(session)


@pytest.mark.parametrize("round_", range(4))
def test_a_close_and_the_last_sale_of_another_tablet_at_once(
    app: Flask, world: World, session: Session, round_: int
) -> None:
    first, other = enrolled(app, 2)
    opened = first.open(0)
    other.shift = first.shift
    post(app, first, [opened])
    post(app, other, [sold(other, TEA)])
    last = sold(other, HONEY)
    drawer = PRICE[TEA] + PRICE[HONEY]
    named = [{"device": first.device, "seq": 2}, {"device": other.device, "seq": 2}]
    close = first.event("shift.close", {"counted": drawer, "devices": named})

    together(lambda: post(app, first, [close]), lambda: post(app, other, [last]))

    [shift] = session.scalars(select(Shift))
    assert (shift.state, shift.expected_vnd) == ("closed", drawer)
    assert (balance(session, "drawer"), balance(session, "cash_variance"), balance(session, "safe")) == (0, 0, drawer)
    books_hold(session)


def test_six_tablets_sell_the_same_goods_in_opposite_orders(app: Flask, world: World, session: Session) -> None:
    """The levels are locked in one order, whatever the order of the lines."""
    devices = enrolled(app, 6)
    logs = []
    for n, device in enumerate(devices):
        goods = [TEA, HONEY, BOWL] if n % 2 else [BOWL, HONEY, TEA]
        lines = [(product, 1000, PRICE[product]) for product in goods]
        gone = {"reason": "sample", "lines": [{"product": product, "qty_milli": 1000} for product in reversed(goods)]}
        events = [device.open(0)]
        for _ in range(4):
            events += [device.sale(*lines), device.event("goods.out", gone)]
        logs.append(events)

    works = [partial(each_event, app, device, events) for device, events in zip(devices, logs, strict=True)]
    statuses = together(*works)

    assert {status for told in statuses for status in told} <= {"recorded", "flagged"}
    on_hand = {stock["product"]: stock["on_hand_milli"] for stock in SETUP["stock"]}
    rows = session.execute(select(Level.product_id, Level.on_hand_milli).where(Level.place_kind == "site"))
    levels = {product: int(milli) for product, milli in rows}
    assert levels == {product: milli - 6 * 4 * 2 * 1000 for product, milli in on_hand.items()}
    assert count_of(session, Movement) == 3 + 6 * 4 * 6
    books_hold(session)


def test_a_damaged_copy_and_the_genuine_event_at_once(app: Flask, world: World, session: Session) -> None:
    [device] = enrolled(app, 1)
    events = [device.open(0), *(sold(device, TEA) for _ in range(8))]
    damaged = [event | {"hash": "0" * 64} for event in events]

    wrong, right = together(lambda: each_event(app, device, damaged), lambda: each_event(app, device, events))

    assert (set(wrong), set(right)) == ({"quarantined"}, {"recorded"})
    [log] = session.scalars(select(DeviceLog).where(DeviceLog.device_id == device.device))
    assert (log.received_through, log.recorded_through, log.greatest) == (9, 9, 9)
    books_hold(session)


@pytest.mark.parametrize("round_", range(4))
def test_waiting_closes_of_one_site_end_whoever_fills_the_last_gap(
    app: Flask, world: World, session: Session, round_: int
) -> None:
    """Two closes wait; both tablets send what is missing at once, each from its own end."""
    pair = enrolled(app, 2)
    late = []
    for device in pair:
        events = [device.open(0), *(sold(device, TEA) for _ in range(5))]
        events.append(device.close(5 * PRICE[TEA]))
        post(app, device, [events[0], events[-1]])
        late.append(events[1:-1])

    together(*(partial(each_event, app, device, events[::-1]) for device, events in zip(pair, late, strict=True)))

    assert session.scalars(select(Shift.state)).all() == ["closed", "closed"]
    assert (balance(session, "drawer"), balance(session, "cash_variance")) == (0, 0)
    assert balance(session, "safe") == 2 * 5 * PRICE[TEA]
    books_hold(session)
