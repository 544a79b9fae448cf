"""Stock documents: draft, change, throw away, confirm. Confirming moves the goods and gives the number, once.

Nothing here posts money: who bears a loss is decided by a job of consignment (money.md, "Losses").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.outbox.service import enqueue
from pos.stock.commands import Draft, DraftLine, Move
from pos.stock.models import Document, DocumentLine, DocumentNumber, LossDecision
from pos.stock.queries.lots import shelf_lives
from pos.stock.rules import GONE, GONE_TO, KINDS, LIABILITIES, REASONS, SERIES, steps_of
from pos.stock.service.lots import kept_apart, make_lots
from pos.stock.service.movements import move

SOURCE = "stock_document"
LOST = "stock.lost"  # the promise that consignment posts what was decided


def draft(session: Session, asked: Draft, *, at: datetime, by: str | None, document_id: str | None = None) -> str:
    """Keep a document nobody has confirmed yet; nothing moves. Raises Invalid."""
    _check(asked)
    made = Document(
        id=document_id or new_id(), state="draft", revision=1, number=None, source="office", made_at=at, made_by=by,
        **_header(asked), lines=_lines(asked.lines),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def change(session: Session, document_id: str, revision: int, asked: Draft) -> None:
    """Write a draft anew. Raises Conflict when it is confirmed, or somebody else changed it since it was read."""
    _check(asked)
    header = _header(asked)
    changed = session.execute(
        update(Document)
        .where(Document.id == document_id, Document.state == "draft", Document.revision == revision)
        .values(**header, revision=revision + 1)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        _told(session, document_id, "document.changed")
    session.execute(delete(DocumentLine).where(DocumentLine.document_id == document_id))
    for line in _lines(asked.lines):
        line.document_id = document_id
        session.add(line)
    session.flush()
    session.expire_all()


def drop(session: Session, document_id: str) -> None:
    """Throw a draft away. Raises Conflict when it is confirmed."""
    taken = update(Document).where(Document.id == document_id, Document.state == "draft").values(revision=0)
    if not session.execute(taken).rowcount:  # type: ignore[attr-defined]
        _told(session, document_id, "document.changed")
    session.execute(delete(DocumentLine).where(DocumentLine.document_id == document_id))
    session.execute(delete(Document).where(Document.id == document_id))


def confirm(session: Session, document_id: str, *, revision: int | None, at: datetime, by: str | None) -> Document:
    """Move what the draft says and give it its number; from then on it never changes.

    By compare-and-set: of two people who confirm the same draft one does, the other gets Conflict, and so does who
    read it before somebody changed it (`revision`). A transfer received a second time: Conflict
    `transfer.received`.
    """
    document = session.scalars(
        select(Document).where(Document.id == document_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if document is None:
        raise NotFound("document.unknown")
    if document.state != "draft":
        _told(session, document_id, "document.changed")
    if revision is not None and document.revision != revision:
        raise Conflict("document.changed")
    if document.kind == "receipt" and document.answers_id:
        _not_received(session, document)
    if document.kind == "correction":
        _still_stands(session, document)
    if document.kind in ("intake", "opening"):
        make_lots(session, document, shelf_lives(session, {line.product_id for line in document.lines}))
    moves = moves_of(session, document, at)
    move(session, document.operator_id, moves, recorded_at=at)
    number = next_number(session, document.operator_id, document.kind, document.business_date)
    done = session.execute(
        update(Document)
        .where(Document.id == document_id, Document.state == "draft", Document.revision == document.revision)
        .values(state="confirmed", number=number, confirmed_at=at, confirmed_by=by)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("document.confirmed", number="")
    session.refresh(document)
    if liability := _liability(session, document, moves):
        decide(session, document.id, liability, at=at, by=by)
    return document


def decide(session: Session, document_id: str, liability: str, *, at: datetime, by: str | None) -> None:
    """Say once who bears what a document lost (or found again); a job posts it. Raises Conflict, Invalid."""
    if liability not in LIABILITIES:
        raise Invalid("loss.liability", field="liability")
    if session.get(LossDecision, document_id):
        raise Conflict("loss.decided")
    session.add(LossDecision(document_id=document_id, liability=liability, decided_at=at, decided_by=by))
    session.flush()
    enqueue(session, LOST, {"document_id": document_id}, at=at, key=f"{LOST}:{document_id}")


def _liability(session: Session, document: Document, moves: Sequence[Move]) -> str | None:
    """Who bears it, where the draft said; a correction follows the paper it corrects. None: nothing is lost, or
    nobody has decided yet."""
    if not any(m.to_kind in GONE or m.from_kind in GONE for m in moves):
        return None
    if document.kind == "correction":
        told = session.get(LossDecision, document.answers_id)
        return told.liability if told else None
    return document.liability or LIABILITIES[0]


def _still_stands(session: Session, correction: Document) -> None:
    """Refuse a correction of what another correction has changed since it was drafted: the paper is the lock."""
    session.execute(select(Document.id).where(Document.id == correction.answers_id).with_for_update())
    stands = standing(session, correction.answers_id or "")
    if any(stands.get((x.product_id, x.lot_id)) != (x.expected_milli or 0) for x in correction.lines):
        raise Conflict("correction.stale")


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


def record(
    session: Session, document_id: str, asked: Draft, *, undoes_id: str | None, at: datetime, by: str | None,
    recorded_at: datetime,
) -> None:  # fmt: skip
    """Keep a document that is a fact already: counted at a till, its goods moved by the caller. Refuses nothing.

    A receipt of a transfer that was received before stands beside it, answering nothing.
    """
    if asked.kind == "receipt" and asked.answers_id:
        before = select(Document.id).where(
            Document.answers_id == asked.answers_id, Document.kind == "receipt", Document.state == "confirmed"
        )
        session.execute(select(Document.id).where(Document.id == asked.answers_id).with_for_update())
        if session.scalar(before.limit(1)):
            asked = replace(asked, answers_id=None)
    number = next_number(session, asked.operator_id, asked.kind, asked.business_date)
    lines = [
        {
            "document_id": document_id, "line": n, "product_id": line.product_id, "qty_milli": line.qty_milli,
            "expected_milli": line.expected_milli, "lot_id": line.lot_id, "expires_on": line.expires_on,
        }
        for n, line in enumerate(asked.lines, 1)
    ]  # fmt: skip
    insert_rows(session, DocumentLine, lines)  # before their paper, which closes them
    head = {
        **_header(asked), "id": document_id, "state": "confirmed", "revision": 1, "number": number, "source": "till",
        "undoes_id": undoes_id, "made_at": at, "made_by": by, "confirmed_at": recorded_at, "confirmed_by": by,
    }  # fmt: skip
    insert_rows(session, Document, [head])


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


def _not_received(session: Session, receipt: Document) -> None:
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


def _told(session: Session, document_id: str, otherwise: str) -> None:
    """Say why a draft could not be touched."""
    now = session.execute(
        select(Document.state, Document.number)
        .where(Document.id == document_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if now is None:
        raise NotFound("document.unknown")
    if now[0] == "confirmed":
        raise Conflict("document.confirmed", number=now[1])
    raise Conflict(otherwise)


def _check(asked: Draft) -> None:
    if asked.kind not in KINDS:
        raise Invalid("document.kind")
    if not asked.lines:
        raise Invalid("document.empty", field="lines")
    if any(line.qty_milli < 0 or not (line.qty_milli or line.expected_milli) for line in asked.lines):
        raise Invalid("intake.quantity", field="lines")
    if asked.kind == "write_off" and asked.reason not in GONE_TO:
        raise Invalid("document.reason", field="reason")
    if asked.kind == "correction" and not asked.answers_id:
        raise Invalid("correction.of_what")
    if asked.kind == "correction" and not asked.note:
        raise Invalid("correction.why", field="note")
    if asked.from_ == asked.to:
        raise Invalid("document.same_place", field="to_id")


def _header(asked: Draft) -> dict[str, object]:
    return {
        "operator_id": asked.operator_id, "kind": asked.kind, "business_date": asked.business_date,
        "from_kind": asked.from_[0], "from_id": asked.from_[1], "to_kind": asked.to[0], "to_id": asked.to[1],
        "producer_id": asked.producer_id, "agreement_id": asked.agreement_id, "reason": asked.reason,
        "liability": asked.liability, "note": asked.note, "announced_id": asked.announced_id,
        "answers_id": asked.answers_id,
    }  # fmt: skip


def _lines(lines: Sequence[DraftLine]) -> list[DocumentLine]:
    return [
        DocumentLine(
            line=n, product_id=line.product_id, qty_milli=line.qty_milli, expected_milli=line.expected_milli,
            lot_id=line.lot_id, lot_code=line.lot_code, expires_on=line.expires_on, certificate=line.certificate,
            member=line.member,
            difference=line.difference, why=line.why,
        )
        for n, line in enumerate(lines, 1)
    ]  # fmt: skip
