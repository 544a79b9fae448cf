"""Periods of a lower VAT rate: the law's, and those somebody added since."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.cuts import LAW, Cut
from pos.catalogue.models import Offer, VatCut, VatRate


def list_cuts(session: Session) -> list[Cut]:
    """In order of time, the law's own first."""
    columns = (VatCut.cut_bp, VatCut.full_bp, VatCut.starts_on, VatCut.ends_on, VatCut.source)
    rows = session.execute(select(*columns).order_by(VatCut.starts_on))
    return [LAW, *(Cut(*row) for row in rows)]


def list_added(session: Session) -> list[VatCut]:
    """Those a person added, with who and when; the newest first."""
    return list(session.scalars(select(VatCut).order_by(VatCut.starts_on.desc())))


def count_lowered(session: Session, vat_bp: int) -> int:
    """How many offers a lower rate was ever set for."""
    offers = (Offer.operator_id == VatRate.operator_id) & (Offer.product_id == VatRate.product_id) & Offer.active
    lowered = select(VatRate.operator_id, VatRate.product_id).join(Offer, offers)
    lowered = lowered.where(VatRate.vat_bp == vat_bp, VatRate.vat_class == "standard").distinct()
    return session.scalar(select(func.count()).select_from(lowered.subquery())) or 0
