"""Papers between operator and producer beside the sales: a fee, an adjustment, an advance, a reserve released.

Each is one document, one entry and, but for an advance, one settlement line. A mistake is undone by another paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.commands import Note
from pos.consignment.models import Agreement, ProducerNote, SettlementLine
from pos.consignment.queries.previews import balances_of
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.numbers import take_numbers
from pos.consignment.service.shares import keep_settlement_lines
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.money import pct
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.models import JournalEntry, Posting
from pos.ledger.service import post_entries
from pos.ledger.service.slips import write_slip
from pos.places.models import Site
from pos.producers.models import Producer

SOURCE = "producer_note"
FEES = {"booth": "fair_fee_income", "listing": "service_income", "service": "service_income"}
MOST_VND = 10_000_000_000


def post_notes(
    session: Session, operator_id: str, notes: Sequence[tuple[Note, Sequence[PostingDraft]]], *, at: datetime,
    by: str | None,
) -> list[str]:  # fmt: skip
    """Write papers, their settlement lines and entries; `against` is everything but the producer's own posting.

    Locks the number counter, then the chain head; the sum of each paper's postings is its amount.
    """
    if not notes:
        return []
    first = take_numbers(session, operator_id, SOURCE, len(notes))
    rows: list[ProducerNote] = []
    drafts: list[EntryDraft] = []
    lines: dict[str, dict[str, Any]] = {}
    for no, (note, against) in enumerate(notes, first):
        row = ProducerNote(
            id=note.id, operator_id=operator_id, producer_id=note.producer_id, no=no, kind=note.kind, what=note.what,
            amount_vnd=note.amount_vnd, vat_vnd=note.vat_vnd, business_date=note.business_date, site_id=note.site_id,
            fair_id=note.fair_id, reason=note.reason, undoes=note.undoes, made_at=at, made_by=by,
        )  # fmt: skip
        rows.append(row)
        postings = list(against)
        entry_id = new_id()
        if note.line_kind:
            line_id = new_id()
            lines[entry_id] = {
                "id": line_id, "operator_id": operator_id, "producer_id": note.producer_id, "kind": note.line_kind,
                "amount_vnd": note.amount_vnd, "business_date": note.business_date,
                "available_on": note.business_date, "share_id": None, "returns_line_id": note.answers_line,
                "note": note.reason,
            }  # fmt: skip
            postings.append(
                PostingDraft(
                    "unsettled", -note.amount_vnd, note.producer_id, note.producer_id, note.site_id,
                    fair_id=note.fair_id, settlement_line_id=line_id,
                )
            )  # fmt: skip
        drafts.append(
            EntryDraft(
                entry_id, note.kind, note.business_date, at, SOURCE, row.id, tuple(postings), reverses=note.reverses
            )
        )
    session.add_all(rows)
    session.flush()
    for posted in post_entries(session, operator_id, drafts, recorded_at=at):
        if posted.entry_id in lines:
            keep_settlement_lines(session, [lines[posted.entry_id]], posted.entry_id, posted.seq)
    return [row.id for row in rows]


def charge_fee(
    session: Session, operator_id: str, producer_id: str, *, what: str, unit_vnd: int, units: int, vat_bp: int,
    day: date, at: datetime, by: str | None, reason: str, fair_id: str | None = None,
) -> str:  # fmt: skip
    """A fee invoiced at once: so many times a price before VAT (G11: two days of a booth). Answers the note's id."""
    if what not in FEES or not 0 < units <= 1_000 or not 0 <= vat_bp <= 10_000:
        raise Invalid("note.fee")
    net = unit_vnd * units
    vat = pct(net, vat_bp)
    note = _note(session, operator_id, producer_id, "fee", -(net + vat), day, at, reason)
    note = replace(note, what=what, vat_vnd=vat, fair_id=fair_id)
    against = [
        PostingDraft(FEES[what], -net, producer_id=producer_id, fair_id=fair_id),
        PostingDraft("vat_output", -vat, producer_id=producer_id, fair_id=fair_id),
    ]
    return post_notes(session, operator_id, [(note, against)], at=at, by=by)[0]


def adjust(
    session: Session, operator_id: str, producer_id: str, *, amount_vnd: int, day: date, at: datetime,
    by: str | None, reason: str, answers_line: str | None = None,
) -> str:  # fmt: skip
    """Give (+) or take (−) with a reason, on the next statement; against the operator's other expenses. What answers
    a line on no statement yet travels with it."""
    note = _note(session, operator_id, producer_id, "adjustment", amount_vnd, day, at, reason)
    note = replace(note, answers_line=answers_line)
    against = [PostingDraft("misc_expense", amount_vnd, producer_id=producer_id)]
    return post_notes(session, operator_id, [(note, against)], at=at, by=by)[0]


