"""Counting a place while tills sell: entries, moments, second counts, confirmation, late sales; G08 and G08b."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.app import JOBS
from pos.consignment.models import AgreementVersion, LossShare
from pos.kernel.clock import iso, local_date, now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, Refused, Trouble
from pos.kernel.ids import new_id
from pos.outbox.service import do_one
from pos.stock.counting import CONFIRMED, RECHECK, Entry, tally
from pos.stock.models import StockCountDifference
from pos.stock.service import counts
from tests.stories.test_ledger_goldens import BOWL, HONEY, TEA, Day, at_the_till, item, stated
from tests.till.golden import SETUP
from tests.till.golden import again as again_at

LAN, HUNG, MAI = new_id(), new_id(), new_id()
SITE = SETUP["site"]["id"]


@pytest.fixture
def day(session: Session) -> Day:
    """The golden shop: 50 teas, 200 honeys, 30 bowls came in; P2's allowance is 1 %, so 2 honeys."""
    made = at_the_till(session)
    with unit_of_work() as work:
        work.execute(update(AgreementVersion).values(shrinkage_bp=100))
    return made


def begin(scope_kind: str = "all", scope_id: str = "") -> str:
    with unit_of_work() as work:
        return counts.open_count(
            work, site_id=SITE, scope_kind=scope_kind, scope_id=scope_id, note=None, at=now(), by=MAI
        )


def enter(count_id: str, product: str, units: int, by: str = LAN, entry: str = "") -> str:
    entry = entry or new_id()
    with unit_of_work() as work:
        counts.enter(
            work, count_id, entry_id=entry, product_id=product, qty_milli=units * 1000, at=now(), by=by, weighed=False
        )
    return entry


def end(count_id: str, nothing_of: tuple[str, ...] = ()) -> None:
    with unit_of_work() as work:
        counts.end_blind(work, count_id, nothing_of=nothing_of, at=now(), by=MAI)


def again(count_id: str, *products: str) -> int:
    with unit_of_work() as work:
        return counts.ask_again(work, count_id, products, at=now(), by=MAI)


def confirm(count_id: str, reason: str | None = None, **liabilities: Any) -> int:
    with unit_of_work() as work:
        return counts.confirm_count(
            work, count_id, liabilities=liabilities.get("who", {}), reason=reason, at=now(), by=MAI
        )


def sell(
    day: Day, *lines: dict[str, Any], cash: int, at: datetime | None = None, received: datetime | None = None
) -> None:
    """A sale of this moment, or of another, reaching us now, or later."""
    if at is None:
        time.sleep(0.002)  # a tablet tells whole milliseconds: this sale comes after what was counted just before
        at = now()
    sale = again_at(day.tablet.sale(*lines, tenders={"cash": cash}), at=iso(at), day=local_date(at).isoformat())
    results = day.world.send(sale, at=received or now())
    assert {result["status"] for result in results} <= {"recorded", "flagged"}


def jobs_done() -> None:
    """Everything promised, also what waits for later."""
    later = now() + timedelta(hours=3)
    while do_one({kind: JOBS[kind] for kind in (CONFIRMED, RECHECK)}, later):
        pass


