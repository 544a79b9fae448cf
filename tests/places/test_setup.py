"""Operators, their accounts, fairs and organizers, through the pages a real operator has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pos.access.models import AccessLog
from pos.kernel.clock import today
from pos.kernel.db import db
from pos.places.models import Fair, Operator, Organizer, Site
from tests.reports.market import Market, a_market

BANK = {"bank_bin": "970405", "bank_account": "1500 2012 3456 7", "bank_holder": "htx san vat"}
OPERATOR = {"name": "HTX Sản vật", "cash_rounding": "1000", "certificate_policy": "block", "close_limit": "20.000"}


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def vietqr(market: Market) -> dict[str, str] | None:
    """Where the shop's till lets customers pay."""
    device = market.devices["shop"]
    told = market.app.test_client().get("/api/till/catalogue", headers=device.headers).get_json()
    found: dict[str, str] | None = told["settings"]["vietqr"]
    return found


def test_the_till_pays_into_the_account_the_operator_set(market: Market) -> None:
    here = f"/places/operators/{market.ids['gifts']}"

    answer = market.as_("manager").post(f"{here}/bank", data=BANK)

    assert answer.status_code == 303
    qr = vietqr(market)
    assert qr is not None
    assert (qr["bin"], qr["account"], qr["name"]) == ("970405", "1500201234567", "HTX SAN VAT")


def test_a_site_may_have_an_account_of_its_own_and_give_it_back(market: Market) -> None:
    manager, site = market.as_("manager"), f"/places/{market.ids['shop']}"
    manager.post(f"/places/operators/{market.ids['gifts']}/bank", data=BANK)

    manager.post(f"{site}/bank", data=BANK | {"own_bank": "1", "bank_account": "0999"})
    own = vietqr(market)
    manager.post(f"{site}/bank", data={})
    given_back = vietqr(market)

    assert own is not None
    assert given_back is not None
    assert (own["account"], given_back["account"]) == ("0999", "1500201234567")


def test_who_changed_an_account_is_kept_without_its_number(market: Market) -> None:
    market.as_("manager").post(f"/places/operators/{market.ids['gifts']}/bank", data=BANK)

    db.session.rollback()
    said = db.session().scalars(select(AccessLog).where(AccessLog.action == "bank.set")).one()

    assert (said.person_id, said.subject_id, said.note) == (
        market.people["manager"], market.ids["gifts"], "970405 ••4567",
    )  # fmt: skip
    assert "Đổi tài khoản VietQR" in market.as_("manager").get("/people/log").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"bank_bin": "97040"}, "bank_bin"),
        ({"bank_bin": "９７０４０５"}, "bank_bin"),
        ({"bank_account": "số 5"}, "bank_account"),
        ({"bank_account": "123"}, "bank_account"),
        ({"bank_holder": ""}, "bank_holder"),
    ],
)
@pytest.mark.parametrize("where", ["operators/{gifts}", "{shop}"])
def test_a_wrong_account_is_said_beside_its_field(
    market: Market, where: str, wrong: dict[str, str], field: str
) -> None:
    path = f"/places/{where.format(**market.ids)}/bank"

    answer = market.as_("manager").post(path, data=BANK | {"own_bank": "1"} | wrong)

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert vietqr(market) is None


def test_an_operator_is_opened_and_changed(market: Market) -> None:
    boss = market.as_("administrator")

    made = boss.post("/places/operators/new", data=OPERATOR | {"code": "sv1", "tax_code": "0109999888"})
    again = boss.post("/places/operators/new", data=OPERATOR | {"code": "SV1"})

    assert (made.status_code, again.status_code) == (303, 422)
    assert "SV1 đã có nơi khác dùng" in again.text
    operator = db.session().scalars(select(Operator).where(Operator.code == "SV1")).one()
    assert (operator.name, operator.tax_code, operator.cash_rounding_vnd) == ("HTX Sản vật", "0109999888", 1_000)
    assert (operator.certificate_policy, operator.close_limit_vnd) == ("block", 20_000)
    assert 'value="20.000"' in boss.get(f"/places/operators/{operator.id}").text
    boss.post(f"/places/operators/{operator.id}", data=OPERATOR | {"name": "Tên mới", "close_limit": "0"})
    db.session.rollback()
    changed = db.session().get_one(Operator, operator.id, populate_existing=True)
    assert (changed.name, changed.certificate_policy, changed.close_limit_vnd) == ("Tên mới", "block", 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": "ba đình"}, "code"),
        ({"tax_code": "12345"}, "tax_code"),
        ({"cash_rounding": "700"}, "cash_rounding"),
        ({"certificate_policy": "maybe"}, "certificate_policy"),
        ({"close_limit": ""}, "close_limit"),
        ({"close_limit": "năm chục"}, "close_limit"),
    ],
)
def test_a_wrong_operator_is_not_opened(market: Market, wrong: dict[str, str], field: str) -> None:
    before = db.session().scalar(select(func.count(Operator.id)))

    answer = market.as_("administrator").post("/places/operators/new", data=OPERATOR | {"code": "SV1"} | wrong)

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert db.session().scalar(select(func.count(Operator.id))) == before


def test_an_organizer_its_fair_and_a_booth_without_the_command_line(market: Market) -> None:
    boss, day = market.as_("administrator"), today()
    boss.post("/places/fairs/organizers", data={"organizer": "Quận Ba Đình"})
    organizer = db.session().scalars(select(Organizer.id).where(Organizer.name == "Quận Ba Đình")).one()
    asked = {
        "organizer_id": organizer, "code": "TET27", "name": "Chợ Tết", "place": "Vườn hoa",
        "starts_on": day.strftime("%d/%m/%Y"), "ends_on": (day + timedelta(days=3)).isoformat(),
    }  # fmt: skip

    made = boss.post("/places/fairs/new", data=asked)
    again = boss.post("/places/fairs/new", data=asked)

    assert (made.status_code, again.status_code) == (303, 422)
    fair = db.session().scalars(select(Fair).where(Fair.code == "TET27")).one()
    booth = {"operator_id": market.ids["gifts"], "kind": "booth", "code": "G1", "name": "Gian 1", "fair_id": fair.id}
    assert market.as_("manager").post("/places/new", data=booth).status_code == 303
    assert db.session().scalars(select(Site.fair_id).where(Site.code == "G1")).one() == fair.id
    boss.post(f"/places/fairs/{fair.id}", data=asked | {"name": "Chợ Tết 2027"})
    db.session.rollback()
    assert db.session().get_one(Fair, fair.id, populate_existing=True).name == "Chợ Tết 2027"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"ends_on": "2020-01-01"}, "ends_on"), ({"starts_on": "mai"}, "starts_on"), ({"place": ""}, "place"),
     ({"organizer_id": "x"}, "organizer_id"), ({"code": "T"}, "code")],
)  # fmt: skip
def test_a_wrong_fair_is_not_added(market: Market, wrong: dict[str, str], field: str) -> None:
    organizer = db.session().scalars(select(Organizer.id)).first()
    asked = {
        "organizer_id": str(organizer), "code": "TET27", "name": "Chợ Tết", "place": "Vườn hoa",
        "starts_on": "2027-01-20", "ends_on": "2027-01-25",
    }  # fmt: skip

    answer = market.as_("administrator").post("/places/fairs/new", data=asked | wrong)

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
