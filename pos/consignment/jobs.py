"""What stock found out, posted: who bears a count's differences and what papers lost (G08, G08b). Safe to run twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pos.consignment.queries.terms import samples_borne_by
from pos.consignment.service.agreements import follow_terms
from pos.consignment.service.losses import Difference, post_differences
from pos.consignment.service.statements import freeze_statements
from pos.kernel.clock import from_iso, local_date, now
from pos.kernel.db import unit_of_work
from pos.places.models import Site
from pos.stock.counting import SOURCE
from pos.stock.models import Document, LossDecision, Movement, StockCount, StockCountDifference
from pos.stock.rules import GONE
from pos.stock.service.merged import move_merged

COUNT_KIND, LOST_KIND = "count_loss", "goods_lost"
MOVEMENT = "stock_movement"
GIVEN = ("sample", "gift")


def post_count(payload: dict[str, Any]) -> None:
    """Divide every difference of a confirmed count that is not divided yet (golden G08, G08b)."""
    with unit_of_work() as work:
        count = work.get_one(StockCount, payload["count"])
        fair_id = work.scalar(select(Site.fair_id).where(Site.id == count.site_id))
        rows = work.scalars(
            select(StockCountDifference)
            .where(StockCountDifference.count_id == count.id, StockCountDifference.delta_milli != 0)
            .order_by(StockCountDifference.n, StockCountDifference.product_id)
        )
        differences = [
            Difference(
                SOURCE, row.id, row.site_id, fair_id, row.product_id, row.delta_milli, row.liability,
                local_date(row.moment_at), row.moment_at,
            )
            for row in rows
        ]  # fmt: skip
        post_differences(work, count.operator_id, differences, kind=COUNT_KIND, recorded_at=now())


def post_lost(payload: dict[str, Any]) -> None:
    """Divide what each movement of a decided paper lost (or found again)."""
    with unit_of_work() as work:
        decision = work.get_one(LossDecision, payload["document_id"])
        document = work.get_one(Document, decision.document_id)
        post_differences(
            work,
            document.operator_id,
            _differences(work, document, decision.liability),
            kind=LOST_KIND,
            recorded_at=now(),
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
        found.append(Difference(MOVEMENT, m.id, site, fair, m.product_id, qty, bears, m.business_date, m.occurred_at))
    return found


def follow_merge(payload: dict[str, Any]) -> None:
    """A product became another: its stock goes over, and the terms made for it hold for the other."""
    with unit_of_work() as work:
        at = now()
        follow_terms(work, payload["product"], payload["into"], at=at)
        move_merged(work, payload["product"], payload["into"], at=at)


def freeze_some(payload: dict[str, Any]) -> None:
    """Freeze some producers of a run; whoever was frozen by the first try has nothing left to freeze."""
    with unit_of_work() as work:
        freeze_statements(
            work, payload["operator"], payload["producers"], date.fromisoformat(payload["cutoff"]),
            run_on=date.fromisoformat(payload["run_on"]), at=from_iso(payload["at"]), by=payload["by"],
        )  # fmt: skip
