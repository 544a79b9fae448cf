"""What of a producer's goods was tasted, given, broken or lost on a day, and who bears it. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.consignment.models import Agreement, AgreementVersion, LossShare
from pos.consignment.queries.terms import agreed_on
from pos.consignment.rules.modes import mode_of
from pos.consignment.rules.shares import OWN
from pos.places.models import Site
from pos.stock.models import Movement
from pos.stock.rules import GONE

GIVEN = ("sample", "gift")
OWN_USE = "own_use"


@dataclass(frozen=True, slots=True)
class Gone:
    """So much of a product, why and where. `bears`: producer, operator, both, or open while nobody has said;
    `amount_vnd` is what the operator pays for it."""

    product: str
    unit: str
    qty_milli: int
    reason: str
    site: str
    bears: str
    amount_vnd: int


def list_gone(session: Session, producer_id: str, day: date) -> list[Gone]:
    """By product, reason and site. What the operator owns is not the maker's to read."""
    rows = session.execute(
        select(
            Product.id, Product.name, Product.unit, Movement.reason, Site.id, Site.name, Movement.operator_id,
            Movement.lot_id, Movement.qty_milli, func.sum(LossShare.producer_milli),
            func.sum(LossShare.operator_milli), func.sum(LossShare.amount_vnd),
        )
        .join(Product, Product.id == Movement.product_id)
        .join(Site, Site.id == Movement.to_id)
        .outerjoin(LossShare, LossShare.source_id == Movement.id)
        .where(
            Product.producer_id == producer_id, Movement.business_date == day, Movement.to_kind.in_(GONE),
            Movement.operator_id.in_(select(Agreement.operator_id).where(Agreement.producer_id == producer_id)),
        )
        .group_by(
            Movement.id, Product.id, Product.name, Product.unit, Movement.reason, Site.id, Site.name,
            Movement.operator_id, Movement.lot_id, Movement.qty_milli,
        )
    ).all()  # fmt: skip
    products: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        products[row[6]].add(row[0])
    terms = {operator: agreed_on(session, operator, {producer_id}, ids, day) for operator, ids in products.items()}
    samples = _samples(session, producer_id, day) if rows else {}
    sums: dict[tuple[str, str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for product_id, name, unit, reason, site_id, site, operator, lot, milli, mine, theirs, vnd in rows:
        if mode_of(product_id, producer_id, site_id, lot or None, terms[operator]) == OWN:
            continue
        bears = _bears(reason, mine, theirs, samples.get(operator, "operator"))
        sums[name, unit, reason, site, bears][0] += milli
        sums[name, unit, reason, site, bears][1] += int(vnd or 0)
    return [
        Gone(name, unit, milli, reason, site, bears, vnd)
        for (name, unit, reason, site, bears), (milli, vnd) in sorted(sums.items())
    ]


def _bears(reason: str, mine: int | None, theirs: int | None, samples: str) -> str:
    if mine is None:  # nothing was divided yet
        if reason in GIVEN:
            return samples
        return "operator" if reason == OWN_USE else "open"
    if mine and theirs:
        return "both"
    return "producer" if mine else "operator"


def _samples(session: Session, producer_id: str, day: date) -> dict[str, str]:
    """Who bears tastings and gifts, by operator, by the terms of that day."""
    rows: Any = session.execute(
        select(Agreement.operator_id, AgreementVersion.samples_borne_by)
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(Agreement.producer_id == producer_id, AgreementVersion.starts_on <= day)
        .order_by(AgreementVersion.starts_on)
    )
    return dict(rows.all())
