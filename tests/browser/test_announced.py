"""A delivery's QR is scanned at the till, counted without a network against what was announced, and sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from pos.catalogue.models import Offer, Product
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.places.models import Till
from pos.stock.commands import Announce
from pos.stock.models import Document
from pos.stock.rules.ticket import ticket_of
from pos.stock.service.deliveries import announce
from tests.browser.conftest import TILL, Live, complaints
from tests.browser.test_returns import scan
from tests.browser.test_story import enrol

pytestmark = pytest.mark.browser


def coming(live: Live) -> tuple[str, str]:
    """(id, what its QR says) of a delivery of two products to the till's site."""
    with live.app.app_context():
        with unit_of_work() as work:
            till = work.scalars(select(Till).where(Till.code == TILL)).one()
            goods = work.scalars(
                select(Product)
                .join(Offer, Offer.product_id == Product.id)
                .where(Offer.operator_id == till.operator_id, Product.weighed.is_(False))
                .order_by(Product.producer_id, Product.id)
                .limit(2)
            ).all()
            lines = tuple((product.id, 12_000) for product in goods)
            told = Announce(till.operator_id, goods[0].producer_id, till.site_id, today(), lines)
            id_ = announce(work, told, at=now(), by=None)
        db.session.remove()
        return id_, ticket_of(id_, told.producer_id, list(lines))


def test_a_delivery_is_counted_against_its_qr(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    delivery, code = coming(live)
    enrol(page, live)
    context.set_offline(True)

    scan(page, code)
    page.get_by_test_id("announced-all").click()
    page.get_by_test_id("announced-qty").first.fill("11")
    page.get_by_test_id("announced-write").click()
    context.set_offline(False)

    with live.app.app_context():
        for _ in range(60):
            db.session.rollback()
            paper = db.session.scalars(select(Document).where(Document.announced_id == delivery)).one_or_none()
            if paper:
                break
            page.wait_for_timeout(250)
        assert paper is not None
        assert sorted(line.qty_milli for line in paper.lines) == [11_000, 12_000]
        db.session.remove()
    expect(page.get_by_test_id("search")).to_be_visible()
    assert wrong == []
