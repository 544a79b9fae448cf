"""Products and certificates as the office lists them. Reads only; the same number of queries for any length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.cuts import by_law
from pos.catalogue.models import Barcode, Certificate, CertificateFile, Group, Offer, Price, Product, VatRate
from pos.catalogue.queries.cuts import list_cuts
from pos.catalogue.queries.tablet import timelines_of
from pos.catalogue.rules import CertificateFacts, Terms, in_force
from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.places.models import Operator
from pos.producers.models import Producer

PAGE = 50
SOON = timedelta(days=90)


@dataclass(slots=True)
class ProductRow:
    """A product in the list; price, VAT and offer are the chosen operator's."""

    id: str
    name: str
    producer: str
    commune: str | None
    kind: str
    unit: str
    active: bool
    offered: bool
    pinned: bool
    sku: str | None
    stars: int | None = None
    until: date | None = None
    terms: Terms | None = None
    barcodes: int = 0


def matching(q: str) -> list[ColumnElement[bool]]:
    """Every word of the search, without accents, somewhere in the product's search text."""
    return [Product.search.contains(word, autoescape=True) for word in fold(q).split()]


def list_products(
    session: Session, *, operator_id: str | None, q: str, show: str, at: datetime, day: date, page: int
) -> tuple[list[ProductRow], bool]:
    """By name, 50 to a page; `show`: offered, others or all. Five queries. True when there are more."""
    offer = and_(Offer.product_id == Product.id, Offer.operator_id == (operator_id or ""))
    query = (
        select(
            Product.id, Product.name, Producer.name, Product.commune, Product.kind, Product.unit, Product.active,
            func.coalesce(Offer.active, False), func.coalesce(Offer.pinned, False), Offer.sku,
        )
        .join(Producer, Producer.id == Product.producer_id)
        .outerjoin(Offer, offer)
        .where(*matching(q), Product.active)
    )  # fmt: skip
    if show == "offered":
        query = query.where(Offer.active)
    elif show == "others":
        query = query.where(or_(Offer.active.is_(None), Offer.active.is_(False)))
    rows: Any = session.execute(query.order_by(Product.name, Product.id).limit(PAGE + 1).offset((page - 1) * PAGE))
    found = [ProductRow(*row) for row in rows]
    shown = found[:PAGE]
    ids = [row.id for row in shown]
    stars = stars_of(session, ids, day)
    timelines = (
        timelines_of(session, operator_id=operator_id, site_id="", fair_id=None, product_ids=ids)
        if operator_id and ids
        else {}
    )
    codes: dict[str, int] = {}
    if ids:
        counted = select(Barcode.product_id, func.count()).where(Barcode.product_id.in_(ids))
        codes = dict(session.execute(counted.group_by(Barcode.product_id)).all())
    for row in shown:
        if held := stars.get(row.id):
            row.stars, row.until = held.stars, held.until
        if timeline := timelines.get(row.id):
            row.terms = timeline.at(at)
        row.barcodes = codes.get(row.id, 0)
    return shown, len(found) > PAGE


def stars_of(session: Session, product_ids: Collection[str], day: date) -> dict[str, CertificateFacts]:
    """The certificate in force of each product."""
    if not product_ids:
        return {}
    held: dict[str, list[CertificateFacts]] = defaultdict(list)
    columns = (Certificate.stars, Certificate.valid_from, Certificate.valid_to, Certificate.revoked_on)
    rows: Any = session.execute(
        select(Certificate.product_id, *columns).where(
            Certificate.product_id.in_(product_ids), Certificate.valid_from <= day, Certificate.valid_to >= day
        )
    )
    for product_id, *facts in rows:
        held[product_id].append(CertificateFacts(*facts))
    return {id_: shown for id_, ones in held.items() if (shown := in_force(ones, day))}


def count_products(session: Session, operator_id: str | None) -> tuple[int, int]:
    """(all, offered by the operator)."""
    whole = session.scalar(select(func.count(Product.id)).where(Product.active)) or 0
    offered = select(func.count()).select_from(Offer).where(Offer.operator_id == (operator_id or ""), Offer.active)
    return whole, session.scalar(offered) or 0


