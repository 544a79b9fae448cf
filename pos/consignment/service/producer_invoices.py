"""Write down an invoice a producer sent for goods of its statement."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import ProducerInvoice
from pos.consignment.queries.producer_invoices import goods_by_rate
from pos.consignment.queries.statements import get_statement
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id


def receive_invoice(
    session: Session, statement_id: str, *, vat_class: str, vat_bp: int, symbol: str, number: str, issued_on: date,
    amount_vnd: int, at: datetime, by: str | None,
) -> str:  # fmt: skip
    """Keep it. Raises Invalid `invoice.rate` when the statement has no goods of that rate, `invoice.future`; Conflict
    `invoice.received` when this number is written down already, `statement.state` of a void statement."""
    found = get_statement(session, statement_id)
    if found.state == "void":
        raise Conflict("statement.state", state=found.state)
    if (vat_class, vat_bp) not in goods_by_rate(session, [statement_id]).get(statement_id, {}):
        raise Invalid("invoice.rate")
    if issued_on > local_date(at) or not amount_vnd:
        raise Invalid("invoice.future")
    mine = ProducerInvoice.statement_id == statement_id
    same = (ProducerInvoice.symbol == symbol, ProducerInvoice.number == number, ProducerInvoice.vat_class == vat_class,
            ProducerInvoice.vat_bp == vat_bp)  # fmt: skip
    if session.scalar(select(ProducerInvoice.id).where(mine, *same)):
        raise Conflict("invoice.received")
    invoice = ProducerInvoice(
        id=new_id(), statement_id=statement_id, vat_class=vat_class, vat_bp=vat_bp, symbol=symbol, number=number,
        issued_on=issued_on, amount_vnd=amount_vnd, received_at=at, received_by=by,
    )  # fmt: skip
    session.add(invoice)
    session.flush()
    return invoice.id
