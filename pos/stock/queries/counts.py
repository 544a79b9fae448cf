"""Counts on their pages: lists, progress, what somebody entered. Nothing here tells what should be
there. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.models import Barcode, Offer, Product
from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.stock.counting import tally
from pos.stock.models import Level, StockCount, StockCountEntry
from pos.stock.queries.counted import entries_of, rounds_asked
from pos.stock.queries.levels import ProductLevels

PAGE = 50
FOUND = 8


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count in the list or at the head of its pages."""

    id: str
    number: str
    state: str
    operator_id: str
    operator: str
    site_id: str
    site: str
    fair_id: str | None
    scope_kind: str
    scope_id: str
    scope: str | None  # the producer's name
    note: str | None
    opened_at: datetime
    opened_by: str | None
    closed_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    reason: str | None


def _rows(*where: ColumnElement[bool]) -> Any:
    who, done = Person.__table__.alias("who"), Person.__table__.alias("done")
    return (
        select(
            StockCount.id, StockCount.number, StockCount.state, StockCount.operator_id, Operator.name,
            StockCount.site_id, Site.name, Site.fair_id, StockCount.scope_kind, StockCount.scope_id, Producer.name,
            StockCount.note, StockCount.opened_at, who.c.name, StockCount.closed_at, StockCount.confirmed_at,
            done.c.name, StockCount.reason,
        )
        .join(Operator, Operator.id == StockCount.operator_id)
        .join(Site, Site.id == StockCount.site_id)
        .outerjoin(Producer, and_(StockCount.scope_kind == "producer", Producer.id == StockCount.scope_id))
        .outerjoin(who, who.c.id == StockCount.opened_by)
        .outerjoin(done, done.c.id == StockCount.confirmed_by)
        .where(*where)
    )  # fmt: skip


