"""What one event does, gathered before anything is posted: the chain head is locked last."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from pos.consignment.service.shares import keep_settlement_lines
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.service import post_entries
from pos.till.forms.events import Event

SOURCE = "till_event"


@dataclass(slots=True)
class Effects:
    """Entries to post (with the settlement lines each brings) and doubts to raise."""

    drafts: list[tuple[EntryDraft, list[dict[str, Any]]]] = field(default_factory=list)
    flags: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    closed_flags: list[tuple[str, str]] = field(default_factory=list)  # (event id, code) whose cause went
    drawer_vnd: int = 0
    sales: int = 0
    sales_vnd: int = 0

    def flag(self, code: str, amount_vnd: int = 0, **facts: Any) -> None:
        """Raise a doubt once; a second of the same code adds its amount."""
        before = self.flags.get(code, (0, {}))
        self.flags[code] = (before[0] + abs(amount_vnd), {**before[1], **facts})

    def post(
        self,
        kind: str,
        postings: list[PostingDraft],
        *,
        day: date,
        at: datetime,
        source_id: str,
        source_kind: str = SOURCE,
        settlement_lines: list[dict[str, Any]] | None = None,
    ) -> None:
        """Add an entry."""
        draft = EntryDraft(new_id(), kind, day, at, source_kind, source_id, tuple(postings))
        self.drafts.append((draft, settlement_lines or []))

    def post_event(
        self, event: Event, kind: str, postings: list[PostingDraft], lines: list[dict[str, Any]] | None = None
    ) -> None:
        """Add an entry whose source is the event itself."""
        self.post(kind, postings, day=event.day, at=event.at, source_id=event.id, settlement_lines=lines)

    def write(self, session: Session, operator_id: str, recorded_at: datetime) -> None:
        """Post everything; locks the chain head, so only inserts follow."""
        posted = post_entries(session, operator_id, [draft for draft, _ in self.drafts], recorded_at=recorded_at)
        seqs = {p.entry_id: p.seq for p in posted}
        for draft, lines in self.drafts:
            if draft.id in seqs:
                keep_settlement_lines(session, lines, draft.id, seqs[draft.id])
