"""The pages of statements and agreements: who may, what they show, what they do."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import delete, event, select, update
from werkzeug.test import TestResponse

from pos.access.service import add_person, grant
from pos.consignment.models import AgreementVersion, Statement, StatementDocument
from pos.consignment.service.statements import freeze_statement
from pos.consignment.views import bp
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import named_id
from pos.producers.models import BankAccount, Producer
from tests.consignment.shop import Shop, noon

PASSWORD = "mật khẩu thử"


class Browser(FlaskClient):
    """Forgets who asked before: the test's own application context outlives a request."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for kept in ("_login_user", "_flask_babel"):
            g.pop(kept, None)
        db.session.remove()
        return super().open(*args, **kwargs)


@pytest.fixture
def web(app: Flask) -> Flask:
    """The application with this blueprint, whether app.py already has it or not."""
    app.test_client_class = Browser
    if bp.name not in app.blueprints:
        app.register_blueprint(bp)
    return app


@pytest.fixture
def shop(web: Flask) -> Shop:
    """One shop with people; sales of nine days ago."""
    day = today() - timedelta(days=9)
    with unit_of_work() as session:
        made = Shop(session)
        made.sell(("P1", 2), ("P2", 1), day=day)
        made.sell(("P1", 1), ("P3", 1), day=day)
        for name, role, operator in (
            ("ha", "administrator", made.operator_id),
            ("duc", "manager", made.operator_id),
            ("lan", "cashier", made.operator_id),
            ("xa", "administrator", named_id("operator", "elsewhere")),
        ):
            person = add_person(session, name=name, at=now(), login=name, password=PASSWORD)
            session.flush()
            grant(session, person.id, role, "operator", operator, at=now())
    return made


@pytest.fixture
def ha(web: Flask, shop: Shop) -> FlaskClient:
    return enter(web, "ha")


