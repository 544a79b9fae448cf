"""A producer announces, the till or the office counts against it, both see where it differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from pos.kernel.clock import today
from pos.kernel.db import db, unit_of_work
from pos.places.models import Operator
from pos.producers.models import Producer
from pos.stock.models import Delivery
from pos.stock.rules.ticket import ticket_of
from tests.factories import a_product
from tests.reports.market import Market, a_market
from tests.reports.test_producer import words_of


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def announced(market: Market, **more: str) -> tuple[int, str]:
    """(status, id) of a delivery of six honey and two tea to the shop."""
    ids = market.ids
    form = {"site_id": ids["shop"], "due_on": today().isoformat(), f"q-{ids['honey']}": "6", f"q-{ids['tea']}": "2"}
    answer = market.as_("honey maker").post(f"/producer/{ids['honey maker']}/deliveries", data=form | more)
    db.session.rollback()
    return answer.status_code, db.session.scalar(select(Delivery.id).order_by(Delivery.made_at.desc())) or ""


def seen(market: Market, who: str, path: str) -> str:
    return words_of(market.as_(who).get(path).get_data(as_text=True))


def test_the_till_counts_against_it_and_both_see_the_difference(market: Market) -> None:
    status, delivery = announced(market)
    mine = f"/producer/{market.ids['honey maker']}/deliveries/{delivery}"
    assert (status, "chờ giao" in seen(market, "honey maker", mine)) == (303, True)
    assert market.as_("honey maker").get(f"{mine}.png").data.startswith(b"\x89PNG")
    till = market.devices["shop"]
    lines = [{"product": market.ids["honey"], "qty_milli": 5_000}, {"product": market.ids["tea"], "qty_milli": 2_000}]
    counted = till.event("goods.in", {"from": market.ids["honey maker"], "announced": delivery, "lines": lines})
    till.send(counted)

    assert "Báo 6, quầy đếm 5" in seen(market, "honey maker", mine)
    assert "Mật ong 6 → 5" in seen(market, "manager", "/stock/deliveries")
    assert "đếm lệch" in seen(market, "manager", "/stock/deliveries")
    assert market.as_("honey maker").post(f"{mine}/cancel").status_code == 409

    till.send(till.event("goods.in", counted["body"] | {"undo_of": counted["id"]}))
    assert "Mật ong 6 → 0" in seen(market, "manager", "/stock/deliveries")


def test_a_delivery_of_many_goods_has_several_codes(market: Market) -> None:
    ids = market.ids
    with unit_of_work() as work:
        goods = [a_product(work, work.get_one(Producer, ids["honey maker"]), work.get_one(Operator, ids["gifts"]),
                           name=f"Món {n:02d}").id for n in range(21)]  # fmt: skip
    status, delivery = announced(market, **{f"q-{product}": "3" for product in goods})
    mine = f"/producer/{ids['honey maker']}/deliveries/{delivery}"

    page = seen(market, "honey maker", mine)
    pictures = {market.as_("honey maker").get(f"{mine}.png?n={n}").data for n in (1, 2, 9)}

    assert (status, "Mã 2 trên 2" in page, len(pictures)) == (303, True, 2)


def test_the_office_counts_it_with_what_was_announced_beside(market: Market) -> None:
    _, delivery = announced(market)
    ids = market.ids
    head = {"operator_id": ids["gifts"], "producer_id": ids["honey maker"], "site_id": ids["shop"],
            "announced_id": delivery}  # fmt: skip
    form = market.as_("manager").get("/stock/documents/new/intake", query_string=head).get_data(as_text=True)
    assert 'name="e-0"' in form
    rows = {"p-0": ids["honey"], "e-0": "6", "q-0": "6", "p-1": ids["tea"], "e-1": "2", "q-1": "2"}

    answer = market.as_("manager").post(
        "/stock/documents/new/intake", data=head | rows | {"business_date": today().isoformat()}
    )

    assert answer.status_code == 303
    assert "đã đếm, đủ" in seen(market, "manager", "/stock/deliveries")


def test_what_makes_no_sense_is_said_and_what_nobody_counted_is_taken_back(market: Market) -> None:
    before = announced(market)[1]
    ids = market.ids
    wrong = {"site_id": "x", "due_on": "2020-01-01", f"q-{ids['honey']}": "1,5"}
    answer = market.as_("honey maker").post(f"/producer/{ids['honey maker']}/deliveries", data=wrong)
    said = words_of(answer.get_data(as_text=True))
    assert (answer.status_code, "Ngày giao phải từ hôm nay." in said, "hãy nhập số nguyên" in said) == (422, True, True)
    empty = {"site_id": ids["shop"], "due_on": today().isoformat()}
    assert market.as_("honey maker").post(f"/producer/{ids['honey maker']}/deliveries", data=empty).status_code == 422

    mine = f"/producer/{ids['honey maker']}/deliveries/{before}"
    assert market.as_("honey maker").post(f"{mine}/cancel").status_code == 303
    assert "đã rút lại" in seen(market, "honey maker", mine)


def test_the_code_is_the_one_tills_read() -> None:
    for case in json.loads(Path("tests/vectors/announced.json").read_text())["tickets"]:
        assert ticket_of(case["id"], case["from"], [tuple(line) for line in case["lines"]]) == case["text"]
