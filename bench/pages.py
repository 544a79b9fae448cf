"""Server time and queries of the office's home pages and lists on `seed city`: `python -m bench.pages`.

Seeds a city of two days into a scratch file (or takes one: `--database`), asks each page as somebody who may, and
prints the median of several answers. The processor's own time is told beside the clock's, which other work on the
machine makes longer. Exit 1 when a page is over its limit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select

from config import ROOT, Config
from pos.app import create_app
from pos.catalogue.models import Offer
from pos.kernel.db import db
from pos.places.models import Fair, Operator, Site
from pos.producers.models import Producer
from pos.seed.city import seed_city
from pos.seed.world import PEOPLE
from pos.stock.models import Document
from pos.till.models import Sale

LIMIT_MS = 50
ROUNDS = 9
WHO = {
    "administrator": "quantri",
    "manager": "quanly",
    "bookkeeper": "ketoan",
    "organizer": "bantochuc",
    "producer": "giocha",
}


@dataclass
class Heard:
    """What the database was asked while a page was made."""

    statements: list[tuple[str, float]] = field(default_factory=list)
    began: float = 0.0

    @property
    def sql_ms(self) -> float:
        """Time inside the database."""
        return sum(took for _, took in self.statements) * 1000

    @property
    def slowest(self) -> tuple[str, float]:
        """(statement, ms)."""
        statement, took = max(self.statements, key=lambda one: one[1], default=("", 0.0))
        return " ".join(statement.split()), took * 1000


def listening(app: Flask) -> Heard:
    """Hear every statement of the application's engine."""
    heard = Heard()
    with app.app_context():
        engine = db.engine

        @event.listens_for(engine, "before_cursor_execute")
        def begin(*_: Any) -> None:
            heard.began = time.perf_counter()

        @event.listens_for(engine, "after_cursor_execute")
        def end(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            heard.statements.append((statement, time.perf_counter() - heard.began))

    return heard


def entered(app: Flask, role: str) -> FlaskClient:
    """A browser logged in as one of the city's people."""
    login = WHO[role]
    client = app.test_client()
    answer = client.post("/login", data={"login": login, "password": PEOPLE[login][0]})
    if answer.status_code not in (302, 303):
        raise SystemExit(f"{login} cannot log in: {answer.status_code}")
    return client


def pages(app: Flask) -> list[tuple[str, str]]:
    """(role, address) of the home pages and lists."""
    with app.app_context():
        session = db.session()
        first = session.scalars(select(Operator.id).where(Operator.code == "C00")).one()
        site = session.scalars(select(Site.id).where(Site.operator_id == first)).first()
        fair = session.scalars(select(Fair.id)).first()
        product = session.scalars(select(Offer.product_id).where(Offer.operator_id == first)).first()
        producer = session.scalars(select(Producer.id).order_by(Producer.code)).first()
        sale = session.scalars(select(Sale.id).where(Sale.operator_id == first)).first()
        note = session.scalars(select(Document.id).where(Document.operator_id == first)).first()
    lists = [
        "/office", "/office/sales", "/office/flags", "/office/flags/count", "/products/", "/products/?q=mat+ong",
        "/products/?page=60", "/products/?show=others", "/certificates/", "/certificates/?state=90", "/stock/",
        "/stock/?low=1", "/stock/?q=gom", "/stock/documents", "/producers/", "/producers/?q=sen", "/places/",
        "/agreements", "/statements", f"/products/{product}", f"/producers/{producer}", f"/places/{site}",
        f"/office/sales/{sale}", f"/stock/documents/{note}", "/products/new", "/stock/documents/new/intake",
        "/office/owners", "/office/new-goods", "/office/printers", "/places/operators",
    ]  # fmt: skip
    asked = [(role, url) for role in ("manager", "administrator") for url in lists]
    asked += [("organizer", "/fairs/"), ("organizer", f"/fairs/{fair}"), ("producer", "/producer")]
    asked += [("bookkeeper", "/statements/run")]
    return [(role, url) for role, url in asked if "None" not in url]


def measured(ask: Callable[[], Any], heard: Heard) -> tuple[int, float, float, Heard]:
    """(status, median ms on the clock, median ms of our processor, what the last round asked)."""
    took, spent, status, last = [], [], 0, heard
    for _ in range(ROUNDS + 1):
        heard.statements.clear()
        started, worked = time.perf_counter(), time.process_time()
        answer = ask()
        took.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - worked) * 1000)
        status, last = answer.status_code, Heard(list(heard.statements))
    return status, statistics.median(took[1:]), statistics.median(spent[1:]), last


def report(app: Flask, limit: float) -> int:
    """Print a row for each page; returns how many are over the limit."""
    heard, over = listening(app), 0
    clients = {role: entered(app, role) for role in WHO}
    print(f"{'who':14} {'page':44} {'ms':>7} {'cpu ms':>7} {'sql ms':>7} {'queries':>7}")
    for role, url in pages(app):
        client = clients[role]

        def ask(client: FlaskClient = client, url: str = url) -> Any:
            return client.get(url, follow_redirects=True)

        status, ms, cpu_ms, last = measured(ask, heard)
        slow = ms > limit
        over += slow
        mark = "" if status == 200 else f" [{status}]"
        mark += "  OVER" if slow else ""
        print(f"{role:14} {url[:44]:44} {ms:7.1f} {cpu_ms:7.1f} {last.sql_ms:7.1f} {len(last.statements):7}{mark}")
        if slow:
            statement, took = last.slowest
            print(f"{'':14}   slowest {took:.1f} ms: {statement[:400]}")
    return over


def main() -> int:
    """Seed if need be, and ask."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--database", help="a database that has a city already, or is empty and migrated")
    read.add_argument("--days", type=int, default=2)
    read.add_argument("--limit", type=float, default=LIMIT_MS, help="milliseconds")
    given = read.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        url = given.database or f"sqlite:///{Path(scratch) / 'city.sqlite'}"
        app = create_app(Config(database_url=url, secret_key="bench only", demo=True))  # noqa: S106 - a scratch file
        app.config.update(WTF_CSRF_ENABLED=False, SERVER_NAME=None)
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            if db.session().scalar(select(Operator.id).limit(1)) is None:
                started = time.perf_counter()
                sold = seed_city(days=given.days)
                print(f"city of {given.days} days, {sold.sales} sales: {time.perf_counter() - started:.0f} s")
            db.session.remove()
        over = report(app, given.limit)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    print(f"{over} over {given.limit:g} ms")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
