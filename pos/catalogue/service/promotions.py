"""Make and stop promotions and hampers. Tills take them with their next look at the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.models import Bundle, BundlePart, Product, Promotion
from pos.catalogue.promotions import ALL_DAYS, DAY_END, KINDS, STRONG_BP
from pos.catalogue.rules import SCOPES
from pos.catalogue.service.versions import raise_version
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.kernel.text import nfc


def add_promotion(
    session: Session,
    *,
    operator_id: str,
    name: str,
    kind: str,
    value: int,
    starts_on: date,
    ends_on: date,
    at: datetime,
    by: str | None,
    get: int = 0,
    scope_kind: str = "operator",
    scope_id: str | None = None,
    goods: Mapping[str, Sequence[str]] | None = None,
    from_minute: int = 0,
    to_minute: int = DAY_END,
    weekdays: int = ALL_DAYS,
    producer_bp: int = 0,
    organizer_bp: int = 0,
) -> Promotion:
    """A rule from today at the earliest: what was sold is sold. `value` is basis points, đồng off a unit, or how many
    are paid for with `get` more. Raises Invalid `promotion.value`, `.dates`, `.hours`, `.funders`, `price.scope`.
    """
    if kind not in KINDS or value <= 0 or (kind == "percent" and value > 10_000) or ((kind == "x_get_y") != (get > 0)):
        raise Invalid("promotion.value", field="value")
    if ends_on < starts_on or starts_on < local_date(at):
        raise Invalid("promotion.dates", field="starts_on")
    if not (0 <= from_minute < to_minute <= DAY_END and 0 < weekdays <= ALL_DAYS):
        raise Invalid("promotion.hours", field="from_minute")
    if producer_bp < 0 or organizer_bp < 0 or producer_bp + organizer_bp > 10_000:
        raise Invalid("promotion.funders", field="producer_bp")
    if scope_kind not in SCOPES or (scope_kind != "operator" and not scope_id):
        raise Invalid("price.scope", field="scope", scope=scope_kind)
    chosen = {kind_: sorted(ids) for kind_, ids in (goods or {}).items() if ids}
    promotion = Promotion(
        id=new_id(), operator_id=operator_id, name=nfc(name), kind=kind, value=value, get_n=get,
        scope_kind=scope_kind, scope_id=scope_id or operator_id, goods=json.dumps(chosen), starts_on=starts_on,
        ends_on=ends_on, from_minute=from_minute, to_minute=to_minute, weekdays=weekdays, producer_bp=producer_bp,
        organizer_bp=organizer_bp, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(promotion)
    session.flush()
    raise_version(session, operator_id)
    return promotion


def stop_promotion(session: Session, promotion_id: str, *, by: str, at: datetime) -> None:
    """From now on no till gives it; what was sold with it stands. Stopping twice is once."""
    promotion = session.get_one(Promotion, promotion_id)
    if promotion.stopped_at is None:
        promotion.stopped_at, promotion.stopped_by = at, by
        raise_version(session, promotion.operator_id)


def add_bundle(
    session: Session,
    *,
    operator_id: str,
    name: str,
    price_vnd: int,
    parts: Mapping[str, int],
    at: datetime,
    code: str | None = None,
) -> Bundle:
    """A hamper: product → thousandths. Raises Invalid `bundle.parts` for fewer than two, `bundle.strong` when a drink
    of 15 % and more is in it, Conflict `bundle.code_taken`."""
    if len(parts) < 2 or price_vnd <= 0:
        raise Invalid("bundle.parts", field="parts")
    strong = select(Product.name).where(Product.id.in_(parts), Product.alcohol_bp >= STRONG_BP).limit(1)
    if found := session.scalar(strong):
        raise Invalid("bundle.strong", field="parts", name=found)
    if code and session.scalar(select(Bundle.id).where(Bundle.operator_id == operator_id, Bundle.code == code)):
        raise Conflict("bundle.code_taken", field="code", taken=code)
    bundle = Bundle(
        id=new_id(), operator_id=operator_id, name=nfc(name), code=code, price_vnd=price_vnd, made_at=at
    )  # fmt: skip
    session.add(bundle)
    session.flush()
    session.add_all(
        BundlePart(bundle_id=bundle.id, product_id=product, qty_milli=milli) for product, milli in parts.items()
    )
    session.flush()
    raise_version(session, operator_id)
    return bundle


def stop_bundle(session: Session, bundle_id: str, *, at: datetime) -> None:
    """No till sells it any more."""
    bundle = session.get_one(Bundle, bundle_id)
    if bundle.stopped_at is None:
        bundle.stopped_at, bundle.code = at, None
        raise_version(session, bundle.operator_id)
