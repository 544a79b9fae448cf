"""What stock papers lost, posted once somebody said who bears it (golden G08, G08b). Safe to run twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pos.consignment.queries.terms import samples_borne_by
from pos.consignment.service.losses import Difference, post_differences
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.places.models import Site
from pos.stock.models import Document, LossDecision, Movement
from pos.stock.rules import GONE

KIND = "goods_lost"
SOURCE = "stock_movement"
GIVEN = ("sample", "gift")


def post_lost(payload: dict[str, Any]) -> None:
    """Divide what each movement of a decided paper lost (or found again)."""
    with unit_of_work() as work:
        decision = work.get_one(LossDecision, payload["document_id"])
        document = work.get_one(Document, decision.document_id)
        post_differences(
            work, document.operator_id, _differences(work, document, decision.liability), kind=KIND, recorded_at=now()
        )


def _differences(session: Session, document: Document, liability: str) -> list[Difference]:
    moved = session.scalars(
        select(Movement)
        .where(
            Movement.source_id == document.id, Movement.operator_id == document.operator_id,
            or_(Movement.to_kind.in_(GONE), Movement.from_kind.in_(GONE)),
        )
        .order_by(Movement.line)
    ).all()  # fmt: skip
    found = []
    for m in moved:
        gone = m.to_kind in GONE
        site = m.to_id if gone else m.from_id
        fair = session.scalar(select(Site.fair_id).where(Site.id == site))
        bears = liability
        if liability == "agreement" and m.reason in GIVEN:
            bears = samples_borne_by(session, document.operator_id, m.product_id, m.business_date)
        if liability == "agreement" and m.reason == "own_use":
            bears = "operator"  # nobody's accident
        qty = -m.qty_milli if gone else m.qty_milli
        found.append(Difference(SOURCE, m.id, site, fair, m.product_id, qty, bears, m.business_date, m.occurred_at))
    return found
