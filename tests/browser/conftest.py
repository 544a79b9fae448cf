"""A real server on a real port, a real Chromium, a real printer on TCP."""

from __future__ import annotations

import random
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from waitress.server import create_server
from waitress.wasyncore import close_all

from config import Config
from pos.app import create_app
from pos.kernel.clock import today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.kernel.models import Installation
from pos.outbox import worker
from pos.places.models import Till
from pos.receipts.models import Printer as PrinterRow
from pos.seed.demo import seed_demo
from pos.seed.world import PEOPLE
from tests.databases import SECRET, Templates
from tests.receipts.printer import Printer, a_printer

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TILL = "HG13"  # stands free in the running fair of the demo


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; it fetches nothing of its own."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    assert found, "Chromium is missing: run `make system`"
    quiet = ["--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
    return {**browser_type_launch_args, "executable_path": found, "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A 10-inch tablet, in Hanoi."""
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
    }


@dataclass
class Live:
    """A running demo of one day, with a printer at its free till."""

    url: str
    app: Flask
    printer: Printer

    def enrol_code(self) -> str:
        """A code for the free till, as `pos enrol-code` makes it."""
        from sqlalchemy import select

        from pos.access.service import make_enrol_code
        from pos.kernel.clock import now

        with self.app.app_context(), unit_of_work() as session:
            till_id = session.scalars(select(Till.id).where(Till.code == TILL)).one()
            return make_enrol_code(session, till_id, at=now())


@contextmanager
def served(app: Flask, port: int) -> Iterator[None]:
    """The application on this port, until the end of the block."""
    closing = threading.Event()
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=port, threads=8)

    def serve() -> None:
        try:
            server.run()
        except OSError:  # its sockets are closed below while it waits for them
            if not closing.is_set():
                raise

    thread = threading.Thread(target=serve, name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        closing.set()
        server.task_dispatcher.shutdown()
        server.close()
        close_all(sockets, ignore_all=True)  # kept-alive ones would hold the loop for minutes
        thread.join(10)
    assert not thread.is_alive()


def a_port() -> int:
    """One nobody listens on, below those that connections are given: none takes it before the server does."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no free port")


DEMO_SECONDS = 600.0  # so old may the demo be that a test begins with: its last sales are minutes ago


class Demos:
    """The demo of one day as it was made once: seconds of selling, copied for each test."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self.name: str | None = None
        self.made = (today(), 0.0)

    def a_copy(self) -> tuple[str, str]:
        """(url, what to hand back to `drop`)."""
        day, since = self.made
        if self.name is None or day != today() or time.monotonic() - since > DEMO_SECONDS:
            self.close()
            url, self.name = self.templates.fresh()
            app = create_app(Config(database_url=url, secret_key=SECRET, demo=True, origin="http://127.0.0.1"))
            with app.app_context():
                seed_demo(days=1)
                db.session.remove()
                let_go()
            self.made = (today(), time.monotonic())
        return self.templates.copy(self.name)

    def close(self) -> None:
        """Forget it."""
        if self.name is not None:
            self.templates.drop(self.name)
            self.name = None


def let_go() -> None:
    """Close the connections of the application."""
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def demos(templates: Templates) -> Iterator[Demos]:
    """The demos of this run."""
    made = Demos(templates)
    yield made
    made.close()


@pytest.fixture
def live(templates: Templates, demos: Demos) -> Iterator[Live]:
    """Server, worker and printer on a fresh demo."""
    port = a_port()
    url = f"http://127.0.0.1:{port}"
    database, name = demos.a_copy()
    app = create_app(Config(database_url=database, secret_key=SECRET, demo=True, origin=url))
    app.extensions["pos_demo_people"] = []
    with a_printer() as printer:
        with app.app_context(), unit_of_work() as session:
            from sqlalchemy import select

            session.get_one(Installation, 1).origin = url
            till = session.scalars(select(Till).where(Till.code == TILL)).one()
            session.add(
                PrinterRow(
                    id=new_id(), operator_id=till.operator_id, scope_kind="till", scope_id=till.id, name="Máy in quầy",
                    host=printer.host, port=printer.port, width_dots=576, drawer=True,
                )
            )  # fmt: skip
        with served(app, port):
            doing, stop = worker.start(app)
            yield Live(url, app, printer)
            stop.set()
            doing.join(10)
    with app.app_context():
        db.session.remove()
        let_go()
    templates.drop(name)


NOTHING_WAITS = """async () => {
  const { Disk } = await import("/static/till/idb.js");
  const disk = await Disk.open();
  for (let n = 0; (await disk.unsent()).events; n++) {
    if (n > 300) throw new Error("half a minute later there are still events to send");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}"""


def sent(page: Page) -> None:
    """Wait until the tablet's own log says the server has everything; the pill is drawn a moment later."""
    page.evaluate(NOTHING_WAITS)
    expect(page.get_by_test_id("pill-unsent")).to_have_attribute("data-unsent", "0", timeout=30_000)


def log_in(page: Page, live: Live, login: str) -> None:
    """Through the log-in page, as a person would."""
    page.goto(f"{live.url}/login")
    page.get_by_label("Tên đăng nhập", exact=True).fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(PEOPLE[login][0])
    page.get_by_label("Mật khẩu", exact=True).press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))


def complaints(context: BrowserContext) -> list[str]:
    """What the console of every page says is wrong, gathered as it comes."""
    heard: list[str] = []
    context.on("weberror", lambda error: heard.append(str(error.error)))
    return heard
