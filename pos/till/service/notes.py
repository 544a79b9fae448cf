"""Events that move no money: a transfer seen, an invoice asked for, goods first named, a shift gone on."""

from __future__ import annotations

from sqlalchemy import insert
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Product
from pos.catalogue.service.offers import offer_product, set_price
from pos.catalogue.service.register import add_barcode, add_product
from pos.consignment.service.assignments import count_waiting, draft_waiting
from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.errors import Trouble
from pos.producers.models import Producer
from pos.till.commands import InvoiceRequestBody, ProductNew, ShiftContinue, TenderSeenBody
from pos.till.forms.events import Event
from pos.till.models import InvoiceRequest, NewProduct, TenderSeen
from pos.till.queries.context import Context
from pos.till.service.effects import Effects
from pos.till.service.shifts import touch_shift


def tender_seen(session: Session, _ctx: Context, event: Event, body: TenderSeenBody, _out: Effects) -> None:
    """A shown transfer arrived: it stays in `qr_clearing` until a bank line matches it."""
    session.execute(insert(TenderSeen).values(id=event.id, sale_id=body.sale, tender_id=body.tender, at=event.at))


def invoice_request(session: Session, ctx: Context, event: Event, body: InvoiceRequestBody, _out: Effects) -> None:
    """Keep the wish; the buyer lies sealed in the event's private part."""
    session.execute(
        insert(InvoiceRequest).values(
            id=event.id,
            event_id=event.id,
            operator_id=ctx.operator_id,
            site_id=ctx.site_id,
            sale_id=body.sale,
            buyer_sha256=body.buyer_sha256,
            source="till",
            at=event.at,
        )
    )


def shift_continue(session: Session, ctx: Context, event: Event, _body: ShiftContinue, out: Effects) -> None:
    """From here on this device's events belong to the shift too; closing waits for each device it names."""
    touch_shift(session, ctx, event, out)


def product_new(session: Session, ctx: Context, event: Event, body: ProductNew, out: Effects) -> None:
    """Keep the goods under the id the tablet minted. With a known producer they are registered at once,
    provisional, and lines sold before they were named get their owner; else a person says whose they are.
    The same id from two tablets is one product."""
    made = upsert_of(is_postgresql(session), NewProduct).values(
        id=body.id, event_id=event.id, operator_id=ctx.operator_id, site_id=ctx.site_id, name=body.name,
        price_vnd=body.price, producer_id=body.producer, barcode=body.barcode, photo=body.photo, at=event.at,
    )  # fmt: skip
    kept = session.execute(made.on_conflict_do_nothing(index_elements=["id"]).returning(NewProduct.id)).one_or_none()
    if kept is None or session.get(Product, body.id) is not None:
        return
    if body.producer is None or session.get(Producer, body.producer) is None:
        out.flag("unknown_product", 0, product=body.id, name=body.name)
        return
    try:
        add_product(session, body.producer, ProductFacts(name=body.name), at=event.at, id_=body.id)
    except Trouble as trouble:  # the producer has one of this name: a person merges them
        out.flag("unknown_product", 0, product=body.id, name=body.name, why=trouble.code)
        return
    offer_product(session, operator_id=ctx.operator_id, product_id=body.id)
    set_price(
        session, operator_id=ctx.operator_id, product_id=body.id, price_vnd=body.price, starts_at=event.at,
        at=event.at,
    )  # fmt: skip
    out.drafts += draft_waiting(session, ctx.operator_id, body.id, body.producer, at=ctx.received_at)
    for ticket in sorted({draft.source_id.partition(":")[0] for draft, _ in out.drafts}):
        out.closed_flags.append((ticket, "unknown_product"))
        if not count_waiting(session, ticket):
            out.closed_flags.append((ticket, "no_agreement"))
    if body.barcode:
        try:
            add_barcode(session, body.id, body.barcode)
        except Trouble as trouble:
            out.flag("unknown_product", 0, product=body.id, barcode=body.barcode, why=trouble.code)
