"""A count whose blind part is over: counted beside expected, product by product. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Offer, Price, Product
from pos.producers.models import Producer
from pos.stock.counting import Tally, tally
from pos.stock.models import Movement, StockCountDifference
from pos.stock.queries.counted import entries_of, expected_at, rounds_asked
from pos.stock.queries.counts import CountRow, Item, names_of

AROUND = timedelta(minutes=2)  # sold so near the counting: perhaps already off the shelf, perhaps not


@dataclass(frozen=True, slots=True)
class Line:
    """One product of a count whose blind part is over."""

    item: Item
    counted_milli: int
    expected_milli: int
    round: int
    by: str
    again_by: str
    spots: tuple[str, ...]
    moment_at: datetime
    waits: bool  # asked for again, not counted again yet
    busy: bool  # sold or moved while it was being counted
    price_vnd: int
    liability: str = "agreement"
    why: str | None = None
    late_milli: int = 0  # of the difference, what a late event explained

    @property
    def difference_milli(self) -> int:
        return self.counted_milli - self.expected_milli


def review_of(session: Session, count: CountRow) -> list[Line]:
    """Counted beside expected, the largest differences in money first."""
    tallies = tally(entries_of(session, count.id))
    moments = {p: t.moment_at for p, t in tallies.items() if t.moment_at}
    done = _differences(session, count) if count.state == "confirmed" else {}
    expected = expected_at(session, count.operator_id, count.site_id, moments, but_count=count.id if done else None)
    asked = rounds_asked(session, count.id)
    busy = _busy(session, count, tallies)
    prices = _prices(session, count.operator_id, list(tallies))
    names = names_of(session, list({person for t in tallies.values() for person in t.people}))
    lines = []
    for row in session.execute(_all_items(count.operator_id, list(tallies))):
        item = Item(*row)
        one = tallies[item.id]
        said = done.get(item.id)
        by = [", ".join(names.get(p, "—") for p in one.by[n]) for n in sorted(one.by)]
        lines.append(
            Line(
                item, one.counted_milli, expected.get(item.id, 0), one.round, by[0], by[-1] if len(by) > 1 else "",
                tuple(one.spots), moments[item.id], asked.get(item.id, 1) > one.round, item.id in busy,
                prices.get(item.id, 0), said[0] if said else "agreement", said[1] if said else None,
                said[2] if said else 0,
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (-abs(line.difference_milli * line.price_vnd), line.item.name))


def _all_items(operator_id: str, product_ids: list[str]) -> Any:
    return (
        select(
            Product.id, Product.name, Product.unit, Product.weighed, Product.kind, Producer.name,
            func.coalesce(Offer.sku, ""),
        )
        .join(Producer, Producer.id == Product.producer_id)
        .outerjoin(Offer, and_(Offer.product_id == Product.id, Offer.operator_id == operator_id))
        .where(Product.id.in_(product_ids))
    )  # fmt: skip


def _differences(session: Session, count: CountRow) -> dict[str, tuple[str, str | None, int]]:
    rows = session.scalars(
        select(StockCountDifference)
        .where(StockCountDifference.count_id == count.id)
        .order_by(StockCountDifference.product_id, StockCountDifference.n)
    )
    found: dict[str, tuple[str, str | None, int]] = {}
    for row in rows:
        who, why, late = found.get(row.product_id, (row.liability, row.why, 0))
        found[row.product_id] = (who, why, late + (row.delta_milli if row.n > 1 else 0))
    return found


def _busy(session: Session, count: CountRow, tallies: dict[str, Tally]) -> set[str]:
    spans = {p: (t.first_at - AROUND, t.moment_at + AROUND) for p, t in tallies.items() if t.first_at and t.moment_at}
    if not spans:
        return set()
    here = or_(
        and_(Movement.to_kind == "site", Movement.to_id == count.site_id),
        and_(Movement.from_kind == "site", Movement.from_id == count.site_id),
    )
    rows = session.execute(
        select(Movement.product_id, Movement.occurred_at).where(
            Movement.operator_id == count.operator_id, Movement.product_id.in_(spans), here,
            Movement.occurred_at >= min(first for first, _ in spans.values()),
            Movement.occurred_at <= max(last for _, last in spans.values()), Movement.reason != "stocktake",
        )
    )  # fmt: skip
    return {product for product, at in rows if spans[product][0] <= at <= spans[product][1]}


def _prices(session: Session, operator_id: str, product_ids: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(Price.product_id, Price.price_vnd)
        .where(Price.operator_id == operator_id, Price.product_id.in_(product_ids), Price.scope_kind == "operator")
        .order_by(Price.starts_at)
    )
    return {row[0]: row[1] for row in rows}
