"""A whole day of a booth, by touch, scanner and camera; at its end everything is sent and the books balance.

What was tapped is told by hand in booth.py and compared with the drawers, the tenders and the stock of the books.
"""

from __future__ import annotations

from collections import Counter
from itertools import cycle

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import func, select

from pos.kernel.db import db
from pos.places.models import Till
from pos.reports.check import check_all
from pos.till.models import Sale, Shift, Tender
from tests.browser.booth import MORNING, Booth, Good, on_hand, staffed
from tests.browser.conftest import TILL, Live, complaints

pytestmark = [pytest.mark.browser, pytest.mark.story]
WAYS = ("exact", "note", "transfer", "note", "qr", "exact", "split", "note", "card", "exact")


def customers(booth: Booth, shelf: list[Good], n: int, first: int) -> None:
    """So many, each with one to three things, every third by scanner, by all ways in turn."""
    goods = cycle(shelf[first % len(shelf) :] + shelf[: first % len(shelf)])
    for i in range(first, first + n):
        booth.sell([next(goods) for _ in range(i % 3 + 1)], WAYS[i % len(WAYS)], by_scan=i % 3 == 0)


def test_a_day_at_the_fair(page: Page, context: BrowserContext, live: Live) -> None:
    staffed(live)
    wrong, before = complaints(context), on_hand(live)
    booth = Booth(live, context, page)
    booth.enrol()
    booth.is_now(MORNING)
    shelf = booth.shelf()
    assert len(shelf) >= 6
    booth.open_with(1_000_000)

    customers(booth, shelf, 10, 0)
    booth.close(off=-2_000)
    booth.sent()

    the_books_balance(booth, before, {None: -2_000})
    assert wrong == []


def the_books_balance(booth: Booth, before: Counter[str], off: dict[str | None, int]) -> None:
    """Drawers, tenders, stock as they were tapped; and every invariant of the books."""
    live, tapped = booth.live, booth.tapped
    with live.app.app_context():
        session = db.session()
        till = session.scalars(select(Till.id).where(Till.code == TILL)).one()
        assert session.scalar(select(func.count(Sale.id)).where(Sale.till_id == till)) == tapped.sales
        kinds = session.execute(
            select(Tender.kind, func.sum(Tender.amount_vnd))
            .join(Sale, Sale.id == Tender.sale_id)
            .where(Sale.till_id == till)
            .group_by(Tender.kind)
        )
        assert {kind: int(amount) for kind, amount in kinds} == {kind: n for kind, n in tapped.tenders.items() if n}
        shifts = session.scalars(select(Shift).where(Shift.till_id == till)).all()
        assert [(s.state, s.drawer_vnd) for s in shifts] == [("closed", 0)] * len(off)
        assert {s.keeper: (s.expected_vnd, (s.counted_vnd or 0) - (s.expected_vnd or 0)) for s in shifts} == {
            keeper: (tapped.drawers[keeper], by) for keeper, by in off.items()
        }
        found = check_all(session)
        assert [(f.number, f.problems) for f in found if not f.holds] == []
        db.session.remove()
    after = on_hand(live)
    moved = {product: before[product] - after[product] for product in before.keys() | after.keys()}
    assert {product: n for product, n in moved.items() if n} == {p: n for p, n in tapped.left.items() if n}
