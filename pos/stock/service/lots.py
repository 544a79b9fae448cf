"""Lots: made by an arrival, named anew, what is known of their end, and what was sold of them after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from pos.kernel.clock import days_after
from pos.kernel.errors import NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.stock.models import Document, Lot, LotChange, Movement

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


def make_lots(session: Session, document: Document, shelf_life: Mapping[str, int | None]) -> None:
    """A lot for every line of an arrival that names none: arrived that day, good for the product's shelf life. One
    whose code is on the line is kept apart."""
    for line in document.lines:
        if line.lot_id or not line.qty_milli:
            continue
        days = shelf_life.get(line.product_id)
        end = line.expires_on or (days_after(document.business_date, days) if days else None)
        line.lot_id = new_id()
        session.add(
            Lot(
                operator_id=document.operator_id, product_id=line.product_id, id=line.lot_id, expires_on=end,
                arrived_on=document.business_date, site_id=document.to_id, document_id=document.id,
                qty_milli=line.qty_milli, code=line.lot_code, made_itself=line.lot_code is None,
            )
        )  # fmt: skip
    session.flush()


def kept_apart(session: Session, document: Document) -> set[str]:
    """Those lots of a document that move under their own id."""
    ids = {line.lot_id for line in document.lines if line.lot_id}
    itself = session.scalars(select(Lot.id).where(Lot.id.in_(ids), Lot.made_itself))
    return ids - set(itself)


def rename(
    session: Session, key: tuple[str, str, str], *, code: str | None, expires_on: date | None, at: datetime,
    by: str | None,
) -> None:  # fmt: skip
    """Name a lot anew, or correct its end; what it was called before stays known. Raises NotFound."""
    lot = session.get(Lot, key, with_for_update=True)
    if lot is None:
        raise NotFound("lot.unknown")
    if (lot.code, lot.expires_on) == (code, expires_on):
        return
    session.add(
        LotChange(
            id=new_id(), operator_id=key[0], product_id=key[1], lot_id=key[2], code_before=lot.code, code_after=code,
            expires_before=lot.expires_on, expires_after=expires_on, changed_at=at, changed_by=by,
        )
    )  # fmt: skip
    lot.code, lot.expires_on = code, expires_on
    session.flush()


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
