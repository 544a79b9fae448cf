"""Goods moved at the till and moved back: levels net to nothing whatever the order; the office reads who and where."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from pos.access.reach import EVERYWHERE
from pos.kernel.db import db
from pos.reports.queries.movements import list_moved
from pos.stock.models import Level
from tests.reports.conftest import market  # noqa: F401 - a fixture
from tests.reports.market import Market


def levels(product: str) -> dict[tuple[str, str], int]:
    """What stands where of a product, nothing left out but zeros."""
    db.session.remove()
    rows = db.session().execute(
        select(Level.place_kind, Level.place_id, Level.on_hand_milli).where(Level.product_id == product)
    )
    return {(kind, place): milli for kind, place, milli in rows if milli}


def bodies(ids: dict[str, str]) -> dict[str, tuple[str, dict[str, Any]]]:
    lines = [{"product": ids["honey"], "qty_milli": 3000}]
    out = {
        reason: ("goods.out", {"reason": reason, "lines": lines})
        for reason in ("sample", "gift", "broken", "lost", "theft", "own_use", "to_producer")
    }
    return out | {
        "to_site": ("goods.out", {"reason": "to_site", "to": ids["booth one"], "lines": lines}),
        "in": ("goods.in", {"from": ids["honey maker"], "announced": None, "lines": lines}),
        "in from a site": ("goods.in", {"from": ids["booth one"], "lines": lines}),
    }


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "undo first"])
def test_an_undo_takes_back_each_kind_of_movement(market: Market, order: tuple[int, int]) -> None:  # noqa: F811
    device, before = market.devices["shop"], levels(market.ids["honey"])
    for name, (kind, body) in bodies(market.ids).items():
        moved = device.event(kind, body)
        pair = [moved, device.event(kind, body | {"undo_of": moved["id"]})]
        statuses = [result["status"] for result in device.send(*(pair[n] for n in order))["results"]]
        assert set(statuses) <= {"recorded", "flagged"}, name
        assert levels(market.ids["honey"]) == before, name


def test_the_office_reads_who_moved_what_where(market: Market) -> None:  # noqa: F811
    device = market.devices["shop"]
    device.staff = market.people["cashier"]
    for kind, body in itertools.islice(bodies(market.ids).values(), 7, 9):
        device.send(device.event(kind, body))
    tasted = device.event(*bodies(market.ids)["sample"])
    device.send(tasted, device.event("goods.out", tasted["body"] | {"undo_of": tasted["id"]}))

    found, more = list_moved(db.session(), EVERYWHERE, reason=None, day=None, site_id=None, page=1)

    told = {(m.reason, m.undo, m.qty_milli, m.product, m.site, m.staff, m.other) for m in found}
    who = ("Mật ong", "Cửa hàng Hàng Bồ", "Đỗ Lan")
    maker = next(m.other for m in found if m.reason == "goods_in")
    assert not more
    assert maker
    assert told == {
        ("to_site", False, 3000, *who, "Gian Quà Hà Nội"), ("goods_in", False, 3000, *who, maker),
        ("sample", False, 3000, *who, None), ("sample", True, 3000, *who, None),
    }  # fmt: skip
    page = market.as_("manager").get("/office/goods?reason=sample").get_data(as_text=True)
    assert page.count("Nếm thử") == 3  # the choice and two rows
    assert "Đỗ Lan" in page
    assert "Đỗ Lan" not in market.as_("other manager").get("/office/goods").get_data(as_text=True)
