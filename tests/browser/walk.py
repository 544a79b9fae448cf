"""A walk through every screen of the till: one stop a screen, each reached as a person would reach it.

Whoever walks looks at each stop with `look(name)`: axe, a ruler, a camera. The stops are one afternoon on one tablet.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from pos.access.service import set_pin
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.places.models import Till
from tests.browser.conftest import TILL, Live
from tests.browser.test_paying import offer_everything
from tests.browser.test_returns import scan
from tests.browser.test_story import ready
from tests.databases import SECRET
from tests.factories import a_person

SIZES = ((1280, 800), (1024, 768), (800, 1280), (360, 800))
Look = Callable[[str], None]
PIN = "4827"


def people(live: Live) -> None:
    """A supervisor with a PIN at the free till's site, beside its seller."""
    with live.app.app_context(), unit_of_work() as session:
        till = session.scalars(select(Till).where(Till.code == TILL)).one()
        person = a_person(session, "supervisor", "site", till.site_id, "Đỗ Trưởng Ca")
        set_pin(session, person.id, PIN, secret=SECRET, by=person.id, at=now())


def tap(page: Page, test_id: str, n: int = 0) -> None:
    page.get_by_test_id(test_id).nth(n).click()


def menu(page: Page, entry: str) -> None:
    tap(page, "menu")
    tap(page, f"menu-{entry}")


def sell(page: Page) -> None:
    """Back to the counter, whatever stands open."""
    for _ in range(6):
        at_counter = page.get_by_test_id("search").is_visible() and page.get_by_test_id("total").count()
        if at_counter and not page.locator("dialog[open]").count():
            return
        page.keyboard.press("Escape")
        page.wait_for_timeout(60)


def find(page: Page, words: str) -> None:
    """Goods by words, into the cart."""
    page.get_by_test_id("search").fill(words)
    tap(page, "tile")
    page.get_by_test_id("search").fill("")


def walk(page: Page, context: BrowserContext, live: Live, look: Look) -> None:
    """Every screen, in the order of a day."""
    people(live)
    offer_everything(live)
    doors(page, live, look)
    counter(page, look)
    paying(page, look)
    after(page, look)
    goods(page, look)
    shift(page, context, look)


