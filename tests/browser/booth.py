"""A booth worked by hand in a real browser: what was tapped is kept here, apart from the till's own sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from pos.access.service import set_pin
from pos.catalogue.models import Barcode, Offer, Product
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.text import dong
from pos.places.models import Till
from pos.stock.models import Level
from tests.browser.conftest import TILL, Live
from tests.browser.test_returns import scan
from tests.databases import SECRET
from tests.factories import a_person

MORNING, AFTERNOON, BOSS = "Lê Thị Sáng", "Phạm Văn Chiều", "Đỗ Trưởng Ca"
PINS = {MORNING: "2580", AFTERNOON: "4937", BOSS: "8264"}
NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)


@dataclass(frozen=True)
class Good:
    """Something on the shelf, as the books know it and as its tile prices it."""

    id: str
    name: str
    producer: str
    price: int
    barcode: str | None


@dataclass
class Tapped:
    """What a day's taps must come to, told by hand."""

    sales: int = 0
    tenders: Counter[str] = field(default_factory=Counter)
    drawers: Counter[str | None] = field(default_factory=Counter)  # by keeper; None: the operator's
    left: Counter[str] = field(default_factory=Counter)  # product → thousandths gone from the booth


def staffed(live: Live) -> None:
    """Two cashiers and a supervisor of the free till, each with a PIN."""
    with live.app.app_context(), unit_of_work() as session:
        site = session.scalars(select(Till.site_id).where(Till.code == TILL)).one()
        for name, role in ((MORNING, "cashier"), (AFTERNOON, "cashier"), (BOSS, "supervisor")):
            person = a_person(session, role, "site", site, name)
            set_pin(session, person.id, PINS[name], secret=SECRET, by=person.id, at=now())


def plain_goods(live: Live) -> dict[str, tuple[str, str, str | None]]:
    """Neither weighed nor alcohol: product → name, producer, EAN-13."""
    with live.app.app_context():
        rows = db.session().execute(
            select(Product.id, Product.name, Product.producer_id, Barcode.code)
            .join(Offer, Offer.product_id == Product.id)
            .join(Till, Till.operator_id == Offer.operator_id)
            .outerjoin(
                Barcode,
                (Barcode.product_id == Product.id)
                & (func.length(Barcode.code) == 13)
                & (Barcode.operator_id.is_(None) | (Barcode.operator_id == Till.operator_id)),
            )
            .where(Till.code == TILL, Offer.active, Product.weighed.is_(False), Product.alcohol_bp == 0)
        )
        found: dict[str, tuple[str, str, str | None]] = {row[0]: (row[1], row[2], row[3]) for row in rows}
        db.session.remove()
    return found


def on_hand(live: Live) -> Counter[str]:
    """What the books say lies at the booth, thousandths by product."""
    with live.app.app_context():
        rows = db.session().execute(
            select(Level.product_id, Level.on_hand_milli)
            .join(Till, Till.site_id == Level.place_id)
            .where(Till.code == TILL, Level.place_kind == "site")
        )
        held: Counter[str] = Counter()
        for product, milli in rows:
            held[product] += milli
        db.session.remove()
    return held


