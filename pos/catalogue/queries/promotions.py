"""Promotions and hampers: for a tablet, for a sale, for the office."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Bundle, BundlePart, Offer, Product, Promotion
from pos.catalogue.promotions import ALL_DAYS, DAY_END, Rule
from pos.catalogue.rules import AHEAD
from pos.kernel.clock import local_date
from pos.kernel.errors import NotFound
from pos.places.models import Fair, Site

_PLACES: Any = bindparam("places", expanding=True)
_IN_FORCE = (
    select(Promotion)
    .where(
        Promotion.operator_id == bindparam("operator"),
        Promotion.scope_id.in_(_PLACES),
        Promotion.starts_on <= bindparam("last"),
        Promotion.ends_on >= bindparam("first"),
        or_(Promotion.stopped_at.is_(None), Promotion.stopped_at > bindparam("at")),
    )
    .order_by(Promotion.made_at, Promotion.id)
)


def _found(
    session: Session, operator_id: str, site_id: str, fair_id: str | None, first: date, last: date, at: datetime
) -> list[Promotion]:
    places = [operator_id, site_id] + ([fair_id] if fair_id else [])
    asked = {"operator": operator_id, "places": places, "first": first, "last": last, "at": at}
    return list(session.scalars(_IN_FORCE, asked))


def rules_at(
    session: Session, *, operator_id: str, site_id: str, fair_id: str | None, at: datetime
) -> list[Rule]:  # fmt: skip
    """What could run at this place on the day of a moment, in the tablets' order."""
    day = local_date(at)
    return [rule_of(row) for row in _found(session, operator_id, site_id, fair_id, day, day, at)]


def promotions_for(
    session: Session, *, operator_id: str, site_id: str, fair_id: str | None, at: datetime
) -> list[dict[str, Any]]:  # fmt: skip
    """`promotions[]` of the catalogue: what runs at this place or will within 30 days. Missing members are the
    defaults of static/till/promotions.js."""
    day = local_date(at)
    rows = _found(session, operator_id, site_id, fair_id, day - timedelta(days=1), local_date(at + AHEAD), at)
    made = []
    for row in rows:
        told: dict[str, Any] = {
            "id": row.id, "name": row.name, "kind": row.kind, "value": row.value,
            "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(),
        }  # fmt: skip
        told |= {name: ids for name, ids in json.loads(row.goods).items() if ids}
        more = {
            "get": (row.get_n, 0), "from_minute": (row.from_minute, 0), "to_minute": (row.to_minute, DAY_END),
            "weekdays": (row.weekdays, ALL_DAYS), "producer_bp": (row.producer_bp, 0),
            "organizer_bp": (row.organizer_bp, 0),
        }  # fmt: skip
        made.append(told | {name: value for name, (value, usual) in more.items() if value != usual})
    return made


def rule_of(row: Promotion) -> Rule:
    """A stored promotion as the rules read it."""
    goods = {name: frozenset(ids) for name, ids in json.loads(row.goods).items()}
    return Rule(
        id=row.id, name=row.name, kind=row.kind, value=row.value, get=row.get_n, starts_on=row.starts_on,
        ends_on=row.ends_on, from_minute=row.from_minute, to_minute=row.to_minute, weekdays=row.weekdays,
        producer_bp=row.producer_bp, organizer_bp=row.organizer_bp, **goods,
    )  # fmt: skip


def bundles_for(session: Session, operator_id: str) -> list[dict[str, Any]]:
    """`bundles[]` of the catalogue: hampers sold now, with their parts."""
    live = (Bundle.operator_id == operator_id) & Bundle.stopped_at.is_(None)
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = session.execute(
        select(BundlePart.bundle_id, BundlePart.product_id, BundlePart.qty_milli)
        .join(Bundle, Bundle.id == BundlePart.bundle_id)
        .where(live)
        .order_by(BundlePart.bundle_id, BundlePart.product_id)
    )
    for bundle_id, product_id, qty_milli in rows:
        parts[bundle_id].append({"product": product_id, "qty_milli": qty_milli})
    return [
        {"id": b.id, "name": b.name, "code": b.code, "price": b.price_vnd, "parts": parts[b.id]}
        for b in session.scalars(select(Bundle).where(live).order_by(Bundle.name, Bundle.id))
    ]


def list_promotions(session: Session, operator_id: str, *, day: date, past: bool) -> list[Promotion]:
    """Those that run or will run, or those that are over; newest first."""
    over = or_(Promotion.stopped_at.is_not(None), Promotion.ends_on < day)
    wanted = over if past else (Promotion.stopped_at.is_(None)) & (Promotion.ends_on >= day)
    rows = select(Promotion).where(Promotion.operator_id == operator_id, wanted)
    return list(session.scalars(rows.order_by(Promotion.starts_on.desc(), Promotion.made_at.desc()).limit(200)))


def get_promotion(session: Session, promotion_id: str) -> Promotion:
    """Raises NotFound."""
    found = session.get(Promotion, promotion_id)
    if found is None:
        raise NotFound("promotion.unknown")
    return found


def get_bundle(session: Session, bundle_id: str) -> Bundle:
    """Raises NotFound."""
    found = session.get(Bundle, bundle_id)
    if found is None:
        raise NotFound("bundle.unknown")
    return found


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A hamper with its parts in words."""

    id: str
    name: str
    code: str | None
    price_vnd: int
    parts: tuple[tuple[str, int, str], ...]  # (name, thousandths, unit)


def list_bundles(session: Session, operator_id: str) -> list[BundleRow]:
    """The hampers an operator sells."""
    live = (Bundle.operator_id == operator_id) & Bundle.stopped_at.is_(None)
    parts: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    rows = session.execute(
        select(BundlePart.bundle_id, Product.name, BundlePart.qty_milli, Product.unit)
        .join(Bundle, Bundle.id == BundlePart.bundle_id)
        .join(Product, Product.id == BundlePart.product_id)
        .where(live)
        .order_by(Product.name)
    )
    for bundle_id, name, qty_milli, unit in rows:
        parts[bundle_id].append((name, qty_milli, unit))
    return [
        BundleRow(b.id, b.name, b.code, b.price_vnd, tuple(parts[b.id]))
        for b in session.scalars(select(Bundle).where(live).order_by(Bundle.name))
    ]


def products_by_number(session: Session, operator_id: str, numbers: list[str]) -> dict[str, str]:
    """Number on the tile → product, of what the operator sells."""
    rows = session.execute(
        select(Offer.sku, Offer.product_id).where(
            Offer.operator_id == operator_id, Offer.active, Offer.sku.in_(numbers)
        )
    )
    return {row[0]: row[1] for row in rows}


def scopes_of(session: Session, operator_id: str, *, day: date) -> list[tuple[str, str]]:
    """`kind:id` → name of where a promotion can hold besides everywhere: the operator's sites, fairs not over."""
    mine = Site.operator_id == operator_id
    sites = session.execute(select(Site.id, Site.name).where(mine, Site.active).order_by(Site.name, Site.id))
    fairs = session.execute(
        select(Fair.id, Fair.name).where(Fair.ends_on >= day, Fair.id.in_(select(Site.fair_id).where(mine)))
    )
    return [(f"site:{id_}", name) for id_, name in sites] + [(f"fair:{id_}", name) for id_, name in fairs]
