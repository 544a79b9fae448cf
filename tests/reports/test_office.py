"""The operator's day: takings, flags by money, silent tablets, sales; each sees its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pos.access.models import DeviceLog
from pos.access.reach import EVERYWHERE
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.reports.queries.office import get_day
from pos.till.models import Flag
from tests.counting import counted
from tests.reports.market import Market
from tests.reports.test_producer import read


def test_the_day_adds_up_by_site_and_tender(market: Market) -> None:
    market.sell("shop", "honey", 2, 100_000)
    market.sell("shop", "tea", 1, 50_000, tender="vietqr")
    market.sell("booth two", "bowl", 1, 70_000)

    day = get_day(db.session(), EVERYWHERE, today(), until=now(), before=today() - timedelta(days=7))

    assert (day.takings_vnd, day.tickets) == (320_000, 3)
    assert sum(site.takings_vnd for site in day.sites) == 320_000
    assert dict(day.tenders) == {"cash": 270_000, "vietqr": 50_000}
    assert {s.name: s.drawers_vnd for s in day.sites} == {
        "Cửa hàng Hàng Bồ": 700_000, "Gian Bát Tràng": 570_000, "Gian Quà Hà Nội": 500_000,
    }  # fmt: skip
    assert {s.safe_vnd for s in day.sites} == {-500_000}  # three floats were taken from the safes


def test_a_manager_sees_only_its_own_operator(market: Market) -> None:
    market.sell("shop", "honey", 2, 100_000)
    market.sell("booth two", "bowl", 3, 70_000)

    mine = read(market, "manager", "/office")
    theirs = read(market, "other manager", "/office")

    assert "Doanh thu hôm nay 200.000 ₫" in mine
    assert "Gian Bát Tràng" not in mine
    assert "Doanh thu hôm nay 210.000 ₫" in theirs
    assert "Cửa hàng Hàng Bồ" not in theirs


def test_a_supervisor_sees_only_the_site(market: Market) -> None:
    market.sell("shop", "honey", 2, 100_000)
    market.sell("booth one", "honey", 5, 100_000)

    page = read(market, "supervisor", "/office")

    assert "Doanh thu hôm nay 200.000 ₫" in page
    assert "Gian Quà Hà Nội" not in page


def test_silent_and_unsent_tablets_are_named(market: Market) -> None:
    with unit_of_work() as session:
        session.execute(
            update(DeviceLog)
            .where(DeviceLog.site_id == market.ids["shop"])
            .values(last_seen_at=now() - timedelta(minutes=31), unsent_told=4)
        )

    page = read(market, "manager", "/office")

    assert "Quầy shop im lặng 31 phút" in page
    assert "máy báo còn 4 đơn chưa gửi" in page


def test_flags_stand_by_cause_money_first(market: Market) -> None:
    market.sell("shop", "honey", 1, 90_000)  # 10.000 under the list
    market.sell("shop", "bowl", 1, 70_000)  # never counted in: negative stock

    page = read(market, "manager", "/office")

    assert page.index("Giá bán khác giá niêm yết 10.000 1") < page.index("Bán quá số tồn 1")


def test_a_flag_is_closed_with_a_reason(market: Market) -> None:
    market.sell("shop", "honey", 1, 90_000)
    flag_id = db.session.scalar(select(Flag.id).where(Flag.code == "price_differs"))
    client, url = market.as_("manager"), f"/office/flags/{flag_id}/close"

    silent = client.post(url, data={"because": " "}, headers={"HX-Request": "true"})
    closed = client.post(url, data={"because": "Hàng bán giá cũ"}, headers={"HX-Request": "true"})
    plain = client.post(url, data={"because": "lần nữa", "back": "/office/flags?code=price_differs"})

    assert "Hãy ghi vì sao đã xong" in silent.get_data(as_text=True)
    assert "Hàng bán giá cũ" in closed.get_data(as_text=True)
    assert "<html" not in closed.get_data(as_text=True)
    assert (plain.status_code, plain.location) == (303, "/office/flags?code=price_differs")
    db.session.expire_all()
    flag = db.session.get_one(Flag, flag_id)
    assert (flag.done_because, flag.closed_by) == ("Hàng bán giá cũ", market.people["manager"])
    assert "Không có gì phải xem." in read(market, "manager", "/office")


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 303), ("supervisor", 403), ("other manager", 404), ("cashier", 403)]
)
def test_who_may_close_a_flag(market: Market, who: str, status: int) -> None:
    market.sell("shop", "honey", 1, 90_000)
    flag_id = db.session.scalar(select(Flag.id).where(Flag.code == "price_differs"))

    answer = market.as_(who).post(f"/office/flags/{flag_id}/close", data={"because": "xem rồi"})

    assert answer.status_code == status


def test_a_sale_shows_its_lines_and_receipt(market: Market) -> None:
    sale = market.sell("shop", "honey", 2, 100_000)

    page = read(market, "manager", f"/office/sales/{sale}")

    assert "Mật ong 2 100.000 200.000 8 %" in page
    assert "Tiền mặt 200.000" in page
    assert "Cộng phiếu 200.000" in page
    assert "HTX Mật ong Ba Vì" in page  # the receipt as printed names the maker


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 200), ("supervisor", 200), ("auditor", 200), ("other manager", 404), ("cashier", 403)],
)
def test_who_may_read_a_sale(market: Market, who: str, status: int) -> None:
    sale = market.sell("shop", "honey", 2, 100_000)

    assert market.as_(who).get(f"/office/sales/{sale}").status_code == status


def test_reprinting_without_a_printer_says_so(market: Market) -> None:
    sale = market.sell("shop", "honey", 2, 100_000)

    answer = market.as_("manager").post(f"/office/sales/{sale}/print")

    assert answer.status_code == 409
    assert "chưa có máy in" in answer.get_data(as_text=True)
    assert market.as_("auditor").post(f"/office/sales/{sale}/print").status_code == 403


def test_sales_are_found_by_the_end_of_their_number(market: Market) -> None:
    for _ in range(3):
        market.sell("shop", "honey", 1, 100_000)
    market.sell("booth one", "honey", 1, 100_000)
    number = market.devices["shop"].till["code"]
    stamp = f"{today():%y%m%d}"

    page = read(market, "manager", f"/office/sales?q={stamp}-2")
    at_booth = read(market, "manager", f"/office/sales?site={market.ids['booth one']}")

    assert f"{number}-{stamp}-2" in page
    assert f"{number}-{stamp}-3" not in page
    assert f"{number}-{stamp}" not in at_booth


@pytest.mark.parametrize("path", ["/office", "/office/sales", "/office/flags"])
def test_lists_ask_as_much_for_one_row_as_for_three_hundred(market: Market, path: str) -> None:
    client = market.as_("manager")
    market.sell("shop", "honey", 1, 90_000)
    with counted() as few:
        client.get(path)
    device = market.devices["shop"]
    device.send(*(device.sale((market.ids["honey"], 1000, 90_000)) for _ in range(300)))

    with counted() as many:
        client.get(path)

    assert len(many) == len(few)