def list_counts(session: Session, reach: Reach, *, page: int) -> tuple[list[CountRow], bool]:
    """Those going on first, then the newest."""
    going = case((StockCount.state.in_(("open", "review")), 0), else_=1)
    query = (
        _rows(reach.where(operator=StockCount.operator_id, site=StockCount.site_id, fair=Site.fair_id))
        .order_by(going, StockCount.opened_at.desc(), StockCount.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    found = [CountRow(*row) for row in session.execute(query)]
    return found[:PAGE], len(found) > PAGE


def get_count(session: Session, count_id: str) -> CountRow:
    """Raises NotFound."""
    row = session.execute(_rows(StockCount.id == count_id)).first()
    if row is None:
        raise NotFound("count.unknown")
    return CountRow(*row)


@dataclass(frozen=True, slots=True)
class Item:
    """A product as a counter sees it: no figure of what should be there."""

    id: str
    name: str
    unit: str
    weighed: bool
    kind: str
    producer: str
    sku: str
    codes: tuple[str, ...] = ()


def _items(count: CountRow) -> Any:
    return (
        select(Product.id, Product.name, Product.unit, Product.weighed, Product.kind, Producer.name, Offer.sku)
        .join(Producer, Producer.id == Product.producer_id)
        .join(Offer, and_(Offer.product_id == Product.id, Offer.operator_id == count.operator_id))
        .where(_in_scope(count))
        .order_by(Product.kind, Product.name, Product.id)
    )


def _in_scope(count: CountRow) -> ColumnElement[bool]:
    if count.scope_kind == "kind":
        return Product.kind == count.scope_id
    return Product.producer_id == count.scope_id if count.scope_kind == "producer" else true()


def list_to_count(session: Session, count: CountRow) -> list[Item]:
    """What is probably there: goods of the scope with a level other than 0 at the place, by kind and name."""
    return [Item(*row) for row in session.execute(_items(count).where(Product.id.in_(_here(count))))]


def _here(count: CountRow) -> Any:
    return (
        select(Level.product_id)
        .where(
            Level.operator_id == count.operator_id, Level.place_kind == "site", Level.place_id == count.site_id,
        )
        .group_by(Level.product_id)
        .having(func.sum(Level.on_hand_milli) != 0)
    )  # fmt: skip


def find_items(session: Session, count: CountRow, asked: str) -> list[Item]:
    """By barcode or number exactly, else by words, goods of the place first. At most 8."""
    asked = asked.strip()
    if not asked:
        return []
    by_code = select(Barcode.product_id).where(
        Barcode.code == asked, or_(Barcode.operator_id.is_(None), Barcode.operator_id == count.operator_id)
    )
    exactly = _items(count).where(or_(Product.id.in_(by_code), Offer.sku == asked, Product.id == asked))
    found = [Item(*row) for row in session.execute(exactly.limit(FOUND))]
    if not found:
        words = [Product.search.contains(word, autoescape=True) for word in fold(asked).split()]
        query = _items(count).where(*words).order_by(None).order_by(Product.id.not_in(_here(count)), Product.name)
        found = [Item(*row) for row in session.execute(query.limit(FOUND))] if words else []
    codes: dict[str, list[str]] = {}
    for product, code in session.execute(
        select(Barcode.product_id, Barcode.code).where(Barcode.product_id.in_([item.id for item in found]))
    ):
        codes.setdefault(product, []).append(code)
    return [
        Item(i.id, i.name, i.unit, i.weighed, i.kind, i.producer, i.sku, tuple(sorted(codes.get(i.id, ()))))
        for i in found
    ]


def list_asked(session: Session, count: CountRow, person_id: str) -> list[tuple[Item, bool]]:
    """What waits to be counted again, and whether this person may (who counted it before may not)."""
    asked = rounds_asked(session, count.id)
    if not asked:
        return []
    counted = tally(entries_of(session, count.id, list(asked)))
    waiting = [p for p, round_ in asked.items() if p not in counted or counted[p].round < round_]
    rows = session.execute(_items(count).where(Product.id.in_(waiting)))
    return [(item := Item(*row), item.id not in counted or person_id not in counted[item.id].people) for row in rows]


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of somebody's own, newest first."""

    id: str
    name: str
    unit: str
    qty_milli: int
    spot: str | None
    counted_at: datetime
    round: int


def list_mine(session: Session, count_id: str, person_id: str, most: int = 12) -> list[Seen]:
    """What this person entered last and has not taken back."""
    voided = select(StockCountEntry.voids_id).where(
        StockCountEntry.count_id == count_id, StockCountEntry.voids_id.is_not(None)
    )
    rows: Any = session.execute(
        select(
            StockCountEntry.id, Product.name, Product.unit, StockCountEntry.qty_milli, StockCountEntry.spot,
            StockCountEntry.counted_at, StockCountEntry.round,
        )
        .join(Product, Product.id == StockCountEntry.product_id)
        .where(
            StockCountEntry.count_id == count_id, StockCountEntry.counted_by == person_id,
            StockCountEntry.voids_id.is_(None), StockCountEntry.id.not_in(voided),
        )
        .order_by(StockCountEntry.counted_at.desc(), StockCountEntry.id.desc())
        .limit(most)
    )  # fmt: skip
    return [Seen(*row) for row in rows]


@dataclass(slots=True)
class Progress:
    """How far a count is: goods by kind, and who counted how many."""

    total: int = 0
    counted: int = 0
    extra: int = 0  # counted though nothing should be there
    kinds: list[tuple[str, int, int]] = field(default_factory=list)  # (kind, counted, of)
    people: list[tuple[str, int, datetime]] = field(default_factory=list)  # (name, goods, last entry)
    left: list[Item] = field(default_factory=list)


def progress_of(session: Session, count: CountRow) -> Progress:
    """Without any quantity."""
    goods = list_to_count(session, count)
    entries = entries_of(session, count.id)
    counted = tally(entries)
    made = Progress(total=len(goods), extra=len(counted.keys() - {item.id for item in goods}))
    kinds: dict[str, list[int]] = {}
    for item in goods:
        row = kinds.setdefault(item.kind, [0, 0])
        row[1] += 1
        if item.id in counted:
            row[0] += 1
            made.counted += 1
        else:
            made.left.append(item)
    made.kinds = [(kind, done, of) for kind, (done, of) in kinds.items()]
    people: dict[str, tuple[set[str], datetime]] = {}
    for entry in entries:
        if not entry.voids_id:
            goods_of, last = people.get(entry.counted_by, (set(), entry.counted_at))
            people[entry.counted_by] = (goods_of | {entry.product_id}, max(last, entry.counted_at))
    names = names_of(session, list(people))
    made.people = sorted(((names.get(p, "—"), len(g), at) for p, (g, at) in people.items()), key=lambda row: -row[1])
    return made


def names_of(session: Session, person_ids: Sequence[str]) -> dict[str, str]:
    """Who they are."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}


def blind_at(session: Session, site_ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """(place, scope kind, scope) of counts whose blind part goes on: the levels they are about are not told."""
    rows = session.execute(
        select(StockCount.site_id, StockCount.scope_kind, func.coalesce(Producer.name, StockCount.scope_id))
        .outerjoin(Producer, and_(StockCount.scope_kind == "producer", Producer.id == StockCount.scope_id))
        .where(StockCount.site_id.in_(site_ids), StockCount.state == "open")
    )
    return [(site, kind, scope) for site, kind, scope in rows]


def hidden_in(
    levels: Sequence[ProductLevels], blind: Sequence[tuple[str, str, str]]
) -> dict[str, set[str]]:  # fmt: skip
    """Product → places whose level is not told while it is counted there."""
    return {
        p.product_id: {
            site for site, kind, scope in blind if kind == "all" or scope == (p.kind if kind == "kind" else p.producer)
        }
        for p in levels
    }
