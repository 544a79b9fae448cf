"""What the answer tells beside the statuses, and where an event stops being one."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from pos.access.models import DeviceLog, Grant
from pos.access.service import hash_of, make_enrol_code, report_stolen
from pos.kernel.clock import from_iso, now
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.kernel.models import Installation
from pos.tablet import guards
from pos.till.rules.proof import key_id_of
from pos.till.service import intake
from tests.tablet.conftest import Shop
from tests.tablet.device import Device
from tests.till.golden import SETUP


def test_every_answer_tells_books_epoch_oldest_build_and_the_time(device: Device) -> None:
    with unit_of_work() as session:
        made = session.get(Installation, 1)
        if made is None:
            session.add(Installation(id=1, books="b", origin="http://localhost", epoch=7, demo=False, made_at=now()))
        else:
            made.books, made.epoch = "b", 7

    told = device.send(device.event("drawer.open", {"reason": "đổi tiền"}))

    assert told.keys() == {
        "results", "received_through", "missing", "books", "epoch", "min_app", "server_time",
    }  # fmt: skip
    assert (told["books"], told["epoch"], told["min_app"]) == ("b", 7, intake.MIN_APP)
    assert abs((now() - from_iso(told["server_time"])).total_seconds()) < 60
    db.session.rollback()
    assert db.session.scalar(select(Installation.epoch)) == 7


def nested(levels: int) -> dict[str, Any]:
    """So many objects within each other, the body among them."""
    return {"x": nested(levels - 1)} if levels > 1 else {}


@pytest.mark.parametrize(("levels", "status"), [(15, "recorded"), (16, "quarantined")])
def test_an_event_is_at_most_16_deep(device: Device, levels: int, status: str) -> None:
    device.seq, device.prev = 0, "0" * 64
    device.send(device.open())

    event = device.event("line.remove", {})
    content = {key: value for key, value in event.items() if key != "hash"} | {"body": nested(levels)}
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    [result] = device.send(content | {"hash": sha256(plain.encode()).hexdigest()})["results"]

    assert result["status"] == status, result


def test_other_tablets_get_the_public_keys_that_verify_receipts(shop: Shop) -> None:
    jwk = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
           "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}  # fmt: skip
    first = Device(shop.client)
    asked = {"code": shop.code, "device": first.device, "public_key": jwk}
    assert first.client.post("/api/till/enrol", json=asked).status_code == 200
    with unit_of_work() as session:
        code = make_enrol_code(session, SETUP["till"]["id"], at=now())
    second = Device(shop.client)
    second.enrol(code)

    answer = second.client.get("/api/till/catalogue", headers=second.headers)
    told = answer.get_json()

    assert told["keys"] == [{"id": key_id_of(jwk), "till": "HK03B", "jwk": jwk}]

    # Reported as stolen: what it signs from now on proves nothing, and every other tablet hears of it.
    stolen_at = now()
    with unit_of_work() as session:
        log_id = session.scalars(select(DeviceLog.id).where(DeviceLog.device_id == first.device)).one()
        report_stolen(session, log_id, "mất ở gian", by=new_id(), at=stolen_at)
    again = {**second.headers, "If-None-Match": answer.headers["ETag"]}
    [key] = second.client.get(f"/api/till/catalogue?since={told['version']}", headers=again).get_json()["keys"]
    assert key["until"] == int(stolen_at.timestamp()) // 60


def test_a_seller_of_two_producers_is_told_with_both(device: Device) -> None:
    person, makers = SETUP["staff"][0]["id"], sorted(producer["id"] for producer in SETUP["producers"])[:2]
    at = now()

    def told() -> tuple[str | None, list[str] | None]:
        answer = device.client.get("/api/till/catalogue", headers=device.headers).get_json()
        [one] = [one for one in answer["staff"] if one["id"] == person]
        return one["producer"], one.get("producers")

    def give(role: str, kind: str, scope: str) -> None:
        with unit_of_work() as session:
            session.add(Grant(id=new_id(), person_id=person, role=role, scope_kind=kind, scope_id=scope, made_at=at))

    give("cashier", "site", SETUP["site"]["id"])
    assert told() == (None, None)
    give("producer", "producer", makers[1])
    assert told() == (makers[1], None)
    give("producer", "producer", makers[0])
    assert told() == (makers[0], makers)


def test_a_known_token_whose_log_is_gone_acknowledges_nothing(device: Device) -> None:
    """Other books were put in place while the server ran: the tablet keeps its events, and the next try looks anew."""
    device.send(device.open())
    known = hash_of(device.token)
    guards._LOGS[known] = new_id()
    event = {"events": [device.event("drawer.open", {"reason": "đổi tiền"})]}

    answer = device.client.post("/api/till/events", json=event, headers=device.headers)
    assert (answer.status_code, known in guards._LOGS) == (401, False)
    answer = device.client.post("/api/till/events", json=event, headers=device.headers)
    assert [r["status"] for r in answer.get_json()["results"]] == ["recorded"]
