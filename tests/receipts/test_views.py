from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.receipts import service
from pos.receipts.views import bp
from tests.receipts.papers import NUMBER, SALE_ID
from tests.receipts.places import SALE, settle

KEY = SALE.link.partition("#")[2]
OTHER_KEY = "A" * 22


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    if bp.name not in app.blueprints:
        app.register_blueprint(bp)
    with unit_of_work() as session:
        settle(session)
        service.keep_receipt(session, SALE, made_at=now())
    return app.test_client()


def test_show_tells_nothing_without_the_key(client: FlaskClient) -> None:
    known, unknown = client.get(f"/r/{NUMBER}"), client.get("/r/HG07A-261122-99")

    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text.replace("HG07A-261122-99", NUMBER)
    assert "185.000" not in known.text
    assert "Bánh chả" not in known.text
    assert known.headers["Cache-Control"] == "no-store"


def test_show_asks_the_database_nothing(client: FlaskClient) -> None:
    asked: list[str] = []
    db.session().rollback()
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))

    client.get(f"/r/{NUMBER}")

    assert asked == []


def test_show_has_nothing_inline(client: FlaskClient) -> None:
    page = client.post(f"/r/{NUMBER}", data={"total": "185.000"}).text

    assert re.findall(r"<script(?![^>]*src=)|<style|style=|\son\w+=", page) == []


def test_opened_by_key_is_the_receipt_alone(client: FlaskClient) -> None:
    answer = client.post(f"/r/{NUMBER}", data={"key": KEY})

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<article class="ticket"')
    assert '<p class="row total"><span>PHẢI THU</span> <span class="num">185.000</span></p>' in answer.text
    assert '<p class="row big"><span>Trả lại</span> <span class="num">15.000</span></p>' in answer.text
    assert answer.text.count('class="stars x') == 3
    assert 'class="stars x4" role="img" aria-label="4 sao"' in answer.text
    assert "Phiếu này không phải hóa đơn thuế." in answer.text


def test_opened_by_a_longer_key_reads_its_head(client: FlaskClient) -> None:
    signed = urlsafe_b64encode(UUID(SALE_ID).bytes + b"signature" * 20).decode().rstrip("=")

    assert client.post(f"/r/{NUMBER}", data={"key": signed}).status_code == 200


@pytest.mark.parametrize("key", [OTHER_KEY, "", "không", "A" * 5000])
def test_opened_by_a_wrong_key_asks_for_the_sum(client: FlaskClient, key: str) -> None:
    answer = client.post(f"/r/{NUMBER}", data={"key": key})

    assert answer.status_code == 404
    assert answer.text.lstrip().startswith('<form class="ask"')
    assert "Bánh chả" not in answer.text


def test_opened_with_the_key_of_another_number_shows_nothing(client: FlaskClient) -> None:
    assert client.post("/r/HG07A-261122-99", data={"key": KEY}).status_code == 404


@pytest.mark.parametrize("total", ["185.000", "185000", "185,000 đ"])
def test_opened_by_the_printed_sum_is_a_page(client: FlaskClient, total: str) -> None:
    answer = client.post(f"/r/{NUMBER}", data={"total": total})

    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert "Bánh chả" in answer.text


@pytest.mark.parametrize("number", [NUMBER, "HG07A-261122-99"])
def test_opened_three_times_with_a_wrong_sum_waits_known_or_not(client: FlaskClient, number: str) -> None:
    answers = [client.post(f"/r/{number}", data={"total": "1"}) for _ in range(4)]
    right = client.post(f"/r/{number}", data={"total": "185.000"})

    assert [answer.status_code for answer in answers] == [422, 422, 429, 429]
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 600
    assert "Xin thử lại sau 10 phút." in right.text
    assert client.post(f"/r/{NUMBER}", data={"key": KEY}).status_code == 200  # the paper always opens it


def test_opened_from_one_place_with_many_wrong_numbers_waits(client: FlaskClient) -> None:
    codes = [client.post(f"/r/HG07A-261122-{n}", data={"total": "1"}).status_code for n in range(100, 121)]

    assert codes == [422] * 19 + [429] * 2


@pytest.mark.parametrize("total", ["", "x", "9" * 60])
def test_opened_with_no_sum_at_all_is_a_wrong_sum(client: FlaskClient, total: str) -> None:
    assert client.post(f"/r/{NUMBER}", data={"total": total}).status_code == 422


@pytest.mark.parametrize("number", ["a", "x" * 65, "a b", "<b>"])
def test_a_number_that_cannot_be_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/r/{number}").status_code == 404
