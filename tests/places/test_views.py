"""The tills of a site: a pairing code is shown once, with the QR a tablet scans."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from flask import Flask
from PIL import Image, ImageDraw

from pos.kernel.db import db
from pos.places.queries import list_issuers, list_tenders
from tests.reports.market import Market, a_market


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def scanned(page: str) -> str:
    """What the QR on the page says, drawn eight pixels a module."""
    found = re.search(r'class="enrol-qr" viewBox="0 0 (\d+) \d+".*?<path d="([^"]+)"', page)
    assert found
    side = int(found[1])
    image = Image.new("L", (side * 8, side * 8), 255)
    draw = ImageDraw.Draw(image)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", found[2]):
        draw.rectangle((int(x) * 8, int(y) * 8, (int(x) + int(width)) * 8 - 1, int(y) * 8 + 7), fill=0)
    return str(zxingcpp.read_barcodes(image)[0].text)


def test_a_pairing_code_comes_with_its_qr(market: Market) -> None:
    till = market.devices["shop"].till["id"]

    page = market.as_("manager").post(f"/places/tills/{till}/code").get_data(as_text=True)

    code = re.search(r'<b class="num">([2-9A-Z]{4}-[2-9A-Z]{4})</b>', page)
    assert code
    assert scanned(page) == f"http://localhost/till/#enrol={code[1]}"
    assert "style=" not in page


def tenders_form(**more: str) -> dict[str, str]:
    """The form as it comes when nothing is changed."""
    usual = {"cash": "row", "vietqr": "row", "card": "row", "voucher": "off", "owed": "off", "producer": "off"}
    return {f"place-{code}": place for code, place in usual.items()} | more


def test_the_office_chooses_and_names_the_ways_of_paying(market: Market) -> None:
    operator, office = market.ids["gifts"], market.as_("manager")
    changed = tenders_form(
        **{"place-voucher": "more", "name-voucher": "Phiếu quà tặng", "own_name": "Ví MoMo", "own_base": "vietqr"},
        issuer="Công đoàn Hoàn Kiếm",
    )

    assert office.post(f"/places/tenders/{operator}", data=changed).status_code == 303

    with market.app.app_context():
        kinds = list_tenders(db.session(), operator)
        assert [(k.code, k.base, k.name) for k in kinds if k.place == "more"] == [
            ("voucher", "voucher", "Phiếu quà tặng"), ("vi_momo", "vietqr", "Ví MoMo"),
        ]  # fmt: skip
        [issuer] = list_issuers(db.session(), operator)
        assert (issuer.name, issuer.active) == ("Công đoàn Hoàn Kiếm", True)
    again = tenders_form(**{"place-vi_momo": "off", "name-vi_momo": "Ví MoMo"})  # the issuer's tick is gone
    assert office.post(f"/places/tenders/{operator}", data=again).status_code == 303
    with market.app.app_context():
        assert [k.code for k in list_tenders(db.session(), operator) if k.place != "off"] == ["cash", "vietqr", "card"]
        assert list_issuers(db.session(), operator, active=True) == []


def test_what_is_amiss_on_the_list_is_said_and_nothing_is_kept(market: Market) -> None:
    operator, office = market.ids["gifts"], market.as_("manager")
    office.post(f"/places/tenders/{operator}", data=tenders_form(issuer="Công đoàn"))

    twice = office.post(f"/places/tenders/{operator}", data=tenders_form(issuer="Công đoàn", **{"place-card": "off"}))
    wrong = office.post(f"/places/tenders/{operator}", data=tenders_form(own_name="Ví", own_base="gold"))

    assert (twice.status_code, wrong.status_code) == (422, 422)
    assert "Đã có Công đoàn trong danh sách." in twice.get_data(as_text=True)
    with market.app.app_context():
        assert [k.place for k in list_tenders(db.session(), operator)][:3] == ["row", "row", "row"]
