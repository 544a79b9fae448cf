"""How long 20,000 rows take to come in, beside a raw insert of the same rows: `python -m bench.imports`.

Scratch SQLite file. Reading, comparing and writing are measured apart, then the same file again (nothing to change),
and taking all of it back. The floor writes the same rows by the driver alone, in one transaction as durable.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask_migrate import upgrade

from bench.raw import connect
from config import ROOT, Config
from pos.app import create_app
from pos.catalogue.adapters.workbooks import written_xlsx
from pos.catalogue.imports import read_file
from pos.catalogue.queries.export import TITLES
from pos.catalogue.service.import_plan import Origin
from pos.catalogue.service.import_undo import undo_import
from pos.catalogue.service.imports import carry_out, plan_import
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.places.service import open_operator

TABLES = ("producer", "product", "offer", "price", "vat_rate", "barcode", "certificate")


def the_file(rows: int) -> bytes:
    """So many products of a hundredth as many producers, each with price, VAT, a code and a certificate."""

    def code(n: int) -> str:
        digits = f"893{n:09d}"
        odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
        return digits + str(-(odd + 3 * even) % 10)

    made = (
        (
            f"Món số {n}", f"Hợp tác xã {n % max(1, rows // 100)}", "Xã Ba Vì", "Hà Nội", None, 3 + n % 2,
            f"{n}/QĐ-UBND", None, "22/11/2025", "22/11/2028", "hộp", None, 10_000 + n * 10, None, "8%", code(n), None,
            180, None, None,
        )
        for n in range(rows)
    )  # fmt: skip
    return written_xlsx("Hàng hóa", TITLES, made)


def floor(url: str, scratch: Path) -> float:
    """Seconds to write all rows of the import into an empty copy, one transaction, the driver alone."""
    path = url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as read:
        rows = {table: read.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        made = {
            table: read.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
            for table in TABLES
        }
        indexes = [
            sql for (sql,) in read.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND "
                                           f"tbl_name IN ({', '.join('?' * len(TABLES))})", TABLES)
        ]  # fmt: skip
    raw = connect(f"sqlite:///{scratch}")
    raw.execute("PRAGMA foreign_keys = OFF")  # the operator is not there
    for sql in (*made.values(), *indexes):
        raw.execute(sql)
    begun = time.perf_counter()
    raw.execute("BEGIN IMMEDIATE")
    for table, some in rows.items():
        raw.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(some[0]))})", some)
    raw.execute("COMMIT")
    took = time.perf_counter() - begun
    raw.close()
    return took


def timed(words: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """What it answers, and how long it took."""
    begun = time.perf_counter()
    answer = work()
    took = time.perf_counter() - begun
    print(f"{words:<34}{took:8.2f} s")
    return answer, took


def run(rows: int, folder: Path) -> None:
    """Measure once and print."""
    url = f"sqlite:///{folder / 'imports.db'}"
    app = create_app(Config(database_url=url, secret_key=token_hex(), demo=False, origin="http://localhost"))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        with unit_of_work() as session:
            operator_id = open_operator(session, code="BENCH", name="Đơn vị đo", at=now()).id
        data = the_file(rows)
        read, reading = timed(f"read {rows:,} rows of XLSX", lambda: read_file(data, "hang.xlsx"))
        assert not read.problems, read.problems[:3]

        def take_in() -> str | None:
            with unit_of_work() as session:
                plan = plan_import(session, read.good, operator_id=operator_id, at=now())
                assert not plan.problems, plan.problems[:3]
                return carry_out(session, plan, origin=Origin("hang.xlsx", "0" * 64, None)).run_id

        run_id, writing = timed("compare and write, one transaction", take_in)
        raw = floor(url, folder / "raw.db")
        print(f"{'raw insert of the same rows':<34}{raw:8.2f} s")
        timed("the same file again: nothing to do", take_in)

        def take_back() -> None:
            with unit_of_work() as session:
                undo_import(session, str(run_id), moved=app.extensions["pos_goods_moved"], at=now(), by=None)

        timed("take it back", take_back)
        print(f"whole import {reading + writing:.1f} s (limit 60); writing is {raw / writing:.2f} of raw")
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def main() -> None:
    """One run in a scratch folder."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=20_000)
    rows = asked.parse_known_args()[0].rows
    with tempfile.TemporaryDirectory() as folder:
        run(rows, Path(folder))


if __name__ == "__main__":
    main()
