"""The goods equation of a producer's products, and the movements behind each figure. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.stock.models import DaySum, DaySumRun, Document, Level, Movement
from pos.stock.queries.documents import names_of
from pos.stock.rules import OURS
from pos.stock.rules.equation import TAKEN_BACK, Equation, Sum, column_of, far, tally

PAGE = 50


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Goods sent to a site and not counted in there."""

    site: str
    product_id: str
    name: str | None
    unit: str | None
    qty_milli: int


def list_under_way(session: Session, reach: Reach, limit: int = 500) -> list[UnderWay]:
    """By destination. Less than nothing: counted in there before, or more, than anybody sent. One query."""
    milli = func.sum(Level.on_hand_milli)
    rows: Any = session.execute(
        select(Site.name, Level.product_id, Product.name, Product.unit, milli)
        .join(Site, Site.id == Level.place_id)
        .outerjoin(Product, Product.id == Level.product_id)
        .where(Level.place_kind == "transit", reach.where(operator=Level.operator_id, site=Level.place_id))
        .group_by(Site.name, Level.product_id, Product.name, Product.unit)
        .having(milli != 0)
        .order_by(Site.name, Product.name)
        .limit(limit)
    )
    return [UnderWay(site, product, name, unit, int(qty)) for site, product, name, unit, qty in rows]


def producers_moved(session: Session, operator_id: str) -> list[tuple[str, str]]:
    """(id, name) of those whose goods ever moved here."""
    rows = session.execute(
        select(Producer.id, Producer.name)
        .where(
            Producer.id.in_(
                select(Product.producer_id)
                .join(Level, Level.product_id == Product.id)
                .where(Level.operator_id == operator_id)
            )
        )
        .order_by(Producer.name)
    )
    return [(id_, name) for id_, name in rows]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose goods, where and when: `operators` None is all of them, `site_id` None every place, dates inclusive."""

    operators: Collection[str] | None
    site_id: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One product (or lot of it) with its equation."""

    product_id: str
    lot_id: str
    name: str
    unit: str
    sums: Equation


def _ours(column: Any, asked: Asked) -> ColumnElement[bool]:
    """By equality where it is one operator, so that a page of a card reads the index in order."""
    if asked.operators is None:
        return column.in_(select(Operator.id))  # type: ignore[no-any-return]
    one = list(asked.operators)
    found: ColumnElement[bool] = column == one[0] if len(one) == 1 else column.in_(one)
    return found


def _of(asked: Asked, of: Any = Movement, *, young: bool = False) -> ColumnElement[bool]:
    operator: Any = func.coalesce(of.operator_id, "") if young else of.operator_id
    parts: list[ColumnElement[bool]] = [_ours(operator, asked)]
    if asked.last:
        parts.append(of.business_date <= asked.last)
    if asked.site_id:
        parts.append(or_(of.from_id == asked.site_id, of.to_id == asked.site_id))
    return and_(*parts)


def _here(asked: Asked, kind: Any, place: Any) -> Any:
    """Is that end of a movement at the place asked? The road to a place is not the place."""
    if not asked.site_id:
        return literal(True)
    return case((and_(place == asked.site_id, kind != "transit"), True), else_=False)


def moved_page(session: Session, asked: Asked, producer_id: str, *, page: int) -> tuple[list[str], bool]:
    """The products of a producer that ever moved here, by name, a page of them; True when there are more."""
    here = select(Level.product_id).where(_ours(Level.operator_id, asked))
    found = list(
        session.scalars(
            select(Product.id)
            .where(Product.producer_id == producer_id, Product.id.in_(here))
            .order_by(Product.name, Product.id)
            .limit(PAGE + 1)
            .offset((page - 1) * PAGE)
        )
    )
    return found[:PAGE], len(found) > PAGE


