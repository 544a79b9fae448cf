"""Shifts in the office: the list, one with its report, what waits; each sees its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pos.access.models import AccessLog
from pos.kernel.db import db
from pos.ledger.models import Posting
from pos.till.models import Shift
from pos.till.service.sealing import _holes
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


def a_waiting_shift(market: Market) -> tuple[dict[str, Any], str]:
    """The shop closes with a sale of 100,000 unsent; (that sale, the gap as the page names it)."""
    shop = market.devices["shop"]
    market.sell("shop", "honey", 2, 100_000)
    lost = shop.sale((market.ids["honey"], 1000, 100_000))
    shop.send(shop.close(600_000))
    page = market.as_("manager").get(f"/office/shifts/{shop.shift}").get_data(as_text=True)
    found = re.search(r'name="gap" value="([^"]+)"', page)
    assert found
    assert found[1] == f"{shop.till['code']} {lost['seq']}"
    return lost, found[1]


def seal(market: Market, who: str, gap: str, reason: str = "mất máy") -> TestResponse:
    path = f"/office/shifts/{market.devices['shop'].shift}/seal"
    return market.as_(who).post(path, data={"gap": gap, "reason": reason})


def in_drawer(shift: str) -> int:
    query = select(func.coalesce(func.sum(Posting.amount_vnd), 0))
    return int(db.session().scalar(query.where(Posting.account == "drawer", Posting.shift_id == shift)) or 0)


def test_a_person_seals_over_a_named_gap_and_what_comes_later_is_late(market: Market) -> None:
    shop = market.devices["shop"]
    lost, gap = a_waiting_shift(market)

    assert seal(market, "manager", gap).status_code == 303

    page = read(market, "manager", f"/office/shifts/{shop.shift}")
    assert f"Đã chốt khi còn thiếu: {gap} · mất máy" in page
    assert "đã chốt" in page
    with market.app.app_context():
        shift = db.session().get_one(Shift, shop.shift)
        assert (shift.state, shift.counted_vnd, shift.drawer_vnd) == ("closed", 600_000, 0)
        expected = shift.expected_vnd
        assert in_drawer(shop.shift) == 0
        kept = db.session().scalars(select(AccessLog.note).where(AccessLog.action == "shift.seal")).all()
        assert kept == [f"{gap} · mất máy"]

    [answer] = shop.send(lost)["results"]

    assert "late" in answer["flags"]
    with market.app.app_context():
        shift = db.session().get_one(Shift, shop.shift)
        assert (shift.state, shift.expected_vnd, shift.drawer_vnd) == ("closed", expected, 0)
        assert in_drawer(shop.shift) == 0
    assert seal(market, "manager", gap).status_code == 422
    with market.app.app_context():
        kept = db.session().scalars(select(AccessLog.note).where(AccessLog.action == "shift.seal")).all()
        assert len(kept) == 1


@pytest.mark.parametrize(
    ("who", "gap", "reason", "status"),
    [
        ("manager", None, "  ", 422),
        ("manager", "Q1A 1–9", "mất máy", 422),  # not what is missing
        ("supervisor", None, "mất máy", 403),
        ("other manager", None, "mất máy", 404),
    ],
)
def test_no_seal_without_right_reason_and_the_gap_as_it_is(
    market: Market, who: str, gap: str | None, reason: str, status: int
) -> None:
    _lost, seen = a_waiting_shift(market)

    answer = seal(market, who, gap or seen, reason)

    assert answer.status_code == status
    with market.app.app_context():
        assert db.session().get_one(Shift, market.devices["shop"].shift).state == "closing"


def test_a_gap_is_named_in_runs() -> None:
    assert _holes({3, 4, 7}, 1, 9) == [(2, 2), (5, 6), (8, 9)]
    assert _holes(set(), 4, 4) == []
    assert _holes({6, 12}, 4, 2**53) == [(5, 5), (7, 11), (13, 2**53)]
