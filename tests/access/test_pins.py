"""PINs of the till: sealed here, PBKDF2 with a salt of its own on each tablet, limits beside them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64decode
from hashlib import pbkdf2_hmac
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from config import ROOT
from pos.access.models import AccessLog, DevicePin, Grant, Person
from pos.access.rules import LIMITS, limits_of
from pos.access.service import grant as give_role
from pos.access.service import pins as room
from pos.access.service import set_pin
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from tests import factories as f
from tests.counting import counted
from tests.databases import SECRET
from tests.reports.market import Market

PIN = "8025"


def staff_of(market: Market, place: str = "shop") -> dict[str, dict[str, Any]]:
    device = market.devices[place]
    answer = device.client.get("/api/till/catalogue", headers=device.headers)
    assert answer.status_code == 200
    return {one["id"]: one for one in answer.get_json()["staff"]}


def given(market: Market, who: str = "cashier", pin: str = PIN) -> str:
    """Set in the office by the manager; the person's id."""
    person = market.people[who]
    answer = market.as_("manager").post(f"/people/{person}/pin", data={"pin": pin, "again": pin})
    assert answer.status_code == 303
    return person


def fits(pin: str, kept: dict[str, Any]) -> bool:
    made = pbkdf2_hmac("sha256", pin.encode(), b64decode(kept["salt"]), kept["iterations"])
    return made == b64decode(kept["hash"])


def test_the_tablet_gets_salt_iterations_and_hash(market: Market) -> None:
    person = given(market)

    kept = staff_of(market)[person]["pin"]

    assert kept.keys() == {"salt", "iterations", "hash"}
    assert (kept["iterations"] >= 210_000, len(b64decode(kept["salt"])), len(b64decode(kept["hash"]))) == (True, 16, 32)
    assert fits(PIN, kept)
    assert not fits("8026", kept)


