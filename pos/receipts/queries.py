"""Questions about receipts, printers and what is waiting for them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pos.kernel.errors import NotFound
from pos.receipts.models import Printer, PrintJob, Receipt, WrongGuess

TROUBLED = ("uncertain", "failed", "expired")


def get_document(session: Session, receipt_id: str) -> dict[str, Any]:
    """The document of a sale. Raises NotFound."""
    text = session.scalar(select(Receipt.document).where(Receipt.id == receipt_id))
    if text is None:
        raise NotFound("receipt.unknown", receipt_id=receipt_id)
    found: dict[str, Any] = json.loads(text)
    return found


def find_document(session: Session, *, receipt_no: str, sale_id: str) -> dict[str, Any] | None:
    """The document behind a QR: number and sale id must belong together."""
    text = session.scalar(select(Receipt.document).where(Receipt.id == sale_id, Receipt.receipt_no == receipt_no))
    return None if text is None else json.loads(text)


def find_document_by_total(session: Session, *, receipt_no: str, total_vnd: int) -> dict[str, Any] | None:
    """The document of that number with that sum on the paper (its sign aside); a number may be used twice."""
    rows = select(Receipt.document).where(Receipt.receipt_no == receipt_no).order_by(Receipt.id).limit(20)
    for text in session.scalars(rows):
        document: dict[str, Any] = json.loads(text)
        if abs(document["payable_vnd"]) == total_vnd:
            return document
    return None


def printer_for(session: Session, *, till_id: str, site_id: str) -> Printer | None:
    """The till's own printer, else its site's."""
    serves = or_(
        and_(Printer.scope_kind == "till", Printer.scope_id == till_id),
        and_(Printer.scope_kind == "site", Printer.scope_id == site_id),
    )
    wanted = select(Printer).where(serves, Printer.active)
    return session.scalars(wanted.order_by(Printer.scope_kind.desc(), Printer.id).limit(1)).first()


def list_prints(session: Session, receipt_id: str) -> list[PrintJob]:
    """All sheets asked for one receipt, the original first."""
    return list(session.scalars(select(PrintJob).where(PrintJob.receipt_id == receipt_id).order_by(PrintJob.copy)))


def list_troubled(session: Session, *, operator_id: str, since: datetime) -> list[PrintJob]:
    """Sheets that a person should look at, newest first."""
    wanted = (
        select(PrintJob)
        .join(Printer, Printer.id == PrintJob.printer_id)
        .where(Printer.operator_id == operator_id, PrintJob.state.in_(TROUBLED), PrintJob.queued_at >= since)
    )
    return list(session.scalars(wanted.order_by(PrintJob.queued_at.desc(), PrintJob.id.desc()).limit(200)))


def last_copy(session: Session, receipt_id: str) -> int | None:
    """The highest copy asked for so far; None when not even the original was."""
    return session.scalar(
        select(func.max(PrintJob.copy)).where(PrintJob.receipt_id == receipt_id, PrintJob.kind == "receipt")
    )


def waits_until(session: Session, limits: Iterable[tuple[str, int]], *, at: datetime) -> datetime | None:
    """Until when nobody may guess again, given (about, how many wrong ones are allowed)."""
    allowed = dict(limits)
    rows = select(WrongGuess).where(WrongGuess.about.in_(allowed), WrongGuess.until > at)
    return max((row.until for row in session.scalars(rows) if row.times >= allowed[row.about]), default=None)
