"""What an operator sells, at which price and VAT from when on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.cuts import holds
from pos.catalogue.models import Offer, Price, Product, VatCut, VatRate
from pos.catalogue.queries.cuts import list_cuts
from pos.catalogue.rules import SCOPES, VAT_CLASSES, is_alcohol
from pos.catalogue.service.versions import Stamps, note_change, stamp
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id


def _next_sku(session: Session, operator_id: str) -> str:
    count = session.scalar(select(func.count()).where(Offer.operator_id == operator_id)) or 0
    taken = set(session.scalars(select(Offer.sku).where(Offer.operator_id == operator_id)))
    while f"{(count := count + 1):04d}" in taken:
        pass
    return f"{count:04d}"


def offer_product(
    session: Session,
    *,
    operator_id: str,
    product_id: str,
    sku: str | None = None,
    pinned: bool = False,
    stamps: Stamps | None = None,
) -> Offer:
    """The operator sells the product (again). Without a number of its own it gets the next free one."""
    offer = session.get(Offer, (operator_id, product_id))
    if offer is None:
        offer = Offer(
            operator_id=operator_id,
            product_id=product_id,
            sku=sku or _next_sku(session, operator_id),
            pinned=pinned,
            active=True,
            version=0,
        )
        session.add(offer)
    else:
        offer.sku, offer.pinned, offer.active = sku or offer.sku, pinned, True
    note_change(session, stamps, product_id, operator_id)
    return offer


def retire(session: Session, *, operator_id: str, product_id: str) -> None:
    """The operator no longer sells it: it leaves the tablets. Sales already made with it stand."""
    offer = session.get(Offer, (operator_id, product_id))
    if offer is None:
        raise NotFound("offer.unknown", product_id=product_id)
    offer.active = False
    note_change(session, None, product_id, operator_id)


def set_price(
    session: Session,
    *,
    operator_id: str,
    product_id: str,
    price_vnd: int,
    starts_at: datetime,
    at: datetime,
    scope_kind: str = "operator",
    scope_id: str | None = None,
    invented: bool = False,
    cost_vnd: int | None = None,
    consent: str | None = None,
    consent_note: str | None = None,
    by: str | None = None,
    stamps: Stamps | None = None,
) -> Price:
    """A price (đồng, VAT included) from a moment on, for the whole operator, one fair or one site.

    Never in the past, because sold is sold; only a product's very first price may be (it was sold unpriced).
    A price announced for later may be said again. `consent`: own, told (with a note how) or page, see `Price`.
    Raises Invalid, Conflict `price.past`.
    """
    if price_vnd < 0:
        raise Invalid("price.negative", price_vnd=price_vnd)
    if scope_kind not in SCOPES or (scope_kind != "operator" and scope_id is None):
        raise Invalid("price.scope", scope=scope_kind)
    whose = (Price.operator_id == operator_id) & (Price.product_id == product_id)
    if starts_at < at and session.scalar(select(Price.id).where(whose).limit(1)):
        raise Conflict("price.past", starts_at=starts_at)
    scope_id = scope_id or operator_id
    scope = (Price.scope_kind == scope_kind) & (Price.scope_id == scope_id)
    price = session.scalar(select(Price).where(whose, scope, Price.starts_at == starts_at))
    if cost_vnd is None:  # a new price says nothing of what the goods cost: that stays
        before = select(Price.cost_vnd).where(whose, Price.cost_vnd.is_not(None), Price.starts_at <= starts_at)
        cost_vnd = session.scalar(before.order_by(Price.starts_at.desc()).limit(1))
    if price is None:
        price = Price(
            id=new_id(), operator_id=operator_id, product_id=product_id, scope_kind=scope_kind, scope_id=scope_id,
            price_vnd=price_vnd, starts_at=starts_at, invented=invented, cost_vnd=cost_vnd,
        )  # fmt: skip
        session.add(price)
    else:
        price.price_vnd, price.invented, price.cost_vnd = price_vnd, invented, cost_vnd
    price.consent, price.consent_note, price.made_at, price.made_by = consent, consent_note, at, by
    note_change(session, stamps, product_id, operator_id)
    return price


def set_vat(
    session: Session,
    *,
    operator_id: str,
    product_id: str,
    vat_class: str,
    vat_bp: int,
    starts_on: date,
    at: datetime,
    by: str | None = None,
    stamps: Stamps | None = None,
) -> VatRate:
    """VAT class and rate from a day on, set by a person (vietnam.md 2.2). Only `standard` has a rate.

    Tomorrow at the earliest (a day already begun has sold), except a product's first. A lowered rate (8 %) ends by
    itself with the law's period; drinks with alcohol never have it.
    Raises Invalid `vat.class`, `vat.cut_over`, `vat.alcohol`, Conflict `vat.past`.
    """
    if vat_class not in VAT_CLASSES or not 0 <= vat_bp <= 10_000 or (vat_class != "standard" and vat_bp):
        raise Invalid("vat.class", vat_class=vat_class, vat_bp=vat_bp)
    cuts = list_cuts(session)
    if vat_class == "standard" and any(cut.cut_bp == vat_bp for cut in cuts):
        if not holds(cuts, vat_bp, starts_on):
            raise Invalid("vat.cut_over", vat_bp=vat_bp)
        if is_alcohol(session.scalar(select(Product.group_code).where(Product.id == product_id))):
            raise Invalid("vat.alcohol", vat_bp=vat_bp)
    whose = (VatRate.operator_id == operator_id) & (VatRate.product_id == product_id)
    if starts_on <= local_date(at) and session.scalar(select(VatRate.id).where(whose).limit(1)):
        raise Conflict("vat.past", starts_on=starts_on)
    rate = session.scalar(select(VatRate).where(whose, VatRate.starts_on == starts_on))
    if rate is None:
        rate = VatRate(
            id=new_id(), operator_id=operator_id, product_id=product_id, vat_class=vat_class, vat_bp=vat_bp,
            starts_on=starts_on, made_at=at, made_by=by,
        )  # fmt: skip
        session.add(rate)
    else:
        rate.vat_class, rate.vat_bp, rate.made_at, rate.made_by = vat_class, vat_bp, at, by
    note_change(session, stamps, product_id, operator_id)
    return rate


def extend_cut(
    session: Session, *, starts_on: date, ends_on: date, source: str, cut_bp: int, full_bp: int, at: datetime,
    by: str | None,
) -> VatCut:  # fmt: skip
    """The law lowers a rate for another period, named by its text. All goods of that rate follow; tablets are told.

    From tomorrow at the earliest, and beside the periods there are. Raises Invalid `cut.dates`, Conflict `cut.past`,
    `cut.overlaps`.
    """
    if ends_on < starts_on or not 0 < cut_bp < full_bp <= 10_000:
        raise Invalid("cut.dates")
    if starts_on <= local_date(at):
        raise Conflict("cut.past", field="starts_on")
    if any(c.cut_bp == cut_bp and c.starts_on <= ends_on and starts_on <= c.ends_on for c in list_cuts(session)):
        raise Conflict("cut.overlaps", field="starts_on")
    cut = VatCut(
        id=new_id(), cut_bp=cut_bp, full_bp=full_bp, starts_on=starts_on, ends_on=ends_on, source=source, made_at=at,
        made_by=by,
    )  # fmt: skip
    session.add(cut)
    stamps = Stamps()
    rates = select(VatRate.operator_id, VatRate.product_id).where(VatRate.vat_bp == cut_bp)
    for operator_id, product_id in session.execute(rates.distinct()):
        stamps.note(product_id, operator_id)
    stamp(session, stamps)
    return cut
