"""Which terms are in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pos.consignment.commands import Terms
from pos.consignment.models import Agreement, AgreementVersion

_TERMS = (
    select(
        Agreement.producer_id, AgreementVersion.id, AgreementVersion.mode, AgreementVersion.commission_bp,
        AgreementVersion.vat_on_commission_bp, AgreementVersion.return_window_days,
    )
    .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
    .where(
        Agreement.operator_id == bindparam("operator"),
        Agreement.producer_id.in_(bindparam("producers", expanding=True)),
        AgreementVersion.starts_on <= bindparam("day"),
    )
    .order_by(AgreementVersion.starts_on)
)  # fmt: skip


def terms_on(session: Session, operator_id: str, producer_ids: Collection[str], day: date) -> dict[str, Terms]:
    """The version in force on a business date, by producer; those without one are missing."""
    if not producer_ids:
        return {}
    asked = {"operator": operator_id, "producers": list(producer_ids), "day": day}
    rows = session.connection().execute(_TERMS, asked)
    return {row[0]: Terms(*row) for row in rows}  # the latest start wins