def test_the_tills_own_check_opens_by_it(market: Market) -> None:
    person = given(market)
    kept = staff_of(market)[person]["pin"]
    script = """import { pinFits } from "./static/till/pin.js";
    const pin = JSON.parse(process.argv[1]);
    console.log(JSON.stringify([await pinFits("8025", pin), await pinFits("8026", pin)]));"""

    done = subprocess.run(
        [sys.executable, "-m", "scripts.node", "--input-type=module", "-e", script, json.dumps(kept)],
        cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip

    assert json.loads(done.stdout) == [True, False]


def test_every_tablet_has_its_own_salt(market: Market) -> None:
    with unit_of_work() as session:
        seller = f.a_person(session, "supervisor", "operator", market.ids["gifts"], "Trưởng quầy").id
        set_pin(session, seller, PIN, secret=SECRET, by=seller, at=now())

    one, two = staff_of(market, "shop")[seller]["pin"], staff_of(market, "booth one")[seller]["pin"]

    assert one["salt"] != two["salt"]
    assert one["hash"] != two["hash"]
    assert fits(PIN, one)
    assert fits(PIN, two)


def test_a_tablet_costs_the_iterations_once(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    person = given(market)
    first = staff_of(market)[person]["pin"]
    derived: list[str] = []

    def noted(pin: str, _salt: bytes) -> str:
        derived.append(pin)
        return "x"

    monkeypatch.setattr(room, "derive", noted)

    with counted() as asked:
        second = staff_of(market)[person]["pin"]

    assert (second, derived) == (first, [])
    assert sum("device_pin" in statement for statement in asked) == 1


def test_a_changed_pin_reaches_the_tablet_by_itself(market: Market) -> None:
    person = given(market)
    old = staff_of(market)[person]["pin"]
    device = market.devices["shop"]
    mark = device.client.get("/api/till/catalogue", headers=device.headers).headers["ETag"]

    given(market, pin="730916")

    assert device.client.get("/api/till/catalogue", headers=device.headers | {"If-None-Match": mark}).status_code == 200
    new = staff_of(market)[person]["pin"]
    assert fits("730916", new)
    assert new != old


def test_a_removed_pin_is_gone(market: Market) -> None:
    person = given(market)
    staff_of(market)

    market.as_("manager").post(f"/people/{person}/pin", data={"remove": "1"})

    assert staff_of(market)[person]["pin"] is None
    assert db.session.scalars(select(DevicePin)).all() == []


def test_the_pin_lies_sealed_and_belongs_to_its_person(market: Market) -> None:
    person, other = given(market), market.people["supervisor"]
    sealed, set_at = db.session.execute(select(Person.pin_sealed, Person.pin_set_at).where(Person.id == person)).one()
    assert sealed is not None
    assert PIN not in sealed
    with unit_of_work() as session:
        session.execute(update(Person).where(Person.id == other).values(pin_sealed=sealed, pin_set_at=set_at))

    staff = staff_of(market)

    assert fits(PIN, staff[person]["pin"])
    assert staff[other]["pin"] is None  # another's sealed PIN opens nothing


def test_no_password_is_ever_sent_to_a_tablet(market: Market) -> None:
    given(market)
    device = market.devices["shop"]

    text = device.client.get("/api/till/catalogue", headers=device.headers).get_data(as_text=True)

    assert "argon2" not in text
    assert PIN not in re.split(r"\W", text)


def test_only_people_of_this_place_with_their_limits(market: Market) -> None:
    staff = staff_of(market)

    assert {one["name"]: one["role"] for one in staff.values()} == {"Phạm Mai": "supervisor", "Đỗ Lan": "cashier"}
    assert staff[market.people["cashier"]]["limits"] == {
        "discount_bp": 500, "refund": 200_000, "return_without_receipt": False, "approve": False,
    }  # fmt: skip
    assert staff[market.people["supervisor"]]["limits"]["approve"] is True
    assert staff_of(market, "booth two") == {}


def test_the_widest_limits_of_several_roles_hold() -> None:
    both = limits_of(["cashier", "supervisor"])

    assert both["refund"] == LIMITS["supervisor"].refund
    assert limits_of(["manager"]) == {}


@pytest.mark.parametrize(("pin", "words"), [("123", "4 đến 6 chữ số"), ("1234", "dễ đoán"), ("80a5", "4 đến 6 chữ số")])
def test_a_bad_pin_comes_back_with_words(market: Market, pin: str, words: str) -> None:
    person = market.people["cashier"]

    answer = market.as_("manager").post(f"/people/{person}/pin", data={"pin": pin, "again": pin})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert staff_of(market)[person]["pin"] is None


def test_nobody_sets_the_pin_of_somebody_elsewhere(market: Market) -> None:
    person = market.people["cashier"]
    data = {"pin": PIN, "again": PIN}

    assert market.as_("other manager").post(f"/people/{person}/pin", data=data).status_code == 404
    assert market.as_("supervisor").post(f"/people/{person}/pin", data=data).status_code == 403
    assert market.as_("manager").post(f"/people/{market.people['auditor']}/pin", data=data).status_code == 403


def test_setting_a_pin_is_kept_in_the_log(market: Market) -> None:
    person = given(market)

    said = db.session.execute(
        select(AccessLog.action, AccessLog.person_id, AccessLog.note).where(AccessLog.subject_id == person)
    ).all()
    assert [tuple(row) for row in said] == [("pin.set", market.people["manager"], None)]


def test_a_lost_row_is_made_again(market: Market) -> None:
    person = given(market)
    staff_of(market)
    with unit_of_work() as session:
        session.execute(delete(DevicePin))

    assert fits(PIN, staff_of(market)[person]["pin"])


def test_who_sells_for_one_producer_is_told_to_the_tablet(market: Market) -> None:
    niece, of_two = market.people["cashier"], market.people["supervisor"]
    with unit_of_work() as session:
        for person, maker in ((niece, "honey maker"), (of_two, "honey maker"), (of_two, "bowl maker")):
            give_role(session, person, "producer", "producer", market.ids[maker], at=now())

    told = staff_of(market)

    assert told[niece]["producer"] == market.ids["honey maker"]
    assert "producers" not in told[niece]
    assert set(told[of_two]["producers"]) == {market.ids["honey maker"], market.ids["bowl maker"]}
    with unit_of_work() as session:
        session.execute(update(Grant).where(Grant.role == "producer").values(revoked_at=now()))
    assert staff_of(market)[niece]["producer"] is None
