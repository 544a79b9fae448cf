"""Goods first named at a till: a person completes them for the register, or says which known product they are.

What was sold of them before gets its owner in the same unit of work, as if it had been known at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Barcode, Price, Product
from pos.catalogue.service.offers import offer_product, retire, set_price, set_vat
from pos.catalogue.service.register import add_barcode, add_product, update_product
from pos.consignment.service.assignments import count_waiting, draft_waiting
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.till.models import Flag, NewProduct, NewProductDone
from pos.till.service.effects import Effects
from pos.till.service.flags import cause_gone


@dataclass(frozen=True, slots=True)
class Completed:
    """What the office says of them. The producer of what is registered already stays."""

    producer_id: str
    facts: ProductFacts
    price_vnd: int
    vat_class: str
    vat_bp: int
    barcode: str | None


def complete(session: Session, new_id: str, asked: Completed, *, by: str | None, at: datetime) -> None:
    """Register, offer, price and tax them under the id the tablet minted; then what was sold of them.

    Raises as the register does (Conflict `product.known`, `barcode.taken` …).
    """
    new = _waiting(session, new_id)
    known = session.get(Product, new.id)
    if known is None:
        add_product(session, asked.producer_id, asked.facts, at=at, id_=new.id)
        offer_product(session, operator_id=new.operator_id, product_id=new.id)
        starts_at = new.at
    else:
        update_product(session, new.id, asked.facts)
        starts_at = at
    if _price_now(session, new) != asked.price_vnd:
        set_price(
            session, operator_id=new.operator_id, product_id=new.id, price_vnd=asked.price_vnd, starts_at=starts_at,
            at=at,
        )  # fmt: skip
    if asked.vat_class:
        set_vat(
            session, operator_id=new.operator_id, product_id=new.id, vat_class=asked.vat_class, vat_bp=asked.vat_bp,
            starts_on=local_date(starts_at), at=at,
        )  # fmt: skip
    if asked.barcode:
        add_barcode(session, new.id, asked.barcode)
    _done(session, new, new.id, known.producer_id if known else asked.producer_id, by=by, at=at)


def merge(session: Session, new_id: str, product_id: str, *, by: str | None, at: datetime) -> None:
    """They are a product the register knows: it gets their barcode, and what was sold of them its owner.

    Registered provisionally they leave the tablets; what was sold under that name stays its producer's, so the other
    must be of the same one. Raises NotFound, Invalid `product.same`, Conflict `product.other_producer`.
    """
    new = _waiting(session, new_id)
    target, own = session.get(Product, product_id), session.get(Product, new.id)
    if target is None:
        raise NotFound("product.unknown")
    if target.id == new.id:
        raise Invalid("product.same", field="merge")
    code = new.barcode
    if own is not None:
        if own.producer_id != target.producer_id:
            raise Conflict("product.other_producer", field="merge")
        own.active = False
        retire(session, operator_id=new.operator_id, product_id=own.id)
        for barcode in session.scalars(select(Barcode).where(Barcode.product_id == own.id)):
            code = barcode.code
            session.delete(barcode)
        session.flush()
    offer_product(session, operator_id=new.operator_id, product_id=target.id)
    if code:
        add_barcode(session, target.id, code)
    _done(session, new, target.id, target.producer_id, by=by, at=at)


def _waiting(session: Session, new_id: str) -> NewProduct:
    new = session.scalar(select(NewProduct).where(NewProduct.id == new_id).with_for_update())
    if new is None:
        raise NotFound("product.unknown")
    if session.get(NewProductDone, new_id) is not None:
        raise Conflict("product.done_already")
    return new


def _price_now(session: Session, new: NewProduct) -> int | None:
    prices = select(Price.price_vnd).where(Price.operator_id == new.operator_id, Price.product_id == new.id)
    return session.scalar(prices.order_by(Price.starts_at.desc()).limit(1))


def _done(
    session: Session, new: NewProduct, product_id: str, producer_id: str, *, by: str | None, at: datetime
) -> None:
    session.add(NewProductDone(id=new.id, product_id=product_id, made_at=at, made_by=by))
    session.flush()
    out = Effects()
    out.drafts += draft_waiting(
        session, new.operator_id, new.id, producer_id, at=at, known_as=product_id if product_id != new.id else None,
        by=by, reason=new.name,
    )  # fmt: skip
    gone: list[tuple[str, str]] = [(flag, "unknown_product") for flag in session.scalars(_doubts(new))]
    for ticket in sorted({draft.source_id.partition(":")[0] for draft, _ in out.drafts}):
        gone.append((ticket, "unknown_product"))
        if not count_waiting(session, ticket):
            gone.append((ticket, "no_agreement"))
    cause_gone(session, gone, at=at)
    out.write(session, new.operator_id, at)  # the chain head last


def _doubts(new: NewProduct) -> Select[str]:
    return select(Flag.event_id).where(
        Flag.event_id == new.event_id, Flag.code == "unknown_product", Flag.closed_at.is_(None)
    )
