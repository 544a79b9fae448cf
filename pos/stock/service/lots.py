"""Lots: what is known of their end, and what was sold of them after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from pos.kernel.rows import insert_rows
from pos.stock.models import Lot, Movement

LotKey = tuple[str, str]  # product, lot
# The earliest end anybody stated, so that it does not matter who came first.
_KEEP_EARLIEST = """ON CONFLICT (operator_id, product_id, id) DO UPDATE SET expires_on = CASE
WHEN stock_lot.expires_on IS NULL OR excluded.expires_on < stock_lot.expires_on THEN excluded.expires_on
ELSE stock_lot.expires_on END"""


def know_lots(session: Session, operator_id: str, ends: Mapping[LotKey, date | None]) -> None:
    """Keep lots that goods were counted in under; of an end stated twice the earlier stands."""
    rows = [
        {"operator_id": operator_id, "product_id": product, "id": lot, "expires_on": end}
        for (product, lot), end in sorted(ends.items())
    ]
    insert_rows(session, Lot, rows, _KEEP_EARLIEST)


def ends_of(session: Session, operator_id: str, lots: Collection[LotKey]) -> dict[LotKey, date]:
    """The last day of those lots that have one."""
    if not lots:
        return {}
    rows = session.execute(
        select(Lot.product_id, Lot.id, Lot.expires_on).where(
            Lot.operator_id == operator_id, tuple_(Lot.product_id, Lot.id).in_(sorted(lots)),
            Lot.expires_on.is_not(None),
        )
    )  # fmt: skip
    return {(product, lot): end for product, lot, end in rows if end}


def sold_after(session: Session, operator_id: str, ends: Mapping[LotKey, date]) -> dict[str, list[LotKey]]:
    """Event → the lots it sold after their last day."""
    if not ends:
        return {}
    rows = session.execute(
        select(Movement.source_id, Movement.product_id, Movement.lot_id, Movement.business_date).where(
            Movement.operator_id == operator_id, Movement.reason == "sale",
            Movement.product_id.in_({product for product, _ in ends}),
            tuple_(Movement.product_id, Movement.lot_id).in_(sorted(ends)),
            Movement.business_date > min(ends.values()),
        )
    )  # fmt: skip
    found: dict[str, list[LotKey]] = {}
    for event_id, product, named, day in rows:
        lot = named or ""
        if day > ends[product, lot] and (product, lot) not in found.setdefault(event_id, []):
            found[event_id].append((product, lot))
    return {event_id: sorted(lots) for event_id, lots in sorted(found.items()) if lots}
