"""What a producer reads of goods bought and resold, of the operator's own, and of lines whose owner was said later."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from sqlalchemy import select

from pos.consignment.models import Share, Statement, StatementDocument
from pos.consignment.queries.annex import sold_lines
from pos.consignment.service.agreements import agree_on_goods
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from tests.reports.market import Market
from tests.reports.test_producer import read
from tests.till.test_owners import form, here, sell_strange


def sold_as(market: Market, mode: str, *, units: int, back: int = 0) -> str:
    """Tea at 50,000 in another mode than its producer's agreement, its agreed cost 30,000; the share's id."""
    if mode == "own":
        offer = {"operator": market.ids["gifts"], "offered": "1", "cost": "30.000"}
        assert market.as_("manager").post(f"/products/{market.ids['tea']}/offer", data=offer).status_code == 303
    with unit_of_work() as session:
        agree_on_goods(
            session, operator_id=market.ids["gifts"], product_id=market.ids["tea"], starts_on=today(), at=now(),
            by=None, mode=mode, cost_vnd=30_000 if mode == "margin" else None,
        )  # fmt: skip
    sale = market.sell("shop", "tea", units, 50_000)
    if back:
        device = market.devices["shop"]
        returned = {"sale": sale, "line": 1, "product": market.ids["tea"], "qty_milli": back * 1000,
                    "paid": back * 50_000, "disposition": "shelf"}  # fmt: skip
        device.send(device.sale(returns=[returned]))
    share = db.session().scalars(select(Share.id).where(Share.event_id == sale, Share.mode == mode)).one()
    db.session.rollback()
    return share


def test_of_goods_bought_and_resold_it_reads_its_price_and_not_the_shops(market: Market) -> None:
    share = sold_as(market, "margin", units=3, back=1)
    base = f"/producer/{market.ids['honey maker']}"

    line = read(market, "honey maker", f"{base}/line/{share}")
    home = read(market, "honey maker", base)

    assert "Mua đứt rồi bán lại" in line
    assert "Giá mua đã thỏa thuận 3 × 30.000 90.000" in line
    assert "Bạn được 90.000" in line
    assert "Hôm nay bán 2 gói chè búp · 60.000 đ" in home
    assert "Vì sao? còn được nhận 60.000" in home
    for hidden in ("150.000", "50.000", "Hoa hồng", "thỏa thuận từ", "Khách trả "):
        assert hidden not in line.replace("Khách trả bằng", "")


def test_goods_of_the_operators_own_are_not_the_makers_to_read(market: Market) -> None:
    share = sold_as(market, "own", units=2)
    base = f"/producer/{market.ids['honey maker']}"

    assert "Hôm nay chưa bán được món nào" in read(market, "honey maker", base)
    assert "Chè búp" not in read(market, "honey maker", f"{base}/sold")
    assert "Chè búp" not in read(market, "honey maker", f"{base}/why/held")
    for page in (base, f"{base}/goods"):  # five tea were received; three are left, and are the operator's
        left = read(market, "honey maker", page)
        assert "20 hũ" in left
        assert "gói" not in left
        assert "chè búp" not in left.lower()
    read(market, "honey maker", f"{base}/line/{share}", status=404)


def test_beside_the_operators_own_the_makers_line_stands_alone(market: Market) -> None:
    sold_as(market, "own", units=1)
    device = market.devices["shop"]
    both = device.sale((market.ids["honey"], 1000, 100_000), (market.ids["tea"], 1000, 50_000))
    device.send(both)
    share = db.session().scalars(select(Share.id).where(Share.event_id == both["id"], Share.line == 1)).one()
    db.session.rollback()

    page = read(market, "honey maker", f"/producer/{market.ids['honey maker']}/line/{share}")

    assert "Bạn được 83.800" in page
    assert "Món khác" not in page
    assert "Chè búp" not in page


def test_an_assigned_line_and_its_return_stand_in_the_annex(market: Market) -> None:
    market.ids["strange"] = new_id()
    sales = sell_strange(market, 3, 1, back=1)
    asked = form(market, sales)
    assert market.as_("manager").post(here(market), data=asked).status_code == 303
    late = today() + timedelta(days=30)

    with unit_of_work() as session:
        made = freeze_statement(
            session, market.ids["gifts"], market.ids["honey maker"], late, run_on=late, at=now(), by=None
        )

    session = db.session()
    document = json.loads(session.scalars(select(StatementDocument.body)).one())
    [goods] = document["goods"]
    due = 3 * 37_710  # 45,000 less 15 % and VAT of 8 % on it
    assert (goods["sold_milli"], goods["returned_milli"], goods["gross_vnd"]) == (4000, 1000, 135_000)
    assert (goods["commission_vnd"], goods["due_vnd"]) == (20_250, due)
    assert document["payout_vnd"] == session.get_one(Statement, made).payout_vnd == due
    rows = sorted((row.kind, row.qty_milli, row.amount_vnd) for row in sold_lines(session, made))
    assert rows == [("return", 1000, -37_710), ("sale", 1000, 37_710), ("sale", 3000, 113_130)]
    assert all(re.fullmatch(r".+-\d{6}-\d+", row.receipt_no) for row in sold_lines(session, made))
