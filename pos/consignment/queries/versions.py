"""What a settlement needs of each producer's version in force: plain rows, for there are thousands in a run."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import Agreement, AgreementVersion


class Version(NamedTuple):
    """The members of an agreement version a settlement divides by."""

    id: str
    starts_on: date
    commission_bp: int
    min_payout_vnd: int
    pay_weekday: int
    reserve_bp: int
    recoup_bp: int
    tier_from_vnd: int
    tier_bp: int
    guarantee_vnd: int
    card_fee_on: str


_COLUMNS = [getattr(AgreementVersion, name) for name in Version._fields]


def terms_of(session: Session, operator_id: str, day: date, producer_ids: Collection[str] | None) -> dict[str, Version]:
    """The version in force on a day by producer; None: of all."""
    wanted = (
        select(Agreement.producer_id, *_COLUMNS)
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(Agreement.operator_id == operator_id, AgreementVersion.starts_on <= day)
        .order_by(AgreementVersion.starts_on)
    )
    if producer_ids is not None:
        wanted = wanted.where(Agreement.producer_id.in_(producer_ids))
    return {producer_id: Version(*rest) for producer_id, *rest in session.execute(wanted)}
