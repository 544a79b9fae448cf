"""A whole day of a booth, by touch, scanner and camera; at its end everything is sent and the books balance.

What was tapped is told by hand in booth.py and compared with the drawers, the tenders and the stock of the books.
"""

from __future__ import annotations

from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import BrowserType, expect
from sqlalchemy import func, select

from pos.kernel.db import db
from pos.places.models import Till
from pos.producers.models import Producer
from pos.reports.check import check_all
from pos.till.models import Sale, Shift, Tender
from tests.browser import happenings as it
from tests.browser import rarities
from tests.browser.booth import AFTERNOON, MORNING, Booth, Good, on_hand, plain_goods, staffed
from tests.browser.camera import a_film, picture_of
from tests.browser.conftest import TILL, Live, complaints
from tests.browser.test_sigkill import Tablet

pytestmark = [pytest.mark.browser, pytest.mark.story]
WAYS = ("exact", "note", "transfer", "note", "qr", "exact", "split", "note", "card", "exact")
FAKE = ["--use-fake-device-for-media-stream"]


def customers(booth: Booth, shelf: list[Good], n: int, first: int) -> None:
    """So many, each with one to three things, every third by scanner, by all ways in turn."""
    goods = cycle(shelf[first % len(shelf) :] + shelf[: first % len(shelf)])
    for i in range(first, first + n):
        booth.sell([next(goods) for _ in range(i % 3 + 1)], WAYS[i % len(WAYS)], by_scan=i % 3 == 0)


def held_up(live: Live, tmp_path: Path) -> tuple[Path, str]:
    """A film of one barcode before the camera, and whose it is."""
    product, code = next((id_, code) for id_, (_, _, code) in sorted(plain_goods(live).items()) if code)
    return a_film(tmp_path / "booth.mjpeg", (picture_of(code, zxingcpp.BarcodeFormat.EAN13), 2)), product


def found_by_name(booth: Booth, product: str) -> Good:
    """Looked up in the search box, for its price."""
    booth.the("search").fill(plain_goods(booth.live)[product][0])
    expect(booth.page.locator(f"[data-testid=tile][data-id='{product}']")).to_be_visible()
    good = next(good for good in booth.shelf() if good.id == product)
    booth.the("search").fill("")
    return good


def most_of(shelf: list[Good]) -> str:
    """The producer with most goods on this shelf."""
    return Counter(good.producer for good in shelf).most_common(1)[0][0]


def test_a_day_at_the_fair(
    live: Live, browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> None:
    staffed(live)
    rarities.takes_vouchers(live)
    film, product = held_up(live, tmp_path)
    args = [*browser_type_launch_args["args"], *FAKE, f"--use-file-for-fake-video-capture={film}"]
    about = {"args": args, "permissions": ["camera"], "timezone_id": "Asia/Ho_Chi_Minh"}
    tablet = Tablet(browser_type, {**browser_type_launch_args, **about}, tmp_path / "profile", live.url)
    booth = Booth(live, *tablet.open())
    try:
        a_day(live, booth, tablet, product)
    finally:
        tablet.kill()


def a_day(live: Live, booth: Booth, tablet: Tablet, held: str) -> None:
    """From the first delivery to the sealed drawers."""
    wrong, before = complaints(booth.context), on_hand(live)
    booth.enrol()
    booth.is_now(MORNING)
    booth.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    shelf = booth.shelf()
    aunt = most_of(shelf)
    ours = sorted((good for good in shelf if good.producer != aunt), key=lambda good: good.price)
    assert len(shelf) >= 8
    assert len(ours) >= 4
    cheap, dear = ours[0], ours[-1]
    with live.app.app_context():
        her = db.session().get_one(Producer, aunt).name

    # First thing in the morning: goods come, the float is counted.
    booth.open_with(1_000_000)
    it.goods_come(booth, cheap, 20)
    it.goods_come(booth, dear, 12)
    it.seen_by_the_camera(booth, found_by_name(booth, held))
    customers(booth, shelf, 12, 0)
    rarities.printed(booth)
    rarities.weighed(booth, 2_000)
    it.keeps_her_own(booth, aunt, her, 200_000)
    booth.sell([good for good in shelf if good.producer == aunt][:2], "exact")

    # The network is gone until the afternoon; nothing waits for it.
    booth.context.set_offline(True)
    customers(booth, shelf, 10, 12)
    it.tasted(booth, cheap)
    it.haggled(booth, [dear, dear])
    rarities.strong(booth)
    rarities.for_a_voucher(booth, cheap)
    it.haggled_with_a_yes(booth, dear)
    it.mended(booth, cheap)
    it.exchanged(booth, cheap, dear)
    it.crashed(booth, tablet, MORNING, [cheap, dear])
    wrong_after = complaints(booth.context)
    it.undone(booth, cheap)
    it.switched(booth, AFTERNOON, [dear])
    customers(booth, shelf, 10, 22)

    # The network is back: all of it goes by itself while the selling goes on.
    booth.context.set_offline(False)
    customers(booth, shelf, 20, 32)
    it.dropped(booth, 1_500_000)
    booth.close(aunt, off=1_000)
    booth.close(off=-2_000)
    booth.sent()

    assert booth.tapped.sales >= 60
    the_books_balance(booth, before, {None: -2_000, aunt: 1_000})
    assert wrong + wrong_after == []


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
        assert {s.keeper: s.counted_vnd for s in shifts} == {k: tapped.drawers[k] + by for k, by in off.items()}
        # What a producer keeps is hers: our books owe her nothing for it, and expect nothing in our drawer.
        expected = {s.keeper: s.expected_vnd for s in shifts}
        assert expected == {keeper: 0 if keeper else tapped.drawers[None] for keeper in off}
        [hers] = [s.id for s in shifts if s.keeper]
        accounts = session.scalars(select(Tender.account).where(Tender.shift_id == hers)).all()
        assert set(accounts) == {"held_by_producer"}
        found = check_all(session)
        assert [(f.number, f.problems) for f in found if not f.holds] == []
        db.session.remove()
    after = on_hand(live)
    moved = {product: before[product] - after[product] for product in before.keys() | after.keys()}
    assert {product: n for product, n in moved.items() if n} == {p: n for p, n in tapped.left.items() if n}
