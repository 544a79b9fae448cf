"""Levels of one place with 3,463 products, and a lot card of 100,000 movements, page by page: `python -m bench.stock`.

Fills a scratch file (or an empty migrated database: `--database`) through the stock services, then asks the pages as
somebody who may. The processor's own time is told beside the clock's, which other work on the machine makes longer,
and is what counts. Exit 1 when the levels are over 50 ms, or the card's last page costs more than twice its first.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from config import ROOT, Config
from pos.access.service import add_person, grant
from pos.app import create_app
from pos.catalogue import service as catalogue
from pos.catalogue.commands import ProductFacts
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.places import service as places
from pos.producers.service import add_producer
from pos.stock.commands import Draft, DraftLine, Move
from pos.stock.models import Movement
from pos.stock.service import move
from pos.stock.service.day_sums import add_up
from pos.stock.service.documents import confirm, draft

PRODUCTS, MOVEMENTS, LIMIT_MS, ROUNDS = 3_463, 100_000, 50, 9
FIRST = date(2026, 1, 1)
AT = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)


def fill(products: int, movements: int) -> dict[str, str]:
    """One operator, one shop with every product on its shelves, one lot that moved very often."""
    with unit_of_work() as session:
        operator = places.open_operator(session, code="B1", name="Bench", at=AT)
        shop = places.add_site(session, operator_id=operator.id, kind="shop", code="B1", name="Kho lớn", fair_id=None)
        maker = add_producer(session, name="HTX Đông hàng", at=AT, commune="Ba Vì")
        person = add_person(session, name="Quản lý", at=AT, login="bench")
        session.flush()
        grant(session, person.id, "manager", "operator", operator.id, at=AT)
        goods = []
        for n in range(products):
            facts = ProductFacts(name=f"Hàng số {n}", unit="hộp", kind="che", commune="Ba Vì")
            product = catalogue.add_product(session, maker.id, facts, at=AT)
            catalogue.offer_product(session, operator_id=operator.id, product_id=product.id)
            goods.append(product.id)
        session.flush()
        ids = {"operator": operator.id, "shop": shop.id, "person": person.id, "product": goods[0], "lot": new_id()}
        lines = [DraftLine(product, 5_000) for product in goods[1:]]
        lines.insert(0, DraftLine(goods[0], 2 * movements * 1000, lot_id=ids["lot"]))
        note = Draft(
            operator.id, "intake", FIRST, ("producer", maker.id), ("site", shop.id), tuple(lines),
            producer_id=maker.id,
        )  # fmt: skip
        confirm(session, draft(session, note, at=AT, by=None), revision=None, at=AT, by=None)
    here, away = ("site", ids["shop"]), ("customer", ids["shop"])
    for start in range(1, movements, 2_000):
        with unit_of_work() as session:
            some = [
                Move(
                    ids["product"], 1_000, *here, *away, "sale", FIRST + timedelta(days=n // 400), AT, "bench",
                    new_id(), "1", ids["lot"],
                )
                for n in range(start, min(start + 2_000, movements))
            ]  # fmt: skip
            move(session, ids["operator"], some, recorded_at=AT)
    return ids


def asked(ask: Callable[[], Any]) -> tuple[float, float]:
    """Median ms of several answers, the first left out: on the clock, and of our processor alone."""
    took, spent = [], []
    for _ in range(ROUNDS + 1):
        started, worked = time.perf_counter(), time.process_time()
        answer = ask()
        took.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - worked) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code}: {answer.get_data(as_text=True)[:300]}")
    return statistics.median(took[1:]), statistics.median(spent[1:])


def card_at(ids: dict[str, str], rank: int) -> str:
    """The address of the card's page that begins after so many movements."""
    card = f"/stock/card/{ids['product']}?operator={ids['operator']}&lot={ids['lot']}"
    if not rank:
        return card
    newest = select(Movement.business_date, Movement.id).where(Movement.lot_id == ids["lot"])
    day, id_ = db.session.execute(
        newest.order_by(Movement.business_date.desc(), Movement.id.desc()).offset(rank - 1).limit(1)
    ).one()
    return f"{card}&after={day.isoformat()}~{id_}~0"


def main() -> int:
    """Fill and ask."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--database", help="an empty database")
    read.add_argument("--products", type=int, default=PRODUCTS)
    read.add_argument("--movements", type=int, default=MOVEMENTS)
    given, _ = read.parse_known_args()
    with tempfile.TemporaryDirectory() as scratch:
        url = given.database or f"sqlite:///{Path(scratch) / 'stock.sqlite'}"
        app = create_app(Config(database_url=url, secret_key="bench only", demo=True))  # noqa: S106 - a scratch file
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            started = time.perf_counter()
            ids = fill(given.products, given.movements)
            print(f"{given.products} products, {given.movements} movements: {time.perf_counter() - started:.0f} s")
            ranks = (0, given.movements // 2, given.movements - 60)
            cards = [(f"card after {rank}", card_at(ids, rank)) for rank in ranks]
            with unit_of_work() as session:  # as the night does; what is younger than it is read as it is
                add_up(session, at=now() + timedelta(hours=2))
            db.session.remove()
        client = FlaskClient(app, app.response_class)
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = ids["person"], True
        shop = ids["shop"]
        rows = [
            ("levels", f"/stock/?site={shop}"), ("levels, page 60", f"/stock/?site={shop}&page=60"),
            ("levels, a search", f"/stock/?site={shop}&q=hang+so+34"), ("levels, low", f"/stock/?site={shop}&low=1"),
            *cards, ("equation", "/stock/equation"), ("equation, by lot", "/stock/equation?lots=1"),
            ("documents", "/stock/documents"),
        ]  # fmt: skip
        told = {}
        print(f"{'page':20} {'ms':>8} {'cpu ms':>8}")
        for name, path in rows:
            clock, told[name] = asked(lambda path=path: client.get(path))  # type: ignore[misc]
            print(f"{name:20} {clock:8.1f} {told[name]:8.1f}")
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    first, *_, last = (told[name] for name, _ in cards)
    over = [name for name in told if name.startswith(("levels", "equation")) and told[name] > LIMIT_MS]
    uneven = last > 2 * first
    print(
        f"{len(over)} of levels and equations over {LIMIT_MS} ms; last page of the card {last / first:.1f} × its first"
    )
    return 1 if over or uneven else 0


if __name__ == "__main__":
    sys.exit(main())
