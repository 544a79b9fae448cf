"""Bring the good rows of a file into the register and an operator's offer, once: a second time changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ImportedProduct, ProductFacts
from pos.catalogue.models import Barcode, Certificate, Group, Offer, Price, Product, VatRate
from pos.catalogue.rules import kind_of_group
from pos.catalogue.service.register import search_text, write_facts
from pos.catalogue.service.versions import Stamps, stamp
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import named_id, new_id
from pos.kernel.text import fold
from pos.producers.models import Producer
from pos.producers.service import add_producer

VALID_YEARS = 3  # a certificate holds 36 months, its anniversary is the last valid day (vietnam.md 1.3)


@dataclass
class Imported:
    """What an import did, in numbers; `product_ids` in the order of the rows."""

    producers: int = 0
    products: int = 0
    changed: int = 0
    priced: int = 0
    product_ids: list[str] = field(default_factory=list)


class _Known:
    """Everything an import compares with, read in a handful of queries before the first row."""

    def __init__(self, session: Session, operator_id: str) -> None:
        self.groups = set(session.scalars(select(Group.code)))
        self.producers = {fold(p.name): p for p in session.scalars(select(Producer))}
        self.products = {(p.producer_id, p.name): p for p in session.scalars(select(Product))}
        offers = session.scalars(select(Offer).where(Offer.operator_id == operator_id))
        self.offers = {offer.product_id: offer for offer in offers}
        self.skus = {offer.sku for offer in self.offers.values()}
        self.numbers = count(len(self.offers) + 1)
        mine = (Price.operator_id == operator_id, Price.scope_kind == "operator")
        prices = select(Price.product_id, Price.price_vnd).where(*mine).order_by(Price.starts_at)
        self.prices: dict[str, int] = {row.product_id: row.price_vnd for row in session.execute(prices)}
        rates = select(VatRate.product_id).where(VatRate.operator_id == operator_id)
        self.rates = set(session.scalars(rates))
        self.codes = {b.code: b.product_id for b in session.scalars(select(Barcode))}
        held = select(Certificate.product_id, Certificate.valid_from)
        self.certificates = {(row.product_id, row.valid_from) for row in session.execute(held)}

    def next_sku(self) -> str:
        return next(sku for n in self.numbers if (sku := f"{n:04d}") not in self.skus)


def import_products(
    session: Session,
    rows: Sequence[ImportedProduct],
    *,
    operator_id: str,
    at: datetime,
    invented: bool = False,
    named: bool = False,
) -> Imported:
    """Register producers and products (the same name of the same producer is the same product) and offer them.

    A price that differs from the last one holds from `at`; stars become a certificate only with a full date of
    recognition, because stars without dates may not be shown. VAT is set once and later only by a person.
    named: ids follow the names, so that a demo is the same each time. Raises Invalid on a group not loaded,
    Conflict when a barcode already finds another product; then the caller's transaction must not commit.
    """
    known, done, stamps = _Known(session, operator_id), Imported(), Stamps()
    fresh: list[Any] = []
    before = len(known.producers)
    for row in rows:
        producer = known.producers.get(fold(row.producer)) or _producer(session, known, row, at, named)
        product = _product(known, row, producer, done, stamps, at, named)
        if product.id not in known.offers:
            sku = known.next_sku()
            offer = Offer(operator_id=operator_id, product_id=product.id, sku=sku, pinned=False, active=True, version=0)
            known.offers[product.id] = offer
            session.add(product)
            fresh.append(offer)
            stamps.note(product.id, operator_id)
        fresh += _terms(known, row, product.id, operator_id, at, invented, done, stamps)
        done.product_ids.append(product.id)
    done.producers = len(known.producers) - before
    session.flush()  # products before what hangs on them
    session.add_all(fresh)
    stamp(session, stamps)
    return done


def _producer(session: Session, known: _Known, row: ImportedProduct, at: datetime, named: bool) -> Producer:
    facts = row.facts
    producer = add_producer(
        session,
        name=row.producer,
        at=at,
        code=f"P{len(known.producers) + 1:04d}",
        commune=facts.commune,
        province=facts.province,
        id_=named_id("producer", row.producer) if named else None,
    )
    known.producers[fold(row.producer)] = producer
    return producer


def _product(
    known: _Known,
    row: ImportedProduct,
    producer: Producer,
    done: Imported,
    stamps: Stamps,
    at: datetime,
    named: bool,
) -> Product:
    facts = replace(row.facts, kind=row.facts.kind or kind_of_group(row.facts.group_code))
    if facts.group_code and facts.group_code not in known.groups:
        raise Invalid("product.group", group=facts.group_code, row=row.row)
    product = known.products.get((producer.id, facts.name))
    if product is None:
        id_ = named_id("product", producer.name, facts.name) if named else new_id()
        product = Product(id=id_, producer_id=producer.id, active=True, made_at=at)
        write_facts(product, producer, facts)
        known.products[producer.id, facts.name] = product
        done.products += 1
    elif _differs(product, facts := _said(product, facts), search_text(facts.name, producer.name, facts.commune)):
        write_facts(product, producer, facts)
        stamps.note(product.id)
        done.changed += 1
    return product


def _said(product: Product, facts: ProductFacts) -> ProductFacts:
    """What a file leaves out (or at its default) stays as somebody set it in the office."""
    plain = {f.name: f.default for f in fields(ProductFacts)}
    kept = {name: getattr(product, name) for name, value in vars(facts).items() if value in (None, plain[name])}
    return replace(facts, **kept)


def _differs(product: Product, facts: ProductFacts, search: str) -> bool:
    return any(getattr(product, name) != value for name, value in {**vars(facts), "search": search}.items())


def _terms(
    known: _Known,
    row: ImportedProduct,
    product_id: str,
    operator_id: str,
    at: datetime,
    invented: bool,
    done: Imported,
    stamps: Stamps,
) -> Iterable[Any]:
    """The rows that hang on the product: price, VAT, barcode, certificate. All ids are given, nothing is flushed."""
    if row.price_vnd is not None and known.prices.get(product_id) != row.price_vnd:
        known.prices[product_id] = row.price_vnd
        done.priced += 1
        stamps.note(product_id, operator_id)
        yield Price(
            id=new_id(), operator_id=operator_id, product_id=product_id, scope_kind="operator", scope_id=operator_id,
            price_vnd=row.price_vnd, starts_at=at, invented=invented,
        )  # fmt: skip
    if row.vat_class is not None and row.vat_bp is not None and product_id not in known.rates:
        known.rates.add(product_id)
        stamps.note(product_id, operator_id)
        yield VatRate(
            id=new_id(), operator_id=operator_id, product_id=product_id, vat_class=row.vat_class, vat_bp=row.vat_bp,
            starts_on=local_date(at),
        )  # fmt: skip
    if row.barcode and (owner := known.codes.setdefault(row.barcode, "")) != product_id:
        if owner:
            raise Conflict("barcode.taken", barcode=row.barcode, product_id=owner, row=row.row)
        known.codes[row.barcode] = product_id
        stamps.note(product_id)
        yield Barcode(id=new_id(), code=row.barcode, product_id=product_id, operator_id=None)
    if row.stars and row.recognised:
        start = date.fromisoformat(row.recognised)
        if (product_id, start) not in known.certificates:
            known.certificates.add((product_id, start))
            stamps.note(product_id)
            yield Certificate(
                id=new_id(), product_id=product_id, stars=row.stars, potential_five=row.potential_five,
                decision_no=row.decision_no, issuer=None, valid_from=start, valid_to=anniversary(start),
                revoked_on=None, invented=invented,
            )  # fmt: skip


def anniversary(start: date) -> date:
    """The last valid day of a certificate given that day; of 29 February the 28th."""
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return date(start.year + VALID_YEARS, start.month, day)
