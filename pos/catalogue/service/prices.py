"""Prices that a producer is asked about: agreed in time they begin as announced, otherwise the old price stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.models import Offer, Price, PriceAsked, Product
from pos.catalogue.queries.tablet import timelines_of
from pos.catalogue.rules import SCOPES
from pos.catalogue.service.offers import set_price
from pos.catalogue.service.versions import note_change
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id


def ask_price(
    session: Session,
    *,
    operator_id: str,
    product_id: str,
    price_vnd: int,
    starts_at: datetime,
    at: datetime,
    by: str | None,
    scope_kind: str = "operator",
    scope_id: str | None = None,
    note: str | None = None,
) -> PriceAsked:
    """Ask on the producer's page. What was asked for the same place and moment before is withdrawn.

    Raises Invalid `offer.unknown`, `price.scope`, `price.ask_later`.
    """
    product = session.get(Product, product_id)
    if product is None or session.get(Offer, (operator_id, product_id)) is None:
        raise Invalid("offer.unknown", field="price")
    if scope_kind not in SCOPES or (scope_kind != "operator" and scope_id is None):
        raise Invalid("price.scope", scope=scope_kind)
    if starts_at <= at:
        raise Invalid("price.ask_later", field="starts_at")
    scope_id = scope_id or operator_id
    place = (PriceAsked.operator_id == operator_id, PriceAsked.product_id == product_id,
             PriceAsked.scope_kind == scope_kind, PriceAsked.scope_id == scope_id)  # fmt: skip
    for old in session.scalars(select(PriceAsked).where(*place, PriceAsked.state == "open").with_for_update()):
        if old.starts_at == starts_at:
            old.state, old.answered_at, old.answered_by = "withdrawn", at, by
    line = timelines_of(
        session, operator_id=operator_id, site_id=scope_id if scope_kind == "site" else "",
        fair_id=scope_id if scope_kind == "fair" else None, product_ids=[product_id],
    ).get(product_id)  # fmt: skip
    asked = PriceAsked(
        id=new_id(), operator_id=operator_id, product_id=product_id, producer_id=product.producer_id,
        scope_kind=scope_kind, scope_id=scope_id, price_vnd=price_vnd,
        before_vnd=line.price_at(starts_at) if line else None, starts_at=starts_at, note=note, state="open", made_at=at,
        made_by=by,
    )  # fmt: skip
    session.add(asked)
    return asked


def answer_price(
    session: Session, asked_id: str, *, agreed: bool, at: datetime, by: str | None, answer: str | None = None
) -> None:
    """The producer's word. Agreed, the price begins as announced; it is never made to begin in the past.

    Raises Conflict `price.answered`, `price.too_late`.
    """
    asked = _open(session, asked_id)
    if asked.starts_at <= at:
        raise Conflict("price.too_late")
    asked.state, asked.answered_at, asked.answered_by = "agreed" if agreed else "refused", at, by
    asked.answer = answer
    if agreed:
        set_price(
            session, operator_id=asked.operator_id, product_id=asked.product_id, price_vnd=asked.price_vnd,
            starts_at=asked.starts_at, at=at, scope_kind=asked.scope_kind, scope_id=asked.scope_id, consent="page",
            by=asked.made_by,
        )  # fmt: skip


def withdraw_price(session: Session, asked_id: str, *, at: datetime, by: str | None) -> str:
    """The operator thinks again before an answer came. Returns the product's id. Raises Conflict `price.answered`."""
    asked = _open(session, asked_id)
    asked.state, asked.answered_at, asked.answered_by = "withdrawn", at, by
    return asked.product_id


def cancel_price(session: Session, price_id: str, *, at: datetime) -> str:
    """A price that has not begun is taken back; tablets forget it. Returns the product's id.

    Raises Conflict `price.begun`.
    """
    price = session.scalar(select(Price).where(Price.id == price_id).with_for_update())
    if price is None:
        raise NotFound("price.unknown")
    if price.starts_at <= at:
        raise Conflict("price.begun")
    product_id, operator_id = price.product_id, price.operator_id
    session.delete(price)
    session.flush()
    note_change(session, None, product_id, operator_id)
    return product_id


def _open(session: Session, asked_id: str) -> PriceAsked:
    asked = session.scalar(select(PriceAsked).where(PriceAsked.id == asked_id).with_for_update())
    if asked is None:
        raise NotFound("price.unknown")
    if asked.state != "open":
        raise Conflict("price.answered")
    return asked