def enter(web: Flask, name: str) -> FlaskClient:
    """A browser of somebody logged in."""
    client = web.test_client()
    assert client.post("/login", data={"login": name, "password": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def frozen(shop: Shop) -> str:
    """A statement of P1, frozen by nobody in particular."""
    cutoff = today() - timedelta(days=8)
    with unit_of_work() as session:
        return freeze_statement(
            session, shop.operator_id, shop.producer("P1"), cutoff, run_on=today(), at=now(), by=None
        )


def paths(shop: Shop, id_: str) -> Iterator[str]:
    producer = shop.producer("P1")
    yield "/statements"
    yield "/statements/run"
    yield f"/statements/draft/{shop.operator_id}/{producer}"
    yield f"/statements/{id_}"
    yield "/agreements"
    yield f"/agreements/{shop.operator_id}/{producer}"


def test_pages_open_for_those_who_may(web: Flask, shop: Shop, ha: FlaskClient, frozen: str) -> None:
    lan, xa = enter(web, "lan"), enter(web, "xa")

    for path in paths(shop, frozen):
        assert ha.get(path).status_code == 200, path
        assert lan.get(path).status_code == 403, path
    assert xa.get(f"/statements/{frozen}").status_code == 404
    assert xa.get(f"/statements/{frozen}.pdf").status_code == 404
    assert xa.get(f"/agreements/{shop.operator_id}/{shop.producer('P1')}").status_code == 404
    assert "BK-0001" not in xa.get("/statements").text


def test_freeze_approve_and_pay_through_the_pages(web: Flask, shop: Shop, ha: FlaskClient) -> None:
    cutoff = (today() - timedelta(days=8)).isoformat()
    here = f"/statements/draft/{shop.operator_id}/{shop.producer('P1')}"

    answer = ha.post(here, data={"cutoff": cutoff})

    assert answer.status_code == 303
    page = answer.location
    assert ha.post(f"{page}/approve").status_code == 403  # who froze it
    assert enter(web, "duc").post(f"{page}/approve").status_code == 303
    assert ha.post(f"{page}/pay", data={"channel": "transfer"}).status_code == 303
    assert "đã trả" in ha.get(page).text
    assert ha.post(f"{page}/pay", data={"channel": "transfer"}).status_code == 409


def test_freeze_run_takes_the_ticked_and_says_where_to_look(shop: Shop, ha: FlaskClient) -> None:
    data = {
        "operator": shop.operator_id,
        "cutoff": (today() - timedelta(days=8)).isoformat(),
        "producer": [shop.producer("P1"), shop.producer("P3")],
    }

    answer = ha.post("/statements/run", data=data, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith("/statements?")
    rows = db.session().scalars(select(Statement)).all()
    assert {row.producer_id for row in rows} == {shop.producer("P1"), shop.producer("P3")}


def test_goods_of_an_unknown_producer_are_not_ticked(shop: Shop, ha: FlaskClient) -> None:
    with unit_of_work() as session:
        session.execute(
            update(Producer).where(Producer.id == shop.producer("P1")).values(name="Chưa rõ chủ thể (Cao Bằng)")
        )
        session.execute(delete(BankAccount).where(BankAccount.producer_id == shop.producer("P1")))

    page = ha.get(f"/statements/run?operator={shop.operator_id}").get_data(as_text=True)

    ticks = {id_: "checked" in rest for id_, rest in re.findall(r'name="producer" value="([^"]+)"([^>]*)>', page)}
    assert ticks == {shop.producer("P1"): False, shop.producer("P2"): True, shop.producer("P3"): True}
    assert '<b class="num">2</b>' in page


def test_nothing_to_freeze_is_said_in_words(shop: Shop, ha: FlaskClient) -> None:
    here = f"/statements/draft/{shop.operator_id}/{shop.producer('P1')}"
    early = (today() - timedelta(days=20)).isoformat()

    answer = ha.post(here, data={"cutoff": early}, headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "Chưa có dòng nào đến hạn chi" in answer.text


def test_void_needs_a_reason(ha: FlaskClient, frozen: str) -> None:
    assert ha.post(f"/statements/{frozen}/void", data={"reason": " "}).status_code == 422
    assert ha.post(f"/statements/{frozen}/void", data={"reason": "sai kỳ"}).status_code == 303
    assert "sai kỳ" in ha.get(f"/statements/{frozen}").text


def test_the_pdf_says_what_was_frozen_and_is_the_same_each_time(ha: FlaskClient, frozen: str) -> None:
    first = ha.get(f"/statements/{frozen}.pdf")

    text = PdfReader(io.BytesIO(first.data)).pages[0].extract_text()
    assert first.headers["Content-Type"] == "application/pdf"
    for words in ("Bảng kê hàng ký gửi", "BK-0001", "465.090", "Bốn trăm sáu mươi lăm nghìn", "••••4417"):
        assert words in text
    assert ha.get(f"/statements/{frozen}.pdf").data == first.data
    assert "Consignment statement" in PdfReader(io.BytesIO(ha.get(f"/statements/{frozen}.pdf?lang=en").data)).pages[
        0
    ].extract_text().replace("\n", " ")


def test_the_spreadsheet_and_the_picture_open(ha: FlaskClient, frozen: str) -> None:
    book = zipfile.ZipFile(io.BytesIO(ha.get(f"/statements/{frozen}.xlsx").data))

    assert "xl/worksheets/sheet2.xml" in book.namelist()
    assert b"Ch\xc3\xa8 Th\xc3\xa1i Nguy\xc3\xaan" in book.read("xl/sharedStrings.xml")
    assert ha.get(f"/statements/{frozen}.png").data.startswith(b"\x89PNG")


def test_whoever_holds_the_paper_may_check_it(web: Flask, shop: Shop, frozen: str) -> None:
    anybody = web.test_client()
    digest = db.session().get_one(StatementDocument, frozen).sha256

    good, wrong = anybody.get(f"/statements/check/{digest}"), anybody.get(f"/statements/check/{'0' * 64}")

    assert (good.status_code, wrong.status_code) == (200, 404)
    assert "BK-0001" in good.text
    assert "4417" not in good.text


def test_lists_ask_the_same_number_of_queries_for_one_and_many(web: Flask, shop: Shop, ha: FlaskClient) -> None:
    def count(path: str) -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        assert ha.get(path).status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    before = {path: count(path) for path in ("/statements", "/statements/run", "/agreements")}
    with unit_of_work() as session:
        shop.session = session
        for name in ("P1", "P2", "P3"):
            freeze_statement(session, shop.operator_id, shop.producer(name), today(), run_on=today(), at=now(), by=None)
            shop.sell((name, 1), day=today())

    assert {path: count(path) for path in before} == before


def test_new_terms_start_tomorrow_and_show_both_shares(shop: Shop, ha: FlaskClient) -> None:
    here = f"/agreements/{shop.operator_id}/{shop.producer('P1')}"
    tomorrow = today() + timedelta(days=1)

    soon = ha.post(here, data={"commission_bp": "12,5", "starts_on": today().isoformat()})
    wrong = ha.post(here, data={"commission_bp": "lots", "starts_on": tomorrow.isoformat()})
    example = ha.post(f"{here}/example", data={"commission_bp": "12,5"}, headers={"HX-Request": "true"})
    good = ha.post(here, data={"commission_bp": "12,5", "starts_on": tomorrow.strftime("%d/%m/%Y")})

    assert (soon.status_code, wrong.status_code, good.status_code) == (422, 422, 303)
    assert f"sớm nhất là ngày mai ({tomorrow:%d/%m/%Y})" in soon.text
    assert "Hãy nhập số từ 0 đến 100" in wrong.text
    for amount in ("100.000", "−12.500", "−1.000", "86.500"):
        assert amount in example.text
    newest = db.session().scalars(select(AgreementVersion).order_by(AgreementVersion.starts_on.desc())).first()
    assert newest is not None
    assert (newest.commission_bp, newest.starts_on, newest.vat_on_commission_bp) == (1_250, tomorrow, 800)


def test_a_statement_keeps_the_terms_its_lines_were_sold_on(shop: Shop, ha: FlaskClient) -> None:
    here = f"/agreements/{shop.operator_id}/{shop.producer('P1')}"
    ha.post(here, data={"commission_bp": "50", "starts_on": (today() + timedelta(days=1)).isoformat()})
    with unit_of_work() as session:
        id_ = freeze_statement(
            session, shop.operator_id, shop.producer("P1"), today(), run_on=today(), at=noon(today()), by=None
        )

    assert db.session().get_one(Statement, id_).payout_vnd == 465_090


def test_the_office_writes_a_dispute_down_and_answers_it(shop: Shop, ha: FlaskClient) -> None:
    producer, far = shop.producer("P1"), {"cutoff": today().isoformat()}
    draft = f"/statements/draft/{shop.operator_id}/{producer}"
    page = ha.get(f"/statements/lines/{shop.operator_id}/{producer}").get_data(as_text=True)
    line = re.findall(r"say=([0-9a-f-]{36})", page)[0]
    assert "Điều gì không đúng" in ha.get(f"/statements/lines/{shop.operator_id}/{producer}?say={line}").text

    ha.post(f"/statements/lines/{shop.operator_id}/{producer}/{line}", data={"kind": "price", "words": "sai tem"})

    assert "đang khiếu nại" in ha.get(draft, query_string=far).text
    listed = ha.get("/statements/disputes").text
    (id_,) = re.findall(r"/statements/disputes/([0-9a-f-]{36})", listed)
    assert ("sai tem" in listed, "1 dòng chờ trả lời" in listed) == (True, True)
    assert ha.post(f"/statements/disputes/{id_}", data={"answer": "decline", "reason": ""}).status_code == 422
    assert ha.post(f"/statements/disputes/{id_}", data={"side": "give", "amount": "5.000"}).status_code == 303
    answered = ha.get(f"/statements/disputes/{id_}").text
    assert ("5.000" in answered, 'name="reason"' in answered) == (True, False)
    assert "đang khiếu nại" not in ha.get(draft, query_string=far).text
