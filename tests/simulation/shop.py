"""The shop of the simulation: the golden till with more goods and ten tablets, and a server that can be shot."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from waitress.server import create_server

from config import Config
from pos.access.service import make_enrol_code
from pos.app import create_app
from pos.catalogue.models import Offer, Price, Product
from pos.catalogue.service.offers import set_price
from pos.cli.backup import back_up, restore
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.kernel.models import Installation
from pos.kernel.rows import insert_rows
from pos.stock.commands import Receive
from pos.stock.service import receive
from tests.databases import SECRET
from tests.tablet.device import Device
from tests.till.golden import BEFORE, LONG_AGO, SETUP, build

GOODS = 12
T = TypeVar("T")
_fork = multiprocessing.get_context("fork")


def app_of(url: str) -> Flask:
    """The application on one database; no connection is opened."""
    return create_app(Config(database_url=url, secret_key=SECRET, demo=False, origin="http://localhost"))


def let_go(app: Flask) -> None:
    """Close every connection: what is forked or copied next must not share one."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def open_shop(url: str, tablets: int) -> list[dict[str, Any]]:
    """Fill a migrated database; returns each tablet's enrolment as its disk keeps it."""
    app = app_of(url)
    enrolments = []
    with app.app_context():
        world = build()
        maker, products = SETUP["producers"][0]["id"], [new_id() for _ in range(GOODS)]
        with unit_of_work() as session:
            session.add(
                Installation(id=1, books=new_id(), epoch=1, origin="http://localhost", demo=False, made_at=BEFORE)
            )
            session.add_all(
                Product(id=id_, producer_id=maker, name=f"Chè {n}", search="", kind="che", made_at=BEFORE)
                for n, id_ in enumerate(products)
            )
            session.flush()
            session.add_all(
                Offer(operator_id=world.operator_id, product_id=id_, sku=f"s{n}", version=1)
                for n, id_ in enumerate(products)
            )
            rows = [
                {
                    "id": new_id(), "operator_id": world.operator_id, "product_id": id_, "scope_kind": "operator",
                    "scope_id": world.operator_id, "price_vnd": 11_300 * (n + 1), "starts_at": BEFORE, "invented": True,
                }
                for n, id_ in enumerate(products)
            ]  # fmt: skip
            insert_rows(session, Price, rows)
            brought = tuple((id_, 10_000_000, None) for id_ in products)
            receive(
                session, Receive(world.operator_id, maker, SETUP["site"]["id"], LONG_AGO, brought), at=BEFORE, by=None
            )
        for _ in range(tablets):
            device = Device(FlaskClient(app, app.response_class))
            with unit_of_work() as session:
                code = make_enrol_code(session, SETUP["till"]["id"], at=now())
            device.enrol(code)
            enrolments.append({"device": device.device, "token": device.token, "till": device.till})
    let_go(app)
    return enrolments


def in_child(work: Callable[[], T]) -> Callable[[], T]:
    """Begin work in a forked process; call the result to wait for what it returns."""
    mine, its = _fork.Pipe(duplex=False)

    def run() -> None:
        its.send(work())

    child = _fork.Process(target=run)
    child.start()
    its.close()

    def wait() -> T:
        try:
            told: T = mine.recv()
        except EOFError as error:
            raise RuntimeError("the process ended without a word") from error
        child.join()
        return told

    return wait


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """The real application behind real HTTP in a process of its own."""

    url: str
    folder: Path
    random: Random
    port: int = field(default_factory=_free_port)
    copies: list[Path] = field(default_factory=list)
    process: BaseProcess | None = None

    def __post_init__(self) -> None:
        self.app = app_of(self.url)

    def _serve(self) -> None:
        logging.getLogger("waitress").setLevel(logging.ERROR)  # that ten tablets queue is what we came for
        create_server(self.app.wsgi_app, host="127.0.0.1", port=self.port, threads=8).run()

    def start(self) -> None:
        """Until it answers."""
        self.process = _fork.Process(target=self._serve, daemon=True)
        self.process.start()
        for _ in range(400):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/till/manifest.webmanifest"):
                return
            time.sleep(0.01)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """SIGKILL: whatever it was doing stays undone."""
        if self.process is not None and self.process.pid is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.join()
            self.process = None

    def backup(self) -> None:
        """While it works."""
        copy = self.folder / f"copy-{len(self.copies)}"
        back_up(self.url, copy, at=now())
        self.copies.append(copy)

    def restore(self) -> None:
        """An old copy, not always the newest."""
        restore(self.url, self.random.choice(self.copies[-3:]))

    def price(self) -> None:
        """The office changes a price while logs are on their way."""

        at = now()

        def change() -> None:
            with self.app.app_context(), unit_of_work() as session:
                offer = self.random.choice(session.scalars(select(Offer).order_by(Offer.sku)).all())
                set_price(
                    session, operator_id=offer.operator_id, product_id=offer.product_id, starts_at=at, at=at,
                    price_vnd=self.random.randrange(20, 90) * 1000,
                )  # fmt: skip
            let_go(self.app)

        in_child(change)()

    def do(self, what: str) -> None:
        """One of the above, by name."""
        verbs = {
            "kill": self.kill,
            "start": self.start,
            "backup": self.backup,
            "restore": self.restore,
            "price": self.price,
        }
        verbs[what]()


def line_of(value: object) -> bytes:
    """As the pipe carries it."""
    return json.dumps(value).encode() + b"\n"
