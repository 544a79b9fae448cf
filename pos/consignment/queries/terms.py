"""Which terms are in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.commands import Terms
from pos.consignment.models import Agreement, AgreementVersion


def terms_on(session: Session, operator_id: str, producer_ids: Collection[str], day: date) -> dict[str, Terms]:
    """The version in force on a business date, by producer; those without one are missing."""
    if not producer_ids:
        return {}
    rows = session.execute(
        select(
            Agreement.producer_id, AgreementVersion.id, AgreementVersion.mode, AgreementVersion.commission_bp,
            AgreementVersion.vat_on_commission_bp, AgreementVersion.return_window_days,
        )
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(
            Agreement.operator_id == operator_id,
            Agreement.producer_id.in_(producer_ids),
            AgreementVersion.starts_on <= day,
        )
        .order_by(AgreementVersion.starts_on)
    )  # fmt: skip
    return {row[0]: Terms(*row) for row in rows}  # the latest start wins
