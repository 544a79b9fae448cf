"""Verify the chain of an operator a stretch at a time, and the seals that stand on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.ledger.models import BooksSeal, JournalEntry
from pos.ledger.queries import entries_of, head_of, rehash
from pos.ledger.queries.seals import seal_problem
from pos.ledger.rules import GENESIS

STRETCH = 2_000


@dataclass(slots=True)
class Stretch:
    """Entries `after`+1 … `upto` were looked at. `broken`: (code, seq, entry id) of the first that does not hold."""

    after: int
    upto: int
    head: int
    broken: tuple[str, int, str] | None = None
    seals: list[tuple[BooksSeal, tuple[str, str] | None]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """The last stretch: the head is reached, or the chain broke."""
        return self.broken is not None or self.upto >= self.head


def verify_stretch(session: Session, operator_id: str, after: int, most: int = STRETCH) -> Stretch:
    """From the entry after this seq. What stands at `after` is believed: the stretch before has looked at it."""
    head, hash_ = head_of(session, operator_id)
    last = GENESIS
    if after:
        mine = (JournalEntry.operator_id == operator_id, JournalEntry.seq == after)
        last = session.scalar(select(JournalEntry.hash).where(*mine)) or ""
    found = Stretch(after, after, head)
    for entry, postings in islice(entries_of(session, operator_id, after), most):
        code = ""
        if entry.seq != found.upto + 1:
            code = "missing"
        elif entry.prev_hash != last:
            code = "before"
        elif rehash(entry, postings, entry.seq, last) != entry.hash:
            code = "changed"
        if code:
            found.broken = (code, entry.seq, entry.id)
            return found
        found.upto, last = entry.seq, entry.hash
    if found.upto >= head and last != hash_:
        found.broken = ("head", head, "")
    elif found.upto < head and found.upto < after + most:
        found.broken = ("missing", found.upto + 1, "")
    seals = select(BooksSeal).where(
        BooksSeal.operator_id == operator_id, BooksSeal.seq > after, BooksSeal.seq <= found.upto
    )
    found.seals = [(seal, seal_problem(session, seal)) for seal in session.scalars(seals.order_by(BooksSeal.seq))]
    return found
