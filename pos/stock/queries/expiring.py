"""What expires within thirty days, place by place and maker by maker. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Offer, Product
from pos.places.models import Site
from pos.producers.models import Producer
from pos.stock import supply as rules
from pos.stock.models import Level, Lot
from pos.stock.queries.supply import sold_at
from pos.stock.rules.fefo import left_of


@dataclass(frozen=True, slots=True)
class Expiring:
    """So much of a product at a place with one last day."""

    product_id: str
    name: str
    unit: str
    kind: str
    sku: str
    producer_id: str
    producer: str
    lot_id: str
    expires_on: date
    milli: int
    days: int
    too_much_milli: int  # will not be sold by then at the pace of the last 28 days

    @property
    def markdown_bp(self) -> int | None:
        return rules.markdown_bp(self.days) if self.too_much_milli else None


def list_expiring(session: Session, site: Site, today: date) -> list[Expiring]:
    """Lots with stock whose end is within thirty days or past, the nearest first. Of lots nobody
    keeps apart what is left is told by first expired, first out. Five queries."""
    until = today + timedelta(days=rules.EXPIRY_DAYS)
    here = (Level.operator_id == site.operator_id, Level.place_kind == "site", Level.place_id == site.id)
    lots = session.execute(
        select(Level.product_id, Level.lot_id, Lot.expires_on, Level.on_hand_milli)
        .join(
            Lot,
            and_(Lot.operator_id == Level.operator_id, Lot.product_id == Level.product_id, Lot.id == Level.lot_id),
        )
        .where(*here, Level.on_hand_milli > 0, Lot.expires_on <= until)
    )
    found = [(product, lot, end, int(milli)) for product, lot, end, milli in lots if end]
    found += [row for row in _by_arrival(session, site, here) if row[2] <= until]
    ids = {row[0] for row in found}
    sold = sold_at(session, site, today, ids) if ids else {}
    names: Any = session.execute(
        select(Product.id, Product.name, Product.unit, Product.kind, Offer.sku, Producer.id, Producer.name)
        .join(Producer, Producer.id == Product.producer_id)
        .outerjoin(Offer, and_(Offer.product_id == Product.id, Offer.operator_id == site.operator_id))
        .where(Product.id.in_(ids))
    )
    known = {row[0]: row for row in names}
    rows, before = [], dict.fromkeys(ids, 0)
    for product, lot, end, milli in sorted(found, key=lambda row: (row[2], row[0], row[1])):
        if product not in known:
            continue
        days = rules.days_left(end, today)
        before[product] += milli  # what ends earlier is sold earlier
        rest = min(milli, rules.too_much(before[product], sold.get(product, 0), days))
        _, name, unit, kind, sku, maker, maker_name = known[product]
        rows.append(
            Expiring(product, name, unit, kind, sku or "", maker, maker_name, lot, end, milli, days, rest)
        )  # fmt: skip
    return rows


def _by_arrival(session: Session, site: Site, here: Any) -> list[tuple[str, str, date, int]]:
    """(product, lot, last day, left) of lots nobody keeps apart: those that arrived here; where none did, the
    operator's."""
    loose = {
        product: int(milli)
        for product, milli in session.execute(
            select(Level.product_id, Level.on_hand_milli).where(*here, Level.lot_id == "", Level.on_hand_milli > 0)
        )
    }
    lots: dict[str, list[Lot]] = {}
    for lot in session.scalars(
        select(Lot).where(Lot.operator_id == site.operator_id, Lot.made_itself, Lot.product_id.in_(loose))
    ):
        lots.setdefault(lot.product_id, []).append(lot)
    found = []
    for product, several in lots.items():
        mine = [lot for lot in several if lot.site_id == site.id] or several
        ends = {lot.id: lot.expires_on for lot in mine}
        came = [(lot.id, lot.expires_on, lot.arrived_on, lot.qty_milli or 0) for lot in mine if lot.arrived_on]
        for id_, milli in left_of(came, loose[product]).items():
            end = ends[id_]
            if milli and end:
                found.append((product, id_, end, milli))
    return found
