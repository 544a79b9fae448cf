"""What is asked of the books, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PostingDraft:
    """One amount on one account: + debit, − credit. `dimension` is the account's own (after the colon)."""

    account: str
    amount_vnd: int
    dimension: str = ""
    producer_id: str | None = None
    site_id: str | None = None
    shift_id: str | None = None
    fair_id: str | None = None
    settlement_line_id: str | None = None


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One fact to post. Postings of 0 are dropped; none left means no entry."""

    id: str
    kind: str
    business_date: date
    occurred_at: datetime
    source_kind: str
    source_id: str
    postings: tuple[PostingDraft, ...]
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where an entry landed in the chain."""

    entry_id: str
    seq: int
    hash: str
