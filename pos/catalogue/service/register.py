"""The shared register: groups, products, barcodes, certificates.

Every operator that offers a product learns of a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Barcode, Certificate, Group, Product
from pos.catalogue.rules import KINDS, is_gtin, is_in_store, kind_of_group
from pos.catalogue.service.versions import Stamps, note_change, stamp
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.text import fold, nfc
from pos.producers.models import Producer


def load_groups(session: Session, rows: Iterable[Mapping[str, str]]) -> int:
    """Take the groups of Decision 148 (`code`, `name_vi`, `lead_ministry`, `leaf`). Returns how many were new."""
    known = set(session.scalars(select(Group.code)))
    fresh = [
        Group(
            code=row["code"],
            name=nfc(row["name_vi"]),
            ministry=nfc(row["lead_ministry"]) or None,
            is_leaf=row["leaf"] == "1",
            position=n,
        )
        for n, row in enumerate(rows, 1)
        if row["code"] not in known
    ]
    session.add_all(fresh)
    session.flush()
    return len(fresh)


def _checked(session: Session, facts: ProductFacts) -> ProductFacts:
    name = nfc(facts.name)
    if not name:
        raise Invalid("field.required", field="name")
    if facts.group_code and session.get(Group, facts.group_code) is None:
        raise Invalid("product.group", group=facts.group_code)
    kind = facts.kind or kind_of_group(facts.group_code)
    if kind not in KINDS:
        raise Invalid("product.kind", kind=kind)
    if not 0 <= facts.alcohol_bp <= 10_000:
        raise Invalid("product.alcohol", alcohol_bp=facts.alcohol_bp)
    return replace(facts, name=name, kind=kind, unit=nfc(facts.unit) or "cái")


def write_facts(product: Product, producer: Producer, facts: ProductFacts) -> None:
    product.group_code, product.name, product.name_en = facts.group_code, facts.name, facts.name_en
    product.unit, product.weighed, product.kind = facts.unit, facts.weighed, facts.kind or "canh"
    product.commune, product.province = facts.commune, facts.province
    product.alcohol_bp, product.shelf_life_days, product.source = (
        facts.alcohol_bp,
        facts.shelf_life_days,
        facts.source,
    )
    product.trace_url = facts.trace_url
    product.search = search_text(product.name, producer.name, facts.commune)


def search_text(name: str, producer_name: str, commune: str | None) -> str:
    """What search boxes look in, folded."""
    return fold(" ".join(part for part in (name, producer_name, commune) if part))


def add_product(
    session: Session, producer_id: str, facts: ProductFacts, *, at: datetime, id_: str | None = None
) -> Product:
    """Register a product of a producer. Nobody sells it until an operator offers it.

    Raises Conflict when the producer already has a product of this name, Invalid on the facts or without a producer.
    """
    facts = _checked(session, facts)
    same = select(Product.id).where(Product.producer_id == producer_id, Product.name == facts.name)
    if known := session.scalar(same):
        raise Conflict("product.known", product_id=known, name=facts.name)
    producer = session.get(Producer, producer_id)
    if producer is None:
        raise Invalid("producer.unknown", field="producer_id")
    product = Product(id=id_ or new_id(), producer_id=producer_id, active=True, made_at=at)
    write_facts(product, producer, facts)
    session.add(product)
    session.flush()
    return product


def update_product(session: Session, product_id: str, facts: ProductFacts, *, stamps: Stamps | None = None) -> Product:
    """Replace the shared facts; every operator that offers the product learns of it."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound("product.unknown", product_id=product_id)
    write_facts(product, session.get_one(Producer, product.producer_id), _checked(session, facts))
    note_change(session, stamps, product_id)
    return product


def producer_changed(session: Session, producer_id: str) -> None:
    """After a producer's name changed: its products are found by the new one, all tablets learn it."""
    producer = session.get_one(Producer, producer_id)
    stamps = Stamps()
    for product in session.scalars(select(Product).where(Product.producer_id == producer_id)):
        product.search = search_text(product.name, producer.name, product.commune)
        stamps.note(product.id)
    stamp(session, stamps)


def find_barcode(session: Session, product_id: str, code: str, *, operator_id: str | None = None) -> Barcode | None:
    """This code as it stands for this product already; None when it is free to take.

    Raises Invalid on a wrong check digit, Conflict when the code already finds something else.
    """
    code = code.strip()
    if not code or not code.isascii() or not code.isprintable() or " " in code:
        raise Invalid("barcode.text", barcode=code)
    if operator_id is None and not is_gtin(code):
        raise Invalid("barcode.check_digit", barcode=code)
    if operator_id is None and is_in_store(code):
        raise Invalid("barcode.in_store", barcode=code)
    for rival in session.scalars(select(Barcode).where(Barcode.code == code)).all():
        if rival.operator_id == operator_id and rival.product_id == product_id:
            return rival
        if operator_id is None or rival.operator_id in (None, operator_id):
            raise Conflict("barcode.taken", barcode=code, product_id=rival.product_id)
    return None


def add_barcode(
    session: Session, product_id: str, code: str, *, operator_id: str | None = None, stamps: Stamps | None = None
) -> Barcode:
    """A code that finds exactly this product: a GTIN for all (operator_id None), or an operator's own code.

    Raises as `find_barcode`.
    """
    if known := find_barcode(session, product_id, code, operator_id=operator_id):
        return known
    barcode = Barcode(id=new_id(), code=code.strip(), product_id=product_id, operator_id=operator_id)
    session.add(barcode)
    note_change(session, stamps, product_id, operator_id)
    return barcode


def add_certificate(
    session: Session,
    product_id: str,
    *,
    stars: int,
    valid_from: date,
    valid_to: date,
    potential_five: bool = False,
    decision_no: str | None = None,
    issuer: str | None = None,
    invented: bool = False,
    stamps: Stamps | None = None,
) -> Certificate:
    """Stars by a decision, from/to (36 months is usual, but a decision may say otherwise: Decision 148)."""
    if stars not in (3, 4, 5):
        raise Invalid("certificate.stars", stars=stars)
    if valid_to < valid_from:
        raise Invalid("certificate.dates", valid_from=valid_from, valid_to=valid_to)
    certificate = Certificate(
        id=new_id(), product_id=product_id, stars=stars, potential_five=potential_five, decision_no=decision_no,
        issuer=issuer, valid_from=valid_from, valid_to=valid_to, revoked_on=None, invented=invented,
    )  # fmt: skip
    session.add(certificate)
    note_change(session, stamps, product_id)
    return certificate


def revoke_certificate(session: Session, certificate_id: str, *, revoked_on: date) -> None:
    """The authority took it back: its stars are gone from that day on."""
    certificate = session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound("certificate.unknown", certificate_id=certificate_id)
    certificate.revoked_on = revoked_on
    note_change(session, None, certificate.product_id)
