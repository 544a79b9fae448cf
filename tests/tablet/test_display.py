"""The customer's screen on another tablet: only by the QR's key, only goods and sums, and over when it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pos.access.models import DeviceLog
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.till.models import CustomerDisplay
from tests.tablet.device import Device

CART: dict[str, Any] = {
    "state": "cart", "language": "vi", "place": "Gian 01", "sample": None, "total": 185_000, "left": None,
    "lines": [{"name": "Chè Đinh", "qty_milli": 2000, "unit": "", "sum": 185_000}],
}  # fmt: skip
KEPT = {name: value for name, value in CART.items() if name != "left"}
PATH = "/api/till/display"


def pair(device: Device) -> dict[str, str]:
    """What a screen carries that read the till's QR."""
    key = device.client.post(PATH, headers=device.headers).get_json()["key"]
    return {"Authorization": f"Bearer {key}"}


def look(device: Device, screen: dict[str, str], since: int = 0) -> tuple[int, Any]:
    answer = device.client.get(f"{PATH}?since={since}", headers=screen)
    return answer.status_code, answer.get_json()


def test_a_screen_hears_the_last_word_and_the_till_that_it_is_heard(device: Device) -> None:
    screen = pair(device)
    unheard = device.client.put(PATH, json=CART | {"total": 90_000}, headers=device.headers).get_json()
    device.client.put(PATH, json=CART, headers=device.headers)
    status, said = look(device, screen)
    again = look(device, screen, since=said["n"])[1]
    heard = device.client.put(PATH, json=CART, headers=device.headers).get_json()

    assert (status, said["n"], said["message"]) == (200, 2, KEPT)
    assert 0 <= said["age_ms"] < 5_000
    assert (again["n"], again["message"]) == (2, None)
    assert (unheard, heard) == ({"watched": False}, {"watched": True})


@pytest.mark.parametrize(
    "more",
    [
        {"buyer": {"name": "Cô Hoa"}}, {"staff": "Lan"}, {"state": "owed"}, {"total": "185000"},
        {"lines": [{"name": "Chè", "qty_milli": 1, "unit": "", "sum": 1, "note": "Cô Hoa 0912345678"}]},
    ],
)  # fmt: skip
def test_nothing_but_goods_and_sums_is_taken(device: Device, more: dict[str, Any]) -> None:
    screen = pair(device)

    answer = device.client.put(PATH, json=CART | more, headers=device.headers)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "display.bad_message")
    assert look(device, screen)[1]["message"] is None


def test_a_screen_is_over_with_a_new_key_an_end_a_day_or_a_lost_till(device: Device) -> None:
    first = pair(device)
    second = pair(device)
    device.client.put(PATH, json=CART, headers=device.headers)
    by_till = look(device, device.headers)[0]
    alive = (look(device, first)[0], look(device, second)[0])
    device.client.delete(PATH, headers=device.headers)
    ended = (look(device, second)[0], device.client.put(PATH, json=CART, headers=device.headers).status_code)
    third = pair(device)
    with unit_of_work() as session:
        session.execute(update(CustomerDisplay).values(expires_at=now(), paired_at=now() - timedelta(days=1)))
    late = look(device, third)[0]
    fourth = pair(device)
    with unit_of_work() as session:
        session.execute(update(DeviceLog).where(DeviceLog.device_id == device.device).values(revoked_at=now()))
    revoked = look(device, fourth)[0]

    assert (by_till, alive, ended, late, revoked) == (401, (401, 200), (401, 404), 401, 401)
    assert db.session().query(CustomerDisplay).count() == 1  # what is over leaves no row behind
