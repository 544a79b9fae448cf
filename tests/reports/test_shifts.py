"""Shifts in the office: the list, one with its report, what waits; each sees its own."""

from __future__ import annotations

import pytest

from tests.reports.market import Market
from tests.reports.test_producer import read


def test_a_sealed_shift_shows_count_difference_and_the_logs_last_hash(market: Market) -> None:
    shop = market.devices["shop"]
    market.sell("shop", "honey", 2, 100_000)
    shop.send(
        shop.event("cash.move", {"direction": "out", "amount": 30_000, "reason": "theft"}),
        shop.event("cash.move", {"direction": "drop", "amount": 100_000, "bag": "B-17", "carrier": "Anh Nam"}),
    )
    close = shop.event(
        "shift.close",
        {"counted": 500_000, "first": 480_000, "reason": "change_error", "z": "CH01A-Z7", "tenders": {},
         "devices": [{"device": shop.device, "seq": shop.seq + 1}]},
    )  # fmt: skip
    shop.send(close)

    page = read(market, "manager", f"/office/shifts/{shop.shift}")

    assert "CH01A-Z7" in page
    assert "Phải có trong két 570.000" in page  # 500,000 + 200,000 − 30,000 − 100,000
    assert "Đếm được lần đầu 480.000 500.000" in page
    assert "Chênh lệch quá mức 50.000 thối nhầm −70.000" in page
    assert "mất trộm" in page
    assert "túi B-17" in page
    assert close["hash"] in page
    listed = read(market, "manager", "/office/shifts")
    assert "CH01A-Z7" in listed
    assert "−70.000" in listed
    assert "CH01A-Z7" not in read(market, "manager", "/office/shifts?state=open")


def test_a_close_with_a_gap_says_what_it_waits_for(market: Market) -> None:
    shop = market.devices["shop"]
    shop.sale((market.ids["honey"], 1000, 100_000))  # written, not sent
    shop.send(shop.close(600_000))

    page = read(market, "manager", f"/office/shifts/{shop.shift}")

    assert "đã đóng, chờ 2" in page
    assert "Còn thiếu 2 việc của các máy trong ca" in page


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("supervisor", 200), ("other manager", 404), ("cashier", 403)]
)
def test_who_may_read_a_shift(market: Market, who: str, status: int) -> None:
    assert market.as_(who).get(f"/office/shifts/{market.devices['shop'].shift}").status_code == status


def test_no_such_shift(market: Market) -> None:
    assert market.as_("manager").get("/office/shifts/nothing").status_code == 404
