"""How old a tablet's last word may be before somebody should look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SLOW = timedelta(minutes=5)
SILENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Word:
    """The last word of one tablet, and whether it is selling (has a shift that is not closed)."""

    log_id: str
    operator_id: str
    site_id: str
    site_code: str
    site_name: str
    till_code: str
    till_name: str
    last_seen_at: datetime | None
    last_event_at: datetime | None
    unsent: int
    selling: bool

    def minutes(self, at: datetime) -> int | None:
        """Whole minutes since its last word; None when it never spoke."""
        return None if self.last_seen_at is None else max(0, int((at - self.last_seen_at).total_seconds()) // 60)

    def state(self, at: datetime) -> str:
        """`silent`, `slow`, `fresh`, or `closed` when it is not selling and owes nothing."""
        if not self.selling and not self.unsent:
            return "closed"
        age = SILENT if self.last_seen_at is None else at - self.last_seen_at
        if age >= SILENT:
            return "silent"
        return "slow" if age >= SLOW or self.unsent else "fresh"

    def complete_until(self, at: datetime) -> datetime | None:
        """Until when everything it sold is known here: now when it owes nothing and does not sell."""
        if self.state(at) == "closed":
            return at
        return self.last_event_at if self.unsent else self.last_seen_at


LOUDNESS = {"silent": 0, "slow": 1, "fresh": 2, "closed": 3}


def loudest(words: list[Word], at: datetime) -> Word | None:
    """The tablet of a booth to worry about most; among equals the one not heard of for longest."""
    if not words:
        return None
    return min(words, key=lambda w: (LOUDNESS[w.state(at)], -(w.minutes(at) or 0) if w.selling else w.minutes(at) or 0))


def complete_until(words: list[Word], at: datetime) -> datetime | None:
    """Until when the takings of these tablets are complete. None when some selling tablet never spoke."""
    moments = [word.complete_until(at) for word in words]
    known = [moment for moment in moments if moment is not None]
    return None if len(known) < len(moments) else min(known, default=at)