def list_equations(
    session: Session, asked: Asked, producer_id: str, *, by_lot: bool = False, only: Collection[str] | None = None
) -> list[Line]:
    """Of every product of a producer that ever moved, or `only` some. One query over the sums of days, and what moved
    since them."""
    summed_upto = session.scalar(select(func.max(DaySumRun.upto_id)))
    theirs: Any = select(Product.id).where(Product.producer_id == producer_id) if only is None else only
    parts = [_alike(asked, theirs, by_lot, Movement, since=summed_upto)]
    if summed_upto:
        parts.append(_alike(asked, theirs, by_lot, DaySum))
    ends = union_all(*parts).subquery()
    key = [column for column in ends.c if column.name != "qty_milli"]
    rows: Any = session.execute(select(*key, func.sum(ends.c.qty_milli)).group_by(*key)).all()
    sums = [
        Sum((product, lot_), from_kind, to_kind, bool(fh), bool(th), reason, bool(was), int(milli))
        for product, lot_, from_kind, to_kind, fh, th, reason, was, milli in rows
    ]
    found = tally(sums)
    names = {
        id_: (name, unit)
        for id_, name, unit in session.execute(
            select(Product.id, Product.name, Product.unit).where(Product.id.in_({key_[0] for key_ in found}))
        )
    }
    lines = [
        Line(product, lot_, *names[product], sums=one)
        for (product, lot_), one in ((k, e) for k, e in found.items() if any(e.columns.values()))
    ]
    return sorted(lines, key=lambda line: (line.name, line.product_id, line.lot_id))


