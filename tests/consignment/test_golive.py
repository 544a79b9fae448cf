"""Opening the books from a workbook: checked to the control total, posted to the đồng, taken back as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Offer, Price, Product
from pos.catalogue.service.import_plan import Origin
from pos.consignment.golive.models import GoLive
from pos.consignment.golive.plan import Opening, plan_opening
from pos.consignment.golive.reading import read_workbook
from pos.consignment.golive.service import open_books, undo_golive
from pos.consignment.models import SettlementLine
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict
from pos.ledger.models import JournalEntry, Posting
from pos.producers.models import Producer
from pos.reports.check import check_all
from pos.stock.models import Document, Level, Movement
from tests import factories as f
from tests.consignment.golive import SHEETS, changed, workbook

NOON = f.NOON


@dataclass
class Shop:
    """An operator with a shop and two producers, one of whom it has terms with."""

    operator: str
    site: str
    honey: str
    pots: str


@pytest.fixture
def shop(app: Flask) -> Shop:
    with unit_of_work() as session:
        operator = f.an_operator(session)
        site = f.a_site(session, operator)
        honey, pots = f.a_producer(session), f.a_producer(session, "Gốm Tây Hồ")
        f.an_agreement(session, operator, honey)
        f.an_agreement(session, operator, pots)
        return Shop(operator.id, site.id, honey.id, pots.id)


def planned(shop: Shop, sheets: dict[str, list[Any]] | None = None, session: Session | None = None) -> Opening:
    book = read_workbook(workbook(sheets), "mo-so.xlsx")
    assert book.problems == []
    return plan_opening(session or db.session(), book, operator_id=shop.operator, at=NOON)


def opened(shop: Shop, sheets: dict[str, list[Any]] | None = None) -> str:
    with unit_of_work() as session:
        plan = planned(shop, sheets, session)
        assert plan.problems == []
        return open_books(session, plan, Origin("mo-so.xlsx", "0" * 64, None, "golive"), by=None)


def taken_back(golive_id: str, at: datetime = NOON + timedelta(hours=1)) -> None:
    with unit_of_work() as session:
        undo_golive(session, golive_id, at=at, by=None)


def balances(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(Posting.account, Posting.dimension, func.sum(Posting.amount_vnd))
        .group_by(Posting.account, Posting.dimension)
        .having(func.sum(Posting.amount_vnd) != 0)
    )
    return {f"{account}:{dimension}" if dimension else account: int(total) for account, dimension, total in rows}


def levels(session: Session) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(Product.name, Level.place_kind, func.sum(Level.on_hand_milli))
        .join(Product, Product.id == Level.product_id)
        .group_by(Product.name, Level.place_kind)
        .having(func.sum(Level.on_hand_milli) != 0)
    )
    return {(name, kind): int(milli) for name, kind, milli in rows}


def everything_holds(session: Session) -> None:
    assert [finding.problems for finding in check_all(session) if not finding.holds] == []


def test_a_workbook_opens_stock_and_books(shop: Shop) -> None:
    opened(shop)

    session = db.session()
    assert balances(session) == {
        f"safe:{shop.site}": 3_000_000, "trust_bank": 1_250_000, "operating_bank": 8_000_000, "inventory": 520_000,
        f"producer_advance:{shop.pots}": 500_000, f"unsettled:{shop.honey}": -1_250_000, "capital": -12_020_000,
    }  # fmt: skip
    assert levels(session) == {
        ("Mật ong hoa nhãn", "site"): 24_000, ("Mật ong hoa nhãn", "producer"): -24_000,
        ("Chè búp", "site"): 3_500, ("Chè búp", "producer"): -3_500,
        ("Bát gốm", "site"): 10_000, ("Bát gốm", "producer"): -10_000,
    }  # fmt: skip
    days = {
        *session.scalars(select(JournalEntry.business_date)), *session.scalars(select(Document.business_date)),
        *session.scalars(select(Movement.business_date)),
    }  # fmt: skip
    assert days == {f.SUNDAY}
    (line,) = session.scalars(select(SettlementLine)).all()
    assert (line.kind, line.amount_vnd, line.producer_id) == ("adjustment", 1_250_000, shop.honey)
    everything_holds(session)


def test_taken_back_nothing_is_left_but_the_papers(shop: Shop) -> None:
    golive_id = opened(shop)
    prices = db.session().scalar(select(func.count()).select_from(Price))

    taken_back(golive_id)

    session = db.session()
    assert (balances(session), levels(session)) == ({}, {})
    assert session.scalar(select(func.count()).where(Offer.active)) == 0
    assert (prices, session.scalar(select(func.count()).select_from(Price))) == (3, 0)
    assert sum(session.scalars(select(SettlementLine.amount_vnd))) == 0
    everything_holds(session)
    with pytest.raises(Conflict, match="undone_already"):
        taken_back(golive_id, NOON + timedelta(hours=2))


def test_the_right_workbook_after_the_wrong_one(shop: Shop) -> None:
    taken_back(opened(shop, changed("Tồn kho", 1, 3, 42) | {"Kiểm tra": changed("Kiểm tra", 3, 1, 55.5)["Kiểm tra"]}))

    with unit_of_work() as session:
        book = read_workbook(workbook(), "mo-so.xlsx")
        plan = plan_opening(session, book, operator_id=shop.operator, at=NOON + timedelta(hours=2))
        open_books(session, plan, Origin("mo-so.xlsx", "1" * 64, None, "golive"), by=None)

    session = db.session()
    assert levels(session)["Mật ong hoa nhãn", "site"] == 24_000
    assert balances(session)["capital"] == -12_020_000
    everything_holds(session)


def test_books_are_opened_once(shop: Shop) -> None:
    opened(shop)

    with pytest.raises(Conflict, match="already"):
        opened(shop)
    assert db.session().scalar(select(func.count()).select_from(GoLive)) == 1


CASES = [
    (changed("Tồn kho", 1, 3, -3), "Tồn kho · Số lượng", "qty_negative"),
    (changed("Tồn kho", 3, 3, 2.5), "Tồn kho · Số lượng", "qty_whole"),
    (changed("Tồn kho", 1, 2, "Kho lạ"), "Tồn kho · Nơi", "site_unknown"),
    (changed("Tồn kho", 1, 0, "Món lạ"), "Tồn kho · Tên sản phẩm", "product_unknown"),
    (changed("Tồn kho", 3, 4, "của ai"), "Tồn kho · Hàng của", "owner"),
    (changed("Hàng hóa", 3, 5, ""), "Tồn kho · Hàng của", "own_cost"),
    (changed("Phải trả chủ thể", 1, 0, "HTX Mật ong Ba Vi Hai"), "Phải trả chủ thể · Chủ thể", "producer_unknown"),
    (changed("Phải trả chủ thể", 1, 1, "abc"), "Phải trả chủ thể · Số tiền", "price"),
    (changed("Tạm ứng", 1, 1, -5), "Tạm ứng · Số tiền", "price_negative"),
    (changed("Tiền", 1, 1, ""), "Tiền · Nơi", "safe_site"),
    (changed("Tiền", 2, 0, "Ví"), "Tiền · Khoản", "account"),
    (changed("Kiểm tra", 5, 1, 1_200_000), "Kiểm tra · Tổng phải trả chủ thể", "control_differs"),
    (changed("Kiểm tra", 5, 0, "Cái gì đó"), "Kiểm tra · Mục", "control"),
    (changed("Kiểm tra", 1, 1, "23/11/2026"), "Kiểm tra", "day_future"),
    ({name: rows for name, rows in SHEETS.items() if name != "Kiểm tra"}, "", "no_sheet"),
]


@pytest.mark.parametrize(("sheets", "column", "code"), CASES, ids=[case[2] for case in CASES])
def test_one_bad_cell_stops_all_of_it(shop: Shop, sheets: dict[str, list[Any]], column: str, code: str) -> None:
    book = read_workbook(workbook(sheets), "mo-so.xlsx")

    problems = book.problems or plan_opening(db.session(), book, operator_id=shop.operator, at=NOON).problems

    assert (problems[0].column, problems[0].code) == (column, code)
    assert problems[0].expected
    assert db.session().scalar(select(func.count()).select_from(Product)) == 0


def test_a_name_nearly_right_is_suggested(shop: Shop) -> None:
    sheets = changed("Phải trả chủ thể", 1, 0, "HTX Mật ong Ba Vi Hai")
    book = read_workbook(workbook(sheets), "mo-so.xlsx")

    (problem,) = plan_opening(db.session(), book, operator_id=shop.operator, at=NOON).problems

    assert "có phải “HTX Mật ong Ba Vì”?" in problem.expected


def test_producers_without_terms_are_named(shop: Shop) -> None:
    sheets = changed("Phải trả chủ thể", 1, 0, "Tương Cự Đà")
    with unit_of_work() as session:
        session.add(f.a_producer(session, "Tương Cự Đà"))

    assert planned(shop, sheets).without_agreement == ["Tương Cự Đà"]
    assert db.session().scalar(select(func.count()).select_from(Producer)) == 3
