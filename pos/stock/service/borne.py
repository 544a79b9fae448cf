"""Who bears what a paper lost: as its draft said, or as somebody says once afterwards. A job posts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pos.kernel.errors import Conflict, Invalid
from pos.outbox.service import enqueue
from pos.stock.commands import Move
from pos.stock.models import Document, LossDecision
from pos.stock.rules import GONE, LIABILITIES

LOST = "stock.lost"  # the promise that consignment posts what was decided


def decide(session: Session, document_id: str, liability: str, *, at: datetime, by: str | None) -> None:
    """Say once who bears what a document lost (or found again); a job posts it. Raises Conflict, Invalid."""
    if liability not in LIABILITIES:
        raise Invalid("loss.liability", field="liability")
    if session.get(LossDecision, document_id):
        raise Conflict("loss.decided")
    session.add(LossDecision(document_id=document_id, liability=liability, decided_at=at, decided_by=by))
    session.flush()
    enqueue(session, LOST, {"document_id": document_id}, at=at, key=f"{LOST}:{document_id}")


def liability_of(session: Session, document: Document, moves: Sequence[Move]) -> str | None:
    """Who bears it, where the draft said; a correction follows the paper it corrects. None: nothing is lost, or
    nobody has decided yet."""
    if not any(m.to_kind in GONE or m.from_kind in GONE for m in moves):
        return None
    if document.kind == "correction":
        told = session.get(LossDecision, document.answers_id)
        return told.liability if told else None
    return document.liability or LIABILITIES[0]