@dataclass(slots=True)
class ProductPage:
    """One product with the operator's prices and VAT over time, its codes and certificates."""

    product: Product
    producer: Producer
    offer: Offer | None
    prices: list[Price] = field(default_factory=list)
    vat: list[VatRate] = field(default_factory=list)
    barcodes: list[Barcode] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RateRow:
    """A VAT rate from a day on: set by a person, or what becomes of it by law."""

    starts_on: date
    vat_bp: int
    vat_class: str
    set_by_hand: bool
    by: str | None


def get_product(session: Session, product_id: str, operator_id: str | None) -> ProductPage:
    """The product as one operator sees it. Raises NotFound."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound("product.unknown")
    whose = operator_id or ""
    offer = session.get(Offer, (whose, product_id))
    prices = select(Price).where(Price.product_id == product_id, Price.operator_id == whose)
    vat = select(VatRate).where(VatRate.product_id == product_id, VatRate.operator_id == whose)
    codes = select(Barcode).where(
        Barcode.product_id == product_id, or_(Barcode.operator_id.is_(None), Barcode.operator_id == whose)
    )
    held = select(Certificate).where(Certificate.product_id == product_id)
    return ProductPage(
        product,
        session.get_one(Producer, product.producer_id),
        offer,
        list(session.scalars(prices.order_by(Price.starts_at.desc()).limit(20))),
        list(session.scalars(vat.order_by(VatRate.starts_on.desc()).limit(20))),
        list(session.scalars(codes.order_by(Barcode.code))),
        list(session.scalars(held.order_by(Certificate.valid_to.desc()))),
    )


@dataclass(frozen=True, slots=True)
class OwnGood:
    """A product as its producer sees it in a list."""

    id: str
    name: str
    unit: str
    stars: int | None
    until: date | None


def list_of_producer(session: Session, producer_id: str, day: date) -> list[OwnGood]:
    """All its products that are not merged away, by name."""
    rows = session.execute(
        select(Product.id, Product.name, Product.unit)
        .where(Product.producer_id == producer_id, Product.active)
        .order_by(Product.name)
    ).all()
    stars = stars_of(session, [row[0] for row in rows], day)
    return [
        OwnGood(id_, name, unit, *((held.stars, held.until) if (held := stars.get(id_)) else (None, None)))
        for id_, name, unit in rows
    ]


def rates_of(session: Session, found: ProductPage) -> list[RateRow]:
    """What a person set and what the law adds to it, the newest first."""
    said = {rate.starts_on: rate for rate in reversed(found.vat)}
    names = dict(
        session.execute(select(Person.id, Person.name).where(Person.id.in_({r.made_by for r in found.vat}))).all()
    )
    steps = by_law([(r.starts_on, r.vat_bp, r.vat_class) for r in said.values()], list_cuts(session))
    return [
        RateRow(start, bp, vat_class, start in said, names.get(said[start].made_by or "") if start in said else None)
        for start, bp, vat_class in reversed(steps)
    ]


def papers_of(session: Session, certificate_ids: Collection[str]) -> set[str]:
    """Those of the certificates whose paper is attached."""
    held = select(CertificateFile.certificate_id).where(CertificateFile.certificate_id.in_(certificate_ids))
    return set(session.scalars(held))


def list_groups(session: Session) -> list[tuple[str, str]]:
    """(code, name) of the leaves of Decision 148, in its order."""
    rows = session.execute(select(Group.code, Group.name).where(Group.is_leaf).order_by(Group.position))
    return [(code, f"{code} {name}") for code, name in rows]


def operators_of(session: Session, reach: Reach) -> list[Operator]:
    """The operators whose offers this person may see or change."""
    return list(session.scalars(select(Operator).where(reach.where(operator=Operator.id)).order_by(Operator.name)))


def find_products(session: Session, q: str, limit: int = 12) -> list[tuple[str, str, str]]:
    """(id, name, producer) for a picker."""
    rows = session.execute(
        select(Product.id, Product.name, Producer.name)
        .join(Producer, Producer.id == Product.producer_id)
        .where(*matching(q))
        .order_by(Product.name)
        .limit(limit)
    )
    return [(i, n, p) for i, n, p in rows]
