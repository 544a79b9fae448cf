"""What a producer sees: what was sold, where its money is, what is left where. Only its own, all operators."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.consignment.models import Share, Statement
from pos.consignment.queries.annex import CAME_BACK
from pos.consignment.queries.terms import agreed_on
from pos.consignment.rules.modes import mode_of
from pos.consignment.rules.shares import MARGIN, OWN
from pos.fairs.queries import words_at
from pos.fairs.rules import Word
from pos.places.models import Operator, Site
from pos.producers.models import BankAccount, Producer
from pos.stock.models import Level


def list_producers(session: Session, reach: Reach, limit: int = 200) -> list[Producer]:
    """The producers this person may look at."""
    mine = select(Producer).where(reach.where(producer=Producer.id)).order_by(Producer.name)
    return list(session.scalars(mine.limit(limit)))


def get_producer(session: Session, producer_id: str) -> Producer:
    """The producer; guarded by the view."""
    return session.get_one(Producer, producer_id)


# ── Sold ─────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Sold:
    """A product sold on a day, returns taken off."""

    name: str
    unit: str
    qty_milli: int
    paid_vnd: int
    due_vnd: int


def list_sold(session: Session, producer_id: str, day: date) -> list[Sold]:
    """By product, most money first. Goods the operator owns are not the maker's to sell; of those it buys and
    resells, what counts here is the price it buys at."""
    qty = func.sum(case((Share.kind.in_(CAME_BACK), -Share.qty_milli), else_=Share.qty_milli))
    theirs = case((Share.mode == MARGIN, Share.cost_vnd), else_=Share.paid_vnd)
    rows = session.execute(
        select(
            func.coalesce(Product.name, "?"), func.coalesce(Product.unit, ""), qty, func.sum(theirs),
            func.sum(Share.producer_due_vnd),
        )
        .outerjoin(Product, Product.id == Share.product_id)
        .where(Share.producer_id == producer_id, Share.business_date == day, Share.mode != OWN)
        .group_by(Share.product_id, Product.name, Product.unit)
    )  # fmt: skip
    found = [Sold(name, unit, int(milli), int(paid), int(due)) for name, unit, milli, paid, due in rows]
    return sorted(found, key=lambda s: (-s.paid_vnd, s.name))


# ── Goods ────────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class Shelf:
    """What is left at one point: (product, unit, thousandths)."""

    site_id: str
    site_name: str
    goods: list[tuple[str, str, int]] = field(default_factory=list)


def list_shelves(session: Session, producer_id: str, day: date) -> list[Shelf]:
    """Goods on hand by point, points by name; nothing left is not listed, below zero is. What the operator owns on
    that day is not the maker's to read."""
    left = func.sum(Level.on_hand_milli)
    key = (Level.operator_id, Site.id, Site.name, Product.id, Product.name, Product.unit, Level.lot_id)
    rows = session.execute(
        select(*key, left)
        .join(Site, and_(Level.place_kind == "site", Site.id == Level.place_id))
        .join(Product, Product.id == Level.product_id)
        .where(Product.producer_id == producer_id)
        .group_by(*key)
        .order_by(Site.name, Product.name)
    ).all()
    products: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        products[row[0]].add(row[3])
    terms = {operator: agreed_on(session, operator, {producer_id}, of_it, day) for operator, of_it in products.items()}
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for operator, site_id, site_name, product_id, name, unit, lot, milli in rows:
        if mode_of(product_id, producer_id, site_id, lot or None, terms[operator]) != OWN:
            sums[site_id, site_name, product_id, name, unit] += int(milli)
    shelves: dict[str, Shelf] = {}
    for (site_id, site_name, _, name, unit), milli in sums.items():
        if milli:
            shelves.setdefault(site_id, Shelf(site_id, site_name)).goods.append((name, unit, milli))
    return list(shelves.values())


def list_words_for(session: Session, producer_id: str, day: date, shelves: list[Shelf]) -> list[Word]:
    """The tablets that sell, or today sold, this producer's goods."""
    sold_at = select(Share.site_id).where(Share.producer_id == producer_id, Share.business_date == day).distinct()
    sites = {shelf.site_id for shelf in shelves} | set(session.scalars(sold_at))
    return words_at(session, sites)


# ── Statements ───────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Paper:
    """A statement in one row."""

    id: str
    no: int
    operator: str
    operator_code: str
    state: str
    period_from: date
    cutoff_on: date
    payout_vnd: int
    bank: str | None


def list_statements(session: Session, producer_id: str, limit: int = 60) -> list[Paper]:
    """Newest first, without those made void."""
    rows = session.execute(
        select(
            Statement.id, Statement.no, Operator.name, Operator.code, Statement.state, Statement.period_from,
            Statement.cutoff_on, Statement.payout_vnd, BankAccount.bank_name, BankAccount.number_last4,
        )
        .join(Operator, Operator.id == Statement.operator_id)
        .outerjoin(BankAccount, BankAccount.id == Statement.bank_account_id)
        .where(Statement.producer_id == producer_id, Statement.state != "void")
        .order_by(Statement.frozen_at.desc(), Statement.no.desc())
        .limit(limit)
    )  # fmt: skip
    return [Paper(*row[:8], f"{row[8]} ••{row[9]}" if row[8] else None) for row in rows]
