"""A tablet's log, as the island keeps it: canonical JSON, hash, chain, receipt numbers. Source: till.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from pos.kernel.canonical import canonical, digest
from pos.kernel.clock import iso

APP = "1.0.0"
ZEROS = "0" * 64
NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)


def dice_id(dice: Random, at: datetime) -> str:
    """A UUIDv7 of that moment whose random bits come from the dice: the same demo, the same ids."""
    value = (
        int(at.timestamp() * 1000) << 80 | 0x7 << 76 | dice.getrandbits(12) << 64 | 0b10 << 62 | dice.getrandbits(62)
    )
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def by_notes(amount: int) -> dict[str, int]:
    """A sum in as few notes as possible; under 1.000 đ is left out, as drawers are counted."""
    count = {}
    for note in NOTES:
        if amount >= note:
            count[str(note)], amount = divmod(amount, note)
    return count


@dataclass
class Tablet:
    """One enrolled tablet: appends events and hands over what waits."""

    log_id: str
    device_id: str
    till_code: str
    catalogue: int
    dice: Random
    seq: int = 0
    prev: str = ZEROS
    receipts: int = 0
    receipts_day: date | None = None
    waiting: list[bytes] = field(default_factory=list)

    def receipt_no(self, day: date) -> str:
        """The next number of the day: `HK03A-261122-1`."""
        if day != self.receipts_day:
            self.receipts, self.receipts_day = 0, day
        self.receipts += 1
        return f"{self.till_code}-{day:%y%m%d}-{self.receipts}"

    def append(
        self,
        kind: str,
        body: dict[str, Any],
        *,
        at: datetime,
        day: date,
        shift: str,
        staff: str,
        id_: str | None = None,
    ) -> str:
        """Write an event; returns its id."""
        self.seq += 1
        event_id = id_ or dice_id(self.dice, at)
        event = {
            "v": 1, "app": APP, "id": event_id, "seq": self.seq, "prev": self.prev, "kind": kind,
            "day": day.isoformat(), "at": iso(at), "shift": shift, "staff": staff, "catalogue": self.catalogue,
            "body": body,
        }  # fmt: skip
        data = canonical(event)
        self.prev = digest(data)
        self.waiting.append(data[:-1] + b',"hash":"' + self.prev.encode() + b'"}')
        return event_id

    def take(self, sent_at: datetime) -> bytes:
        """The body of a request with everything that waits; the log is clear afterwards."""
        events = b",".join(self.waiting)
        self.waiting = []
        return b'{"sent_at":"' + iso(sent_at).encode() + b'","events":[' + events + b"]}"
