"""Lots of a product: when they came, when they end, what is left, what they were called before. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.catalogue.models import Product
from pos.places.models import Site
from pos.stock.models import Document, Level, Lot, LotChange
from pos.stock.rules import OURS
from pos.stock.rules.fefo import left_of


def shelf_lives(session: Session, product_ids: Collection[str]) -> dict[str, int | None]:
    """Product → days it keeps, where that is known."""
    rows = session.execute(select(Product.id, Product.shelf_life_days).where(Product.id.in_(product_ids)))
    return {id_: days for id_, days in rows if days}


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot with what is left of it: counted where it is kept apart, else told by first expired, first out."""

    lot: Lot
    site: str | None
    number: str | None
    left_milli: int


def list_lots(session: Session, operator_id: str, product_id: str, limit: int = 300) -> list[LotRow]:
    """In the order in which they should go. Two queries."""
    rows = session.execute(
        select(Lot, Site.name, Document.number)
        .outerjoin(Site, Site.id == Lot.site_id)
        .outerjoin(Document, Document.id == Lot.document_id)
        .where(Lot.operator_id == operator_id, Lot.product_id == product_id)
        .order_by(Lot.arrived_on.desc(), Lot.id.desc())
        .limit(limit)
    ).all()
    levels = {
        lot: int(milli)
        for lot, milli in session.execute(
            select(Level.lot_id, func.sum(Level.on_hand_milli))
            .where(Level.operator_id == operator_id, Level.product_id == product_id, Level.place_kind.in_(OURS))
            .group_by(Level.lot_id)
        )
    }
    itself = [
        (lot.id, lot.expires_on, lot.arrived_on, lot.qty_milli or 0)
        for lot, *_ in rows
        if lot.made_itself and lot.arrived_on
    ]
    left = left_of(itself, levels.get("", 0)) | {lot: milli for lot, milli in levels.items() if lot}
    found = [LotRow(lot, site, number, left.get(lot.id, 0)) for lot, site, number in rows]
    return sorted(found, key=lambda row: (row.left_milli == 0, str(row.lot.expires_on or "9999"), row.lot.id))


def list_changes(session: Session, operator_id: str, product_id: str) -> list[tuple[LotChange, str | None]]:
    """(change, who), newest first."""
    rows = session.execute(
        select(LotChange, Person.name)
        .outerjoin(Person, Person.id == LotChange.changed_by)
        .where(LotChange.operator_id == operator_id, LotChange.product_id == product_id)
        .order_by(LotChange.changed_at.desc())
        .limit(100)
    )
    return [(change, name) for change, name in rows]


def codes_of(session: Session, operator_id: str, lot_ids: Collection[str]) -> dict[tuple[str, str], str]:
    """(product, lot) → what it is called: its code, or its day of arrival."""
    rows = session.scalars(select(Lot).where(Lot.operator_id == operator_id, Lot.id.in_(lot_ids)))
    return {(lot.product_id, lot.id): lot.code or (f"{lot.arrived_on:%d/%m}" if lot.arrived_on else "") for lot in rows}
