"""A wild day of two tablets, for the property tests: every kind of event, believable and not."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from pos.catalogue.models import Offer, Price, Product
from pos.consignment.service.agreements import agree_on_goods
from pos.kernel.db import unit_of_work
from pos.kernel.ids import named_id, new_id
from pos.kernel.money import allocate, line_gross
from tests.till.golden import BEFORE, LONG_AGO, SETUP, World, build
from tests.till.tablet import Tablet, back, line, tender, voucher

PRODUCTS = SETUP["products"]
P1, P2, P3 = (producer["id"] for producer in SETUP["producers"])
LOT = named_id("lot", "1")
MARGIN, OWN = named_id("product", "margin"), named_id("product", "own")
GOODS = [(p["id"], p["price"]) for p in PRODUCTS] + [(MARGIN, 76_543), (OWN, 45_678), (None, 33_333)]


def wild_world() -> World:
    """The golden world with goods in margin and of our own beside those on commission."""
    world = build()
    operator = world.operator_id
    with unit_of_work() as session:
        for product_id, producer, mode, cost in ((MARGIN, P3, "margin", 50_001), (OWN, P1, "own", None)):
            session.add(
                Product(id=product_id, producer_id=producer, name=mode, search=mode, kind="gom", made_at=BEFORE)
            )
            session.flush()
            session.add(Offer(operator_id=operator, product_id=product_id, sku=mode, version=1))
            session.add(
                Price(
                    id=new_id(), operator_id=operator, product_id=product_id, scope_kind="operator",
                    scope_id=operator, price_vnd=1, cost_vnd=30_007, starts_at=BEFORE,
                )
            )  # fmt: skip
            agree_on_goods(
                session, operator_id=operator, product_id=product_id, starts_on=LONG_AGO, at=BEFORE, by=None,
                mode=mode, cost_vnd=cost,
            )  # fmt: skip
    return world


class Life:
    """A believable, wild day of two tablets, one at a fair, with the operator's drawers and a producer's own.

    `events` holds (log id, event) in the order they were made."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.tablets = [Tablet(f"log {n}", named_id("device", f"{seed}", f"{n}")) for n in range(2)]
        self.events: list[tuple[int, str]] = []
        self.sales: list[tuple[Shift, dict[str, Any]]] = []
        shifts = [Shift(0), Shift(1), Shift(self.dice.randint(0, 1), keeper=self.dice.choice([P1, P3]))]
        for shift in shifts:
            self.write(shift, "shift.open", float=shift.cash, count=None, keeper=shift.keeper)
        for _ in range(self.dice.randint(14, 24)):
            step = self.dice.choice(
                [
                    self.sell,
                    self.sell,
                    self.sell,
                    self.take_back,
                    self.move,
                    self.correct,
                    self.without_receipt,
                    self.of_elsewhere,
                    self.aside,
                ]
            )
            step(self.dice.choice(shifts))
        for shift in shifts:
            tablet = self.tablets[shift.tablet]
            counted = max(0, shift.cash + self.dice.choice([0, 0, -2000, 5000]))
            devices = [{"device": tablet.device, "seq": tablet.next_seq}]
            self.write(shift, "shift.close", counted=counted, count={}, tenders={}, devices=devices)

    def write(self, shift: Shift, kind: str, **body: Any) -> dict[str, Any]:
        tablet = self.tablets[shift.tablet]
        tablet.shift, tablet.keeper = shift.id, shift.keeper
        event = tablet.write(kind, **body)
        self.events.append((shift.tablet, tablet.events[-1]))
        return event

    def _tenders(self, shift: Shift, total: int) -> list[dict[str, Any]]:
        if self.dice.random() < 0.1:
            return [tender("vietqr", total, payee=P2)]
        if total > 1000 and self.dice.random() < 0.2:
            return [tender("card", total - 1000), *self._tenders(shift, 1000)]
        kind = self.dice.choice(["cash", "cash", "cash", "vietqr", "card", "points"])
        shift.cash += total if kind == "cash" else 0
        return [tender(kind, total)]

    def _lines(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        rows: list[dict[str, Any]] = []
        for product, price in self.dice.sample(GOODS, self.dice.randint(1, 3)):
            qty = self.dice.choice([1000, 2000, 3000, 1237])
            gross = line_gross(price, qty)
            named = {} if product else {"name": "Chưa rõ"}
            vat_class = self.dice.choice(["standard", "KCT"])
            rows.append(
                line(product, 1, price, **named)
                | {"qty_milli": qty, "gross": gross, "paid": gross, "vat_class": vat_class}
            )
        if self.dice.random() < 0.3:
            own = voucher(self.dice.randint(1, 9000), [], **self._funders())
            rows[0]["line_discounts"] = [{"amount": own["amount"], "reason": "thử", "funders": own["funders"]}]
            rows[0]["paid"] -= own["amount"]
        if self.dice.random() < 0.5:
            return rows, []
        off = self.dice.randint(1, 25_000)
        shares = allocate(off, [row["gross"] for row in rows])
        return rows, [voucher(off, shares, **self._funders())]

    def _funders(self) -> dict[str, int]:
        """Percent of each who pays; one time in five all of it is the organizer's."""
        if self.dice.random() < 0.2:
            return {"organizer": 100}
        cut, second = sorted(self.dice.choices(range(101), k=2))
        return {"producer": cut, "organizer": second - cut, "operator": 100 - second}

    def _ticket(self, shift: Shift, rows: list[Any], discounts: list[Any], returns: list[Any]) -> None:
        total = sum(row["paid"] for row in rows) - sum(d["amount"] for d in discounts) - sum(b["paid"] for b in returns)
        off, rounding = self.dice.choice([0, 0, 0, -1000, 700]), self.dice.choice([0, 0, 0, -300])
        tablet = self.tablets[shift.tablet]
        tablet.shift, tablet.keeper = shift.id, shift.keeper
        event = tablet.sale(
            *rows, tenders=self._tenders(shift, total + rounding + off), rounding=rounding, returns=returns,
            discounts=discounts,
        )  # fmt: skip
        self.events.append((shift.tablet, tablet.events[-1]))
        if rows:
            self.sales.append((shift, event))

    def sell(self, shift: Shift) -> None:
        self._ticket(shift, *self._lines(), [])

    def take_back(self, shift: Shift) -> None:
        """One part return of each line at the most: the odd đồng of several may differ by arrival."""
        if not self.sales:
            return
        _, sale = self.sales.pop(self.dice.randrange(len(self.sales)))
        row = self.dice.choice(sale["body"]["lines"])
        qty = self.dice.choice([row["qty_milli"], row["qty_milli"] // 2, row["qty_milli"] * 2])
        paid = row["paid"] * min(qty, row["qty_milli"]) // row["qty_milli"] + self.dice.choice([0, 0, 7])
        disposition = self.dice.choice(["shelf", "damaged", "producer"])
        said = row["product"] if self.dice.random() < 0.6 else None  # some tills say only which line it is of
        if row["product"] and self.dice.random() < 0.1:
            said = next(product for product, _ in GOODS if product != row["product"])
        returned = back(sale, row["line"], 1, paid, qty_milli=qty, disposition=disposition, product=said)
        rows, discounts = self._lines() if self.dice.random() < 0.4 else ([], [])
        self._ticket(shift, rows, discounts, [returned])

    def move(self, shift: Shift) -> None:
        amount, direction = self.dice.randint(1, 50) * 1000, self.dice.choice(["in", "out", "drop"])
        shift.cash += amount if direction == "in" else -amount
        self.write(shift, "cash.move", direction=direction, amount=amount, reason="thử")

    def without_receipt(self, shift: Shift) -> None:
        product, price = self.dice.choice(GOODS[:3])
        self._ticket(shift, [], [], [back(None, 0, 1, price, product=product)])

    def of_elsewhere(self, shift: Shift) -> None:
        """Goods of a sale that will never come; some tills say only which line of it."""
        product, price = self.dice.choice(GOODS[:3])
        said = self.dice.choice([product, None])
        returned = back(None, 0, 1, price, product=said) | {"sale": new_id(), "line": 1}
        self._ticket(shift, [], [], [returned])

    def aside(self, shift: Shift) -> None:
        """Every other kind of event there is, and a shift opened once more."""
        counted = [{"product": GOODS[0][0], "qty_milli": 1000, "lot": LOT, "expires": "2026-11-01"}]
        sale = self.sales[-1][1]["id"] if self.sales else new_id()
        kind, body = self.dice.choice(
            [
                ("goods.in", {"from": P1, "lines": counted}),
                ("goods.out", {"reason": self.dice.choice(["sample", "broken", "to_producer"]), "lines": counted}),
                ("tender.seen", {"sale": sale, "tender": new_id()}),
                ("product.new", {"id": new_id(), "name": new_id(), "price": 5000, "producer": P3}),
                ("product.new", {"id": new_id(), "name": "Chưa rõ", "price": 5000}),
                ("invoice.request", {"sale": sale, "buyer_sha256": "a" * 64}),
                ("shift.continue", {"from_device": new_id(), "reason": "mất máy"}),
                ("training.sale", {"receipt_no": "TAP-1", "total": 99_000}),
                ("receipt.printed", {"sale": sale, "printer": "x", "copy": 1}),
                *(("shift.open", {"float": vnd, "count": None, "keeper": shift.keeper}) for vnd in (1000, 900_000)),
                *((name, {}) for name in ("line.remove", "cart.cancel", "drawer.open", "staff.switch")),
            ]
        )
        self.write(shift, kind, **body)

    def correct(self, _shift: Shift) -> None:
        """Cash that was a transfer, corrected in the shift it was rung in."""
        cash = [(s, e) for s, e in self.sales if [t["kind"] for t in e["body"]["tenders"]] == ["cash"]]
        if not cash:
            return
        shift, sale = self.dice.choice(cash)
        wrong = sale["body"]["tenders"][0]
        self.sales.remove((shift, sale))
        shift.cash -= wrong["amount"]
        taken = {"id": wrong["id"], "kind": "cash", "amount": wrong["amount"]}
        self.write(
            shift, "tender.correct", sale=sale["id"], sale_shift=shift.id, tenders=[tender("vietqr", wrong["amount"])],
            reason="bấm nhầm", **{"from": taken},
        )  # fmt: skip


@dataclass
class Shift:
    """A drawer (or a producer's own purse) of one tablet, and what should be in it."""

    tablet: int
    keeper: str | None = None
    cash: int = 500_000
    id: str = field(default_factory=new_id)
