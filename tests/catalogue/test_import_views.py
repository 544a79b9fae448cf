"""Importing in the office: upload, look, mend or apply; all of it or nothing, and only where one may."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import refresh
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pos.catalogue import import_jobs
from pos.catalogue.adapters import tables
from pos.catalogue.import_models import ImportRun
from pos.catalogue.models import Barcode, Certificate, Price, Product, ProductChange
from pos.catalogue.queries.tablet import version_of
from pos.catalogue.reference import read
from pos.catalogue.service import load_groups
from pos.catalogue.views import imports
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.outbox.service import do_one
from tests.factories import a_person, logged_in
from tests.reports.market import Market, a_market
from tests.reports.test_producer import words_of

HEAD = "Tên sản phẩm,Chủ thể,Giá,Mã vạch\n"
GOOD = HEAD + "Mật ong,HTX Mật ong Ba Vì,120k,\nSữa ong chúa,HTX Mật ong Ba Vì,250.000 đ,8935049501404; 8935049501428\n"
BAD = HEAD + "Mật ong,HTX Mật ong Ba Vì,abc,\n=cmd|' /C calc'!A0,HTX Mật ong Ba Vì,-5,8935049501405\n"


@pytest.fixture
def market(app: Flask, tmp_path: Path) -> Market:
    app.instance_path = str(tmp_path)
    return a_market(app)


def words(answer: TestResponse) -> str:
    return words_of(answer.get_data(as_text=True))


def sent(client: FlaskClient, text: str | bytes, operator: str = "", name: str = "hàng.csv") -> TestResponse:
    data = text.encode() if isinstance(text, str) else text
    form = {"operator": operator, "file": (io.BytesIO(data), name)}
    return client.post("/products/import", data=form, content_type="multipart/form-data")


def looked(client: FlaskClient, text: str, operator: str = "") -> str:
    """The address of the preview."""
    answer = sent(client, text, operator)
    assert answer.status_code == 303
    return str(answer.location)


def price_of(market: Market, name: str) -> int | None:
    found = db.session().scalars(select(Product.id).where(Product.name == name)).one()
    prices = select(Price.price_vnd).where(Price.product_id == found, Price.operator_id == market.ids["gifts"])
    return db.session().scalars(prices.order_by(Price.starts_at.desc()).limit(1)).first()


def test_a_file_is_looked_at_before_anything_is_written(market: Market) -> None:
    client = market.as_("manager")
    before = version_of(db.session(), market.ids["gifts"])

    url = looked(client, GOOD)
    new, changed = words(client.get(f"{url}?show=new")), words(client.get(f"{url}?show=changed"))

    assert "Sữa ong chúa" in new
    assert "mã vạch 8935049501404 ; mã vạch 8935049501428" in new
    assert "giá 100.000 đ → 120.000 đ" in changed
    assert "Nhập 2 dòng" in changed
    assert version_of(db.session(), market.ids["gifts"]) == before
    assert price_of(market, "Mật ong") == 100_000


def test_applying_writes_all_of_it_once(market: Market) -> None:
    client = market.as_("manager")
    url = looked(client, GOOD)
    before = version_of(db.session(), market.ids["gifts"])

    answer = client.post(url)

    assert answer.status_code == 303
    assert "Đã nhập hàng.csv" in words(client.get(answer.location))
    assert "Hàng mới 1 Đã đổi 1 Giữ nguyên 0" in words(client.get(answer.location))
    db.session.rollback()
    assert (price_of(market, "Mật ong"), price_of(market, "Sữa ong chúa")) == (120_000, 250_000)
    assert version_of(db.session(), market.ids["gifts"]) == before + 1
    assert client.post(url).location == answer.location  # the second tap
    again = words(client.get(looked(client, GOOD)))
    assert "Không có gì để đổi" in again


def test_problems_are_listed_by_cell_and_nothing_is_written(market: Market) -> None:
    client = market.as_("manager")
    url = looked(client, BAD)
    count = db.session().scalar(select(func.count()).select_from(Product))

    shown = words(client.get(url))
    refresh()  # a test's requests share one context
    english = words(client.get(f"{url}?lang=en"))
    refresh()
    listed = client.get(f"{url}/problems.csv")

    assert "Còn 4 chỗ cần sửa. Chưa nhập gì cả." in shown
    assert "giá như 125.000, 125.000 đ hoặc 125k" in shown
    assert "a price such as 125.000 or 125k" in english
    assert listed.data.startswith(b"\xef\xbb\xbf")
    assert ",'=cmd|' /C calc'!A0," in listed.data.decode("utf-8-sig")
    assert client.post(url).status_code == 303
    db.session.rollback()
    assert db.session().scalar(select(func.count()).select_from(Product)) == count


def test_a_code_taken_since_the_preview_stops_all_of_it(market: Market) -> None:
    client = market.as_("manager")
    url = looked(client, GOOD)
    rival = looked(client, HEAD + "Phấn hoa,HTX Mật ong Ba Vì,90k,8935049501404\n")
    assert "/products/imports/" in client.post(rival).location

    answer = client.post(url)

    assert answer.location == url
    assert "mã này đang là của “Phấn hoa”" in words(client.get(url))
    db.session.rollback()
    assert price_of(market, "Mật ong") == 100_000


def test_a_file_belongs_to_who_sent_it_and_to_an_operator_within_reach(market: Market) -> None:
    url = looked(market.as_("manager"), GOOD)

    assert market.as_("other manager").get(url).status_code == 404
    assert market.as_("other manager").post(url).status_code == 404
    assert market.as_("auditor").get(url).status_code == 403
    assert market.as_("auditor").get("/products/import").status_code == 403
    assert market.as_("cashier").post("/products/import").status_code == 403
    elsewhere = looked(market.as_("manager"), GOOD, market.ids["village"])  # not theirs: their own is meant
    assert "Quà Hà Nội" in words(market.as_("manager").get(elsewhere))
    assert market.as_("manager").get("/products/import/../../etc/passwd").status_code == 404
    assert market.as_("manager").get("/products/import/0193aaaa-0000-7000-8000-000000000000").status_code == 404


def test_no_file_and_files_too_large_are_told_politely(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    client = market.as_("manager")
    monkeypatch.setattr(imports, "MAX_BYTES", 1000)
    monkeypatch.setattr(tables, "MAX_BYTES", 1000)

    assert client.post("/products/import", data={}).status_code == 422
    assert "tệp tối đa 15 MB" in words(client.get(sent(client, b"x" * 2000).location))
    fifty = {"CONTENT_LENGTH": str(50 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    refused = client.post("/products/import", environ_overrides=fifty)
    assert (refused.status_code, "quá lớn" in words(refused)) == (413, True)


def test_the_sample_reads_as_it_should(market: Market) -> None:
    client = market.as_("manager")
    with unit_of_work() as session:
        load_groups(session, read("ocop-groups"))
    sample = client.get("/products/import/sample.csv").data

    assert "Hàng mới 2" in words(client.get(sent(client, sample).location))


FULL = "Tên sản phẩm,Chủ thể,Nhóm,Hạng sao,Giá,Mã vạch\n"


@pytest.mark.parametrize(
    ("line", "row", "column", "value"),
    [
        ("Kẹo lạc,HTX Mới,Nhóm không có,4,125.000 đ,", 3, "Nhóm", "Nhóm không có"),
        ("Kẹo lạc,HTX Mới,,6,125.000 đ,", 3, "Hạng sao", "6"),
        ("Kẹo lạc,HTX Mới,,4,abc,", 3, "Giá", "abc"),
        ("Kẹo lạc,HTX Mới,,4,125k,8935049501405", 3, "Mã vạch", "8935049501405"),
        ("Kẹo lạc,HTX Mới,,4,125k,8935049501404", 3, "Mã vạch", "8935049501404"),
        ("Kẹo lạc,HTX Mới,,4,125k,8935049501428; 8935049501404", 3, "Mã vạch", "8935049501404"),
        (",HTX Mới,,4,125k,", 3, "Tên sản phẩm", ""),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_one_bad_cell_stops_the_good_rows_too(
    market: Market, encoding: str, line: str, row: int, column: str, value: str
) -> None:
    client = market.as_("manager")
    good = "Sữa ong chúa,HTX Mật ong Ba Vì,,4,250.000 đ,8935049501404\n"
    before = db.session().scalar(select(func.count()).select_from(Product))
    answer = sent(client, (FULL + good + line + "\n").encode(encoding))
    url = str(answer.location)

    listed = client.get(f"{url}/problems.csv").data.decode("utf-8-sig")
    applied = client.post(url)

    told = [cells.split(",")[:3] for cells in listed.splitlines()[1:]]
    assert [str(row), column, value] in told
    assert applied.location == url
    db.session.rollback()
    assert db.session().scalar(select(func.count()).select_from(Product)) == before


def work(app: Flask) -> None:
    while do_one(app.extensions["pos_jobs"], now()):
        pass


def test_a_large_file_is_taken_in_by_the_outbox_with_progress(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    client = market.as_("manager")
    monkeypatch.setattr(import_jobs, "SMALL", 10)

    url = looked(client, GOOD)
    waiting = client.get(url)
    work(market.app)
    through = client.get(f"{url}/progress")
    shown = words(client.get(url))
    client.post(url)
    client.post(url)  # the second tap
    writing = words(client.get(f"{url}/progress"))
    work(market.app)
    done = client.get(f"{url}/progress")

    assert "Đang chờ tới lượt" in words(waiting)
    assert f'hx-get="{url}/progress"' in waiting.get_data(as_text=True)
    assert through.location == url
    assert "Nhập 2 dòng" in shown
    assert "Đang chờ tới lượt" in writing
    assert "Hàng mới 1 Đã đổi 1 Giữ nguyên 0" in words(client.get(done.location))
    db.session.rollback()
    assert db.session().scalar(select(func.count()).select_from(ImportRun)) == 1


def test_an_interrupted_import_says_so(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    client = market.as_("manager")
    monkeypatch.setattr(import_jobs, "SMALL", 10)
    url = looked(client, GOOD)
    monkeypatch.setattr(import_jobs, "SILENT_S", -1)

    assert "bị ngắt giữa chừng. Chưa nhập gì cả" in words(client.get(url))


def test_an_import_is_taken_back_from_its_page(market: Market) -> None:
    client = market.as_("manager")
    run = client.post(looked(client, GOOD)).location
    assert "Gỡ lại cả tệp" in words(client.get(run))

    undone = client.post(f"{run}/undo")
    again = client.post(f"{run}/undo")

    assert undone.location == run
    assert "Đã gỡ lại" in words(client.get(run))
    assert "hàng.csv" in words(client.get("/products/imports"))
    assert "Sữa ong chúa" not in words(client.get("/products/?show=all"))
    db.session.rollback()
    assert price_of(market, "Mật ong") == 100_000
    assert (again.status_code, "đã được gỡ lại" in words(again)) == (409, True)


def test_an_import_that_sold_is_not_taken_back(market: Market) -> None:
    client = market.as_("manager")
    run = client.post(looked(client, GOOD)).location
    market.sell("shop", "honey", 1, 120_000)

    refused = client.post(f"{run}/undo")

    assert (refused.status_code, "1 món của tệp đã bán" in words(refused)) == (409, True)
    db.session.rollback()
    assert price_of(market, "Mật ong") == 120_000


STARRED = "Tên sản phẩm,Chủ thể,Nhóm,Giá,Mã vạch,Hạng sao,Ngày công nhận\n"


def changes(market: Market) -> list[tuple[str, str, str]]:
    db.session.rollback()
    return sorted(
        (change.kind, change.state, change.after) for change in db.session().scalars(select(ProductChange)).all()
    )


def test_what_belongs_to_the_register_is_asked_for_and_the_offer_changes_at_once(market: Market) -> None:
    with unit_of_work() as session:
        load_groups(session, read("ocop-groups"))
        city_office = a_person(session, "city_office", name="Văn phòng").id
    held = db.session().scalars(select(Certificate.id)).all()
    file = STARRED + "Mật ong,HTX Mật ong Ba Vì,I.5.a,120k,8935049501404,4 sao,22/11/2025\n"
    file += "Sáp ong,HTX Mật ong Ba Vì,,60k,8935049501411,3 sao,22/11/2025\n"

    manager = market.as_("manager")
    look = words(manager.get(looked(manager, file) + "?show=changed"))
    done = manager.post(looked(manager, file))
    again = words(manager.get(looked(manager, file)))

    assert ("4 thay đổi thuộc danh mục chung" in look, "gửi duyệt mã vạch 8935049501404" in look) == (True, True)
    assert "Giữ nguyên 2" in again  # what waits is not asked for twice
    assert price_of(market, "Mật ong") == 120_000
    assert db.session().scalars(select(Certificate.id)).all() == held
    codes = db.session().scalars(select(Barcode.code).where(Barcode.code.startswith("8935049501"))).all()
    assert codes == ["8935049501411"]  # of goods the register did not have
    assert [(kind, state) for kind, state, _ in changes(market)] == [
        ("barcode", "open"), ("certificate", "open"), ("certificate", "open"), ("facts", "open"),
    ]  # fmt: skip
    assert "4 thay đổi của danh mục chung đang chờ duyệt" in words(manager.get(str(done.location)))

    asked = db.session().scalars(select(ProductChange.id).where(ProductChange.kind == "barcode")).one()
    city = logged_in(market.app.test_client(), city_office)
    assert city.post(f"/products/changes/{asked}/accept").status_code == 303
    assert manager.post(f"{done.location}/undo").status_code == 409  # its code is the register's by now


def test_who_keeps_the_register_changes_it_by_file_and_what_is_undone_is_not_asked_any_more(market: Market) -> None:
    file = STARRED + "Mật ong,HTX Mật ong Ba Vì,,120k,,5 sao,22/11/2025\n"
    manager, admin = market.as_("manager"), market.as_("administrator")

    done = manager.post(looked(manager, file))
    assert [kind for kind, _, _ in changes(market)] == ["certificate"]
    manager.post(f"{done.location}/undo")
    assert changes(market) == []

    admin.post(looked(admin, file, market.ids["gifts"]))
    assert (changes(market), sorted(db.session().scalars(select(Certificate.stars)))) == ([], [4, 5])
