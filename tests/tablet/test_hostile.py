"""Hostile input at the door: the stated answer, never a 500, nothing lost, and the rest goes on."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from sqlalchemy import func, select, text

from pos.kernel.db import db, is_postgresql, unit_of_work
from pos.till.models import Quarantined, Sale, TillEvent
from tests.tablet.device import Device

SHOWN = {
    "5,000 digits": '{"n":' + "9" * 5000 + "}",
    "2,000 nested arrays": '{"x":' + "[" * 2000 + "]" * 2000 + "}",
    "2,000 nested objects": '{"x":' * 2000 + "1" + "}" * 2000,
    "NaN": '{"seq":NaN}',
    "Infinity": '{"seq":-Infinity}',
    "minus zero": '{"seq":-0}',
    "a float": '{"seq":1e3}',
    "a lone surrogate": '{"name":"\\ud800"}',
    "a NUL": '{"name":"\\u0000"}',
    "a key twice": '{"seq":1,"seq":2}',
    "not an object": "7",
    "beyond 64 KiB": json.dumps({"name": "x" * 70_000}),
}


@pytest.fixture(autouse=True)
def opened(device: Device) -> None:
    device.seq, device.prev = 0, "0" * 64
    device.send(device.open())


def around(device: Device, hostile: str) -> dict[str, Any]:
    """A good event, the hostile one, a good event, in one request: the answer."""
    good = [json.dumps(device.event("drawer.open", {"reason": "đổi tiền"})) for _ in range(2)]
    raw = f'{{"events":[{good[0]},{hostile},{good[1]}]}}'
    answer = device.client.post("/api/till/events", data=raw.encode("utf-8", "surrogatepass"), headers=device.headers)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


@pytest.mark.parametrize("what", SHOWN)
def test_it_is_quarantined_once_and_its_neighbours_are_booked(device: Device, what: str) -> None:
    before = db.session.scalar(select(func.count()).select_from(TillEvent)) or 0
    db.session.rollback()

    told = around(device, SHOWN[what])
    again = around(device, SHOWN[what])

    for answer in (told, again):
        assert [r["status"] for r in answer["results"]] == ["recorded", "quarantined", "recorded"]
        assert (answer["results"][1]["id"], answer["results"][1]["index"]) == (None, 1)
        assert not answer["results"][1]["why"].startswith("unexpected")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(TillEvent)) == before + 4
    assert db.session.scalar(select(func.count()).select_from(Quarantined)) == 1
    assert again["missing"] == []


def test_an_event_the_database_itself_refuses_is_quarantined_with_its_cause(device: Device) -> None:
    check = (
        "ALTER TABLE sale ADD CONSTRAINT poison CHECK (receipt_no <> 'poison')"
        if is_postgresql(db.session())
        else "CREATE TRIGGER poison BEFORE INSERT ON sale WHEN NEW.receipt_no = 'poison' "
        "BEGIN SELECT RAISE(ABORT, 'poison'); END"
    )
    with unit_of_work() as work:
        work.execute(text(check))
    line = ("019aa600-0000-7000-8000-000000000001", 1000, 10_000)

    events = [device.sale(line), device.sale(line, receipt_no="poison"), device.sale(line)]
    answer = device.send(*events)

    statuses = [r["status"] for r in answer["results"]]
    assert statuses == ["flagged", "quarantined", "flagged"]
    assert "poison" in answer["results"][1]["why"]
    assert (answer["received_through"], answer["missing"]) == (4, [])
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Sale)) == 2  # nothing of the poisoned one stayed


@pytest.mark.parametrize(
    ("body", "zipped", "status"),
    [
        (b" " * 10_000_000, False, 413),
        (gzip.compress(b'{"events":[' + b" " * 10_000_000 + b"]}"), True, 413),
        (gzip.compress(gzip.compress(b" " * 50_000_000)), True, 400),
        (gzip.compress(b'{"events":[]}')[:-9], True, 400),
        (gzip.compress(b'{"events":[]}') + b"more", True, 400),
        (b'{"events":[]}', True, 400),
        (b'{"events":["\xc3\x28"]}', False, 400),
        (b'{"events":[' + b"1," * 500 + b"1]}", False, 413),
        (b"[" * 100_000, False, 400),
        (b'{"events":[NaN', False, 400),
    ],
    ids=["10 MB", "a bomb", "gzip in gzip", "cut gzip", "gzip and more", "no gzip", "UTF-8", "501", "deep", "cut"],
)
def test_the_whole_request_is_refused_and_acknowledges_nothing(
    device: Device, body: bytes, zipped: bool, status: int
) -> None:
    headers = device.headers | ({"Content-Encoding": "gzip"} if zipped else {})

    answer = device.client.post("/api/till/events", data=body, headers=headers)

    assert answer.status_code == status
    told = answer.get_json()
    assert {"error", "message_vi", "message_en"} <= told.keys()
    assert "results" not in told
    assert db.session.scalar(select(func.count()).select_from(Quarantined)) == 0


def test_bytes_that_are_no_utf_8_are_refused_with_their_request_and_alone_block_nothing(device: Device) -> None:
    """JSON is UTF-8: the whole is not this JSON. The tablet halves its batch until the damaged one stands alone."""
    good = [json.dumps(device.event("drawer.open", {"reason": "đổi tiền"})).encode() for _ in range(2)]
    bad = b'{"id":"019aa600-0000-7000-8000-0000000000aa","name":"\xc3\x28"}'

    def send(*events: bytes) -> Any:
        raw = b'{"events":[' + b",".join(events) + b"]}"
        return device.client.post("/api/till/events", data=raw, headers=device.headers)

    assert send(good[0], bad, good[1]).status_code == 400
    assert db.session.scalar(select(func.count()).select_from(TillEvent)) == 1
    db.session.rollback()
    alone = send(bad)
    assert (alone.status_code, alone.get_json()["error"]) == (400, "events.not_json")
    assert [r["status"] for r in send(*good).get_json()["results"]] == ["recorded"] * 2
