"""Announce a delivery, take the announcement back. Nothing moves: the count moves it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.stock.commands import Announce
from pos.stock.models import Delivery, DeliveryLine, Document, SupplyRequest


def announce(session: Session, asked: Announce, *, at: datetime, by: str | None) -> str:
    """Keep it; its id. Raises Invalid where nothing is on it."""
    if not asked.lines or any(milli <= 0 for _, milli in asked.lines):
        raise Invalid("document.empty", field="lines")
    made = Delivery(
        id=new_id(), operator_id=asked.operator_id, producer_id=asked.producer_id, site_id=asked.site_id, state="open",
        due_on=asked.due_on, note=asked.note, made_at=at, made_by=by,
        lines=[DeliveryLine(line=n, product_id=p, qty_milli=milli) for n, (p, milli) in enumerate(asked.lines, 1)],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def take_back(session: Session, delivery_id: str) -> None:
    """Cancel an announcement of which nothing was counted; who was promised it asks again. Raises Conflict."""
    counted = select(Document.id).where(Document.announced_id == delivery_id, Document.state == "confirmed")
    if session.scalar(counted.limit(1)):
        raise Conflict("delivery.counted")
    done = session.execute(
        update(Delivery).where(Delivery.id == delivery_id, Delivery.state == "open").values(state="cancelled")
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("delivery.cancelled")
    promised = (SupplyRequest.delivery_id == delivery_id, SupplyRequest.state == "promised")
    session.execute(update(SupplyRequest).where(*promised).values(state="asked", promised_on=None))
    session.execute(update(SupplyRequest).where(SupplyRequest.delivery_id == delivery_id).values(delivery_id=None))


def note_arrival(session: Session, delivery_id: str, document_id: str) -> None:
    """What was promised is being counted: its request is answered by that paper. The first stands."""
    session.execute(
        update(SupplyRequest)
        .where(SupplyRequest.delivery_id == delivery_id, SupplyRequest.state.in_(("asked", "promised", "declined")))
        .values(state="arrived", document_id=document_id)
    )
