"""What happens at a booth besides plain selling, each as hands do it; every one tells `booth.tapped` what it meant."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from playwright.sync_api import Error, expect

from tests.browser.booth import BOSS, Booth, Good
from tests.browser.test_returns import receipt_link, scan
from tests.browser.test_sigkill import Tablet, till_opens

KEPT = """(n) => new Promise((done, fail) => {
  const opening = indexedDB.open("ocop-till");
  opening.onerror = () => fail(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction("carts").objectStore("carts").getAll();
    all.onsuccess = () => { opening.result.close(); done(all.result.some((cart) => cart.lines.length === n)); };
  };
})"""


# ── Goods ────────────────────────────────────────────────────────────


def goods_come(booth: Booth, good: Good, pieces: int) -> None:
    """A producer brings so many; counted in at the till."""
    booth.menu("goods")
    booth.the("goods-search").fill(good.name)
    rows = booth.the("goods-product").filter(has=booth.page.get_by_text(good.name, exact=True))
    rows.first.click()
    booth.the("goods-in").click()
    booth.keys(pieces)
    booth.the("goods-write").click()
    expect(booth.the("goods-moved").first).to_have_attribute("data-way", "in")
    booth.the("back").click()
    booth.tapped.left[good.id] -= pieces * 1000


def tasted(booth: Booth, good: Good) -> None:
    """One opened for tasting: ⋯ on its tile, what, write."""
    tile = booth.page.locator(f"[data-testid=tile][data-id='{good.id}']")
    booth.page.locator(".tile-box", has=tile).get_by_test_id("tile-more").click()
    booth.the("goods-sample").click()
    booth.the("goods-write").click()
    expect(booth.the("strip")).to_contain_text(good.name)
    booth.tapped.left[good.id] += 1000


def seen_by_the_camera(booth: Booth, good: Good) -> None:
    """Held before the camera, sold for cash."""
    booth.the("camera").click()
    line = booth.page.locator(f"[data-testid=line][data-product='{good.id}']")
    expect(line).to_have_attribute("data-qty", "1000", timeout=20_000)
    booth.the("camera").click()
    expect(booth.the("finder")).to_have_count(0)
    booth.costs(good.price)
    booth.pay(good.price, "exact")
    booth.gone([good])


# ── Money ────────────────────────────────────────────────────────────


def haggled(booth: Booth, goods: Sequence[Good]) -> None:
    """−5k, within the seller's own limit."""
    total = booth.put_in(goods)
    booth.the("bot").click()
    booth.the("bot-5000").click()
    booth.costs(total - 5_000)
    booth.pay(total - 5_000, "exact")
    booth.gone(goods)


def haggled_with_a_yes(booth: Booth, good: Good) -> None:
    """A total agreed upon, above the seller's limit: the supervisor types a PIN."""
    total = booth.put_in([good])
    agreed = total * 85 // 100_000 * 1000
    booth.the("bot").click()
    booth.the("bot-settle").click()
    booth.keys(agreed)
    booth.the("number-ok").click()
    expect(booth.the("approve")).to_have_attribute("data-action", "discount")
    booth.type_pin(BOSS)
    booth.costs(agreed)
    booth.pay(agreed, "exact")
    booth.gone([good])


def mended(booth: Booth, good: Good) -> None:
    """Cash was tapped, the customer had made a transfer: the tender is put right, the goods stay sold."""
    booth.sell([good], "exact")
    booth.menu("receipts")
    booth.the("receipt-row").first.click()
    booth.the("mend").click()
    booth.the("way-vietqr").click()
    booth.the("split-done").click()
    expect(booth.the("tender")).to_have_attribute("data-kind", "vietqr")
    booth.the("back").click()
    booth.the("back").click()
    booth.tapped.tenders.update({"cash": -good.price, "vietqr": good.price})
    booth.tapped.drawers[None] -= good.price


def exchanged(booth: Booth, bought: Good, wanted: Good) -> None:
    """The receipt is scanned, what was bought goes back to the shelf, a dearer thing goes home: one ticket."""
    booth.sell([bought], "exact")
    scan(booth.page, receipt_link(booth.page))
    booth.page.locator("[data-testid=give-back][data-line='1']").click()
    booth.the("to-shelf").click()
    booth.the("back-done").click()
    expect(booth.the("return-line")).to_have_count(1)
    booth.touch(wanted)
    more = wanted.price - bought.price
    booth.costs(more)
    booth.pay(more, "exact")
    booth.gone([wanted])
    booth.gone([bought], -1)


def undone(booth: Booth, good: Good) -> None:
    """The wrong thing was rung and paid: undone at once, the goods are back in the cart and leave it."""
    total = booth.put_in([good])
    booth.the("note-exact").click()
    booth.the("undo").click()
    booth.costs(total)
    booth.the("cancel-cart").click()
    expect(booth.the("cart-empty")).to_be_visible()
    booth.tapped.sales += 2  # a sale and its opposite


def dropped(booth: Booth, amount: int) -> None:
    """To the safe, in a numbered bag."""
    booth.menu("cash")
    booth.the("cash-drop").click()
    booth.the("cash-carrier").fill("Chị Hạnh")
    booth.the("cash-bag").fill("HG-07")
    booth.keys(amount)
    booth.the("cash-done").click()
    expect(booth.the("strip")).to_be_visible()
    booth.tapped.drawers[None] -= amount


# ── People, drawers, and what goes wrong ─────────────────────────────


def switched(booth: Booth, name: str, goods: Sequence[Good]) -> None:
    """Another cashier goes on in the middle of a cart."""
    total = booth.put_in(goods)
    booth.the("who").click()
    booth.is_now(name)
    booth.costs(total)
    booth.pay(total, "note")
    booth.gone(goods)


def keeps_her_own(booth: Booth, producer: str, name: str, amount: int) -> None:
    """A producer's niece opens a drawer for her aunt's takings."""
    booth.menu("report")
    booth.the("drawer-new").click()
    booth.the("kept-search").fill(name)
    booth.the("kept-producer").first.click()
    booth.count(amount)
    booth.the("shift-open").click()
    expect(booth.the("tile").first).to_be_visible()
    booth.keeper = producer
    booth.tapped.drawers[producer] += amount


def crashed(booth: Booth, tablet: Tablet, name: str, goods: Sequence[Good]) -> None:
    """The browser dies in the middle of a cart, without a network; opened again, the cart is there."""
    total = booth.put_in(goods)
    booth.page.wait_for_function(KEPT, arg=len(goods))
    tablet.kill()
    with suppress(Error):
        booth.context.close()
    booth.context, booth.page = tablet.open()
    booth.context.set_offline(True)
    till_opens(booth.page, booth.live.url)
    booth.is_now(name)
    booth.costs(total)
    booth.pay(total, "exact")
    booth.gone(goods)
