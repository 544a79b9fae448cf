"""What has to be known before its day: prices that begin tomorrow with their labels, certificates that end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from pos.catalogue.models import Certificate
from pos.catalogue.service import add_certificate, set_price
from pos.kernel.clock import day_bounds, now, today
from pos.kernel.db import db, unit_of_work
from tests.reports.market import Market, a_market
from tests.reports.test_producer import words_of


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def seen(market: Market, path: str) -> str:
    return words_of(market.as_("manager").get(path).get_data(as_text=True))


def test_a_price_of_tomorrow_is_on_the_labels_of_this_evening(market: Market) -> None:
    tomorrow = today() + timedelta(days=1)
    assert "Mật ong" not in seen(market, "/labels/coming")
    with unit_of_work() as work:
        set_price(
            work, operator_id=market.ids["gifts"], product_id=market.ids["honey"], price_vnd=110_000,
            starts_at=day_bounds(tomorrow)[0], at=now(),
        )  # fmt: skip

    page = seen(market, "/labels/coming")

    assert ("Mật ong" in page, "110.000" in page, "Chè búp" in page) == (True, True, False)


def test_whose_stars_end_is_reminded_with_days_and_a_text_and_rated_again_keeps_both(market: Market) -> None:
    ends = today() + timedelta(days=20)
    with unit_of_work() as work:
        work.execute(update(Certificate).values(valid_to=ends))
    page = seen(market, "/certificates/reminders?days=30")
    assert f"Mật ong (4 sao): đến {ends:%d/%m/%Y}, còn 20 ngày" in page

    with unit_of_work() as work:
        add_certificate(
            work, market.ids["honey"], stars=5, valid_from=today(), valid_to=today() + timedelta(days=1_000),
        )  # fmt: skip

    assert "Mật ong (4 sao)" not in seen(market, "/certificates/reminders?days=30")
    kept = select(Certificate.stars).where(Certificate.product_id == market.ids["honey"])
    assert sorted(db.session.scalars(kept)) == [4, 5]
