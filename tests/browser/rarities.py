"""What a booth sells seldom, each as hands do it: by weight, strong alcohol, for a voucher; and the paper of a sale."""

from __future__ import annotations

import re

import zxingcpp
from playwright.sync_api import expect
from sqlalchemy import select

from pos.catalogue.models import Offer, Product
from pos.kernel.db import db, unit_of_work
from pos.places.models import Till
from pos.places.service import add_issuer, set_tender
from tests.browser.booth import Booth, Good
from tests.browser.conftest import TILL, Live
from tests.receipts.decoder import decode

STRONG = 1500  # from 15 % on


def takes_vouchers(live: Live) -> None:
    """The operator has the union's vouchers among its ways of paying."""
    with live.app.app_context(), unit_of_work() as session:
        operator = session.scalars(select(Till.operator_id).where(Till.code == TILL)).one()
        set_tender(session, operator, "voucher", place="more", position=5)
        add_issuer(session, operator, name="Công đoàn Hoàn Kiếm")


def _one(booth: Booth, *, weighed: bool) -> Good:
    """The first such good of this operator with a price in whole thousands, and its tile found by name."""
    kind = Product.weighed.is_(True) if weighed else Product.alcohol_bp >= STRONG
    with booth.live.app.app_context():
        rows = db.session().execute(
            select(Product.id, Product.name, Product.producer_id)
            .join(Offer, Offer.product_id == Product.id)
            .join(Till, Till.operator_id == Offer.operator_id)
            .where(Till.code == TILL, Offer.active, kind)
            .order_by(Product.name, Product.id)
        )
        found = [tuple(row) for row in rows]
        db.session.remove()
    for product, name, producer in found:
        booth.the("search").fill(name)
        tile = booth.page.locator(f"[data-testid=tile][data-id='{product}']")
        expect(tile).to_be_visible()
        price = re.sub(r"\D", "", tile.locator(".foot .num").text_content() or "")
        if price and int(price) % 1000 == 0:
            return Good(product, name, producer, int(price), None)
    raise AssertionError("the demo has none")


def weighed(booth: Booth, grams: int) -> None:
    """On the scale, then typed in grams."""
    good = _one(booth, weighed=True)
    booth.touch(good)
    booth.keys(grams)
    total = good.price * grams // 1000
    booth.the("number-ok").click()
    booth.the("search").fill("")
    booth.costs(total)
    booth.pay(total, "transfer")
    booth.tapped.left[good.id] += grams


def strong(booth: Booth) -> None:
    """Somebody looks old enough and is asked all the same: before the answer no money is taken."""
    good = _one(booth, weighed=False)
    booth.touch(good)
    booth.the("search").fill("")
    expect(booth.the("age")).to_be_visible()
    booth.the("age-yes").click()
    booth.costs(good.price)
    booth.pay(good.price, "exact")
    booth.gone([good])


def for_a_voucher(booth: Booth, good: Good) -> None:
    """The union pays all of it."""
    total = booth.put_in([good])
    booth.the("pay-split").click()
    booth.page.locator("[role=group][aria-disabled=false]").wait_for()
    booth.the("way-voucher").click()
    booth.page.wait_for_timeout(500)  # the panel's buttons are dead for a moment
    booth.the("pick-voucher").click()
    expect(booth.the("split-rest")).to_have_attribute("data-left", "0")
    booth.page.wait_for_timeout(500)
    booth.the("split-done").click()
    booth.paid(total, {"voucher": total})
    booth.gone([good])


def printed(booth: Booth) -> None:
    """The paper of the first sale came out of the printer on the network, with a code that names a receipt of ours."""
    for _ in range(100):
        if booth.live.printer.jobs:
            break
        booth.page.wait_for_timeout(200)
    paper = decode(booth.live.printer.jobs[0])
    [code] = zxingcpp.read_barcodes(paper.paper)
    assert str(code.text).startswith(f"{booth.live.url}/r/{TILL}A-")
