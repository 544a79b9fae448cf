"""Consignments counted in by the office at once: a draft and its confirmation in one unit of work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pos.kernel.errors import Invalid
from pos.stock.commands import Draft, DraftLine, Receive
from pos.stock.models import Document
from pos.stock.service.documents import confirm, draft


def receive(session: Session, command: Receive, *, at: datetime, by: str | None) -> Document:
    """Count a consignment in: a numbered note, movements from the producer to the site.

    Raises Invalid when nothing is counted or a quantity is not above 0.
    """
    if not command.lines:
        raise Invalid("intake.empty")
    if any(qty <= 0 for _, qty, _ in command.lines):
        raise Invalid("intake.quantity")
    asked = Draft(
        operator_id=command.operator_id, kind="intake", business_date=command.business_date,
        from_=("producer", command.producer_id), to=("site", command.site_id), producer_id=command.producer_id,
        note=command.note,
        lines=tuple(DraftLine(product, qty, expires_on=expires) for product, qty, expires in command.lines),
    )  # fmt: skip
    return confirm(session, draft(session, asked, at=at, by=by), revision=None, at=at, by=by)
