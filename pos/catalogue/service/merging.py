"""One product registered twice becomes one. What was sold under the old name stays written; nothing is deleted.

Codes, pictures, certificates, pins and hampers go over; whoever offered the old one offers the other from now on, at
its own price where it had none for the other. Tablets drop the old one; what they still send under it is booked as
before, to the same producer. What lies on the shelves goes over by a promise kept above (`MERGED`), at once and again
on some days after, for what tablets still sell under the old name.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from pos.catalogue.models import (
    Barcode,
    BundlePart,
    Certificate,
    Offer,
    Picture,
    Pin,
    Price,
    Product,
    ProductChange,
    Promotion,
    VatRate,
)
from pos.catalogue.service.changes import write_down
from pos.catalogue.service.offers import offer_product
from pos.catalogue.service.pictures import MOST
from pos.catalogue.service.versions import Stamps, stamp
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.outbox.service import enqueue

MERGED = "catalogue.merged"
FOLLOWED_DAYS = (1, 3, 7, 14, 31)


def merge_product(session: Session, product_id: str, into_id: str, *, at: datetime, by: str | None) -> None:
    """Raises NotFound, Invalid `product.same`, Conflict `product.other_producer`, `merge.unit`, `merge.done`."""
    if product_id == into_id:
        raise Invalid("product.same", field="into")
    both = select(Product).where(Product.id.in_((product_id, into_id))).order_by(Product.id).with_for_update()
    found = {product.id: product for product in session.scalars(both)}
    old, into = found.get(product_id), found.get(into_id)
    if old is None or into is None:
        raise NotFound("product.unknown")
    if old.merged_into_id or into.merged_into_id:
        raise Conflict("merge.done", field="into")
    if old.producer_id != into.producer_id:
        raise Conflict("product.other_producer", field="into")
    if (old.unit, old.weighed) != (into.unit, into.weighed):
        raise Conflict("merge.unit", field="into", old=old.unit, into=into.unit)
    stamps = Stamps()
    stamps.note(old.id)
    stamps.note(into.id)
    for operator_id in list(session.scalars(select(Offer.operator_id).where(Offer.product_id == old.id))):
        _take_offer(session, operator_id, old.id, into.id, stamps, at)
    _take_pictures(session, old.id, into.id)
    for table in (Barcode, Certificate):
        session.execute(update(table).where(table.product_id == old.id).values(product_id=into.id))
    _take_keyed(session, old.id, into.id)
    _name_in_promotions(session, old.id, into.id)
    waiting = (ProductChange.product_id == old.id) & (ProductChange.state == "open")
    session.execute(update(ProductChange).where(waiting).values(product_id=into.id))
    session.execute(update(Product).where(Product.merged_into_id == old.id).values(merged_into_id=into.id))
    old.active, old.merged_into_id = False, into.id
    write_down(session, into.id, "merge", {}, {"merged": old.name, "merged_id": old.id}, at=at, by=by)
    write_down(session, old.id, "merge", {}, {"merged": into.name, "merged_id": into.id}, at=at, by=by)
    session.flush()
    enqueue(session, MERGED, {"product": old.id, "into": into.id}, at=at)
    for days in FOLLOWED_DAYS:
        later = at + timedelta(days=days)
        enqueue(session, MERGED, {"product": old.id, "into": into.id}, at=at, not_before=later)
    stamp(session, stamps)
    session.expire_all()


def _take_offer(session: Session, operator_id: str, old_id: str, into_id: str, stamps: Stamps, at: datetime) -> None:
    offer = session.get_one(Offer, (operator_id, old_id))
    known = session.get(Offer, (operator_id, into_id))
    was_sold, offer.active = offer.active, False
    if known is None and was_sold:
        sku, offer.sku = offer.sku, f"{offer.sku}-cũ"
        made = offer_product(
            session, operator_id=operator_id, product_id=into_id, sku=sku, pinned=offer.pinned, stamps=stamps
        )
        made.tasting_milli = offer.tasting_milli
    elif known is not None and was_sold and not known.active:
        known.active = True
    if not session.scalar(_whose(Price, operator_id, into_id)):
        _copy_prices(session, operator_id, old_id, into_id, at)
    if not session.scalar(_whose(VatRate, operator_id, into_id)):
        _copy_rates(session, operator_id, old_id, into_id, at)


def _whose(table: type[Price] | type[VatRate], operator_id: str, product_id: str) -> Select[str]:
    return select(table.id).where(table.operator_id == operator_id, table.product_id == product_id).limit(1)


def _copy_prices(session: Session, operator_id: str, old_id: str, into_id: str, at: datetime) -> None:
    """What holds now in each place, from now on, and what is announced."""
    rows = session.scalars(
        select(Price).where(Price.operator_id == operator_id, Price.product_id == old_id).order_by(Price.starts_at)
    ).all()
    now = {(p.scope_kind, p.scope_id): p for p in rows if p.starts_at <= at}
    for p in [*now.values(), *(p for p in rows if p.starts_at > at)]:
        session.add(
            Price(
                id=new_id(), operator_id=operator_id, product_id=into_id, scope_kind=p.scope_kind, scope_id=p.scope_id,
                price_vnd=p.price_vnd, cost_vnd=p.cost_vnd, starts_at=max(p.starts_at, at), invented=p.invented,
                consent=p.consent, consent_note=p.consent_note, made_at=p.made_at, made_by=p.made_by,
            )
        )  # fmt: skip


def _copy_rates(session: Session, operator_id: str, old_id: str, into_id: str, at: datetime) -> None:
    rows = session.scalars(
        select(VatRate)
        .where(VatRate.operator_id == operator_id, VatRate.product_id == old_id)
        .order_by(VatRate.starts_on)
    ).all()
    day = local_date(at)
    for r in [*[r for r in rows if r.starts_on <= day][-1:], *(r for r in rows if r.starts_on > day)]:
        session.add(
            VatRate(
                id=new_id(), operator_id=operator_id, product_id=into_id, vat_class=r.vat_class, vat_bp=r.vat_bp,
                starts_on=r.starts_on, made_at=r.made_at, made_by=r.made_by,
            )
        )  # fmt: skip


def _take_pictures(session: Session, old_id: str, into_id: str) -> None:
    theirs = session.scalars(select(Picture).where(Picture.product_id == into_id)).all()
    known, last = {p.sha256 for p in theirs}, max((p.position for p in theirs), default=0)
    room = MOST - len(theirs)
    ours = select(Picture).where(Picture.product_id == old_id).order_by(Picture.position)
    for picture in session.scalars(ours).all():
        if picture.sha256 not in known and room > 0:
            room, last = room - 1, last + 1
            picture.product_id, picture.position = into_id, last


def _take_keyed(session: Session, old_id: str, into_id: str) -> None:
    """Pins and parts of hampers, unless the other stands there already."""
    pinned = set(session.scalars(select(Pin.site_id).where(Pin.product_id == into_id)))
    for pin in session.scalars(select(Pin).where(Pin.product_id == old_id)).all():
        session.delete(pin)
        if pin.site_id not in pinned:
            session.add(Pin(site_id=pin.site_id, product_id=into_id))
    for part in session.scalars(select(BundlePart).where(BundlePart.product_id == old_id)).all():
        there = session.get(BundlePart, (part.bundle_id, into_id))
        if there is not None:
            there.qty_milli += part.qty_milli
        else:
            session.add(BundlePart(bundle_id=part.bundle_id, product_id=into_id, qty_milli=part.qty_milli))
        session.delete(part)


def _name_in_promotions(session: Session, old_id: str, into_id: str) -> None:
    """A promotion of the old product holds for the other too; it keeps the old id, for what is still on its way."""
    for promotion in session.scalars(select(Promotion).where(Promotion.goods.contains(old_id))).all():
        goods = json.loads(promotion.goods)
        if old_id in goods.get("products", ()) and into_id not in goods["products"]:
            goods["products"].append(into_id)
            promotion.goods = json.dumps(goods, ensure_ascii=False)