def differences(count_id: str) -> dict[str, list[int]]:
    """Product → what moved, in units, row by row."""
    found: dict[str, list[int]] = {}
    rows = db.session().scalars(
        select(StockCountDifference)
        .where(StockCountDifference.count_id == count_id)
        .order_by(StockCountDifference.product_id, StockCountDifference.n)
    )
    for row in rows:
        found.setdefault(row.product_id, []).append(row.delta_milli // 1000)
    return found


def source_of(count_id: str, product: str, n: int = 1) -> str:
    found = db.session().scalars(
        select(StockCountDifference.id).where(
            StockCountDifference.count_id == count_id, StockCountDifference.product_id == product,
            StockCountDifference.n == n,
        )
    )  # fmt: skip
    return found.one()


def test_a_count_posts_g08_and_g08b(day: Day) -> None:
    count_id = begin()
    for product, units in ((TEA, 50), (HONEY, 195), (BOWL, 29)):
        enter(count_id, product, units)
    end(count_id)
    assert again(count_id, HONEY, BOWL) == 2
    enter(count_id, HONEY, 195, by=HUNG)
    enter(count_id, BOWL, 29, by=HUNG)

    assert confirm(count_id, who={BOWL: ("operator", "nhân viên làm vỡ")}) == 2
    jobs_done()

    assert differences(count_id) == {TEA: [0], HONEY: [-5], BOWL: [-1]}
    assert day.entries_from(source_of(count_id, HONEY)) == [stated("G08")]
    assert day.entries_from(source_of(count_id, BOWL)) == [stated("G08b")]
    assert day.world.on_hand(day.session) == {TEA: 50_000, HONEY: 195_000, BOWL: 29_000}
    day.sound()


def test_what_is_sold_while_others_count_belongs_to_the_moment_of_each_count(day: Day) -> None:
    count_id = begin()
    enter(count_id, TEA, 30, by=LAN)  # one shelf
    enter(count_id, TEA, 20, by=HUNG)  # the other
    sell(day, item(TEA, 2), item(HONEY), cash=495_500)
    enter(count_id, HONEY, 199, by=LAN)
    enter(count_id, BOWL, 30, by=LAN)
    end(count_id)

    assert confirm(count_id) == 0
    assert day.world.on_hand(day.session) == {TEA: 48_000, HONEY: 199_000, BOWL: 30_000}
    day.sound()


def test_a_sale_that_comes_late_with_an_earlier_time_explains_the_loss(day: Day) -> None:
    sold_at = now()
    count_id = begin()
    enter(count_id, HONEY, 195)
    end(count_id)
    confirm(count_id, reason="một người")
    jobs_done()
    assert day.balance("unsettled:P2") == -325_671

    sell(day, item(HONEY, 4), cash=502_000, at=sold_at, received=now() + timedelta(hours=2))
    jobs_done()

    assert differences(count_id) == {HONEY: [-5, 4]}
    assert day.world.on_hand(day.session)[HONEY] == 195_000
    assert sum(day.session.scalars(select(LossShare.amount_vnd))) == 0
    assert day.entries_from(source_of(count_id, HONEY, 2)) == [{"shrinkage_expense": -325_671, "unsettled:P2": 325_671}]
    day.sound()


def test_an_entry_sent_twice_is_kept_once_and_a_slip_is_taken_back(day: Day) -> None:
    count_id = begin()
    first = enter(count_id, TEA, 5)
    enter(count_id, TEA, 5, entry=first)
    slip = enter(count_id, TEA, 500)
    with unit_of_work() as work, pytest.raises(Refused, match=r"count\.not_yours"):
        counts.take_entry_back(work, count_id, slip, at=now(), by=HUNG)
    for _ in range(2):
        with unit_of_work() as work:
            counts.take_entry_back(work, count_id, slip, at=now(), by=LAN)
    enter(count_id, TEA, 45, by=HUNG)
    end(count_id, nothing_of=(BOWL,))
    confirm(count_id, reason="đủ")

    assert differences(count_id) == {TEA: [0], BOWL: [-30]}


def test_a_second_count_is_somebody_elses_and_stands(day: Day) -> None:
    count_id = begin()
    enter(count_id, TEA, 40)
    end(count_id)
    with pytest.raises(Conflict, match=r"count\.not_asked"):
        enter(count_id, TEA, 50, by=HUNG)
    with pytest.raises(Invalid, match=r"count\.again_first"):
        confirm(count_id)
    assert [again(count_id, TEA), again(count_id, TEA)] == [1, 0]
    with pytest.raises(Refused, match=r"count\.same_person"):
        enter(count_id, TEA, 50)
    with pytest.raises(Invalid, match=r"count\.again_first"):
        confirm(count_id)
    enter(count_id, TEA, 50, by=HUNG)

    assert confirm(count_id) == 0
    assert differences(count_id) == {TEA: [0]}


def test_two_people_confirm_the_same_count_and_one_does(day: Day, app: Flask) -> None:
    count_id = begin()
    enter(count_id, TEA, 49)
    end(count_id)
    told: list[str] = []
    start = threading.Barrier(2)

    def one() -> None:
        with app.app_context():
            start.wait()
            try:
                told.append(str(confirm(count_id, reason="một người")))
            except Trouble as trouble:
                told.append(trouble.code)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    jobs_done()

    assert sorted(told) == ["1", "count.not_in_review"]
    assert day.world.on_hand(day.session)[TEA] == 49_000
    day.sound()


def test_a_place_is_counted_once_at_a_time_and_a_dropped_count_moves_nothing(day: Day) -> None:
    count_id = begin("kind", "che")
    begin("kind", "mat")
    with pytest.raises(Conflict, match=r"count\.already_open"):
        begin("kind", "che")
    with pytest.raises(Conflict, match=r"count\.already_open"):
        begin()
    enter(count_id, TEA, 1)
    with unit_of_work() as work:
        counts.drop_count(work, count_id, at=now(), by=MAI)
    with pytest.raises(Conflict, match=r"count\.not_open"):
        enter(count_id, TEA, 1)

    assert day.world.on_hand(day.session)[TEA] == 50_000


def test_the_latest_round_counts_and_its_last_moment() -> None:
    at = now()

    def seen(minute: int, round_: int, milli: int, by: str, voids: str | None = None, id_: str = "") -> Entry:
        return Entry(id_ or f"e{minute}", TEA, round_, milli, at + timedelta(minutes=minute), by, voids)

    one = tally(
        [seen(1, 1, 5, LAN), seen(2, 1, 7, HUNG), seen(3, 2, 9, MAI), seen(4, 2, 1, MAI), seen(5, 2, 0, MAI, "e4")]
    )

    assert (one[TEA].counted_milli, one[TEA].moment_at, one[TEA].people) == (
        9, at + timedelta(minutes=3), {LAN, HUNG, MAI},
    )  # fmt: skip


def test_nobody_sees_the_books_before_the_end(day: Day, app: Flask) -> None:
    from tests.factories import a_person, logged_in

    with unit_of_work() as work:
        manager = a_person(work, "manager", "operator", SETUP["operator"]["id"]).id
    browser = logged_in(app.test_client(), manager)
    before = browser.get("/stock/").get_data(as_text=True)
    count_id = begin()
    enter(count_id, TEA, 49)

    pages = [browser.get(path).get_data(as_text=True) for path in ("/stock/", f"/stock/counts/{count_id}")]
    end(count_id)
    after = browser.get(f"/stock/counts/{count_id}").get_data(as_text=True)

    assert [">200</b>" in page for page in (before, *pages)] == [True, False, False]
    assert (">50</td>" in after, "−1" in after, "đang kiểm kê" in pages[0]) == (True, True, True)