def _alike(asked: Asked, theirs: Any, by_lot: bool, of: Any, *, since: str | None = None) -> Any:
    """Movements, or sums of them, as the columns want them; `since`: only those the sums do not hold."""
    lot: Any = func.coalesce(of.lot_id, "") if by_lot else literal("")
    before: Any = case((of.business_date < asked.first, True), else_=False) if asked.first else literal(False)
    product: Any = func.coalesce(of.product_id, "") if since else of.product_id  # so that only the young ids are walked
    conditions = [
        product.in_(theirs),
        _of(asked, of, young=since is not None),
    ]
    if since:
        conditions.append(of.id >= since)
    return select(
        of.product_id.label("product"), lot.label("lot"), of.from_kind, of.to_kind,
        _here(asked, of.from_kind, of.from_id).label("from_here"),
        _here(asked, of.to_kind, of.to_id).label("to_here"), of.reason, before.label("before"), of.qty_milli,
    ).where(*conditions)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One movement on a product's card: `gain_milli` to what is ours (or here), `left_milli` after it."""

    id: str
    at: datetime
    day: date
    reason: str
    from_: tuple[str, str]
    to: tuple[str, str]
    qty_milli: int
    gain_milli: int
    left_milli: int | None
    lot_id: str | None
    document_id: str | None
    number: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a card begins: after this movement, with so much left."""

    day: date
    id: str
    left_milli: int | None


def list_card(
    session: Session, asked: Asked, product_id: str, *, column: str | None = None, lot_id: str | None = None,
    after: Cursor | None = None, limit: int = PAGE,
) -> tuple[list[Card], dict[str, str], Cursor | None]:  # fmt: skip
    """(movements newest first, names of places, where the next page begins).

    By keyset: a page costs the same wherever it is. With a column, only the movements that figure is made of.
    """
    query = (
        select(Movement, Document.number)
        .outerjoin(Document, Document.id == Movement.source_id)
        .where(Movement.product_id == product_id, _of(asked))
    )
    if lot_id:
        query = query.where(Movement.lot_id == lot_id)
    if asked.first:
        query = query.where(Movement.business_date >= asked.first)
    if column:
        query = query.where(_in_column(asked, column))
    if after:
        query = query.where(tuple_(Movement.business_date, Movement.id) < tuple_(after.day, after.id))
    rows: Any = session.execute(
        query.order_by(Movement.business_date.desc(), Movement.id.desc()).limit(limit + 1)
    ).all()
    left = after.left_milli if after else (None if column else _left(session, asked, product_id, lot_id))
    cards = []
    for m, number in rows[:limit]:
        gain = m.qty_milli * (_is_here(asked, m.to_kind, m.to_id) - _is_here(asked, m.from_kind, m.from_id))
        known = number is not None
        cards.append(
            Card(
                m.id, m.occurred_at, m.business_date, m.reason, (m.from_kind, m.from_id), (m.to_kind, m.to_id),
                m.qty_milli, gain, left, m.lot_id, m.source_id if known else None, number, m.source_kind,
            )
        )  # fmt: skip
        left = left - gain if left is not None else None
    names = names_of(session, [place for card in cards for place in (card.from_, card.to)])
    more = Cursor(cards[-1].day, cards[-1].id, left) if len(rows) > limit else None
    return cards, names, more


def _is_here(asked: Asked, kind: str, place: str) -> bool:
    return kind in OURS and (not asked.site_id or (place == asked.site_id and kind != "transit"))


def _left(session: Session, asked: Asked, product_id: str, lot_id: str | None) -> int:
    """What is left at the end of the period: the kept levels, less what moved after it."""
    kept = select(func.coalesce(func.sum(Level.on_hand_milli), 0)).where(
        Level.product_id == product_id, Level.place_kind.in_(OURS)
    )
    kept = kept.where(_ours(Level.operator_id, asked))
    if asked.site_id:
        kept = kept.where(Level.place_id == asked.site_id, Level.place_kind != "transit")
    if lot_id:
        kept = kept.where(Level.lot_id == lot_id)
    left = int(session.scalar(kept) or 0)
    if not asked.last:
        return left
    after = Asked(asked.operators, asked.site_id)
    arrives = and_(Movement.to_kind.in_(OURS), _here(asked, Movement.to_kind, Movement.to_id))
    leaves = and_(Movement.from_kind.in_(OURS), _here(asked, Movement.from_kind, Movement.from_id))
    gain = case((arrives, Movement.qty_milli), else_=0) - case((leaves, Movement.qty_milli), else_=0)
    later = select(func.coalesce(func.sum(gain), 0)).where(
        Movement.product_id == product_id, _of(after), Movement.business_date > asked.last
    )
    if lot_id:
        later = later.where(Movement.lot_id == lot_id)
    return left - int(session.scalar(later) or 0)


def _in_column(asked: Asked, column: str) -> ColumnElement[bool]:
    """The movements one figure is made of: every pair of ends, with the reasons, that counts in it."""
    kinds = ("producer", "customer", "consumed", "written_off", "lost", *OURS)
    reasons = ("to_producer", *TAKEN_BACK, "lost", "other")
    named = tuple(r for r in reasons if r != "other")
    parts: list[ColumnElement[bool]] = []
    ends = [True, False] if asked.site_id else [True]
    for from_kind in kinds:
        for to_kind in kinds:
            for from_here in ends if from_kind in OURS else [True]:
                for to_here in ends if to_kind in OURS else [True]:
                    fits = [
                        r for r in reasons
                        if column in dict(column_of(far(from_kind, from_here), far(to_kind, to_here), r))
                        or (column in OURS and ((from_kind == column and from_here) != (to_kind == column and to_here)))
                    ]  # fmt: skip
                    if not fits:
                        continue
                    cond = [Movement.from_kind == from_kind, Movement.to_kind == to_kind]
                    if asked.site_id and from_kind in OURS:
                        cond.append(_here(asked, Movement.from_kind, Movement.from_id) == from_here)
                    if asked.site_id and to_kind in OURS:
                        cond.append(_here(asked, Movement.to_kind, Movement.to_id) == to_here)
                    if len(fits) < len(reasons):
                        plain = Movement.reason.in_([r for r in fits if r != "other"])
                        cond.append(or_(plain, Movement.reason.not_in(named)) if "other" in fits else plain)
                    parts.append(and_(*cond))
    return or_(*parts)
