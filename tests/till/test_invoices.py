"""Invoices: who may ask, what a buyer is, how it is sealed, read (logged), done, forgotten."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from pos.access.models import AccessLog
from pos.kernel.clock import now
from pos.kernel.db import db
from pos.till.models import EventPrivate, InvoiceBuyer, InvoiceRequest
from pos.till.rules.buyers import Buyer, check_fits, digest_of, is_code, masked, masked_email, plain_code, shown_code
from tests.reports.market import Market, a_market

GOOD = ["0100233488", "0314409058-002", "0101243150", "0100109106", "0102154778", "0106026495", "0312533500"]
BUYER = {
    "name": "Công ty Lụa Vạn Phúc", "code": "0314409058-002", "address": "1 Hàng Bồ, Hà Nội",
    "email": "ketoan@lua.vn", "agreed": "1",
}  # fmt: skip


@pytest.mark.parametrize("code", [*GOOD, "0317493763", "001099012345"])
def test_codes_of_the_tax_office_fit(code: str) -> None:
    bare = plain_code(code)
    assert (is_code(bare), check_fits(bare)) == (True, True)


@pytest.mark.parametrize("code", ["0100233480", "0123456789", "0312345678", "0101245171", "0100000050"])
def test_a_wrong_check_digit_does_not(code: str) -> None:
    assert (is_code(code), check_fits(code)) == (True, False)


@pytest.mark.parametrize("code", ["01002334880", "", "12345", "0314409058000", "01002334８8", "MST0100233"])
def test_what_is_no_code(code: str) -> None:
    assert not is_code(plain_code(code))


def test_masks_and_shapes() -> None:
    assert shown_code("0314409058002") == "0314409058-002"
    assert (masked("0314409058"), masked("ab"), masked_email("lan@vn.vn")) == ("•••••••058", "••", "l•••@vn.vn")


def test_the_digest_is_of_buyer_and_salt_as_the_tablet_makes_it() -> None:
    buyer = Buyer("Cty Lụa", "0314409058002", "1 Hàng Bồ", "a@b.vn")
    told = "4e319ff9d41882ff2c902657dda7b9c1343c5d0bf9700a3591a216096904fdd7"  # the same in tests/js/buyer.test.js
    assert digest_of(buyer, "00" * 16) == told


@pytest.fixture
def market(app: Any) -> Market:
    return a_market(app)


def a_ticket(market: Market) -> tuple[str, str, str]:
    """(sale id, its number, the key behind its QR's #)."""
    device = market.devices["shop"]
    event = device.sale((market.ids["honey"], 1000, 100_000))
    device.send(event)
    key = urlsafe_b64encode(UUID(event["id"]).bytes).rstrip(b"=").decode()
    return event["id"], event["body"]["receipt_no"], key


def the_pass(browser: FlaskClient, number: str, key: str) -> str:
    text = browser.post(f"/r/{number}", data={"key": key}).get_data(as_text=True)
    found = re.search(r'name="pass" value="([^"]+)"', text)
    assert found
    return found[1]


def ask(browser: FlaskClient, number: str, held: str, **more: str) -> Any:
    return browser.post(f"/r/{number}/invoice/ask", data={**BUYER, "pass": held, **more})


def test_the_holder_of_the_paper_asks_and_the_buyer_is_sealed(market: Market) -> None:
    sale_id, number, key = a_ticket(market)
    browser = market.app.test_client()
    held = the_pass(browser, number, key)

    form = browser.post(f"/r/{number}/invoice", data={"pass": held}).get_data(as_text=True)
    answer = ask(browser, number, held)

    assert "Xin hóa đơn điện tử" in form
    assert "Đã gửi yêu cầu" in answer.get_data(as_text=True)
    request = db.session().scalars(select(InvoiceRequest)).one()
    kept = db.session().get_one(InvoiceBuyer, request.id)
    assert (request.sale_id, request.source, request.event_id) == (sale_id, "customer", None)
    assert "Lụa" not in (kept.sealed or "")


def test_by_the_printed_sum_too(market: Market) -> None:
    _sale, number, _key = a_ticket(market)
    page = market.app.test_client().post(f"/r/{number}", data={"total": "100.000"}).get_data(as_text=True)
    assert 'name="pass"' in page


@pytest.mark.parametrize("held", ["", "x", "ImZha2Ui.fake"])
def test_without_the_paper_there_is_nothing(market: Market, held: str) -> None:
    _sale, number, _key = a_ticket(market)
    browser = market.app.test_client()

    assert browser.post(f"/r/{number}/invoice", data={"pass": held}).status_code == 404
    assert ask(browser, number, held).status_code == 404
    assert db.session().scalars(select(InvoiceRequest)).all() == []


def test_the_pass_of_one_paper_opens_no_other(market: Market) -> None:
    _one, number, key = a_ticket(market)
    _two, other, _key = a_ticket(market)
    browser = market.app.test_client()

    assert ask(browser, other, the_pass(browser, number, key)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Ô này không được để trống"), ("code", "12345", "10 hoặc 13 chữ số"),
        ("email", "lan", "Địa chỉ thư chưa đúng"),
        ("agreed", "", "Cần đánh dấu đồng ý"), ("code", "0100233480", "Chữ số kiểm tra không khớp"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_it(market: Market, field: str, value: str, said: str) -> None:
    _sale, number, key = a_ticket(market)
    browser = market.app.test_client()

    answer = ask(browser, number, the_pass(browser, number, key), **{field: value})

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_doubtful_code_sent_again_is_taken(market: Market) -> None:
    _sale, number, key = a_ticket(market)
    browser = market.app.test_client()
    held = the_pass(browser, number, key)
    first = ask(browser, number, held, code="0100233480").get_data(as_text=True)

    again = ask(browser, number, held, code="0100233480", sure="0100233480")

    assert 'name="sure" value="0100233480"' in first
    assert again.status_code == 200


def test_until_the_end_of_the_business_day_and_three_times(market: Market) -> None:
    device = market.devices["shop"]
    old = device.sale((market.ids["honey"], 1000, 100_000), at=now() - timedelta(days=1))
    device.send(old)
    late_key = urlsafe_b64encode(UUID(old["id"]).bytes).rstrip(b"=").decode()
    browser = market.app.test_client()
    late = the_pass(browser, old["body"]["receipt_no"], late_key)
    _sale, number, key = a_ticket(market)
    held = the_pass(browser, number, key)

    assert ask(browser, old["body"]["receipt_no"], late).status_code == 403
    assert [ask(browser, number, held).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_form_wants_its_token(market: Market) -> None:
    _sale, number, key = a_ticket(market)
    browser = market.app.test_client()
    held = the_pass(browser, number, key)
    market.app.config["WTF_CSRF_ENABLED"] = True

    refused = ask(browser, number, held)
    page = browser.post(f"/r/{number}/invoice", data={"pass": held}).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    taken = ask(browser, number, held, csrf_token=token[1])

    assert (refused.status_code, taken.status_code) == (400, 200)


def test_the_office_sees_masks_reads_with_a_trace_marks_and_forgets(market: Market) -> None:
    sale_id, number, key = a_ticket(market)
    browser = market.app.test_client()
    ask(browser, number, the_pass(browser, number, key))
    device = market.devices["shop"]
    wish = device.event("invoice.request", {"sale": sale_id, "buyer_sha256": "a" * 64})
    device.send(wish | {"private": {"buyer": {"name": "Bà Tư", "code": "001099012345"}, "salt": "x"}})
    mine = db.session().scalars(select(InvoiceRequest.id).order_by(InvoiceRequest.at)).all()
    office = market.as_("manager")

    listed = office.get("/office/invoices").get_data(as_text=True)
    hidden = [office.get(f"/office/invoices/{id_}").get_data(as_text=True) for id_ in mine]
    shown = [office.post(f"/office/invoices/{id_}/buyer").get_data(as_text=True) for id_ in mine]
    file = office.post("/office/invoices.csv").get_data().decode("utf-8-sig")

    assert listed.count(number) == 2
    assert [("Vạn Phúc" in text or "Bà Tư" in text) for text in (listed, *hidden)] == [False] * 3
    assert ("Vạn Phúc" in shown[0], "Bà Tư" in shown[1]) == (True, True)
    assert ("0314409058-002" in file, "Bà Tư" in file) == (True, True)
    looks = db.session().scalars(select(AccessLog.subject_id).where(AccessLog.action == "read.buyer")).all()
    assert sorted(looks) == sorted([*mine, *mine])

    office.post(f"/office/invoices/{mine[0]}/done", data={"number": "1C26TAA-12"})
    assert "1C26TAA-12" in office.get("/office/invoices?state=done").get_data(as_text=True)
    assert office.get("/office/invoices").get_data(as_text=True).count(number) == 1
    for id_ in mine:
        office.post(f"/office/invoices/{id_}/erase")
    db.session.remove()
    assert db.session().scalars(select(InvoiceBuyer.sealed)).all() == [None]
    assert db.session().get_one(EventPrivate, wish["id"]).sealed is None
    assert "đã xóa" in office.get(f"/office/invoices/{mine[0]}").get_data(as_text=True)
