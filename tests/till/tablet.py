"""A tablet for tests: it writes its own log as the real one does and sends any part of it, in any order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pos.access.models import DeviceLog
from pos.kernel.canonical import canonical, digest
from pos.kernel.db import unit_of_work
from pos.kernel.ids import named_id, new_id
from pos.places.models import Fair, Organizer
from tests.till.golden import BEFORE, SETUP, World

ORGANIZER, FAIR = named_id("organizer", "O1"), named_id("fair", "F1")


@dataclass
class Tablet:
    """One log; `shift` and `keeper` are those of the events it writes next."""

    log_id: str
    device: str = SETUP["device"]
    day: str = "2026-11-21"
    shift: str = field(default_factory=new_id)
    keeper: str | None = None
    events: list[str] = field(default_factory=list)
    prev: str = "0" * 64

    @property
    def next_seq(self) -> int:
        return len(self.events) + 1

    def write(self, kind: str, **body: Any) -> dict[str, Any]:
        """The event, hashed and chained to the one before."""
        n = self.next_seq
        event = {
            "v": 1, "app": "1.0.0", "id": new_id(), "seq": n, "prev": self.prev, "kind": kind, "day": self.day,
            "at": f"{self.day}T{n // 60 + 1:02d}:{n % 60:02d}:00.000Z", "shift": self.shift,
            "staff": SETUP["staff"][0]["id"], "catalogue": 1, "body": body,
        }  # fmt: skip
        if self.keeper:
            event["keeper"] = self.keeper
        event["hash"] = self.prev = digest(canonical(event))
        self.events.append(json.dumps(event, ensure_ascii=False))
        return event

    def sale(
        self, *lines: dict[str, Any], tenders: dict[str, int] | list[dict[str, Any]], rounding: int = 0,
        returns: list[dict[str, Any]] | None = None, discounts: list[dict[str, Any]] | None = None,
        total: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """A ticket; lines are numbered here, `tenders` is {kind: đồng} or full tenders."""
        rows = [line | {"line": n} for n, line in enumerate(lines, 1)]
        for discount in discounts or []:
            for row, share in zip(rows, discount["shares"], strict=True):
                row["basket_discount"] += share
                row["paid"] -= share
        paid = sum(row["paid"] for row in rows) - sum(back["paid"] for back in returns or [])
        given = [tender(kind, vnd) for kind, vnd in tenders.items()] if isinstance(tenders, dict) else tenders
        return self.write(
            "sale", receipt_no=f"HK03A-{self.day[2:].replace('-', '')}-{self.next_seq}", lines=rows,
            returns=returns or [], discounts=discounts or [], tenders=given, total=paid if total is None else total,
            cash_rounding=rounding,
        )  # fmt: skip

    def tell(self, world: World, *events: dict[str, Any]) -> list[dict[str, Any]]:
        """Send these events, or all of the log."""
        chosen = [json.dumps(event, ensure_ascii=False) for event in events] or self.events
        return world.send(*chosen, log_id=self.log_id)


def tender(kind: str, amount: int, **more: Any) -> dict[str, Any]:
    """So much by one means."""
    return {"id": new_id(), "kind": kind, "amount": amount, "state": "seen", **more}


def line(product: str | None, units: int, price: int, **more: Any) -> dict[str, Any]:
    """Whole units of a product at a price, VAT 8 % included, before basket discounts."""
    gross = units * price
    return {
        "product": product, "qty_milli": units * 1000, "price": price, "gross": gross, "line_discounts": [],
        "basket_discount": 0, "paid": gross, "vat_bp": 800, "vat_class": "standard", "stars": None, **more,
    }  # fmt: skip


def back(sale: dict[str, Any] | None, line_no: int, units: int, paid: int, **more: Any) -> dict[str, Any]:
    """Units of a sale's line taken back."""
    product = sale["body"]["lines"][line_no - 1]["product"] if sale else None
    return {
        "sale": sale["id"] if sale else None, "line": line_no if sale else None, "product": product,
        "qty_milli": units * 1000, "paid": paid, "disposition": "shelf", **more,
    }  # fmt: skip


def voucher(amount: int, shares: list[int], **funders: int) -> dict[str, Any]:
    """A basket discount with its shares by line and its funders in percent."""
    who = [{"who": name, "bp": percent * 100} for name, percent in funders.items()]
    return {"id": new_id(), "amount": amount, "reason": "phiếu mua hàng", "funders": who, "shares": shares}


def enrol(world: World, letter: str, at_fair: bool = False, *, device: str | None = None) -> Tablet:
    """One more device of the golden till; at the fair of organizer O1 if asked."""
    log_id, device = new_id(), device or new_id()
    with unit_of_work() as session:
        if at_fair and session.get(Fair, FAIR) is None:
            session.add(Organizer(id=ORGANIZER, name="Sở Công Thương"))
            session.flush()
            session.add(
                Fair(
                    id=FAIR, organizer_id=ORGANIZER, code="HC1", name="Hội chợ OCOP", place="Hồ Gươm",
                    starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31),
                )
            )  # fmt: skip
            session.flush()
        session.add(
            DeviceLog(
                id=log_id, device_id=device, operator_id=world.operator_id, site_id=SETUP["site"]["id"],
                till_id=SETUP["till"]["id"], till_code=f"HK03{letter}", letter=letter, token_hash=letter,
                enrolled_at=BEFORE, fair_id=FAIR if at_fair else None,
            )
        )  # fmt: skip
    world.names[ORGANIZER] = "O1"
    return Tablet(log_id, device)
