"""Opening the books in the office: upload, look, mend or open, take back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pos.catalogue import import_jobs
from pos.consignment.golive.models import GoLive
from pos.consignment.golive.reading import read_workbook
from pos.consignment.golive.template import golive_template
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.outbox.service import do_one
from tests.consignment.golive import changed, workbook
from tests.reports.market import Market, a_market
from tests.reports.test_producer import words_of


@pytest.fixture
def market(app: Flask, tmp_path: Path) -> Market:
    app.instance_path = str(tmp_path)
    return a_market(app)


def words(answer: TestResponse) -> str:
    return words_of(answer.get_data(as_text=True))


def todays(sheet: str = "Kiểm tra", row: int = 1, value: Any = None) -> bytes:
    """The workbook of the tests, of today; one other cell of its second column changed."""
    sheets = changed("Kiểm tra", 1, 1, today().strftime("%d/%m/%Y"))
    if value is not None:
        sheets[sheet][row][1] = value
    return workbook(sheets)


def looked(client: FlaskClient, data: bytes) -> str:
    answer = client.post("/golive", data={"file": (io.BytesIO(data), "mở sổ.xlsx")}, content_type="multipart/form-data")
    assert answer.status_code == 303
    return str(answer.location)


def count() -> int:
    db.session.rollback()
    return db.session().scalar(select(func.count()).where(GoLive.undone_at.is_(None))) or 0


def test_a_workbook_is_looked_at_opened_and_taken_back(market: Market) -> None:
    client = market.as_("manager")
    url = looked(client, todays())

    shown = words(client.get(url))
    assert count() == 0
    opened = client.get(client.post(url).location).location
    page = words(client.get(opened))
    again = client.post(url)
    undone = client.post(f"{opened}/undo")

    assert "Tổng phải trả chủ thể 1.250.000 1.250.000" in shown
    assert "Vốn của đơn vị, còn lại" in shown
    assert "Đã mở sổ" in page
    assert "12.020.000" in page
    assert again.location == url
    assert undone.location == opened
    assert "Đã gỡ bảng mở sổ" in words(client.get(opened))
    assert "mở sổ.xlsx" in words(client.get("/golive"))
    assert count() == 0


def test_what_differs_from_the_control_sheet_is_told_and_nothing_written(market: Market) -> None:
    client = market.as_("manager")
    url = looked(client, todays(row=5, value=1_200_000))

    shown = words(client.get(url))
    listed = client.get(f"{url}/problems.csv").data.decode("utf-8-sig")
    applied = client.post(url)

    assert "1.200.000 như trang Kiểm tra; các dòng cộng lại là 1.250.000, lệch 50.000" in shown
    assert "Kiểm tra · Tổng phải trả chủ thể" in listed
    assert (applied.location, count()) == (url, 0)


def test_after_a_sale_it_stands(market: Market) -> None:
    client = market.as_("manager")
    url = looked(client, todays())
    opened = client.get(client.post(url).location).location
    market.sell("shop", "honey", 1, 100_000)

    refused = client.post(f"{opened}/undo")

    assert (refused.status_code, "đã bán hàng từ khi mở sổ" in words(refused)) == (409, True)
    assert count() == 1


def test_a_large_workbook_is_opened_by_the_outbox(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    client = market.as_("manager")
    monkeypatch.setattr(import_jobs, "SMALL", 10)

    def work() -> None:
        while do_one(market.app.extensions["pos_jobs"], now()):
            pass

    url = looked(client, todays())
    assert "Đang chờ tới lượt" in words(client.get(url))
    work()
    assert client.get(f"{url}/progress").location == url
    client.post(url)
    work()

    assert "Đã mở sổ" in words(client.get(client.get(url).location))
    assert count() == 1


def test_the_template_agrees_with_itself() -> None:
    book = read_workbook(golive_template(), "mau.xlsx")

    assert book.problems == []
    assert (len(book.goods), len(book.stock), len(book.owed), len(book.advances), len(book.cash)) == (2, 1, 1, 1, 3)
    assert sum(row.amount_vnd for row in book.owed) == book.controls["owed"]


def test_books_of_another_operator_are_not_here(market: Market) -> None:
    url = looked(market.as_("manager"), todays())

    assert market.as_("other manager").get(url).status_code == 404
    assert market.as_("cashier").get(url).status_code == 403
    assert market.as_("manager").get(url.replace("/golive/look/", "/products/import/")).status_code == 404
