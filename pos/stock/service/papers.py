"""What a paper moves, its number, what stands of it today, and what speaks against confirming it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.errors import Conflict
from pos.stock.commands import Move
from pos.stock.models import Document, DocumentLine, DocumentNumber
from pos.stock.rules import REASONS, SERIES, steps_of
from pos.stock.service.lots import kept_apart

SOURCE = "stock_document"


def moves_of(session: Session, document: Document, at: datetime) -> list[Move]:
    """The movements a document makes, line by line."""
    sender = None
    if document.kind == "receipt" and document.answers_id:
        sent = session.get_one(Document, document.answers_id)
        sender = (sent.from_kind, sent.from_id or "")
    from_, to = (document.from_kind, document.from_id or ""), (document.to_kind, document.to_id or "")
    apart = kept_apart(session, document)
    reason = REASONS.get(document.kind) or document.reason or document.kind
    return [
        Move(
            line.product_id, step.qty_milli, *step.from_, *step.to, reason, document.business_date, at, SOURCE,
            document.id, step.line, line.lot_id if line.lot_id in apart else None,
        )
        for line in document.lines
        for step in steps_of(
            line.line, line.qty_milli, from_, to,
            expected_milli=line.expected_milli, difference=line.difference, sender=sender,
            corrects=document.kind == "correction",
        )
    ]  # fmt: skip


def next_number(session: Session, operator_id: str, kind: str, day: date) -> str:
    """`NK26-00001`: per operator, kind and year, without gaps. Locks the series: take it after the levels."""
    series = f"{SERIES[kind]}{day:%y}"
    insert = upsert_of(is_postgresql(session), DocumentNumber).values(operator_id=operator_id, series=series, last=1)
    last = session.scalar(
        insert.on_conflict_do_update(
            index_elements=["operator_id", "series"], set_={"last": DocumentNumber.__table__.c.last + 1}
        ).returning(DocumentNumber.__table__.c.last)
    )
    return f"{series}-{last:05d}"


def standing(session: Session, document_id: str) -> dict[tuple[str, str | None], int]:
    """(product, lot) → what a confirmed paper says today, its corrections counted."""
    rows = session.execute(
        select(
            DocumentLine.product_id, DocumentLine.lot_id, Document.kind, DocumentLine.qty_milli,
            DocumentLine.expected_milli,
        )
        .join(Document, Document.id == DocumentLine.document_id)
        .where(
            or_(
                Document.id == document_id,
                (Document.answers_id == document_id) & (Document.kind == "correction"),
            ),
            Document.state == "confirmed",
        )
    )  # fmt: skip
    found: dict[tuple[str, str | None], int] = {}
    for product, lot, kind, qty, expected in rows:
        more = qty - (expected or 0) if kind == "correction" else qty
        found[product, lot] = found.get((product, lot), 0) + more
    return found


def still_stands(session: Session, correction: Document) -> None:
    """Refuse a correction of what another correction has changed since it was drafted: the paper is the lock."""
    session.execute(select(Document.id).where(Document.id == correction.answers_id).with_for_update())
    stands = standing(session, correction.answers_id or "")
    if any(stands.get((x.product_id, x.lot_id)) != (x.expected_milli or 0) for x in correction.lines):
        raise Conflict("correction.stale")


def not_received(session: Session, receipt: Document) -> None:
    """Refuse a second receipt of the same transfer: the transfer is the lock."""
    session.execute(select(Document.id).where(Document.id == receipt.answers_id).with_for_update())
    before = session.execute(
        select(Document.number, Document.confirmed_at).where(
            Document.answers_id == receipt.answers_id, Document.kind == "receipt", Document.state == "confirmed",
            Document.id != receipt.id,
        )
    ).first()  # fmt: skip
    if before:
        raise Conflict("transfer.received", number=before[0])