class Booth:
    """The hands at one tablet."""

    def __init__(self, live: Live, context: BrowserContext, page: Page) -> None:
        self.live, self.context, self.page = live, context, page
        self.tapped = Tapped()
        self.keeper: str | None = None
        self.last = 0  # what the last customer paid

    def the(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    # ── Who sells ────────────────────────────────────────────────────

    def enrol(self) -> None:
        self.page.goto(f"{self.live.url}/till/")
        self.the("enrol-code").fill(self.live.enrol_code())
        self.the("enrol-go").click()

    def is_now(self, name: str) -> None:
        """Two taps and a PIN."""
        self.page.locator(f"[data-testid=staff][data-name='{name}']").click()
        self.type_pin(name)
        expect(self.the("tile").first).to_be_visible(timeout=20_000)

    def type_pin(self, name: str) -> None:
        for digit in PINS[name]:
            self.the(f"pad-{digit}").click()

    # ── The cart ─────────────────────────────────────────────────────

    def shelf(self) -> list[Good]:
        """The plain goods among the first tiles, in their order."""
        known = plain_goods(self.live)
        expect(self.the("tile").first.locator(".foot .num")).to_be_visible()
        tiles = self.page.evaluate(
            """() => [...document.querySelectorAll("[data-testid=tile]")].map((tile) =>
                 [tile.dataset.id, tile.querySelector(".foot .num")?.textContent.replace(/\\D/g, "") ?? ""])"""
        )
        return [
            Good(id_, name, producer, int(price), code)
            for id_, price in tiles
            if id_ in known and price and int(price) % 1000 == 0
            for name, producer, code in (known[id_],)
        ]

    def touch(self, good: Good) -> None:
        self.page.locator(f"[data-testid=tile][data-id='{good.id}']").click()

    def put_in(self, goods: Sequence[Good], *, by_scan: bool = False) -> int:
        """These into the cart, by finger or by scanner; what they cost together, which the till must say too."""
        for good in goods:
            if by_scan and good.barcode:
                scan(self.page, good.barcode)
            else:
                self.touch(good)
        total = sum(good.price for good in goods)
        self.costs(total)
        return total

    def costs(self, total: int) -> None:
        """The cart says so, and the pay row is alive."""
        expect(self.the("total")).to_have_text(f"{dong(total)}₫")
        self.page.locator("[data-testid=pay-row][data-ready=true]").wait_for()

    def gone(self, goods: Sequence[Good], sign: int = 1) -> None:
        """Out of the booth in a customer's bag."""
        for good in goods:
            self.tapped.left[good.id] += sign * 1000

    # ── The money ────────────────────────────────────────────────────

    def paid(self, total: int, how: dict[str, int], change: int = 0, keeper: str | None = None) -> None:
        """The receipt is on the screen with the change; the next customer's cart is empty."""
        expect(self.the("change")).to_have_attribute("data-sum", str(change))
        self.page.keyboard.press("Escape")
        expect(self.the("cart-empty")).to_be_visible()
        self.tapped.sales += 1
        self.tapped.tenders.update(how)
        self.tapped.drawers[keeper] += how.get("cash", 0)
        self.last = total

    def pay(self, total: int, way: str, keeper: str | None = None) -> None:
        """One of the ways a customer pays here."""
        if way == "exact":
            self.the("note-exact").click()
            self.paid(total, {"cash": total}, keeper=keeper)
        elif way == "note":
            note = self.page.locator("[data-testid=pay-row] .notes button").last
            given = (note.get_attribute("data-testid") or "").removeprefix("note-")
            note.click()
            self.paid(total, {"cash": total}, int(given) - total if given.isdigit() else 0, keeper)
        elif way == "transfer":
            self.the("pay-transfer").click()
            self.paid(total, {"vietqr": total}, keeper=keeper)
        elif way == "card":
            self.the("pay-card").click()
            self.paid(total, {"card": total}, keeper=keeper)
        elif way == "qr":
            self.the("pay-qr").click()
            expect(self.the("qr-amount")).to_have_text(f"{dong(total)}₫")
            self.the("qr-seen").click()
            self.paid(total, {"vietqr": total}, keeper=keeper)
        else:
            self.pay_in_parts(total, keeper)

    def pay_in_parts(self, total: int, keeper: str | None) -> None:
        """Some by transfer, the rest in cash."""
        part = total // 2000 * 1000
        self.the("pay-split").click()
        self.page.locator("[role=group][aria-disabled=false]").wait_for()
        self.keys(part)
        self.the("way-vietqr").click()
        expect(self.the("split-rest")).to_have_attribute("data-left", str(total - part))
        self.the("way-cash").click()
        self.the("split-done").click()
        self.paid(total, {"vietqr": part, "cash": total - part}, keeper=keeper)

    def keys(self, number: int) -> None:
        """On the till's own pad."""
        for digit in str(number):
            self.the(f"pad-{digit}").click()

    def sell(self, goods: Sequence[Good], way: str, *, by_scan: bool = False) -> None:
        """One customer. A cart of one producer's goods alone goes to that producer's drawer, if there is one."""
        total = self.put_in(goods, by_scan=by_scan)
        theirs = self.keeper if self.keeper and {good.producer for good in goods} == {self.keeper} else None
        if self.keeper:
            expect(self.page.locator(f"[data-testid=drawer-chip][data-keeper='{theirs}']")).to_have_count(
                int(bool(theirs))
            )
        self.pay(total, "transfer" if theirs and way in ("qr", "card") else way, theirs)
        self.gone(goods)

    # ── The drawer ───────────────────────────────────────────────────

    def menu(self, entry: str) -> None:
        self.the("menu").click()
        self.the(f"menu-{entry}").click()

    def count(self, amount: int) -> None:
        """In notes, from the largest."""
        for note in NOTES:
            pieces, amount = divmod(amount, note)
            if pieces:
                self.the(f"count-{note}").fill(str(pieces))
        assert amount == 0, "no note is so small"

    def open_with(self, amount: int) -> None:
        self.menu("shift_open")
        self.count(amount)
        self.the("shift-open").click()
        expect(self.the("tile").first).to_be_visible()
        self.tapped.drawers[None] += amount

    def close(self, keeper: str | None = None, off: int = 0) -> None:
        """Counted blind, `off` from what should be there; the difference is said after the seal."""
        if keeper:
            self.menu("report")
            self.page.locator(f"[data-testid=x][data-keeper='{keeper}']").get_by_test_id("x-close").click()
        else:
            self.menu("shift_close")
        expected = self.tapped.drawers[keeper]
        self.count(expected + off)
        expect(self.the("sealed-expected")).to_have_count(0)
        self.the("close-seal").click()
        expect(self.the("sealed-expected")).to_have_text(dong(expected))
        expect(self.the("sealed-difference")).to_have_text(f"{dong(off)}₫")
        self.the("sealed-done").click()

    # ── The network ──────────────────────────────────────────────────

    def sent(self) -> None:
        expect(self.the("pill-unsent")).to_have_attribute("data-unsent", "0", timeout=30_000)

    @contextmanager
    def offline(self) -> Iterator[None]:
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