def give_advance(
    session: Session, operator_id: str, producer_id: str, *, amount_vnd: int, day: date, at: datetime,
    by: str | None, reason: str, site_id: str | None = None,
) -> str:  # fmt: skip
    """The operator's own money ahead of sales (G00c), from its account or a site's safe; settlements take it back
    up to their cap."""
    if amount_vnd <= 0:
        raise Invalid("note.amount")
    if site_id is not None:
        _check_site(session, operator_id, site_id)
    note = _note(session, operator_id, producer_id, "advance", amount_vnd, day, at, reason)
    note = replace(note, line_kind=None, site_id=site_id)
    if site_id is not None:
        write_slip(
            session, operator_id, "out", amount_vnd=amount_vnd, what="advance", day=day, source_kind=SOURCE,
            source_id=note.id, at=at, by=by, site_id=site_id, note=note.reason,
            party=session.scalar(select(Producer.name).where(Producer.id == producer_id)),
        )  # fmt: skip
    source = PostingDraft("safe", -amount_vnd, site_id, producer_id, site_id) if site_id else None
    against = [
        PostingDraft("producer_advance", amount_vnd, producer_id, producer_id),
        source or PostingDraft("operating_bank", -amount_vnd, producer_id=producer_id),
    ]
    return post_notes(session, operator_id, [(note, against)], at=at, by=by)[0]


def release_reserve(
    session: Session, operator_id: str, producer_id: str, *, amount_vnd: int, day: date, at: datetime,
    by: str | None, reason: str,
) -> str:  # fmt: skip
    """What was kept back goes onto the next statement. Refuses more than is kept."""
    lock_settlement(session, operator_id, [producer_id])
    kept = -balances_of(session, operator_id, [producer_id])[producer_id, "reserve"]
    if not 0 < amount_vnd <= kept:
        raise Invalid("note.reserve", kept=kept)
    note = _note(session, operator_id, producer_id, "reserve_release", amount_vnd, day, at, reason)
    note = replace(note, line_kind="adjustment")
    against = [PostingDraft("reserve", amount_vnd, producer_id, producer_id)]
    return post_notes(session, operator_id, [(note, against)], at=at, by=by)[0]


def undo_note(
    session: Session, note_id: str, *, at: datetime, by: str | None, reason: str, operator_id: str | None = None
) -> str:
    """Another paper with the opposite amount, today, its entry naming the one it reverses. Once.

    Raises NotFound, Conflict `note.undone`; an advance that statements have taken back already, Conflict
    `note.recouped`.
    """
    found = session.get(ProducerNote, note_id)
    if found is None or operator_id not in (None, found.operator_id):
        raise NotFound("note.unknown")
    if found.undoes or session.scalar(select(ProducerNote.id).where(ProducerNote.undoes == note_id)):
        raise Conflict("note.undone")
    lock_settlement(session, found.operator_id, [found.producer_id])
    if found.kind == "advance":
        left = balances_of(session, found.operator_id, [found.producer_id])[found.producer_id, "producer_advance"]
        if left < found.amount_vnd:
            raise Conflict("note.recouped", left=left)
    entry_id = session.scalars(
        select(JournalEntry.id).where(JournalEntry.source_kind == SOURCE, JournalEntry.source_id == note_id)
    ).one()
    postings = session.scalars(select(Posting).where(Posting.entry_id == entry_id).order_by(Posting.n)).all()
    line_id = session.scalar(select(SettlementLine.id).where(SettlementLine.entry_id == entry_id))
    line_kind = session.scalar(select(SettlementLine.kind).where(SettlementLine.id == line_id)) if line_id else None
    note = Note(
        new_id(), found.producer_id, found.kind, -found.amount_vnd, local_date(at), _reason(reason), line_kind,
        what=found.what, vat_vnd=-found.vat_vnd, site_id=found.site_id, fair_id=found.fair_id, undoes=found.id,
        answers_line=line_id, reverses=entry_id,
    )  # fmt: skip
    against = [
        PostingDraft(p.account, -p.amount_vnd, p.dimension, p.producer_id, p.site_id, p.shift_id, p.fair_id)
        for p in postings
        if p.settlement_line_id is None
    ]
    return post_notes(session, found.operator_id, [(note, against)], at=at, by=by)[0]


def _note(
    session: Session, operator_id: str, producer_id: str, kind: str, amount_vnd: int, day: date, at: datetime,
    reason: str,
) -> Note:  # fmt: skip
    if not amount_vnd or abs(amount_vnd) > MOST_VND:
        raise Invalid("note.amount")
    if day > local_date(at):
        raise Invalid("payout.future")
    pair = select(Agreement.id).where(Agreement.operator_id == operator_id, Agreement.producer_id == producer_id)
    if session.scalar(pair) is None:
        raise NotFound("agreement.unknown")
    return Note(new_id(), producer_id, kind, amount_vnd, day, _reason(reason), kind)


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid("field.required", field="reason")
    return text.strip()


def _check_site(session: Session, operator_id: str, site_id: str) -> None:
    site = session.get(Site, site_id)
    if site is None or site.operator_id != operator_id:
        raise NotFound("payout.site")
