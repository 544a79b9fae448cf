"""Any events in any order, any number of times: the same books, and every invariant holds."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config import Config
from pos.app import create_app
from pos.kernel.canonical import canonical, digest
from pos.kernel.db import db
from pos.kernel.ids import new_id
from pos.kernel.money import allocate, line_gross
from pos.reports.check import check_all
from tests.databases import SECRET, Templates
from tests.till.golden import SETUP, build

DEVICE, STAFF = SETUP["device"], SETUP["staff"][0]["id"]
PRODUCTS = SETUP["products"]


class Log:
    """A believable, wild log of one shift."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.events: list[str] = []
        self.prev, self.shift = "0" * 64, new_id()
        self.sales: list[dict[str, Any]] = []
        self.cash = 500_000
        self._add("shift.open", {"float": 500_000, "count": None, "keeper": None})
        for _ in range(self.dice.randint(8, 16)):
            self.dice.choice([self.sell, self.sell, self.sell, self.take_back, self.move, self.correct])()
        seq = len(self.events) + 1
        body = {"counted": max(0, self.cash + self.dice.choice([0, 0, -2000, 5000])), "count": {}, "tenders": {}}
        self._add("shift.close", body | {"devices": [{"device": DEVICE, "seq": seq}]})

    def _add(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        n = len(self.events) + 1
        event = {
            "v": 1, "app": "1.0.0", "id": new_id(), "seq": n, "prev": self.prev, "kind": kind, "day": "2026-11-21",
            "at": f"2026-11-21T0{n // 60 + 1}:{n % 60:02d}:00.000Z", "shift": self.shift, "staff": STAFF,
            "catalogue": 1, "body": body,
        }  # fmt: skip
        event["hash"] = self.prev = digest(canonical(event))
        self.events.append(json.dumps(event, ensure_ascii=False))
        return event

    def _tenders(self, total: int) -> list[dict[str, Any]]:
        kind = self.dice.choice(["cash", "cash", "vietqr", "card"])
        self.cash += total if kind == "cash" else 0
        return [{"id": new_id(), "kind": kind, "amount": total, "state": "seen"}]

    def _lines(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        chosen = self.dice.sample(PRODUCTS, self.dice.randint(1, 3))
        rows: list[dict[str, Any]] = []
        for n, product in enumerate(chosen, 1):
            qty = self.dice.choice([1000, 2000, 3000, 1237])
            gross = line_gross(product["price"], qty)
            rows.append({
                "line": n, "product": product["id"], "qty_milli": qty, "price": product["price"], "gross": gross,
                "line_discounts": [], "basket_discount": 0, "paid": gross, "vat_bp": 800,
                "vat_class": self.dice.choice(["standard", "KCT"]), "stars": None,
            })  # fmt: skip
        if self.dice.random() < 0.6:
            return rows, []
        off = self.dice.randint(1, 40_000)
        shares = allocate(off, [row["gross"] for row in rows])
        cut = self.dice.randint(0, 10_000)
        funders = [{"who": "producer", "bp": cut}, {"who": "operator", "bp": 10_000 - cut}]
        for row, share in zip(rows, shares, strict=True):
            row["basket_discount"], row["paid"] = share, row["gross"] - share
        return rows, [{"id": new_id(), "amount": off, "reason": "thử", "funders": funders, "shares": shares}]

    def _ticket(self, rows: list[Any], discounts: list[Any], returns: list[Any]) -> None:
        total = sum(row["paid"] for row in rows) - sum(back["paid"] for back in returns)
        body = {
            "receipt_no": f"HK03A-261121-{len(self.events)}", "lines": rows, "returns": returns,
            "discounts": discounts, "tenders": self._tenders(total), "total": total, "cash_rounding": 0,
        }  # fmt: skip
        event = self._add("sale", body)
        if rows:
            self.sales.append(event)

    def sell(self) -> None:
        self._ticket(*self._lines(), [])

    def take_back(self) -> None:
        """One part return of each line at the most: the odd đồng of several may differ by arrival."""
        if not self.sales:
            return
        sale = self.sales.pop(self.dice.randrange(len(self.sales)))
        line = self.dice.choice(sale["body"]["lines"])
        qty = self.dice.choice([line["qty_milli"], line["qty_milli"] // 2, line["qty_milli"] * 2])
        paid = line["paid"] * min(qty, line["qty_milli"]) // line["qty_milli"] + self.dice.choice([0, 0, 7])
        back = {
            "sale": sale["id"], "line": line["line"], "product": line["product"], "qty_milli": qty, "paid": paid,
            "disposition": self.dice.choice(["shelf", "damaged", "producer"]),
        }  # fmt: skip
        rows, discounts = self._lines() if self.dice.random() < 0.4 else ([], [])
        self._ticket(rows, discounts, [back])

    def move(self) -> None:
        amount, direction = self.dice.randint(1, 50) * 1000, self.dice.choice(["in", "out", "drop"])
        self.cash += amount if direction == "in" else -amount
        self._add("cash.move", {"direction": direction, "amount": amount, "reason": "thử"})

    def correct(self) -> None:
        cash = [s for s in self.sales if s["body"]["tenders"][0]["kind"] == "cash"]
        if not cash:
            return
        sale = self.dice.choice(cash)
        wrong = sale["body"]["tenders"][0]
        self.sales.remove(sale)
        self.cash -= wrong["amount"]
        right = {"id": new_id(), "kind": "vietqr", "amount": wrong["amount"], "state": "seen"}
        self._add(
            "tender.correct",
            {"sale": sale["id"], "sale_shift": self.shift, "from": wrong, "tenders": [right], "reason": "bấm nhầm"},
        )


@contextmanager
def fresh(templates: Templates) -> Iterator[Session]:
    """A database of its own: the books of two runs are compared."""
    url, name = templates.fresh()
    app = create_app(Config(database_url=url, secret_key=SECRET, demo=False))
    with app.app_context():
        yield db.session()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    templates.drop(name)


def books_after(templates: Templates, requests: list[list[str]]) -> tuple[Any, ...]:
    """Send the requests to an empty database; every invariant holds, then the books by name."""
    with fresh(templates) as session:
        world = build()
        for events in requests:
            world.send(*events)
        session.rollback()
        assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []
        return world.balances(session), world.on_hand(session), Counter(world.settlement(session))


@pytest.mark.parametrize("seed", range(8))
def test_any_order_any_repeats_the_same_books(templates: Templates, seed: int) -> None:
    log, dice = Log(seed), random.Random(seed + 1000)
    shuffled = log.events + dice.choices(log.events, k=len(log.events) // 2)
    dice.shuffle(shuffled)

    in_order = books_after(templates, [log.events])
    wild = books_after(templates, [shuffled[n : n + 4] for n in range(0, len(shuffled), 4)])

    assert wild == in_order
    assert not any(account.startswith(("refund_pending", "drawer")) for account in wild[0])
