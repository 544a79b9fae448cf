"""The tills of a site: a pairing code is shown once, with the QR a tablet scans."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import zxingcpp
from flask import Flask
from PIL import Image, ImageDraw
from sqlalchemy import select

from pos.access.models import DeviceLog
from pos.kernel.clock import now
from pos.kernel.db import db
from pos.kernel.ids import new_id
from pos.places.queries import list_issuers, list_tenders
from pos.web.pages import day
from tests.reports.market import Market, a_market


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def scanned(page: str) -> str:
    """What the QR on the page says, drawn eight pixels a module."""
    found = re.search(r'class="(?:enrol|sticker)-qr" viewBox="0 0 (\d+) \d+".*?<path d="([^"]+)"', page)
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
    assert re.search(r"dùng một lần, đến \d\d:\d\d " + day(now() + timedelta(hours=24)), page)


def test_a_tablet_is_paired_anew_from_its_page_and_gets_the_next_letter(market: Market) -> None:
    shop, office = market.devices["shop"], market.as_("manager")
    log = logs_of(shop.till["id"])[0][0]
    page = office.get(f"/office/devices/{log}").get_data(as_text=True)
    assert f'action="/places/tills/{shop.till["id"]}/code"' in page
    assert 'action="/places/tills/' not in market.as_("auditor").get(f"/office/devices/{log}").get_data(as_text=True)

    shown = office.post(f"/places/tills/{shop.till['id']}/code").get_data(as_text=True)
    code = scanned(shown).partition("#enrol=")[2]
    answer = market.app.test_client().post("/api/till/enrol", json={"code": code, "device": new_id()})

    assert answer.status_code == 200
    letters = [letter for _, letter in logs_of(shop.till["id"])]
    assert letters == ["A", "B"]
    assert answer.json is not None
    assert answer.json["till"]["code"] == f"{shop.till['code'][:-1]}B"


def logs_of(till: str) -> list[tuple[str, str]]:
    """(log id, letter) of a till's tablets."""
    query = select(DeviceLog.id, DeviceLog.letter).where(DeviceLog.till_id == till).order_by(DeviceLog.letter)
    return [(id_, letter) for id_, letter in db.session().execute(query)]


def test_the_sticker_names_the_place_and_the_letter_and_leads_to_the_till(market: Market) -> None:
    log, letter = logs_of(market.devices["shop"].till["id"])[0]

    page = market.as_("auditor").get(f"/office/devices/{log}/sticker").get_data(as_text=True)

    assert scanned(page) == "http://localhost/till/"
    assert f">{letter}</b>" in page
    assert "enrol=" not in page
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
