"""A producer's pages: its own money and goods, nobody else's, and why the figures are what they are."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select, update

from config import ROOT
from pos.access.models import DeviceLog
from pos.consignment.models import Share
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.text import dong
from pos.reports.queries.producer_money import get_money
from pos.reports.rules import next_pay_day
from pos.web.words import weekday
from tests.counting import counted
from tests.reports.market import Market


def words_of(html: str) -> str:
    """What a reader reads."""
    text = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def read(market: Market, who: str, path: str, status: int = 200) -> str:
    answer = market.as_(who).get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:400]
    return words_of(answer.get_data(as_text=True))


def test_home_says_what_was_sold_today(market: Market) -> None:
    market.sell("shop", "honey", 6, 100_000)
    market.sell("booth one", "tea", 2, 50_000)
    market.sell("shop", "bowl", 9, 70_000)

    page = read(market, "honey maker", f"/producer/{market.ids['honey maker']}")

    assert "Hôm nay bán 6 hũ mật ong, 2 gói chè búp · 700.000 đ" in page
    assert "át gốm" not in page
    assert "630.000" not in page


def test_home_says_when_how_much_comes_next_and_what_is_left(market: Market) -> None:
    market.sell("shop", "honey", 1, 100_000)  # 15 % commission, 8 % VAT on it: 83.800, held seven days

    page = read(market, "honey maker", f"/producer/{market.ids['honey maker']}")

    monday = next_pay_day(today(), 0, waiting=False)
    due = 83_800 if today() + timedelta(days=7) <= monday else 0
    if due:
        assert f"{weekday(monday)} trả 83.800 đ , nhận tại điểm bán" in page
    else:
        assert "Chưa có tiền đến ngày trả; 83.800 đ còn chờ" in page
    assert "Vì sao? còn được nhận 83.800" in page
    assert "Còn ở các điểm: 19 hũ, 5 gói" in page


def test_why_adds_up_to_the_dong(market: Market) -> None:
    market.sell("shop", "honey", 3, 100_000)
    sold = market.sell("shop", "tea", 1, 50_000)
    back = {"sale": sold, "line": 1, "product": market.ids["tea"], "qty_milli": 1000, "paid": 50_000,
            "disposition": "shelf"}  # fmt: skip
    device = market.devices["shop"]
    device.send(device.sale(returns=[back]))

    page = read(market, "honey maker", f"/producer/{market.ids['honey maker']}/why")
    money, _ = get_money(db.session(), market.ids["honey maker"], today())

    assert (money.held, money.available, money.owed) == (251_400, 0, 251_400)
    assert "Chờ hết hạn đổi trả 251.400" in page
    assert "Còn được nhận 251.400" in page


def test_a_line_shows_how_it_was_divided_and_its_receipt(market: Market) -> None:
    sale = market.sell("booth one", "honey", 2, 100_000, tender="vietqr")
    share = db.session.scalar(select(Share.id).where(Share.event_id == sale))

    page = read(market, "honey maker", f"/producer/{market.ids['honey maker']}/line/{share}")

    assert "Khách trả 200.000" in page
    assert "Hoa hồng 15 % −30.000" in page
    assert "Thuế GTGT của hoa hồng 8 % −2.400" in page
    assert "Bạn được 167.600" in page
    assert f"Số phiếu {market.devices['booth one'].till['code']}-" in page
    assert "Nơi bán Gian Quà Hà Nội" in page
    assert "chuyển khoản qr" in page


@pytest.mark.parametrize("path", ["", "/why", "/why/held", "/why/reserve", "/sold", "/goods", "/statements", "/year"])
def test_pages_are_for_the_producer_alone(market: Market, path: str) -> None:
    market.sell("shop", "honey", 1, 100_000)
    url = f"/producer/{market.ids['honey maker']}{path}"

    assert market.as_("honey maker").get(url).status_code == 200
    assert market.as_("administrator").get(url).status_code == 200
    assert market.as_("bowl maker").get(url).status_code == 404
    assert market.as_("manager").get(url).status_code == 403
    assert market.app.test_client().get(url).status_code == 302


def test_a_line_of_another_producer_is_not_found(market: Market) -> None:
    sale = market.sell("shop", "bowl", 1, 70_000)
    share = db.session.scalar(select(Share.id).where(Share.event_id == sale))

    read(market, "bowl maker", f"/producer/{market.ids['bowl maker']}/line/{share}")
    read(market, "honey maker", f"/producer/{market.ids['honey maker']}/line/{share}", status=404)


def test_home_says_how_fresh_it_is(market: Market) -> None:
    market.sell("shop", "honey", 1, 100_000)
    told = now() - timedelta(minutes=3)
    with unit_of_work() as session:
        session.execute(
            update(DeviceLog)
            .where(DeviceLog.site_id == market.ids["shop"])
            .values(unsent_told=3, last_event_at=told, last_seen_at=told)
        )

    page = read(market, "honey maker", f"/producer/{market.ids['honey maker']}")

    assert "quầy shop, Cửa hàng Hàng Bồ còn 3 đơn chưa gửi" in page
    assert "Đủ đến" in page


def test_an_empty_home_says_so_in_words(market: Market) -> None:
    page = read(market, "bowl maker", f"/producer/{market.ids['bowl maker']}")

    assert "Hôm nay chưa bán được món nào" in page
    assert "Chưa có tiền chờ trả" in page
    assert "Chưa có hàng ở điểm nào" in page


def test_the_way_home_leads_to_the_only_producer(market: Market) -> None:
    answer = market.as_("honey maker").get("/producer")

    assert answer.location == f"/producer/{market.ids['honey maker']}"
    assert "Gốm Tây Hồ" in market.as_("administrator").get("/producer").get_data(as_text=True)


def test_first_view_weighs_at_most_60_kb_and_runs_no_script(market: Market) -> None:
    market.sell("shop", "honey", 6, 100_000)

    html = market.as_("honey maker").get(f"/producer/{market.ids['honey maker']}").get_data(as_text=True)

    files = re.findall(r'(?:href|src)="/static/([^"?]+)', html)
    weight = len(html.encode()) + sum(Path(ROOT / "static" / name).stat().st_size for name in set(files))
    assert "<script" not in html
    assert weight <= 60_000, f"{weight} bytes: {sorted(set(files))}"


@pytest.mark.parametrize("path", ["", "/why", "/why/held", "/sold", "/goods", "/year"])
def test_queries_do_not_grow_with_the_lines(market: Market, path: str) -> None:
    client, url = market.as_("honey maker"), f"/producer/{market.ids['honey maker']}{path}"
    market.sell("shop", "honey", 1, 100_000)
    client.get(url)
    with counted() as few:
        client.get(url)
    device = market.devices["shop"]
    device.send(*(device.sale((market.ids["honey"], 1000, 100_000)) for _ in range(300)))

    with counted() as many:
        page = client.get(url).get_data(as_text=True)

    assert len(many) == len(few)
    assert dong(301 * 83_800) in page or path in ("/goods", "/sold", "/year")


def test_a_statement_moves_the_money_and_opens_as_paper(market: Market) -> None:
    market.sell("shop", "honey", 3, 100_000)
    maker = market.ids["honey maker"]
    with unit_of_work() as session:
        statement = freeze_statement(
            session, market.ids["gifts"], maker, today(), run_on=today() + timedelta(days=8), at=now(), by=None
        )

    money, payments = get_money(db.session(), maker, today())
    papers = read(market, "honey maker", f"/producer/{maker}/statements")
    url = f"/producer/{maker}/statements/{statement}.pdf"
    paper = market.as_("honey maker").get(url)

    assert (money.held, money.available, money.statement, money.owed) == (0, 0, 251_400, 251_400)
    assert payments[0].vnd == 251_400
    assert "BK-0001" in papers
    assert "251.400" in papers
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    assert market.as_("bowl maker").get(url).status_code == 404
    assert market.as_("bowl maker").get(url.replace(maker, market.ids["bowl maker"])).status_code == 404
    assert "Mật ong × 3" in read(market, "honey maker", f"/producer/{maker}/why/statement")
