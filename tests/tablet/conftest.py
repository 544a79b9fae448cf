"""A shop with an enrolled tablet."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from pos.access.service import make_enrol_code
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from tests.tablet.device import Device
from tests.till.golden import SETUP, build


@dataclass
class Shop:
    code: str
    client: FlaskClient


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    build()
    with unit_of_work() as session:
        return Shop(make_enrol_code(session, SETUP["till"]["id"], at=now()), client)


@pytest.fixture
def device(shop: Shop) -> Device:
    made = Device(shop.client)
    made.enrol(shop.code)
    made.open()
    return made


@pytest.fixture
def selling(shop: Shop) -> Device:
    """An enrolled tablet whose shift the server knows."""
    made = Device(shop.client)
    made.enrol(shop.code)
    made.send(made.open(0))
    return made
