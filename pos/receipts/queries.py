"""Questions about receipts, printers and what is waiting for them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from pos.access.reach import Reach
from pos.kernel.errors import NotFound
from pos.places.models import Operator, Site, Till
from pos.receipts.models import Printer, PrintJob, Receipt, TabletPrint, WrongGuess

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


def find_by_total(session: Session, *, receipt_no: str, total_vnd: int) -> tuple[str, dict[str, Any]] | None:
    """(id, document) of that number with that sum on the paper (its sign aside); a number may be used twice."""
    rows = select(Receipt.id, Receipt.document).where(Receipt.receipt_no == receipt_no).order_by(Receipt.id).limit(20)
    for id_, text in session.execute(rows):
        document: dict[str, Any] = json.loads(text)
        if abs(document["payable_vnd"]) == total_vnd:
            return id_, document
    return None


def find_document_by_total(session: Session, *, receipt_no: str, total_vnd: int) -> dict[str, Any] | None:
    """The document alone."""
    found = find_by_total(session, receipt_no=receipt_no, total_vnd=total_vnd)
    return found[1] if found else None


def printer_for(session: Session, *, till_id: str, site_id: str) -> Printer | None:
    """The till's own printer, else its site's."""
    serves = or_(
        and_(Printer.scope_kind == "till", Printer.scope_id == till_id),
        and_(Printer.scope_kind == "site", Printer.scope_id == site_id),
    )
    wanted = select(Printer).where(serves, Printer.active)
    return session.scalars(wanted.order_by(Printer.scope_kind.desc(), Printer.id).limit(1)).first()


@dataclass(frozen=True, slots=True)
class PrinterRow:
    """A printer in the list with the place it serves and its last sheet."""

    printer: Printer
    place: str
    operator: str
    state: str | None
    problem: str | None
    at: datetime | None


def get_printer(session: Session, printer_id: str) -> Printer:
    """The printer. Raises NotFound."""
    found = session.get(Printer, printer_id)
    if found is None:
        raise NotFound("printer.unknown")
    return found


def list_printers(session: Session, reach: Reach, printer_id: str | None = None) -> list[PrinterRow]:
    """By place; those not in use last. One query."""
    newest = (
        select(PrintJob.id)
        .where(PrintJob.printer_id == Printer.id)
        .order_by(PrintJob.queued_at.desc(), PrintJob.id.desc())
        .limit(1)
        .correlate(Printer)
        .scalar_subquery()
    )
    query = (
        select(Printer, Site.name, Till.name, Operator.name, PrintJob.state, PrintJob.problem, PrintJob.queued_at)
        .join(Operator, Operator.id == Printer.operator_id)
        .outerjoin(Till, and_(Printer.scope_kind == "till", Till.id == Printer.scope_id))
        .join(Site, or_(Site.id == Printer.scope_id, Site.id == Till.site_id))
        .outerjoin(PrintJob, PrintJob.id == newest)
        .where(reach.where(operator=Printer.operator_id, site=Site.id))
        .order_by(Printer.active.desc(), Operator.name, Site.name, Printer.name, Printer.id)
    )
    if printer_id is not None:
        query = query.where(Printer.id == printer_id)
    return [
        PrinterRow(printer, f"{site} · {till}" if till else site, operator, state, problem, at)
        for printer, site, till, operator, state, problem, at in session.execute(query)
    ]


def places_to_serve(session: Session, reach: Reach) -> list[tuple[str, str, str]]:
    """(`site:<id>` or `till:<id>`, words, operator id) of all a printer may serve, each site before its tills."""
    rows = session.execute(
        select(Site.id, Site.name, Site.operator_id, Till.id, Till.name)
        .outerjoin(Till, and_(Till.site_id == Site.id, Till.active))
        .where(reach.where(operator=Site.operator_id), Site.active)
        .order_by(Site.name, Site.id, Till.code)
    )
    made: dict[str, tuple[str, str, str]] = {}
    for site_id, site, operator_id, till_id, till in rows:
        made.setdefault(site_id, (f"site:{site_id}", site, operator_id))
        if till_id:
            made[till_id] = (f"till:{till_id}", f"{site} · {till}", operator_id)
    return list(made.values())


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


def list_tablet_prints(session: Session, receipt_id: str) -> list[TabletPrint]:
    """All sheets tills printed of one receipt by themselves, in the order they came out."""
    mine = select(TabletPrint).where(TabletPrint.receipt_id == receipt_id)
    return list(session.scalars(mine.order_by(TabletPrint.at, TabletPrint.id)))


def last_copy(session: Session, receipt_id: str) -> int | None:
    """The highest copy asked for here or printed at a till so far; None when not even the original was."""
    asked = select(PrintJob.copy).where(PrintJob.receipt_id == receipt_id, PrintJob.kind == "receipt")
    printed = select(TabletPrint.copy).where(TabletPrint.receipt_id == receipt_id)
    found = session.scalars(asked.union_all(printed)).all()
    return max(found, default=None)


def waits_until(session: Session, limits: Iterable[tuple[str, int]], *, at: datetime) -> datetime | None:
    """Until when nobody may guess again, given (about, how many wrong ones are allowed)."""
    allowed = dict(limits)
    rows = select(WrongGuess).where(WrongGuess.about.in_(allowed), WrongGuess.until > at)
    return max((row.until for row in session.scalars(rows) if row.times >= allowed[row.about]), default=None)
