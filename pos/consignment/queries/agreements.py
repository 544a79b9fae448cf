"""Agreements on lists and on their own pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from pos.catalogue.models import Price, Product
from pos.consignment.models import Agreement, AgreementVersion, GoodsTerms
from pos.consignment.rules.agreement_paper import Party
from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.places.models import Operator
from pos.producers.models import Producer

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One producer beside one operator: terms in force, and what comes next; None where there is nothing."""

    producer_id: str
    code: str
    name: str
    place: str
    commission_bp: int | None
    return_window_days: int | None
    pay_weekday: int | None
    since: date | None
    next_bp: int | None
    next_on: date | None
    mode: str | None
    next_mode: str | None


def list_agreements(
    session: Session, operator_id: str, *, today: date, text: str = "", agreed: bool | None = None, after: str = ""
) -> tuple[list[Row], bool]:
    """(at most 50 rows by code, whether there are more)."""
    now_on = (
        select(func.max(AgreementVersion.starts_on))
        .where(AgreementVersion.agreement_id == Agreement.id, AgreementVersion.starts_on <= today)
        .correlate(Agreement)
        .scalar_subquery()
    )
    next_on = (
        select(func.min(AgreementVersion.starts_on))
        .where(AgreementVersion.agreement_id == Agreement.id, AgreementVersion.starts_on > today)
        .correlate(Agreement)
        .scalar_subquery()
    )
    now, coming = aliased(AgreementVersion), aliased(AgreementVersion)
    wanted = (
        select(
            Producer.id, Producer.code, Producer.name, Producer.commune, Producer.province, now.commission_bp,
            now.return_window_days, now.pay_weekday, now.starts_on, coming.commission_bp, coming.starts_on,
            now.mode, coming.mode,
        )
        .outerjoin(Agreement, and_(Agreement.producer_id == Producer.id, Agreement.operator_id == operator_id))
        .outerjoin(now, and_(now.agreement_id == Agreement.id, now.starts_on == now_on))
        .outerjoin(coming, and_(coming.agreement_id == Agreement.id, coming.starts_on == next_on))
        .where(Producer.code > after)
        .order_by(Producer.code)
        .limit(PAGE + 1)
    )  # fmt: skip
    if words := fold(text).strip():
        wanted = wanted.where(Producer.search.contains(words, autoescape=True))
    if agreed is not None:
        wanted = wanted.where(Agreement.id.is_not(None) if agreed else Agreement.id.is_(None))
    rows = [
        Row(id_, code, name, ", ".join(filter(None, (commune, province))), *rest)
        for id_, code, name, commune, province, *rest in session.execute(wanted)
    ]
    return rows[:PAGE], len(rows) > PAGE


def versions_of(session: Session, operator_id: str, producer_id: str) -> Sequence[AgreementVersion]:
    """All versions of a pair, newest first."""
    return session.scalars(
        select(AgreementVersion)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(Agreement.operator_id == operator_id, Agreement.producer_id == producer_id)
        .order_by(AgreementVersion.starts_on.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Goods:
    """A product of the producer here: its price now, its cost and way of selling in force, and what comes next."""

    product_id: str
    name: str
    unit: str
    price_vnd: int | None
    cost_vnd: int | None
    mode: str | None
    since: date | None
    next_cost_vnd: int | None
    next_on: date | None


def list_goods(session: Session, operator_id: str, producer_id: str, *, today: date, at: datetime) -> list[Goods]:
    """The producer's products, those with terms of their own first. Two queries."""
    price = (
        select(Price.price_vnd)
        .where(
            Price.operator_id == operator_id, Price.product_id == Product.id, Price.scope_kind == "operator",
            Price.starts_at <= at,
        )
        .order_by(Price.starts_at.desc())
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )  # fmt: skip
    products = session.execute(
        select(Product.id, Product.name, Product.unit, price)
        .where(Product.producer_id == producer_id, Product.active)
        .order_by(Product.name)
        .limit(200)
    ).all()
    terms = session.scalars(
        select(GoodsTerms)
        .where(
            GoodsTerms.operator_id == operator_id, GoodsTerms.product_id.in_([row[0] for row in products]),
            GoodsTerms.site_id == "", GoodsTerms.lot_id == "",
        )
        .order_by(GoodsTerms.starts_on)
    ).all()  # fmt: skip
    now_of = {row.product_id: row for row in terms if row.starts_on <= today}
    cost_of = {row.product_id: row.cost_vnd for row in terms if row.starts_on <= today and row.cost_vnd is not None}
    next_of = {row.product_id: row for row in reversed(terms) if row.starts_on > today}
    made = []
    for id_, name, unit, price_vnd in products:
        current, coming = now_of.get(id_), next_of.get(id_)
        made.append(
            Goods(
                id_, name, unit, price_vnd, cost_of.get(id_), current.mode if current else None,
                current.starts_on if current else None, coming.cost_vnd if coming else None,
                coming.starts_on if coming else None,
            )
        )  # fmt: skip
    return sorted(made, key=lambda goods: goods.since is None and goods.next_on is None)


def names_of(session: Session, operator_id: str, producer_id: str) -> tuple[str, str]:
    """(operator, producer). Raises NotFound."""
    operator = session.scalar(select(Operator.name).where(Operator.id == operator_id))
    producer = session.scalar(select(Producer.name).where(Producer.id == producer_id))
    if operator is None or producer is None:
        raise NotFound("agreement.unknown")
    return operator, producer


@dataclass(frozen=True, slots=True)
class Paper:
    """One version with both parties, to be printed; `costs` (product, đồng, from) in force when it starts."""

    n: int
    code: str
    terms: dict[str, Any]
    operator: Party
    producer: Party
    costs: list[tuple[str, int, date]]


def get_paper(session: Session, operator_id: str, producer_id: str, version_id: str) -> Paper:
    """Raises NotFound."""
    versions = list(reversed(versions_of(session, operator_id, producer_id)))
    found = next((version for version in versions if version.id == version_id), None)
    if found is None:
        raise NotFound("agreement.unknown")
    operator, producer = session.get_one(Operator, operator_id), session.get_one(Producer, producer_id)
    costs = session.execute(
        select(Product.name, GoodsTerms.cost_vnd, GoodsTerms.starts_on)
        .join(Product, Product.id == GoodsTerms.product_id)
        .where(
            GoodsTerms.operator_id == operator_id, Product.producer_id == producer_id,
            GoodsTerms.cost_vnd.is_not(None), GoodsTerms.site_id == "", GoodsTerms.lot_id == "",
        )
        .order_by(Product.name, GoodsTerms.starts_on)
    )  # fmt: skip
    newest = {name: (name, int(vnd or 0), since) for name, vnd, since in costs if since <= found.starts_on}
    place = ", ".join(part for part in (producer.commune, producer.province) if part)
    return Paper(
        versions.index(found) + 1, producer.code,
        {column.name: getattr(found, column.name) for column in AgreementVersion.__table__.columns},
        Party(operator.name, operator.tax_code, operator.address, operator.phone),
        Party(producer.name, producer.tax_code, place or None, producer.phone), list(newest.values()),
    )  # fmt: skip
