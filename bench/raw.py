"""The floor: a transaction of the driver alone that writes the rows of one sale.

One statement with several rows per table, the same locks, the same row of the chain locked last.
"""

from __future__ import annotations

import random
import re
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from pos.kernel.ids import UUID_TEXT, new_id

Row = dict[str, Any]
OWN = {  # table: how to find the rows of the first sale
    "till_event": "id = {}", "sale": "id = {}", "sale_line": "sale_id = {}", "tender": "sale_id = {}",
    "stock_movement": "source_id = {}", "share": "event_id = {}", "receipt": "id = {}",
    "posting": "entry_id = (SELECT id FROM journal_entry WHERE source_id = {})", "journal_entry": "source_id = {}",
    "settlement_line": "entry_id = (SELECT id FROM journal_entry WHERE source_id = {})",
}  # fmt: skip
FRESH = ("till_event.id", "stock_movement.id", "share.id", "journal_entry.id", "settlement_line.id", "tender.id")


def connect(url: str) -> Any:
    """A bare connection as durable as the application's."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=15)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection
    at = make_url(url)
    plain = at.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain)


@dataclass(frozen=True)
class Floor:
    """The rows of a sale the application wrote, to be written again under new ids."""

    rows: dict[str, list[Row]]
    products: tuple[str, ...]
    logs: tuple[str, ...]
    operator_id: str
    site_id: str

    @classmethod
    def of(cls, url: str) -> Floor:
        """Read them from a database where something was sold."""
        connection = connect(url)

        def ask(query: str) -> list[Row]:
            found = connection.execute(query)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        sale = ask("SELECT id FROM sale ORDER BY id LIMIT 1")[0]["id"]
        rows = {table: ask(f"SELECT * FROM {table} WHERE " + where.format(f"'{sale}'")) for table, where in OWN.items()}
        logs = [row["id"] for row in ask("SELECT id FROM device_log WHERE greatest > 0 ORDER BY id")]
        connection.close()
        first = rows["sale"][0]
        products = tuple(row["product_id"] for row in rows["sale_line"])
        return cls(rows, products, tuple(logs), first["operator_id"], first["site_id"])

    def sales(self, count: int, client: int, goods: list[str]) -> list[dict[str, list[Row]]]:
        """Rows of so many sales of one client, made beforehand."""
        rng = random.Random(client)  # noqa: S311 - any goods will do
        made = []
        for _ in range(count):
            ids = {row[c]: new_id() for t, c in (f.split(".") for f in FRESH) for row in self.rows[t]}
            ids |= dict(zip(self.products, rng.sample(goods, len(self.products)), strict=True))
            ids[self.rows["sale"][0]["log_id"]] = self.logs[client]
            made.append({t: [{k: _again(v, ids) for k, v in r.items()} for r in rows] for t, rows in self.rows.items()})
        return made


def _again(value: Any, ids: dict[str, str]) -> Any:
    return re.sub(UUID_TEXT, lambda m: ids.get(m[0], m[0]), value) if isinstance(value, str) else value


def write_raw(url: str, floor: Floor, sales: list[dict[str, list[Row]]]) -> tuple[float, list[float], int, float]:
    """(began, seconds of each transaction, errors, ended)."""
    connection = connect(url)
    lite = url.startswith("sqlite")
    mark, lock = ("?", "") if lite else ("%s", " FOR UPDATE")
    cursor = connection.cursor()

    def put(table: str, rows: list[Row], tail: str = "") -> None:
        names = list(rows[0])
        one = "(" + ",".join([mark] * len(names)) + ")"
        sql = f"INSERT INTO {table} ({','.join(names)}) VALUES {','.join([one] * len(rows))} {tail}"
        cursor.execute(sql, [row[name] for row in rows for name in names])

    seconds, errors = [], 0
    began = time.perf_counter()
    for sale in sales:
        start = time.perf_counter()
        try:
            _write(cursor, put, sale, floor, mark, lock, lite)
            cursor.execute("COMMIT")
        except (psycopg.OperationalError, sqlite3.OperationalError):
            errors += 1
            cursor.execute("ROLLBACK")
        seconds.append(time.perf_counter() - start)
    ended = time.perf_counter()
    connection.close()
    return began, seconds, errors, ended


def _write(cursor: Any, put: Any, sale: dict[str, list[Row]], floor: Floor, mark: str, lock: str, lite: bool) -> None:
    event, ticket = sale["till_event"][0], sale["sale"][0]
    if lite:
        cursor.execute("BEGIN IMMEDIATE")
    cursor.execute(f"SELECT greatest, last_hash FROM device_log WHERE id = {mark}{lock}", (event["log_id"],))
    seq = cursor.fetchone()[0] + 1
    put("till_event", [event | {"seq": seq}])
    for table in ("sale", "sale_line", "share", "stock_movement"):
        put(table, sale[table])
    levels = sorted(
        (kind, line["product_id"], sign * line["qty_milli"])
        for line in sale["stock_movement"]
        for kind, sign in (("site", -1), ("customer", 1))
    )
    put(
        "stock_level",
        [
            {
                "operator_id": floor.operator_id, "place_kind": kind, "place_id": floor.site_id,
                "product_id": product, "lot_id": "", "on_hand_milli": change,
            }
            for kind, product, change in levels
        ],
        "ON CONFLICT (operator_id, place_kind, place_id, product_id, lot_id) DO UPDATE"
        " SET on_hand_milli = stock_level.on_hand_milli + excluded.on_hand_milli",
    )  # fmt: skip
    put("tender", sale["tender"])
    put("receipt", sale["receipt"])
    cursor.execute(
        f"UPDATE shift SET sales = sales + 1, sales_vnd = sales_vnd + {mark}, drawer_vnd = drawer_vnd + {mark}"
        f" WHERE log_id = {mark}",
        (ticket["total_vnd"], ticket["total_vnd"], event["log_id"]),
    )
    cursor.execute(
        f"UPDATE device_log SET greatest = {mark}, last_hash = {mark}, received_through = {mark},"
        f" recorded_through = {mark} WHERE id = {mark}",
        (seq, event["hash"], seq, seq, event["log_id"]),
    )
    cursor.execute(f"SELECT seq, hash FROM chain_head WHERE operator_id = {mark}{lock}", (floor.operator_id,))
    number, last = cursor.fetchone()
    entry = sale["journal_entry"][0]
    put("posting", sale["posting"])
    put("journal_entry", [entry | {"seq": number + 1, "prev_hash": last}])
    cursor.execute(
        f"UPDATE chain_head SET seq = {mark}, hash = {mark} WHERE operator_id = {mark}",
        (number + 1, entry["hash"], floor.operator_id),
    )
    put("settlement_line", [row | {"seq": number + 1} for row in sale["settlement_line"]])
