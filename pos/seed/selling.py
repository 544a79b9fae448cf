"""Two weeks behind the counter: what customers bought, as the tablets' own events. Dice with a fixed seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from pos.catalogue.rules import in_force
from pos.kernel.clock import HANOI, local, local_date
from pos.kernel.money import allocate, cash_part, line_gross, quick_cash
from pos.seed.goods import Good
from pos.seed.tablet import Tablet, by_notes, dice_id
from pos.seed.world import Spot

FLOAT = 500_000
FULL_DRAWER = 3_000_000
STRONG_BP = 1500
SHOP_HOURS = (8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18, 19, 19, 20)
FAIR_HOURS = (9, 9, 10, 10, 11, 11, 12, 13, 14, 15, 15, 16, 16, 17, 17, 18, 18, 18, 19, 19, 19, 20, 20, 20, 21)
JUST_NOW = timedelta(minutes=2)


@dataclass(frozen=True)
class Batch:
    """One request of a tablet: what it sent and when it arrived."""

    received_at: datetime
    log_id: str
    raw: bytes
    events: int
    sales: int


@dataclass
class _Sold:
    """A line that may still come back."""

    sale: str
    line: int
    good: Good
    qty_milli: int
    paid: int
    day: date


@dataclass
class Counter:
    """One tablet with its shelf, through all days."""

    spot: Spot
    tablet: Tablet
    shelf: Sequence[Good]
    step: int
    dice: Random
    pace_percent: int = 100
    old_price_on: date | None = None  # a tablet that had not heard of a new price that day
    sold: dict[tuple[str, date], int] = field(default_factory=lambda: defaultdict(int))
    _back: list[_Sold] = field(default_factory=list)
    _drawer: int = 0
    _tenders: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _tickets: int = 0
    _sales: int = 0  # not sent yet

    # ── A day ────────────────────────────────────────────────────────────────
    def work(self, day: date, *, until: datetime | None = None) -> list[Batch]:
        """One shift with its sales; `until` cuts today, whose shift stays open. Sent in one or two requests."""
        moments = self._moments(day, until)
        if not moments:
            return []
        shift = dice_id(self.dice, moments[0])
        opened = moments[0] - timedelta(minutes=self.dice.randint(6, 25))
        day = local_date(opened)
        staff = self.dice.choice(self.spot.staff)
        where: dict[str, Any] = {"day": day, "shift": shift, "staff": staff}
        self._drawer, self._tenders = FLOAT, defaultdict(int)
        body = {"float": FLOAT, "count": by_notes(FLOAT), "keeper": None}
        self.tablet.append("shift.open", body, at=opened, **where)
        batches = []
        for n, at in enumerate(moments):
            self._ticket(at, where)
            if self._drawer > FULL_DRAWER:
                self._drop(at + timedelta(seconds=40), where)
            elif self._tickets % 90 == 37:
                self._move("out", 30_000, "Mua đá, túi giấy", at + timedelta(seconds=50), where)
            if n == len(moments) // 2 and len(moments) > 8:
                batches.append(self._send(at + timedelta(seconds=55)))
        last = moments[-1]
        if until is None:
            last = moments[-1] + timedelta(minutes=self.dice.randint(8, 20))
            self._close(last, where)
        batches.append(self._send(min(last + timedelta(seconds=57), until) if until else last + timedelta(seconds=57)))
        return batches

    def _moments(self, day: date, until: datetime | None) -> list[datetime]:
        fair = self.spot.fair_id is not None
        busy = 1.45 if day.weekday() >= 5 else 1.15 if day.weekday() == 4 else 1.0
        count = max(2, round(self.spot.pace * busy * self.pace_percent / 100 * self.dice.uniform(0.8, 1.2)))
        hours = FAIR_HOURS if fair else SHOP_HOURS
        moments = []
        for _ in range(count):
            clock = time(self.dice.choice(hours), self.dice.randrange(60), self.dice.randrange(60))
            moments.append(datetime.combine(day, clock, HANOI))
        if until is not None:
            moments = self._today(sorted(moments), local(until))
        spread: list[datetime] = []
        for moment in sorted(moments):
            gap = timedelta(seconds=95)
            spread.append(moment if not spread or moment - spread[-1] >= gap else spread[-1] + gap)
        ends = until - JUST_NOW if until else None
        return [m for m in spread if ends is None or m <= ends]

    def _today(self, moments: list[datetime], until: datetime) -> list[datetime]:
        """What is over by now. A demo opened at night or early shall not be empty: then trade is moved to the
        hours before now, so that boards have something to show."""
        past = [m for m in moments if m < until - JUST_NOW]
        begun = until.replace(hour=0, minute=1, second=0, microsecond=0)
        if len(past) < 4:
            hours = min(timedelta(hours=5), until - JUST_NOW - begun - timedelta(minutes=30))
            if hours < timedelta(minutes=15):
                return past
            few = max(4, len(moments) // 4)
            return sorted(until - JUST_NOW - hours * self.dice.random() for _ in range(few))
        if until - past[-1] > timedelta(minutes=20):  # somebody has just been here
            past[-1] = max(past[-2], until - timedelta(minutes=self.dice.randint(3, 14)))
        return past

    def _send(self, at: datetime) -> Batch:
        count, sales, self._sales = len(self.tablet.waiting), self._sales, 0
        return Batch(at, self.spot.log_id, self.tablet.take(at), count, sales)

    # ── A ticket ─────────────────────────────────────────────────────────────
    def _ticket(self, at: datetime, where: dict[str, Any]) -> None:
        self._tickets += 1
        returns = self._returns(where["day"]) if self._tickets % 61 == 29 else []
        lines = [] if returns and self.dice.random() < 0.5 else self._lines(at)
        if not lines and not returns:
            return
        discounts = self._discount(lines, at) if self._tickets % 43 == 17 and not returns else []
        total = sum(line["paid"] for line in lines) - sum(back["paid"] for back in returns)
        sale = dice_id(self.dice, at)
        tenders, rounding = self._pay(total, sale, at)
        body = {
            "receipt_no": self.tablet.receipt_no(where["day"]), "lines": [line for line, _ in self._split(lines)],
            "returns": returns, "discounts": discounts, "tenders": tenders, "total": total,
            "cash_rounding": rounding, "seller": where["staff"],
            "age_checked": any(line["good"].alcohol_bp for line in lines), "language": "vi", "approvals": [],
        }  # fmt: skip
        self.tablet.append("sale", body, at=at, id_=sale, **where)
        self._sales += 1
        for line, good in self._split(lines):
            self.sold[good.product_id, where["day"]] += line["qty_milli"]
            if not good.weighed:
                self._back.append(_Sold(sale, line["line"], good, line["qty_milli"], line["paid"], where["day"]))
        self._back = self._back[-40:]

    def _split(self, lines: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Good]]:
        return [({key: value for key, value in line.items() if key != "good"}, line["good"]) for line in lines]

    def _lines(self, at: datetime) -> list[dict[str, Any]]:
        wanted = self.dice.choices((1, 2, 3, 4, 5), (42, 30, 16, 8, 4))[0]
        weights = [good.weight for good in self.shelf]
        chosen = dict.fromkeys(self.dice.choices(range(len(self.shelf)), weights, k=wanted))
        lines = []
        for number, place in enumerate(chosen, 1):
            good = self.shelf[place]
            terms = good.line.at(at)
            price = terms.price_vnd or 0
            if local_date(at) == self.old_price_on:
                price, self.old_price_on = price - price // 20_000 * 1000, None
            if good.weighed:
                qty = self.dice.randrange(300, 2400, 5)
            else:
                qty = 1000 * (self.dice.choices((1, 2, 3, 4), (64, 24, 8, 4))[0] if price < 130_000 else 1)
            gross = line_gross(price, qty)
            shown = in_force(good.certificates, local_date(at))
            lines.append({
                "line": number, "product": good.product_id, "qty_milli": qty, "price": price, "gross": gross,
                "line_discounts": [], "basket_discount": 0, "paid": gross, "vat_bp": terms.vat_bp,
                "vat_class": terms.vat_class, "stars": shown.stars if shown else None, "good": good,
            })  # fmt: skip
        return lines

    def _discount(self, lines: list[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
        """−10k or −5k for a regular, paid by the operator; strong alcohol takes no share."""
        weights = [0 if line["good"].alcohol_bp >= STRONG_BP else line["gross"] for line in lines]
        amount = 10_000 if sum(weights) > 200_000 else 5_000
        if sum(weights) <= amount:
            return []
        shares = allocate(amount, weights)
        for line, share in zip(lines, shares, strict=True):
            line["basket_discount"] = share
            line["paid"] = line["gross"] - share
        funders = [{"who": "operator", "bp": 10_000}]
        return [{
            "id": dice_id(self.dice, at), "amount": amount, "reason": "Khách quen",
            "promotion": None, "funders": funders, "shares": shares,
        }]  # fmt: skip

    def _returns(self, day: date) -> list[dict[str, Any]]:
        """One line of these days comes back whole, onto the shelf or broken."""
        most = self._drawer - FLOAT // 5  # a refund is paid from what the drawer has
        fresh = [s for s in self._back if day - s.day <= timedelta(days=3) and s.paid <= most]
        if not fresh:
            return []
        line = self.dice.choice(fresh)
        self._back.remove(line)
        disposition = self.dice.choice(("shelf", "shelf", "damaged"))
        if disposition == "shelf":
            self.sold[line.good.product_id, day] -= line.qty_milli
        return [{
            "sale": line.sale, "line": line.line, "product": line.good.product_id, "qty_milli": line.qty_milli,
            "paid": line.paid, "disposition": disposition,
        }]  # fmt: skip

    # ── Money ────────────────────────────────────────────────────────────────
    def _pay(self, total: int, sale: str, at: datetime) -> tuple[list[dict[str, Any]], int]:
        kind = self.dice.choices(("cash", "vietqr", "card"), (54, 40, 0 if self.spot.fair_id else 6))[0]
        if total <= 0:
            kind = "cash"
        tender: dict[str, Any] = {"id": dice_id(self.dice, at), "kind": kind}
        if kind != "cash":
            self._tenders[kind] += total
            reference = f"OCOP{self.tablet.till_code}{sale[-6:]}".upper() if kind == "vietqr" else f"{sale[-6:]}"
            return [tender | {"amount": total, "state": "seen", "reference": reference}], 0
        due, rounding = cash_part(total, self.step)
        self._drawer += due
        tender |= {"amount": due, "state": "seen"}
        if due > 0:
            received = self.dice.choice(quick_cash(due))
            tender |= {"received": received, "change": received - due}
        return ([tender] if due else []), rounding

    def _move(self, direction: str, amount: int, reason: str | None, at: datetime, where: dict[str, Any]) -> None:
        bag = f"B-{self.dice.randrange(10_000):04d}" if direction == "drop" else None
        body = {"direction": direction, "amount": amount, "reason": reason, "carrier": None, "bag": bag}
        self.tablet.append("cash.move", body, at=at, **where)
        self._drawer -= amount

    def _drop(self, at: datetime, where: dict[str, Any]) -> None:
        self._move("drop", (self._drawer - FLOAT) // 100_000 * 100_000, None, at, where)

    def _close(self, at: datetime, where: dict[str, Any]) -> None:
        counted = self._drawer // 1000 * 1000
        if self.dice.random() < 0.12:
            counted += self.dice.choice((-10_000, -5_000, -2_000, 1_000, 5_000))
        body = {
            "count": by_notes(counted), "counted": counted,
            "tenders": {kind: amount for kind, amount in sorted(self._tenders.items()) if amount},
            "devices": [{"device": self.tablet.device_id, "seq": self.tablet.seq + 1}],
        }  # fmt: skip
        self.tablet.append("shift.close", body, at=at, **where)
