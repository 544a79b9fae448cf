"""A ticket on paper: plain data for the receipts package, which can look nothing up."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.queries.at_sale import Facts
from pos.kernel.money import line_gross
from pos.kernel.rows import insert_rows, send_held
from pos.places.queries import issuer_names, kind_names
from pos.producers.models import Producer
from pos.receipts import service as receipts
from pos.receipts.commands import ReceiptData, ReceiptLine, ReceiptTender
from pos.receipts.models import Receipt
from pos.receipts.rules import link_of
from pos.till.commands import Line, Return, SaleBody
from pos.till.forms.events import Event
from pos.till.queries.context import Context


def keep_paper(
    session: Session, ctx: Context, event: Event, body: SaleBody, known: Mapping[str, Facts], *, may_print: bool
) -> None:
    """Keep the receipt of a ticket; ask for its print where a network printer stands."""
    data = ReceiptData(
        sale_id=event.id,
        receipt_no=body.receipt_no,
        operator_id=ctx.operator_id,
        operator_name=ctx.operator_name,
        operator_tax_code=ctx.operator_tax_code,
        site_id=ctx.site_id,
        site_name=ctx.site_name,
        address=ctx.address,
        fair_name=ctx.fair_name,
        till_id=ctx.till_id,
        till_code=ctx.till_code,
        cashier=ctx.staff_name,
        sold_at=event.at,
        business_date=event.day,
        language="en" if body.language == "en" else "vi",
        lines=tuple(_sold(line, known) for line in body.lines),
        returns=tuple(_returned(back, known) for back in body.returns),
        total_vnd=body.total,
        cash_rounding_vnd=body.cash_rounding,
        tenders=_tenders(session, ctx, body, known),
        link=link_of(ctx.origin, body.receipt_no, event.id, body.proof),
        demo=ctx.demo,
    )
    row = receipts.receipt_row(data, ctx.received_at)
    insert_rows(session, Receipt, [row])
    if may_print and ctx.printer:
        send_held(session)  # a print names its receipt
        receipts.queue_original(
            session, receipt_id=event.id, till_id=ctx.till_id, site_id=ctx.site_id, at=ctx.received_at
        )


def _tenders(session: Session, ctx: Context, body: SaleBody, known: Mapping[str, Facts]) -> tuple[ReceiptTender, ...]:
    """How it was paid, in words a customer knows; asks only about what the usual words do not say."""
    own = kind_names(session, ctx.operator_id, {t.kind for t in body.tenders})
    names = issuer_names(session, {t.issuer for t in body.tenders if t.issuer})
    names |= {facts.producer_id: facts.producer_name for facts in known.values() if facts.producer_name}
    asked = {t.payee for t in body.tenders if t.payee} - names.keys()
    if asked:
        rows = session.execute(select(Producer.id, Producer.name).where(Producer.id.in_(asked)))
        names |= dict(rows.all())
    made = []
    for t in body.tenders:
        name, name_en = own.get(t.kind, (None, None))
        of = names.get(t.issuer or t.payee or "") or t.issuer
        made.append(ReceiptTender(t.kind, t.amount, t.received, t.change, t.reference, name, name_en, of, t.state))
    return tuple(made)


def _sold(line: Line, known: Mapping[str, Facts]) -> ReceiptLine:
    facts = known.get(line.product) if line.product else None
    return ReceiptLine(
        name=facts.name if facts else (line.name or "?"),
        name_en=facts.name_en if facts else None,
        qty_milli=line.qty_milli,
        unit=facts.unit if facts else "",
        price_vnd=line.price,
        gross_vnd=line.gross,
        discount_vnd=line.gross - line.paid,
        paid_vnd=line.paid,
        vat_bp=line.vat_bp,
        vat_class=line.vat_class,
        stars=line.stars,
        discount_words=_why_less(line),
        producer=facts.producer_name if facts else None,
    )


def _why_less(line: Line) -> str | None:
    """The promotions on a line, and the hamper it was sold in."""
    named = [d.reason for d in line.line_discounts if d.promotion and d.reason]
    if line.bundle and line.bundle.name:
        named.append(line.bundle.name)
    return ", ".join(dict.fromkeys(named)) or None


def _returned(back: Return, known: Mapping[str, Facts]) -> ReceiptLine:
    facts = known.get(back.product) if back.product else None
    price = back.price if back.price is not None else back.paid * 1000 // back.qty_milli
    gross = line_gross(price, back.qty_milli)
    return ReceiptLine(
        name=facts.name if facts else "?",
        name_en=facts.name_en if facts else None,
        qty_milli=back.qty_milli,
        unit=facts.unit if facts else "",
        price_vnd=price,
        gross_vnd=back.paid if back.price is None else gross,
        discount_vnd=0,
        paid_vnd=back.paid,
        vat_bp=0,
        vat_class="direct",
        stars=None,
        producer=facts.producer_name if facts else None,
    )
