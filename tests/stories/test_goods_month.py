"""A month of goods, as a bookkeeper reads it: the books are opened from a sheet, then six producers bring forty lots.

Chè Ba Trại, Mật ong Ba Vì, Gốm Bát Tràng, Tương Cự Đà, Mây Phú Vinh and Miến So each sell two goods through one shop,
and through a booth for a fair of five days. One lot is the shop's own; what runs low is asked for, promised and comes.
At the end the goods equation closes for every product, the books for every account, and who was owed something when
the books were opened reads it on the statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pos.access.service import make_enrol_code
from pos.catalogue.models import Product
from pos.catalogue.service.import_plan import Origin
from pos.consignment.golive.plan import plan_opening
from pos.consignment.golive.reading import read_workbook
from pos.consignment.golive.service import open_books, undo_golive
from pos.consignment.models import Share, Statement
from pos.consignment.service.agreements import agree_on_goods
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import HANOI, now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict
from pos.kernel.ids import new_id
from pos.ledger.models import Posting
from pos.outbox.service import do_one
from pos.producers.models import Producer
from pos.reports.check import check_all
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Level, Lot, SupplyRequest
from pos.stock.queries.equation import Asked, list_equations
from pos.stock.service import counts
from pos.stock.service.documents import confirm, draft
from pos.stock.service.lots import know_lots
from pos.stock.service.supply import ask_for_goods, begin_paper, promise
from tests import factories as f
from tests.consignment.golive import workbook
from tests.tablet.device import Device

pytestmark = pytest.mark.story
MAKERS = {  # producer → its goods with price, in đồng
    "Chè Ba Trại": {"Chè đinh": 185_000, "Chè nõn": 120_000},
    "Mật ong Ba Vì": {"Mật hoa nhãn": 125_500, "Sáp ong": 60_000},
    "Gốm Bát Tràng": {"Bát men lam": 89_000, "Ấm trà": 350_000},
    "Tương Cự Đà": {"Tương nếp": 45_000, "Tương ngô": 40_000},
    "Mây Phú Vinh": {"Giỏ mây": 210_000, "Đĩa tre": 55_000},
    "Miến So": {"Miến dong": 70_000, "Miến gạo": 52_000},
}
PRICES = {name: price for goods in MAKERS.values() for name, price in goods.items()}
MAKER_OF = {name: maker for maker, goods in MAKERS.items() for name in goods}
OWED, ADVANCED, SAFE, TRUST, BANK = 1_250_000, 500_000, 5_000_000, 1_250_000, 8_000_000
LAN, MAI = new_id(), new_id()


@dataclass
class Month:
    """The shop, its booth, and the days of the month counted from the opening (day 0)."""

    app: Flask
    first: date
    operator: str = ""
    shop: str = ""
    booth: str = ""
    golive: str = ""
    goods: dict[str, str] = field(default_factory=dict)
    makers: dict[str, str] = field(default_factory=dict)
    tills: dict[str, Device] = field(default_factory=dict)

    def at(self, day: int, hour: int = 9) -> datetime:
        return datetime.combine(self.first + timedelta(days=day), time(hour), HANOI).astimezone(UTC)

    def paper(
        self, day: int, kind: str, from_: tuple[str, str], to: tuple[str, str], *lines: DraftLine, **more: Any
    ) -> str:
        """A stock document written and confirmed on a day; its id."""
        asked = Draft(self.operator, kind, self.first + timedelta(days=day), from_, to, lines, **more)
        with unit_of_work() as session:
            paper = draft(session, asked, at=self.at(day), by=None)
            confirm(session, paper, revision=None, at=self.at(day), by=None)
        return paper

    def line(self, name: str, units: int, **more: Any) -> DraftLine:
        return DraftLine(self.goods[name], units * 1000, **more)

    def sell(self, where: str, day: int, **goods: int) -> None:
        """Sell so many of each; `_` in a name is a blank."""
        lines = [(self.goods[n := name.replace("_", " ")], units * 1000, PRICES[n]) for name, units in goods.items()]
        till = self.tills[where]
        assert till.send(till.sale(*lines, at=self.at(day, 14)))["results"][0]["status"] in ("recorded", "flagged")

    def left(self, site: str) -> dict[str, int]:
        """Whole units of each product at a place."""
        rows = db.session().execute(
            select(Product.name, func.sum(Level.on_hand_milli))
            .join(Product, Product.id == Level.product_id)
            .where(Level.place_kind == "site", Level.place_id == site)
            .group_by(Product.name)
        )
        return {name: int(milli) // 1000 for name, milli in rows}

    def equation(self, name: str) -> dict[str, int]:
        """One product's figures in whole units, those that are not 0; they must close."""
        db.session.rollback()
        found = list_equations(db.session(), Asked([self.operator]), self.makers[MAKER_OF[name]])
        sums = next(line.sums for line in found if line.name == name)
        assert sums.closes, name
        return {column: milli // 1000 for column, milli in sums.columns.items() if milli}


def the_sheet(first: date) -> bytes:
    """Ten of everything in the shop; one producer is owed, one was advanced, money in the safe and two accounts."""
    goods: list[Any] = [("Tên sản phẩm", "Chủ thể", "Đơn vị tính", "Giá bán", "Thuế suất")]
    goods += [(name, MAKER_OF[name], "chiếc", price, "8%") for name, price in PRICES.items()]
    stock: list[Any] = [("Tên sản phẩm", "Chủ thể", "Nơi", "Số lượng")]
    stock += [(name, MAKER_OF[name], "Cửa hàng Hàng Bồ", 10) for name in PRICES]
    cash = [
        ("Khoản", "Nơi", "Số tiền"), ("Két sắt", "Cửa hàng Hàng Bồ", SAFE), ("Ngân hàng, tiền của chủ thể", "", TRUST),
        ("Ngân hàng, tiền của đơn vị", "", BANK),
    ]  # fmt: skip
    control = [
        ("Mục", "Giá trị"), ("Ngày mở sổ", first.strftime("%d/%m/%Y")), ("Số mặt hàng", len(PRICES)),
        ("Tổng số lượng tồn", 10 * len(PRICES)), ("Tổng phải trả chủ thể", OWED), ("Tổng tạm ứng", ADVANCED),
        ("Tổng tiền mặt", SAFE), ("Tổng tiền ngân hàng", TRUST + BANK),
    ]  # fmt: skip
    return workbook({
        "Hàng hóa": goods, "Tồn kho": stock, "Phải trả chủ thể": [("Chủ thể", "Số tiền"), ("Chè Ba Trại", OWED)],
        "Tạm ứng": [("Chủ thể", "Số tiền"), ("Miến So", ADVANCED)], "Tiền": cash, "Kiểm tra": control,
    })  # fmt: skip


@pytest.fixture
def month(app: Flask) -> Month:
    """Day 0: the books are opened from the sheet; tablets are enrolled in shop and booth."""
    made = Month(app, today() - timedelta(days=30))
    with unit_of_work() as session:
        operator = f.an_operator(session)
        fair = f.a_fair(session, starts=made.first + timedelta(days=8), ends=made.first + timedelta(days=12))
        shop, booth = f.a_site(session, operator), f.a_site(session, operator, "Gian 12", fair)
        for name in MAKERS:
            f.an_agreement(session, operator, f.a_producer(session, name))
        codes = {
            where: make_enrol_code(session, f.a_till(session, site, where).id, at=now())
            for where, site in (("shop", shop), ("booth", booth))
        }
        made.operator, made.shop, made.booth = operator.id, shop.id, booth.id
    with unit_of_work() as session:
        book = read_workbook(the_sheet(made.first), "mở sổ.xlsx")
        plan = plan_opening(session, book, operator_id=made.operator, at=made.at(0))
        assert (book.problems, plan.problems, plan.without_agreement) == ([], [], [])
        made.golive = open_books(session, plan, Origin("mở sổ.xlsx", "0" * 64, None, "golive"), by=None)
    made.goods = {product.name: product.id for product in db.session().scalars(select(Product))}
    made.makers = {producer.name: producer.id for producer in db.session().scalars(select(Producer))}
    for where, code in codes.items():
        made.tills[where] = Device(app.test_client())
        made.tills[where].enrol(code)
        made.tills[where].send(made.tills[where].open(at=made.at(0, 8)))
    return made


def forty_lots(month: Month) -> None:
    """Days 1 to 6: six producers bring forty lots, every product three of them or four, each with its last day."""
    names, brought = list(PRICES), dict.fromkeys(MAKERS, 0)
    for n in range(40):
        brought[MAKER_OF[names[n % 12]]] += 1
    assert (sum(brought.values()), len(brought)) == (40, 6)
    for day, (maker, goods) in enumerate(MAKERS.items(), 1):
        lots = [(n, names[n % 12]) for n in range(40) if names[n % 12] in goods]
        ends = month.first + timedelta(days=20)
        lines = [
            month.line(name, 5, lot_id=new_id(), expires_on=ends + timedelta(days=30 * (n // 12))) for n, name in lots
        ]
        with unit_of_work() as session:
            know_lots(session, month.operator, {(line.product_id, str(line.lot_id)): line.expires_on for line in lines})
        producer = month.makers[maker]
        month.paper(day, "intake", ("producer", producer), ("site", month.shop), *lines, producer_id=producer)


def to_the_fair_and_back(month: Month) -> None:
    """Day 7: eight pots, six bowls and twelve jars go to the booth, one bowl does not arrive. Day 13: the rest comes
    back."""
    sent = {"Ấm trà": 8, "Bát men lam": 6, "Tương nếp": 12}
    here, road = ("site", month.shop), ("transit", month.booth)
    transfer = month.paper(7, "transfer", here, road, *(month.line(name, units) for name, units in sent.items()))
    arrived = [
        month.line(name, units - (name == "Bát men lam"), expected_milli=units * 1000,
                   difference="lost" if name == "Bát men lam" else None, why="thùng ướt")
        for name, units in sent.items()
    ]  # fmt: skip
    month.paper(8, "receipt", road, ("site", month.booth), *arrived, answers_id=transfer)
    month.sell("booth", 9, Ấm_trà=3, Bát_men_lam=2)
    month.sell("booth", 11, Tương_nếp=10, Bát_men_lam=1)
    assert month.left(month.booth) == {"Ấm trà": 5, "Bát men lam": 2, "Tương nếp": 2}
    rest = [month.line(name, units) for name, units in month.left(month.booth).items()]
    back = month.paper(13, "transfer", ("site", month.booth), ("transit", month.shop), *rest)
    month.paper(13, "receipt", ("transit", month.shop), here, *rest, answers_id=back)


def counted(month: Month, **wrong: int) -> int:
    """Day 30: the whole shop is counted; each product as the books say, but for these. How many differed."""
    expected = month.left(month.shop)
    with unit_of_work() as session:
        count = counts.open_count(
            session, site_id=month.shop, scope_kind="all", scope_id="", note=None, at=now(), by=MAI
        )
    with unit_of_work() as session:
        for name, units in expected.items():
            found = units + wrong.get(name.replace(" ", "_"), 0)
            counts.enter(
                session, count, entry_id=new_id(), product_id=month.goods[name], qty_milli=found * 1000, at=now(),
                by=LAN, weighed=False,
            )  # fmt: skip
        counts.end_blind(session, count, at=now(), by=MAI)
        differed = counts.confirm_count(session, count, liabilities={}, reason="đếm cùng nhau", at=now(), by=MAI)
    while do_one(month.app.extensions["pos_jobs"], now() + timedelta(hours=1)):
        pass
    return differed


def test_a_month_from_an_imported_sheet(month: Month) -> None:
    forty_lots(month)
    to_the_fair_and_back(month)
    for day in (14, 18, 22):
        month.sell("shop", day, Chè_đinh=2, Mật_hoa_nhãn=3, Miến_dong=1)
    gone = ("written_off", month.shop)
    here = ("site", month.shop)
    month.paper(21, "write_off", here, gone, month.line("Sáp ong", 3), reason="expired", note="hết hạn ngày 20")
    month.paper(23, "write_off", here, gone, month.line("Bát men lam", 1), reason="broken", note="rơi khi lau kệ")
    basket = month.makers["Mây Phú Vinh"]
    month.paper(25, "return", here, ("producer", basket), month.line("Giỏ mây", 4), producer_id=basket)

    assert counted(month, Đĩa_tre=-2, Miến_gạo=1) == 2

    brought = {name: 10 + 5 * len([n for n in range(40) if list(PRICES)[n % 12] == name]) for name in PRICES}
    assert month.equation("Chè đinh") == {"delivered": 30, "sold": 6, "site": 24}
    assert month.equation("Bát men lam") == {"delivered": 25, "sold": 3, "written_off": 1, "lost": 1, "site": 20}
    assert month.equation("Sáp ong") == {"delivered": 30, "written_off": 3, "site": 27}
    assert month.equation("Giỏ mây") == {"delivered": 25, "to_producer": 4, "site": 21}
    assert month.equation("Đĩa tre") == {"delivered": 25, "lost": 2, "site": 23}
    assert month.equation("Miến gạo") == {"delivered": 25, "found": 1, "site": 26}
    assert {name: month.equation(name)["delivered"] for name in PRICES} == brought

    tea = month.makers["Chè Ba Trại"]
    with unit_of_work() as session:
        paper = freeze_statement(
            session, month.operator, tea, today() - timedelta(days=1), run_on=today(), at=now(), by=None
        )
    sold = 6 * PRICES["Chè đinh"]
    commission = sold * 15 // 100
    assert db.session().get_one(Statement, paper).subtotal_vnd == OWED + sold - commission - commission * 8 // 100
    safe = select(func.sum(Posting.amount_vnd)).where(Posting.account == "safe", Posting.dimension == month.shop)
    assert db.session().scalar(safe) == SAFE - 500_000  # the float of the shop's till
    assert [finding.problems for finding in check_all(db.session()) if not finding.holds] == []


def test_the_wrong_sheet_is_taken_back_until_the_first_sale(month: Month) -> None:
    month.sell("shop", 0, Chè_đinh=1)

    with pytest.raises(Conflict, match="sold_since"), unit_of_work() as session:
        undo_golive(session, month.golive, at=now(), by=None)
    assert month.left(month.shop)["Chè đinh"] == 9


def test_an_own_lot_and_a_promise_within_the_month(month: Month) -> None:
    forty_lots(month)
    pot, maker, till = month.goods["Ấm trà"], month.makers["Gốm Bát Tràng"], month.tills["shop"]
    bought = db.session().scalars(select(Lot).where(Lot.product_id == pot).order_by(Lot.expires_on)).all()[0].id
    with unit_of_work() as session:  # day 7: one lot is the shop's own, bought for 200.000 a pot
        agree_on_goods(
            session, operator_id=month.operator, product_id=pot, lot_id=bought, starts_on=month.at(7).date(),
            mode="own", cost_vnd=200_000, at=month.at(7), by=None,
        )  # fmt: skip
        asked = ask_for_goods(
            session, site_id=month.shop, source=("producer", maker), wanted={pot: 6_000}, note=None, at=month.at(7),
            by=None,
        )  # fmt: skip
        promise(session, asked, on=month.at(10).date(), at=month.at(8), by=None)
    before = till.seq, till.prev
    body = till.sale((pot, 2_000, 350_000), (pot, 1_000, 350_000), at=month.at(9))["body"]
    till.seq, till.prev = before
    body["lines"][0]["lot"] = bought
    till.send(till.event("sale", body, month.at(9)))
    with unit_of_work() as session:  # day 10: the promised pots are there
        note = begin_paper(session, asked, at=month.at(10), by=None)
        confirm(session, note, revision=None, at=month.at(10), by=None)

    shares = db.session().scalars(select(Share).order_by(Share.line)).all()
    assert [(one.mode, one.cost_vnd, one.producer_due_vnd > 0) for one in shares] == [
        ("own", 400_000, False), ("commission", 0, True),
    ]  # fmt: skip
    told = db.session().get_one(SupplyRequest, asked)
    assert (told.state, told.document_id) == ("arrived", note)
    assert month.equation("Ấm trà") == {"delivered": 10 + 3 * 5 + 6, "sold": 3, "site": 28}
    assert [finding.problems for finding in check_all(db.session()) if not finding.holds] == []
