"""How long a settlement's preview takes over many open lines, beside one bare GROUP BY: `python -m bench.settlement`.

Fills a scratch SQLite file with sale lines alone (no shop, no entries) and asks for the whole run, for one page of
drafts and for the floor: the same sums with nothing looked up, neither claims nor returns nor terms.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import text

from config import ROOT, Config
from pos.app import create_app
from pos.consignment.queries.runs import get_run
from pos.kernel.db import db
from pos.kernel.ids import new_id

DAY = date(2026, 11, 22)
FLOOR = text(
    "SELECT producer_id, kind, commission_bp, commission_vat_bp, count(*), min(business_date), sum(amount_vnd),"
    " sum(gross_vnd), sum(discount_producer_vnd), sum(commission_vnd), sum(commission_vat_vnd)"
    " FROM settlement_line WHERE operator_id = :operator"
    " GROUP BY producer_id, kind, commission_bp, commission_vat_bp"
)
LINE = (
    "INSERT INTO settlement_line (id, operator_id, producer_id, entry_id, seq, kind, amount_vnd, business_date,"
    " available_on, mode, commission_bp, commission_vat_bp, gross_vnd, discount_producer_vnd, commission_vnd,"
    " commission_vat_vnd) VALUES (?, ?, ?, ?, ?, 'sale', 83800, ?, ?, 'commission', 1500, 800, 100000, 0, 15000, 1200)"
)
PRODUCER = (
    "INSERT INTO producer (id, code, name, search, kind, tax_method, made_at)"
    " VALUES (?, ?, ?, ?, 'household', 'direct', '2026-11-01 00:00:00.000000')"
)


def fill(path: Path, lines: int, producers: int) -> str:
    """So many lines, by turns of each producer, every tenth not yet payable. Answers the operator's id."""
    operator_id, entry_id = new_id(), new_id()
    makers = [new_id() for _ in range(producers)]
    later = (DAY + timedelta(days=7)).isoformat()

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(lines):
            day = (DAY - timedelta(days=n % 60)).isoformat()
            yield new_id(), operator_id, makers[n % producers], entry_id, n + 1, day, later if n % 10 == 0 else day

    with sqlite3.connect(path) as connection:  # the driver alone: no foreign keys to satisfy
        named = [(id_, f"P{n:05d}", f"Nhà {n:05d}", f"nha {n:05d}") for n, id_ in enumerate(makers)]
        connection.executemany(PRODUCER, named)
        connection.executemany(LINE, rows())
        connection.execute("INSERT INTO chain_head (operator_id, seq, hash) VALUES (?, ?, '')", (operator_id, lines))
    return operator_id


def timed(ask: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median (clock, processor) in ms, each round by a session that knows nothing yet."""
    took, spent = [], []
    for _ in range(rounds):
        db.session.remove()
        began, worked = time.perf_counter(), time.process_time()
        ask()
        took.append((time.perf_counter() - began) * 1000)
        spent.append((time.process_time() - worked) * 1000)
    return statistics.median(took), statistics.median(spent)


def main() -> None:
    """Fill, ask by turns, print the ratio."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--lines", type=int, default=200_000)
    read.add_argument("--producers", type=int, default=1_500)
    read.add_argument("--rounds", type=int, default=5)
    given, _rest = read.parse_known_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "lines.sqlite"
        app = create_app(Config(database_url=f"sqlite:///{path}", secret_key="bench only", demo=True))  # noqa: S106
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            operator_id = fill(path, given.lines, given.producers)
            floor = timed(lambda: db.session.execute(FLOOR, {"operator": operator_id}).all(), given.rounds)
            run = timed(lambda: get_run(db.session(), operator_id, DAY, run_on=DAY), given.rounds)
            db.session.remove()
            db.engine.dispose()
    print(f"{given.lines} lines of {given.producers} producers: a run and its first page, beside one GROUP BY")
    for name, (ms, cpu) in (("GROUP BY", floor), ("run", run)):
        print(f"{name:10} {ms:8.0f} ms {cpu:8.0f} ms CPU {ms / floor[0]:6.1f} × {cpu / floor[1]:6.1f} × CPU")


if __name__ == "__main__":
    main()
