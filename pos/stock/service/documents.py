"""Stock documents: draft, change, throw away, confirm. Confirming moves the goods and gives the number, once.

Nothing here posts money: who bears a loss is decided by a job of consignment (money.md, "Losses").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Document, DocumentLine
from pos.stock.queries.lots import shelf_lives
from pos.stock.rules import GONE_TO, KINDS
from pos.stock.service.borne import decide, liability_of
from pos.stock.service.deliveries import note_arrival
from pos.stock.service.lots import lots_of_lines, make_lots
from pos.stock.service.movements import move
from pos.stock.service.papers import moves_of, next_number, not_received, still_stands


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
        not_received(session, document)
    if document.kind == "correction":
        still_stands(session, document)
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
    if liability := liability_of(session, document, moves):
        decide(session, document.id, liability, at=at, by=by)
    if document.announced_id:
        note_arrival(session, document.announced_id, document.id)
    return document


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
    if asked.kind == "intake" and not undoes_id:
        asked = replace(asked, lines=lots_of_lines(session, asked, document_id))
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
    if asked.announced_id and not undoes_id:
        note_arrival(session, asked.announced_id, document_id)


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