def doors(page: Page, live: Live, look: Look) -> None:
    page.goto(f"{live.url}/till/")
    page.get_by_test_id("enrol-code").wait_for()
    look("enrol")
    page.get_by_test_id("enrol-code").fill("K7QF-2M9X")
    tap(page, "enrol-go")
    expect(page.get_by_test_id("enrol-problem")).not_to_be_empty()
    look("enrol-wrong")
    page.get_by_test_id("enrol-code").fill(live.enrol_code())
    tap(page, "enrol-go")
    page.get_by_test_id("staff").first.wait_for(timeout=15_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    look("who")
    if page.get_by_test_id("ready-more").count():
        tap(page, "ready-more")
    tap(page, "install-open")
    page.get_by_test_id("check").first.wait_for()
    look("install")
    tap(page, "back")
    page.locator("[data-testid=staff][data-name='Đỗ Trưởng Ca']").click()
    page.get_by_test_id("pad-1").wait_for()
    for _ in range(4):
        tap(page, "pad-1")
    tap(page, "pin-ok")
    expect(page.get_by_test_id("pin-said")).not_to_be_empty()
    look("pin-wrong")
    tap(page, "pin-cancel")
    tap(page, "helper-add")
    look("helper")
    page.keyboard.press("Escape")
    page.locator("[data-testid=staff]:not([data-name='Đỗ Trưởng Ca'])").first.click()
    page.get_by_test_id("tile").first.wait_for()


def counter(page: Page, look: Look) -> None:
    look("empty")
    page.get_by_test_id("search").fill("không có gì như vậy")
    page.get_by_test_id("nothing-found").wait_for()
    look("nothing-found")
    page.get_by_test_id("search").fill("")
    for n in (0, 1, 2, 3, 1):
        tap(page, "tile", n)
    ready(page)
    look("cart")
    page.keyboard.press("Escape")
    scan(page, "8930000000000")
    look("unknown-code")
    page.keyboard.press("Escape")
    tap(page, "line-bot")
    look("discount-line")
    tap(page, "bot-close")
    tap(page, "type-qty")
    look("number")
    sell(page)
    tap(page, "hold")
    tap(page, "tile", 4)
    look("two-carts")
    find(page, "ruou")
    look("alcohol")
    tap(page, "age-yes")
    tap(page, "cancel-cart")
    look("removed")


def paying(page: Page, look: Look) -> None:
    ready(page)
    tap(page, "pay-split")
    page.locator("[role=group][aria-disabled=false]").wait_for()
    tap(page, "pad-9")
    tap(page, "pad-000")
    look("split")
    sell(page)
    ready(page)
    if page.get_by_test_id("pay-qr").count():
        tap(page, "pay-qr")
        page.get_by_test_id("qr").wait_for()
        look("qr")
        page.wait_for_timeout(450)
        tap(page, "qr-shown")
    else:
        tap(page, "pay-transfer")
    page.get_by_test_id("change").wait_for()
    look("paid-transfer")
    sell(page)
    tap(page, "tile", 2)
    ready(page)
    page.locator("[data-testid^=note-]").nth(2).click()
    page.get_by_test_id("change").wait_for()
    look("change")
    sell(page)
    look("after-sale")


def after(page: Page, look: Look) -> None:
    tap(page, "menu")
    look("menu")
    tap(page, "menu-receipts")
    page.get_by_test_id("receipt-row").first.wait_for()
    look("receipts")
    tap(page, "receipt-row")
    page.get_by_test_id("receipt-shown").wait_for()
    look("receipt")
    tap(page, "invoice")
    look("invoice")
    page.get_by_test_id("buyer-agreed").check()
    tap(page, "buyer-send")
    look("invoice-unfilled")
    sell(page)
    tap(page, "take-back")
    tap(page, "receipt-row")
    tap(page, "give-back")
    look("giving-back")
    tap(page, "back-done")
    page.get_by_test_id("return-line").wait_for()
    look("return")
    ready(page)
    tap(page, "refund-as-paid")
    page.get_by_test_id("change").wait_for()
    look("refunded")
    sell(page)
    tap(page, "take-back")
    tap(page, "no-receipt")
    look("no-receipt")
    page.get_by_test_id("no-receipt-search").fill("gio lua")
    tap(page, "no-receipt-product")
    tap(page, "why-lost_paper")
    look("no-receipt-goods")
    tap(page, "no-receipt-done")
    ready(page)
    tap(page, "refund-as-paid")
    page.get_by_test_id("approve").wait_for()
    look("approve")
    tap(page, "approve-no")
    tap(page, "cancel-cart")


def goods(page: Page, look: Look) -> None:
    sell(page)
    tap(page, "tile-more")
    tap(page, "goods-sample")
    look("goods-move")
    tap(page, "goods-write")
    menu(page, "goods")
    page.get_by_test_id("goods-moved").first.wait_for()
    look("goods")
    sell(page)
    tap(page, "tab-fresh")
    page.get_by_test_id("fresh-name").wait_for()
    look("fresh")
    sell(page)
    tap(page, "pill-unsent")
    page.get_by_test_id("unsent-box").wait_for()
    look("unsent")
    tap(page, "unsent-close")
    if page.get_by_test_id("pill-unseen").count():
        tap(page, "pill-unseen")
        page.get_by_test_id("unseen-row").first.wait_for()
        look("unseen")
        sell(page)


def shift(page: Page, context: BrowserContext, look: Look) -> None:
    menu(page, "cash")
    look("cash")
    sell(page)
    menu(page, "float")
    look("float")
    sell(page)
    menu(page, "report")
    look("report")
    sell(page)
    menu(page, "about")
    look("about")
    sell(page)
    menu(page, "display")
    tap(page, "display-pair")
    page.get_by_test_id("display-code").wait_for()
    look("display")
    tap(page, "display-end")
    sell(page)
    menu(page, "practice")
    look("practice")
    tap(page, "practice-leave")
    context.set_offline(True)
    tap(page, "tile", 1)
    ready(page)
    tap(page, "note-exact")
    page.get_by_test_id("change").wait_for()
    sell(page)
    tap(page, "menu")
    tap(page, "menu-shift_close")
    page.get_by_test_id("count-1000").fill("7")
    look("close")
    tap(page, "close-seal")
    page.locator("[data-testid=sealed-expected], [data-testid=count-again], [data-testid=close-why]").first.wait_for()
    look("close-counted")
    context.set_offline(False)
