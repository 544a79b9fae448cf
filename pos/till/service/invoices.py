"""Invoices asked for: keep the wish with its buyer sealed, read it (the look is logged), mark it done, forget it."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pos.access.service import note
from pos.kernel.errors import NotFound, Refused
from pos.kernel.ids import new_id
from pos.kernel.seal import seal, unseal
from pos.till.models import InvoiceBuyer, InvoiceDone, InvoiceRequest, Sale
from pos.till.rules.buyers import MOST_A_SALE, Buyer, buyer_in, digest_of, may_ask, private_of
from pos.till.service.private import erase_private, read_private


def ask_invoice(session: Session, sale_id: str, buyer: Buyer, *, secret: str, at: datetime) -> InvoiceRequest:
    """The customer asks on the receipt's page. Raises NotFound, Refused after the day's end or too often."""
    sale = session.get(Sale, sale_id)
    if sale is None:
        raise NotFound("sale.unknown")
    if not may_ask(sale.day, at):
        raise Refused("invoice.too_late")
    asked = select(func.count()).select_from(InvoiceRequest)
    if (session.scalar(asked.where(InvoiceRequest.sale_id == sale_id)) or 0) >= MOST_A_SALE:
        raise Refused("invoice.too_often", status=429)
    salt = secrets.token_hex(16)
    made = InvoiceRequest(
        id=new_id(), event_id=None, operator_id=sale.operator_id, site_id=sale.site_id, sale_id=sale_id,
        buyer_sha256=digest_of(buyer, salt), source="customer", at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    text = json.dumps(private_of(buyer, salt))
    session.add(InvoiceBuyer(request_id=made.id, sealed=seal(secret, text.encode()), erased_at=None))
    return made


def buyer_of(session: Session, request: InvoiceRequest, *, secret: str) -> Buyer | None:
    """The buyer of a request; None when erased, or not sent. The caller logs the look."""
    if request.event_id is not None:
        text = read_private(session, request.event_id, secret=secret)
    else:
        kept = session.get(InvoiceBuyer, request.id)
        text = unseal(secret, kept.sealed).decode() if kept and kept.sealed else None
    private = json.loads(text) if text else None
    return buyer_in(private) if isinstance(private, dict) else None


def note_read(session: Session, request_id: str, *, by: str, at: datetime) -> None:
    """Somebody saw a buyer in the clear."""
    note(session, "read.buyer", "invoice", request_id, by=by, at=at)


def mark_done(session: Session, request_id: str, number: str | None, *, by: str, at: datetime) -> None:
    """The invoice is made; said twice, the first stands."""
    if session.get(InvoiceRequest, request_id) is None:
        raise NotFound("invoice.unknown")
    if session.get(InvoiceDone, request_id) is None:
        session.add(InvoiceDone(request_id=request_id, number=number, at=at, by=by))


def erase_buyer(session: Session, request_id: str, *, by: str, at: datetime) -> None:
    """Forget who it was; the wish and the sale stay. Logged."""
    request = session.get(InvoiceRequest, request_id)
    if request is None:
        raise NotFound("invoice.unknown")
    if request.event_id is not None:
        erase_private(session, request.event_id, at=at)
    session.execute(
        update(InvoiceBuyer)
        .where(InvoiceBuyer.request_id == request_id, InvoiceBuyer.sealed.is_not(None))
        .values(sealed=None, erased_at=at)
    )
    note(session, "buyer.erase", "invoice", request_id, by=by, at=at)
