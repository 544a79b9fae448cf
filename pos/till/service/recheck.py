"""Doubts whose cause has gone, one rule per code. Reads only; a code without a rule waits for a person.

`certificate_expired` and `price_differs` never close by themselves: what was sold stays as it was sold. Rules read
the open flags of a code in one statement, or in chunks with one statement for what each chunk is about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import Person
from pos.catalogue.models import Offer, Product
from pos.consignment.models import Share
from pos.consignment.rules.shares import UNKNOWN
from pos.consignment.service.assignments import nobodys
from pos.stock.models import Level
from pos.till.models import Flag, PendingReturn, Sale, Shift, Tender, TillEvent

CHUNK = 500
Pairs = list[tuple[str, str]]
Facts = dict[str, Any]
Doubt = tuple[Flag, Facts]


def list_gone(session: Session) -> Pairs:
    """(event id, code) of every open flag whose cause has gone."""
    return [pair for code, rule in RULES.items() for pair in rule(session, code)]


def _open(code: str) -> Any:
    return select(Flag.event_id, Flag.code).where(Flag.code == code, Flag.closed_at.is_(None))


def _pairs(session: Session, query: Any) -> Pairs:
    return [(event_id, code) for event_id, code in session.execute(query)]


# ── Those the database can answer by itself ──────────────────────────────────
def no_agreement(session: Session, code: str) -> Pairs:
    """Every line of the ticket that nobody owned has been assigned."""
    unowned = select(Share.id).where(Share.event_id == Flag.event_id, Share.kind == "sale", Share.mode == UNKNOWN)
    still = select(Share.id).where(Share.event_id == Flag.event_id, nobodys())
    return _pairs(session, _open(code).where(unowned.exists(), ~still.exists()))


def unknown_sale(session: Session, code: str) -> Pairs:
    """No return of the ticket waits any more, and the sale a correction is about is here."""
    waiting = select(PendingReturn.sale_id).where(PendingReturn.sale_id == Flag.event_id)
    here = select(Sale.id).where(Sale.id == Tender.sale_id, Sale.operator_id == Flag.operator_id)
    lost = select(Tender.sale_id).where(Tender.event_id == Flag.event_id, ~here.exists())
    return _pairs(session, _open(code).where(~waiting.exists(), ~lost.exists()))


def unknown_staff(session: Session, code: str) -> Pairs:
    """The person exists now."""
    known = select(Person.id).join(TillEvent, TillEvent.staff_id == Person.id).where(TillEvent.id == Flag.event_id)
    return _pairs(session, _open(code).where(known.exists()))


def clock_skew(session: Session, code: str) -> Pairs:
    """The same log came later with its clock right."""
    mine, later, wrong = aliased(TillEvent), aliased(TillEvent), aliased(Flag)
    skewed = select(wrong.id).where(wrong.event_id == later.id, wrong.code == code)
    right = (
        select(later.id)
        .join(mine, mine.log_id == later.log_id)
        .where(
            mine.id == Flag.event_id, later.seq > mine.seq, later.received_at > mine.received_at, ~skewed.exists()
        )
    )  # fmt: skip
    return _pairs(session, _open(code).where(right.exists()))


# ── Those whose facts say what they are about ────────────────────────────────
def _chunks(session: Session, code: str) -> Iterator[list[Doubt]]:
    last = ""
    while found := session.scalars(
        select(Flag).where(Flag.code == code, Flag.closed_at.is_(None), Flag.id > last).order_by(Flag.id).limit(CHUNK)
    ).all():
        yield [(flag, json.loads(flag.facts)) for flag in found]
        last = found[-1].id
        session.expunge_all()


def _products(facts: Facts) -> list[str]:
    named = facts.get("products", [facts.get("product")])
    return [id_ for id_ in named if isinstance(id_, str)]


def _all(doubts: list[Doubt]) -> set[str]:
    return {id_ for _flag, facts in doubts for id_ in _products(facts)}


def _gone(doubts: list[Doubt], holds: Callable[[Flag, str], bool]) -> Pairs:
    """The doubts of which every product holds."""
    return [
        (flag.event_id, flag.code)
        for flag, facts in doubts
        if (ids := _products(facts)) and all(holds(flag, id_) for id_ in ids)
    ]


def negative_stock(session: Session, code: str) -> Pairs:
    """The site has none of the products below zero, its lots together."""
    gone: Pairs = []
    for doubts in _chunks(session, code):
        left = func.sum(Level.on_hand_milli)
        rows = session.execute(
            select(Level.operator_id, Level.place_id, Level.product_id)
            .where(
                Level.place_kind == "site",
                Level.place_id.in_({flag.site_id for flag, _ in doubts}),
                Level.product_id.in_(_all(doubts)),
            )
            .group_by(Level.operator_id, Level.place_id, Level.product_id)
            .having(left < 0)
        )
        short = {tuple(row) for row in rows}
        gone += _gone(doubts, _not_in(short))
    return gone


def _not_in(short: Collection[tuple[Any, ...]]) -> Callable[[Flag, str], bool]:
    return lambda flag, id_: (flag.operator_id, flag.site_id, id_) not in short


def unknown_product(session: Session, code: str) -> Pairs:
    """Every product named is registered now. A barcode that could not be kept still wants a person."""
    gone: Pairs = []
    for every in _chunks(session, code):
        doubts = [(flag, facts) for flag, facts in every if "barcode" not in facts]
        known = set(session.scalars(select(Product.id).where(Product.id.in_(_all(doubts)))))
        gone += _gone(doubts, _in(known))
    return gone


def _in(known: Collection[str]) -> Callable[[Flag, str], bool]:
    return lambda _flag, id_: id_ in known


def foreign_goods(session: Session, code: str) -> Pairs:
    """The operator offers every product named now."""
    gone: Pairs = []
    for doubts in _chunks(session, code):
        rows = session.execute(
            select(Offer.operator_id, Offer.product_id).where(
                Offer.operator_id.in_({flag.operator_id for flag, _ in doubts}), Offer.product_id.in_(_all(doubts))
            )
        )
        gone += _gone(doubts, _offered({tuple(row) for row in rows}))
    return gone


def _offered(offers: Collection[tuple[Any, ...]]) -> Callable[[Flag, str], bool]:
    return lambda flag, id_: (flag.operator_id, id_) in offers


def unknown_shift(session: Session, code: str) -> Pairs:
    """The shift's opening has come, of the same operator."""
    gone: Pairs = []
    for doubts in _chunks(session, code):
        asked = {str(facts.get("shift")) for _flag, facts in doubts}
        rows = session.execute(
            select(Shift.id, Shift.operator_id).where(Shift.id.in_(asked), Shift.opened_event.is_not(None))
        )
        opened = {tuple(row) for row in rows}
        gone += [
            (flag.event_id, flag.code)
            for flag, facts in doubts
            if (facts.get("shift"), flag.operator_id) in opened
        ]  # fmt: skip
    return gone


RULES: dict[str, Callable[[Session, str], Pairs]] = {
    rule.__name__: rule
    for rule in (
        no_agreement, unknown_sale, unknown_staff, clock_skew, negative_stock, unknown_product, foreign_goods,
        unknown_shift,
    )
}  # fmt: skip
