"""The order of the grid: what the site sold until yesterday, what its operator sold, pins by site; sales of today and
stock leave the answer a tablet has already as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.till.queries.best import best_sellers
from tests.reports.conftest import market  # noqa: F401 - a fixture
from tests.reports.market import Market


def asked(market: Market, place: str, etag: str = "", since: int = 0) -> Any:  # noqa: F811
    """The catalogue's answer for the tablet of a place."""
    device = market.devices[place]
    more = {"If-None-Match": etag} if etag else {}
    return device.client.get(f"/api/till/catalogue?since={since}", headers=device.headers | more)


def sold(market: Market, place: str, product: str, times: int, days_ago: int) -> None:  # noqa: F811
    device, at = market.devices[place], now() - timedelta(days=days_ago)
    device.send(device.open(at=at), *(device.sale((market.ids[product], 1000, 1000), at=at) for _ in range(times)))


def test_a_site_s_own_sales_come_first_then_its_operator_s(market: Market) -> None:  # noqa: F811
    ids = market.ids
    sold(market, "shop", "tea", 3, 2)
    sold(market, "shop", "honey", 1, 2)
    sold(market, "booth one", "bowl", 2, 1)
    sold(market, "booth one", "honey", 9, 31)  # too long ago
    sold(market, "booth two", "honey", 9, 1)  # another operator
    market.sell("shop", "bowl", 1, 70_000)  # today
    best = {place: best_sellers(db.session(), ids["gifts"], ids[place], today()) for place in ("shop", "booth one")}
    assert best == {
        "shop": [ids["tea"], ids["honey"], ids["bowl"]], "booth one": [ids["bowl"], ids["tea"], ids["honey"]],
    }  # fmt: skip
    assert asked(market, "shop").get_json()["settings"]["best"] == best["shop"]


def test_selling_changes_no_answer_until_tomorrow(market: Market) -> None:  # noqa: F811
    sold(market, "shop", "tea", 1, 2)
    version = asked(market, "booth one").get_json()["version"]
    first = asked(market, "booth one", since=version)
    market.sell("booth one", "honey", 5, 100_000)
    assert asked(market, "booth one", first.headers["ETag"], version).status_code == 304


def test_pins_are_of_one_site_and_raise_no_version(market: Market) -> None:  # noqa: F811
    manager, ids = market.as_("manager"), market.ids
    path = f"/products/{ids['honey']}/pins"
    before = asked(market, "shop").get_json()
    form = {"operator": ids["gifts"], "site": [ids["shop"], ids["booth two"]]}  # booth two is another operator's
    assert manager.post(path, data=form).status_code == 303
    after = asked(market, "shop").get_json()
    assert (after["settings"]["pins"], after["version"]) == ([ids["honey"]], before["version"])
    assert [asked(market, place).get_json()["settings"]["pins"] for place in ("booth one", "booth two")] == [[], []]
    assert manager.get(path).get_data(as_text=True).count("checked") == 1
    manager.post(path, data={"operator": ids["gifts"]})
    assert asked(market, "shop").get_json()["settings"]["pins"] == []
