"""What is needed to divide a loss: the agreement's rule, what was received, what was borne before. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from pos.catalogue.models import Product, VatRate
from pos.consignment.models import Agreement, AgreementVersion, LossShare
from pos.consignment.rules.losses import AGREEMENT, EarlierLoss
from pos.kernel.errors import NotFound
from pos.stock.counting import SOURCE
from pos.stock.models import Movement, StockCount, StockCountDifference


@dataclass(frozen=True, slots=True)
class LossTerms:
    """The agreement's rule on losses; `first_on` is the first day of the whole agreement."""

    first_on: date
    shrinkage_bp: int
    basis: str
    percent_bp: int


def loss_terms_on(
    session: Session, operator_id: str, producer_ids: Collection[str], day: date
) -> dict[str, LossTerms]:  # fmt: skip
    """By producer, of the version in force on a day; those without one are missing."""
    first = (
        select(func.min(AgreementVersion.starts_on))
        .where(AgreementVersion.agreement_id == Agreement.id)
        .correlate(Agreement)
        .scalar_subquery()
    )
    rows: Any = session.execute(
        select(
            Agreement.producer_id, first, AgreementVersion.shrinkage_bp, AgreementVersion.loss_basis,
            AgreementVersion.loss_bp,
        )
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(
            Agreement.operator_id == operator_id, Agreement.producer_id.in_(producer_ids),
            AgreementVersion.starts_on <= day,
        )
        .order_by(AgreementVersion.starts_on)
    )  # fmt: skip
    return {producer: LossTerms(*rest) for producer, *rest in rows}  # the latest start stays


def received(session: Session, operator_id: str, product_id: str, since: date, until: date) -> int:
    """Thousandths that came from the producer in [since, until], less what an undone arrival took back."""
    came = case((Movement.from_kind == "producer", Movement.qty_milli), else_=-Movement.qty_milli)
    undone = and_(Movement.to_kind == "producer", Movement.reason == "goods_in")
    found = session.scalar(
        select(func.sum(came)).where(
            Movement.operator_id == operator_id, Movement.product_id == product_id,
            Movement.business_date >= since, Movement.business_date <= until,
            or_(Movement.from_kind == "producer", undone),
        )
    )  # fmt: skip
    return int(found or 0)


def allowance_used(session: Session, operator_id: str, product_id: str, since: date, until: date) -> int:
    """Thousandths the producer already bore by the agreement in these days, less what was found again."""
    found = session.scalar(
        select(func.sum(LossShare.producer_milli)).where(
            LossShare.operator_id == operator_id, LossShare.product_id == product_id,
            LossShare.liability == AGREEMENT, LossShare.business_date >= since, LossShare.business_date <= until,
        )
    )  # fmt: skip
    return int(found or 0)


def earlier_losses(
    session: Session, operator_id: str, site_id: str, product_id: str, since: date
) -> list[tuple[LossShare, EarlierLoss]]:
    """Losses of one product at one site that a find may take back, the latest first."""
    back = aliased(LossShare)
    rows = session.execute(
        select(
            LossShare, func.coalesce(func.sum(-back.producer_milli), 0),
            func.coalesce(func.sum(-back.operator_milli), 0),
        )
        .outerjoin(back, back.answers_id == LossShare.id)
        .where(
            LossShare.operator_id == operator_id, LossShare.site_id == site_id, LossShare.product_id == product_id,
            LossShare.answers_id.is_(None), LossShare.producer_milli + LossShare.operator_milli > 0,
            LossShare.business_date >= since,
        )
        .group_by(LossShare.id)
        .order_by(LossShare.business_date.desc(), LossShare.recorded_at.desc(), LossShare.id.desc())
    )  # fmt: skip
    return [
        (
            loss,
            EarlierLoss(
                loss.id, loss.producer_milli, loss.operator_milli, loss.amount_vnd, int(producer), int(operator)
            ),
        )
        for loss, producer, operator in rows
    ]


def vat_class_on(session: Session, operator_id: str, product_id: str, day: date) -> str:
    """The VAT class an operator set for a product; `standard` where nobody did."""
    found = session.scalar(
        select(VatRate.vat_class)
        .where(VatRate.operator_id == operator_id, VatRate.product_id == product_id, VatRate.starts_on <= day)
        .order_by(VatRate.starts_on.desc())
        .limit(1)
    )
    return found or "standard"


def losses_of_count(session: Session, count_id: str) -> tuple[str, list[tuple[str, LossShare]]]:
    """(operator, (product, how it was borne) of every difference). Raises NotFound."""
    operator_id = session.scalar(select(StockCount.operator_id).where(StockCount.id == count_id))
    if operator_id is None:
        raise NotFound("count.unknown")
    rows = session.execute(
        select(Product.name, LossShare)
        .join(StockCountDifference, StockCountDifference.id == LossShare.source_id)
        .join(Product, Product.id == LossShare.product_id)
        .where(StockCountDifference.count_id == count_id, LossShare.source_kind == SOURCE)
        .order_by(StockCountDifference.n, Product.name, LossShare.n)
    )
    return operator_id, [(name, row) for name, row in rows]
