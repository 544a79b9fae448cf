"""Which terms are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, String, and_, bindparam, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.consignment.commands import Agreed, Goods, Rate, Terms
from pos.consignment.models import Agreement, AgreementVersion, CommissionRule, GoodsTerms
from pos.kernel.db import connection_of
from pos.kernel.rows import ask

_DAY: Any = bindparam("day")
_OPERATOR: Any = bindparam("operator")
_NOTHING = literal("", String)
_PRODUCERS: Any = bindparam("producers", expanding=True)
_PRODUCTS: Any = bindparam("products", expanding=True)
# One statement for all three: (kind of rule or "", product or "", producer or site, version or lot, mode, bp, vat,
# days, cost or price step, from, …)
_AGREED: Any = union_all(
    select(
        _NOTHING, _NOTHING, Agreement.producer_id, AgreementVersion.id, AgreementVersion.mode,
        AgreementVersion.commission_bp, AgreementVersion.vat_on_commission_bp, AgreementVersion.return_window_days,
        cast(null(), BigInteger),
        AgreementVersion.starts_on, AgreementVersion.discount_producer_bp, AgreementVersion.discount_max_bp,
        AgreementVersion.fair_window_days,
    )
    .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
    .where(
        Agreement.operator_id == _OPERATOR,
        Agreement.producer_id.in_(_PRODUCERS),
        AgreementVersion.starts_on <= _DAY,
    ),
    select(
        _NOTHING, GoodsTerms.product_id, GoodsTerms.site_id, GoodsTerms.lot_id, GoodsTerms.mode,
        cast(null(), BigInteger), cast(null(), BigInteger), cast(null(), BigInteger), GoodsTerms.cost_vnd,
        GoodsTerms.starts_on,
        cast(null(), BigInteger), cast(null(), BigInteger), cast(null(), BigInteger),
    ).where(
        GoodsTerms.operator_id == _OPERATOR,
        GoodsTerms.product_id.in_(_PRODUCTS),
        or_(GoodsTerms.lot_id != "", GoodsTerms.starts_on <= _DAY),
    ),
    select(
        CommissionRule.scope_kind, func.coalesce(Product.id, _NOTHING), CommissionRule.producer_id,
        CommissionRule.scope_id, _NOTHING, CommissionRule.commission_bp, cast(null(), BigInteger),
        cast(null(), BigInteger), CommissionRule.from_price_vnd, CommissionRule.starts_on, cast(null(), BigInteger),
        cast(null(), BigInteger), cast(null(), BigInteger),
    )
    .outerjoin(
        Product,
        and_(
            Product.id.in_(_PRODUCTS),
            or_(
                and_(CommissionRule.scope_kind == "product", Product.id == CommissionRule.scope_id),
                and_(CommissionRule.scope_kind == "group", Product.group_code == CommissionRule.scope_id),
            ),
        ),
    )
    .where(
        CommissionRule.operator_id == _OPERATOR,
        CommissionRule.starts_on <= _DAY,
        or_(
            Product.id.is_not(None),
            and_(CommissionRule.scope_kind == "producer", CommissionRule.producer_id.in_(_PRODUCERS)),
            and_(CommissionRule.scope_kind == "fair", CommissionRule.scope_id == bindparam("fair")),
        ),
    ),
)  # fmt: skip


def agreed_on(
    session: Session, operator_id: str, producer_ids: Collection[str], product_ids: Collection[str], day: date,
    fair_id: str | None = None,
) -> Agreed:  # fmt: skip
    """All terms in force on a business date for these producers and products, at a fair or in a shop; one query."""
    producers: dict[str, tuple[date, Terms]] = {}
    rates: list[Rate] = []
    products: dict[str, list[Goods]] = defaultdict(list)
    if producer_ids or product_ids:
        asked = {
            "operator": operator_id, "producers": list(producer_ids), "products": list(product_ids), "day": day,
            "fair": fair_id or "",
        }  # fmt: skip
        for row in ask(connection_of(session), _AGREED, asked):
            ruled, product, place, key, mode, bp, vat, days, cost, since, share_bp, most_bp, fair_days = row
            if ruled:
                rates.append(Rate(ruled, place, product, cost, since, bp))
            elif product:
                products[product].append(Goods(product, place, key, since, mode, cost))
            elif place not in producers or producers[place][0] < since:  # the latest start wins
                producers[place] = (
                    since,
                    Terms(
                        place, key, mode, bp, vat, days, discount_producer_bp=share_bp, discount_max_bp=most_bp,
                        fair_window_days=fair_days,
                    ),
                )  # fmt: skip
    return Agreed({producer: terms for producer, (_, terms) in producers.items()}, products, rates)


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
