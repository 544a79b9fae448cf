"""Which terms are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.consignment.commands import Agreed, Goods, Terms
from pos.consignment.models import Agreement, AgreementVersion, GoodsTerms
from pos.kernel.rows import ask

_DAY: Any = bindparam("day")
_OPERATOR: Any = bindparam("operator")
_NOTHING = literal("", String)
# One statement for both: (product or "", producer or site, version or lot, mode, bp, vat, days, cost, from)
_AGREED: Any = union_all(
    select(
        _NOTHING, Agreement.producer_id, AgreementVersion.id, AgreementVersion.mode, AgreementVersion.commission_bp,
        AgreementVersion.vat_on_commission_bp, AgreementVersion.return_window_days, cast(null(), BigInteger),
        AgreementVersion.starts_on, AgreementVersion.discount_producer_bp, AgreementVersion.discount_max_bp,
    )
    .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
    .where(
        Agreement.operator_id == _OPERATOR,
        Agreement.producer_id.in_(bindparam("producers", expanding=True)),
        AgreementVersion.starts_on <= _DAY,
    ),
    select(
        GoodsTerms.product_id, GoodsTerms.site_id, GoodsTerms.lot_id, GoodsTerms.mode, cast(null(), BigInteger),
        cast(null(), BigInteger), cast(null(), BigInteger), GoodsTerms.cost_vnd, GoodsTerms.starts_on,
        cast(null(), BigInteger), cast(null(), BigInteger),
    ).where(
        GoodsTerms.operator_id == _OPERATOR,
        GoodsTerms.product_id.in_(bindparam("products", expanding=True)),
        or_(GoodsTerms.lot_id != "", GoodsTerms.starts_on <= _DAY),
    ),
)  # fmt: skip


def agreed_on(
    session: Session, operator_id: str, producer_ids: Collection[str], product_ids: Collection[str], day: date
) -> Agreed:
    """All terms in force on a business date for these producers and products; one query."""
    producers: dict[str, tuple[date, Terms]] = {}
    products: dict[str, list[Goods]] = defaultdict(list)
    if producer_ids or product_ids:
        asked = {"operator": operator_id, "producers": list(producer_ids), "products": list(product_ids), "day": day}
        for row in ask(session.connection(), _AGREED, asked):
            product, place, key, mode, bp, vat, days, cost, since, share_bp, most_bp = row
            if product:
                products[product].append(Goods(product, place, key, since, mode, cost))
            elif place not in producers or producers[place][0] < since:  # the latest start wins
                producers[place] = (
                    since,
                    Terms(place, key, mode, bp, vat, days, discount_producer_bp=share_bp, discount_max_bp=most_bp),
                )
    return Agreed({producer: terms for producer, (_, terms) in producers.items()}, products)


def terms_on(session: Session, operator_id: str, producer_ids: Collection[str], day: date) -> dict[str, Terms]:
    """The version in force on a business date, by producer; those without one are missing."""
    return agreed_on(session, operator_id, producer_ids, (), day).by_producer


def samples_borne_by(session: Session, operator_id: str, product_id: str, day: date) -> str:
    """`producer` or `operator`: whose the tasted and given ones are; the operator's where nobody agreed."""
    version = session.scalar(
        select(AgreementVersion.samples_borne_by)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .join(Product, Product.producer_id == Agreement.producer_id)
        .where(Agreement.operator_id == operator_id, Product.id == product_id, AgreementVersion.starts_on <= day)
        .order_by(AgreementVersion.starts_on.desc())
        .limit(1)
    )
    return version or "operator"


def discount_terms(session: Session, operator_id: str, *, since: date) -> list[dict[str, Any]]:
    """`terms[]` of a tablet: which producers pay a part of a discount, from when on, of how much. Those in force at
    `since` and those that come; who pays nothing is missing."""
    rows = session.execute(
        select(
            Agreement.producer_id, AgreementVersion.starts_on, AgreementVersion.discount_producer_bp,
            AgreementVersion.discount_max_bp,
        )
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(Agreement.operator_id == operator_id)
        .order_by(Agreement.producer_id, AgreementVersion.starts_on)
    )  # fmt: skip
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for producer, starts_on, share_bp, most_bp in rows:
        if told[producer] and starts_on <= since:
            told[producer].clear()  # a later version of what is past
        told[producer].append(
            {"producer": producer, "from": starts_on.isoformat(), "discount_producer_bp": share_bp,
             "discount_max_bp": most_bp}
        )  # fmt: skip
    return [one for ones in told.values() if any(v["discount_producer_bp"] for v in ones) for one in ones]
