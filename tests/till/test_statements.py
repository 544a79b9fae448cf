"""How many statements a sale costs: a plain sale of three lines, paid in cash, at a till without a printer."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from pos.kernel.db import db, is_postgresql
from tests.tablet.device import Device
from tests.tablet.test_concurrency import enrolled
from tests.till.golden import SETUP, build

LINES = [(product["id"], 1000, product["price"]) for product in SETUP["products"]]
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK")
AROUND = 2  # of a request: whose token it is, what is here of the log


@pytest.fixture
def device(app: Flask) -> Device:
    build()
    [device] = enrolled(app, 1)
    device.send(device.open(0), device.sale(*LINES))
    return device


def statements(device: Device, *events: dict[str, Any]) -> list[str]:
    """The statements of one request, transaction marks aside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, _values: Any, _context: Any, many: bool) -> None:
        assert not many  # an executemany is an execution a row
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = device.send(*events)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert {result["status"] for result in answer["results"]} == {"recorded"}
    return [statement for statement in seen if not statement.startswith(TRANSACTION)]


def test_a_plain_sale_of_three_lines_takes_at_most_18_statements(device: Device) -> None:
    most = 10 if is_postgresql(db.session()) else 18  # SQLite pays no round trips: a table, a statement

    alone = statements(device, device.sale(*LINES))
    assert len(alone) <= most + AROUND

    ten = statements(device, *(device.sale(*LINES) for _ in range(10)))
    assert len(ten) <= 10 * most + AROUND


def test_more_lines_take_no_more_statements(device: Device) -> None:
    three = statements(device, device.sale(*LINES))
    thirty = statements(device, device.sale(*(LINES * 10)))
    assert len(thirty) == len(three)
