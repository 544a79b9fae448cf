"""The tablet's door over HTTP: enrolment, tokens, batches, catalogue, receipts, bad input."""

from __future__ import annotations

import gzip
import json

import pytest

from pos.kernel.ids import new_id
from pos.till.commands import SaleBody
from pos.till.service import intake
from tests.tablet.conftest import Shop
from tests.tablet.device import Device
from tests.till.golden import SETUP

TEA, HONEY, BOWL = (p["id"] for p in SETUP["products"])


def test_enrolling_makes_a_log_with_the_next_letter(shop: Shop) -> None:
    device = Device(shop.client)

    answer = device.enrol(shop.code.lower().replace("-", ""))

    assert answer["device"] == device.device
    assert answer["till"]["code"] == "HK03B"  # A is the golden log's
    assert answer["till"]["site"]["code"] == "S1"
    assert answer["till"]["fair"] is None
    assert answer["till"]["operator"]["name"] == "HTX Kiểm thử"


def test_the_same_code_and_device_get_the_same_answer_others_none(shop: Shop) -> None:
    device, other = Device(shop.client), Device(shop.client)
    first, second = device.enrol(shop.code), device.enrol(shop.code)

    assert second == first
    assert other.enrol(shop.code)["error"] == "enrol.bad_code"
    assert other.token == ""


def test_wrong_codes_lock_for_a_while(shop: Shop) -> None:
    answers = [Device(shop.client).enrol("AAAA-AAAA")["error"] for _ in range(6)]

    assert answers == ["enrol.bad_code"] * 5 + ["enrol.too_many"]


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer nonsense", "Basic abc"])
def test_without_a_token_nothing_is_told(shop: Shop, token: str) -> None:
    for method, path in [("post", "events"), ("get", "catalogue"), ("get", "receipts/X"), ("get", "status")]:
        answer = getattr(shop.client, method)(f"/api/till/{path}", headers={"Authorization": token})
        assert answer.status_code == 401
        assert set(answer.get_json()) == {"error", "message_vi", "message_en"}


def test_a_batch_is_recorded_then_repeated(device: Device) -> None:
    opened = device.event("shift.open", {"float": 0})
    sale = device.sale((TEA, 2000, 185_000), (HONEY, 1000, 125_500))
    device.seq, device.prev = 0, "0" * 64

    device.shift = new_id()
    events = [device.event("shift.open", {"float": 0}), device.sale((TEA, 2000, 185_000))]
    first, again = device.send(*events), device.send(*events)

    assert [r["status"] for r in first["results"]] == ["recorded", "recorded"]
    assert [r["status"] for r in again["results"]] == ["repeated", "repeated"]
    assert (again["received_through"], again["missing"]) == (2, [])
    assert opened["seq"] < sale["seq"]


def test_gaps_are_told_and_filled(device: Device) -> None:
    device.seq, device.prev = 0, "0" * 64
    events = [device.open(), *(device.sale((TEA, 1000, 185_000)) for _ in range(5))]

    partial = device.send(events[0], events[2], events[5])
    assert (partial["received_through"], partial["missing"]) == (1, [[2, 2], [4, 5]])

    whole = device.send(events[1], events[3], events[4])
    assert (whole["received_through"], whole["missing"]) == (6, [])
    assert all("chain_broken" not in r["flags"] for r in whole["results"])


def test_a_gzipped_batch_and_its_limits(device: Device) -> None:
    device.seq, device.prev = 0, "0" * 64
    body = gzip.compress(json.dumps({"events": [device.open()]}).encode())
    zipped = {"Content-Encoding": "gzip"} | device.headers

    good = device.client.post("/api/till/events", data=body, headers=zipped)
    bomb = device.client.post("/api/till/events", data=gzip.compress(b" " * 50_000_000), headers=zipped)
    torn = device.client.post("/api/till/events", data=body[:-9], headers=zipped)

    assert good.get_json()["results"][0]["status"] == "recorded"
    assert (bomb.status_code, bomb.get_json()["error"]) == (413, "events.too_large")
    assert (torn.status_code, torn.get_json()["error"]) == (400, "events.not_json")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"events":5}', b'\xff{"events":[]}', b"null"])
def test_what_is_not_a_batch_is_400(device: Device, body: bytes) -> None:
    answer = device.client.post("/api/till/events", data=body, headers=device.headers)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "events.not_json")


def test_more_than_500_events_are_413(device: Device) -> None:
    answer = device.client.post("/api/till/events", data=json.dumps({"events": [1] * 501}), headers=device.headers)

    assert answer.status_code == 413


def test_an_unexpected_error_quarantines_one_event(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    device.seq, device.prev = 0, "0" * 64
    opened, bad, good = device.open(), device.sale((TEA, 1000, 185_000)), device.sale((HONEY, 1000, 125_500))
    bad_id, real = bad["id"], intake.APPLY[SaleBody]

    def breaks(session, ctx, event, body, out):  # type: ignore[no-untyped-def]
        if event.id == bad_id:
            raise ZeroDivisionError("by chance")
        real(session, ctx, event, body, out)

    monkeypatch.setitem(intake.APPLY, SaleBody, breaks)
    answer = device.send(opened, bad, good)

    assert [r["status"] for r in answer["results"]] == ["recorded", "quarantined", "recorded"]
    assert answer["received_through"] == 3


def test_the_catalogue_is_conditional(device: Device) -> None:
    full = device.client.get("/api/till/catalogue?since=0", headers=device.headers)
    body = full.get_json()
    same = device.client.get(
        "/api/till/catalogue?since=0", headers=device.headers | {"If-None-Match": full.headers["ETag"]}
    )

    assert {p["name"] for p in body["products"]} == {p["name"] for p in SETUP["products"]}
    assert body["settings"]["printer"] is False
    assert same.status_code == 304


def test_a_receipt_is_found_by_its_number_and_only_by_its_operator(device: Device) -> None:
    device.seq, device.prev = 0, "0" * 64
    sale = device.sale((TEA, 2000, 185_000))
    device.send(sale)
    number = sale["body"]["receipt_no"]

    found = device.client.get(f"/api/till/receipts/{number}", headers=device.headers)
    missing = device.client.get("/api/till/receipts/NONE-1", headers=device.headers)

    assert found.get_json()["sale"] == sale["id"]
    assert missing.status_code == 404


def test_status_says_what_is_here(device: Device) -> None:
    device.seq, device.prev = 0, "0" * 64
    device.send(device.open(), device.sale((TEA, 1000, 185_000)))

    body = device.client.get("/api/till/status", headers=device.headers).get_json()

    assert (body["received_through"], body["greatest"], body["quarantined"]) == (2, 2, 0)
    assert [shift["state"] for shift in body["shifts"]] == ["open"]
