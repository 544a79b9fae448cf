"""What a tablet that cannot send has sealed, in the till's own code, is opened and booked here, once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import ROOT
from pos.access.models import DeviceLog
from pos.access.service import make_enrol_code, revoke_device
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Invalid
from pos.till.models import HeldEvent, Sale
from pos.till.rules.rescue import Unopened, open_sealed, public_jwk
from pos.till.service.rescue import take_file
from tests.databases import SECRET
from tests.tablet.device import Device
from tests.till.golden import SETUP, build

TEA = SETUP["products"][0]["id"]
SEAL = """
import { seal } from "./static/till/rescue.js";
const { key, device, events } = JSON.parse(process.argv[1]);
console.log(await seal(key, device, events));
"""


def sealed(device: str, events: list[dict[str, Any]], secret: str = SECRET) -> str:
    """By the tablet's JavaScript, for the server of this secret."""
    asked = json.dumps({"key": public_jwk(secret), "device": device, "events": events})
    ran = subprocess.run(
        [sys.executable, "-m", "scripts.node", "--input-type=module", "-e", SEAL, asked],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ran.stdout.strip()


@pytest.fixture
def tablets(app: Flask) -> Callable[[], Device]:
    """Tablets of the golden till, enrolled."""
    build()

    def one() -> Device:
        device = Device(FlaskClient(app, app.response_class))
        with unit_of_work() as session:
            code = make_enrol_code(session, SETUP["till"]["id"], at=now())
        device.enrol(code)
        return device

    return one


def bring(by: Device, device: str, cipher: str) -> Any:
    return by.client.post("/api/till/rescue", json={"device": device, "cipher": cipher}, headers=by.headers)


def test_a_neighbour_brings_what_a_tablet_could_not_send(tablets: Callable[[], Device], session: Session) -> None:
    lost, neighbour = tablets(), tablets()
    events = [lost.open(0), lost.sale((TEA, 2000, 185_000)), lost.sale((TEA, 1000, 185_000))]
    lost.send(events[0])
    parcel = sealed(lost.device, events[1:])

    first, again = (bring(neighbour, lost.device, parcel) for _ in range(2))

    assert [r["status"] for r in first.get_json()["results"]] == ["recorded", "recorded"]
    assert [r["status"] for r in again.get_json()["results"]] == ["repeated", "repeated"]
    assert (first.get_json()["received_through"], first.get_json()["till"]) == (3, lost.till["code"])
    logs = session.execute(select(DeviceLog.device_id).join(Sale, Sale.log_id == DeviceLog.id)).scalars().all()
    assert logs == [lost.device] * 2
    # The lost tablet comes back, sends what it believes unsent, and learns that it is here.
    back = lost.send(*events)
    assert [r["status"] for r in back["results"]] == ["repeated"] * 3
    assert back["received_through"] == 3


def test_nothing_else_opens(tablets: Callable[[], Device], session: Session) -> None:
    lost, neighbour = tablets(), tablets()
    events = [lost.open(0)]
    good = sealed(lost.device, events)
    wrong = {
        "cut": good[:-4],
        "changed": good[:200] + ("A" if good[200] != "A" else "B") + good[201:],
        "of another server": sealed(lost.device, events, secret="another"),
        "said to be of another tablet": sealed(neighbour.device, events),
        "nothing": "",
        "not of ours": "QUJDREVGRw",
        "not base64": "ứ",
    }

    for why, cipher in wrong.items():
        answer = bring(neighbour, lost.device, cipher)
        assert (answer.status_code, answer.get_json()["error"]) == (400, "rescue.not_opened"), why
        with pytest.raises(Unopened):
            open_sealed(SECRET, lost.device, cipher)
    assert bring(neighbour, "0193a0e0-0000-7000-8000-000000000000", good).status_code == 404
    assert bring(neighbour, lost.device, good).status_code == 200


def test_a_revoked_tablets_parcel_is_held(tablets: Callable[[], Device], session: Session) -> None:
    lost, neighbour = tablets(), tablets()
    with unit_of_work() as work:
        log = work.scalars(select(DeviceLog).where(DeviceLog.device_id == lost.device)).one()
        revoke_device(work, log.id, "mất máy", by=SETUP["staff"][0]["id"], at=now())

    answer = bring(neighbour, lost.device, sealed(lost.device, [lost.open(0)]))

    assert [r["status"] for r in answer.get_json()["results"]] == ["held"]
    assert len(session.scalars(select(HeldEvent.id)).all()) == 1
    assert bring(lost, neighbour.device, "x").status_code == 401


def test_the_key_is_given_at_enrolment_and_in_the_settings(tablets: Callable[[], Device]) -> None:
    device = tablets()

    settings = device.client.get("/api/till/catalogue?since=0", headers=device.headers).get_json()["settings"]

    assert settings["rescue"] == public_jwk(SECRET)
    assert settings["rescue"].keys() == {"kty", "crv", "x", "y"}


def test_the_office_books_the_file_a_tablet_saved(tablets: Callable[[], Device], session: Session) -> None:
    lost, other = tablets(), tablets()
    events = [lost.open(0), lost.sale((TEA, 1000, 185_000))]
    parcel = {"device": lost.device, "cipher": sealed(lost.device, events)}
    file = json.dumps({"ocop_rescue": 1, "till": lost.till["code"], "parcels": [parcel]}).encode()
    log, wrong = (
        session.scalars(select(DeviceLog).where(DeviceLog.device_id == device.device)).one() for device in (lost, other)
    )
    log_id, wrong_id, operator_id = log.id, wrong.id, log.operator_id

    for bad in (b"", b"{}", b"\xff", b'{"ocop_rescue":2,"parcels":[]}', b'{"ocop_rescue":1,"parcels":[]}'):
        with pytest.raises(Invalid, match=r"rescue\.not_a_file"):
            take_file(session, log_id, operator_id, bad, secret=SECRET, at=now())
    with pytest.raises(Invalid, match=r"rescue\.other_device"):
        take_file(session, wrong_id, operator_id, file, secret=SECRET, at=now())
    for _ in range(2):
        take_file(session, log_id, operator_id, file, secret=SECRET, at=now())

    assert session.scalars(select(Sale.id).where(Sale.log_id == log_id)).all() == [events[1]["id"]]


def test_a_tablet_tells_how_it_is(tablets: Callable[[], Device], session: Session) -> None:
    device = tablets()
    for header, told in [
        ("unsent=4,battery=83,storage=12", (4, 83, 12)),
        ("unsent=7", (7, 83, 12)),
        ("battery=101, storage=abc, unsent=-1, x=1", (7, 83, 12)),
        ("", (7, 83, 12)),
    ]:
        answer = device.client.get("/api/till/status", headers=device.headers | {"Till-State": header})
        assert answer.status_code == 200
        session.rollback()
        log = session.scalars(select(DeviceLog).where(DeviceLog.device_id == device.device)).one()
        assert (log.unsent_told, log.battery_told, log.storage_told) == told
        assert log.last_seen_at is not None


def test_a_tablet_that_says_the_same_again_writes_once_a_minute(
    tablets: Callable[[], Device], session: Session
) -> None:
    device = tablets()

    def asked(told: str) -> datetime:
        state = device.headers | {"Till-State": told}
        assert device.client.get("/api/till/status", headers=state).status_code == 200
        session.rollback()
        seen = session.scalars(select(DeviceLog.last_seen_at).where(DeviceLog.device_id == device.device)).one()
        assert seen is not None
        return seen

    first = asked("unsent=0,battery=83")
    assert asked("unsent=0,battery=83") == asked("unsent=0") == first
    changed = asked("unsent=1,battery=83")
    assert changed > first
    long_ago = now() - timedelta(minutes=2)
    session.execute(update(DeviceLog).where(DeviceLog.device_id == device.device).values(last_seen_at=long_ago))
    session.commit()
    assert asked("unsent=1,battery=83") > changed
