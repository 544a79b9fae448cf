"""Doubts whose cause has gone, one rule per code. Reads only; a code without a rule waits for a person.

What never closes by itself: a price that differed, sums that did not add up, a fork, a late event: what happened
stays as it happened. Rules read the open flags of a code in one statement, or in chunks with one statement for
what each chunk is about.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import DeviceLog, Person
from pos.access.sellers import Spot, held_by, limits_at
from pos.catalogue.models import Certificate, Offer, Product
from pos.consignment.models import Share
from pos.consignment.rules.shares import UNKNOWN
from pos.consignment.service.assignments import nobodys
from pos.kernel.clock import local_date
from pos.stock.models import Level, Lot
from pos.till.commands import Approval
from pos.till.models import Flag, PendingReturn, Sale, Shift, Tender, TillEvent
from pos.till.queries.tastings import tasted_beyond
from pos.till.rules.approvals import doubtful

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


def unknown_tender(session: Session, code: str) -> Pairs:
    """What was paid by means nobody knew has been corrected away."""
    mine, others = aliased(Tender), aliased(Tender)
    there = "unidentified_receipts"
    left = (
        select(func.sum(others.amount_vnd))
        .where(others.sale_id == mine.sale_id, others.account == there)
        .scalar_subquery()
    )
    still = select(mine.id).where(mine.event_id == Flag.event_id, mine.account == there, left != 0)
    return _pairs(session, _open(code).where(~still.exists()))


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


def under_age_unchecked(session: Session, code: str) -> Pairs:
    """The register says now that none of the goods has alcohol."""
    gone: Pairs = []
    for doubts in _chunks(session, code):
        weak = select(Product.id).where(Product.id.in_(_all(doubts)), Product.alcohol_bp == 0)
        gone += _gone(doubts, _in(set(session.scalars(weak))))
    return gone


def certificate_expired(session: Session, code: str) -> Pairs:
    """A certificate in force on the day of the sale has been entered since."""
    gone: Pairs = []
    for doubts in _chunks(session, code):
        days = {id_: local_date(heard.at) for id_, heard in _heard(session, doubts).items()}
        rows = session.execute(
            select(Certificate.product_id, Certificate.valid_from, Certificate.valid_to, Certificate.revoked_on).where(
                Certificate.product_id.in_(_all(doubts))
            )
        )
        spans: dict[str, list[tuple[date, date]]] = defaultdict(list)
        for product_id, start, end, revoked_on in rows:
            last = end if revoked_on is None else min(end, revoked_on - timedelta(days=1))
            spans[product_id].append((start, last))
        gone += _gone(doubts, _starred(spans, days))
    return gone


def _starred(spans: Mapping[str, list[tuple[date, date]]], days: Mapping[str, date]) -> Callable[[Flag, str], bool]:
    return lambda flag, id_: any(start <= days[flag.event_id] <= end for start, end in spans.get(id_, []))


def lot_expired(session: Session, code: str) -> Pairs:
    """The lots are known now to have been good on that day."""
    gone: Pairs = []
    for doubts in _chunks(session, code):
        heard = _heard(session, doubts)
        lots = {str(lot) for _flag, facts in doubts for lot in facts.get("lots", [])}
        rows = session.execute(select(Lot.operator_id, Lot.id, Lot.expires_on).where(Lot.id.in_(lots)))
        ends = [tuple(row) for row in rows]
        gone += [
            (flag.event_id, flag.code)
            for flag, facts in doubts
            if not any(
                operator == flag.operator_id and lot in facts.get("lots", []) and end and end < heard[flag.event_id].day
                for operator, lot, end in ends
            )
        ]  # fmt: skip
    return gone


def approved_offline(session: Session, code: str) -> Pairs:
    """Who approved is known and has the right and the limit now. What was approved without the server stays."""
    gone: Pairs = []
    for every in _chunks(session, code):
        doubts = [(flag, facts) for flag, facts in every if facts.get("approvals")]
        heard = _heard(session, doubts)
        given = {flag.id: [_approval(told) for told in facts["approvals"]] for flag, facts in doubts}
        held = held_by(session, {a.staff for all_ in given.values() for a in all_ if a.staff})
        for flag, facts in doubts:
            event = heard[flag.event_id]
            spot = Spot(flag.operator_id, flag.site_id, event.fair_id)
            people = {person: limits_at(roles, spot, event.at) for person, roles in held.items()}
            if not doubtful(given[flag.id], people, int(facts.get("gross", 0))):
                gone.append((flag.event_id, flag.code))
    return gone


def _approval(told: Facts) -> Approval:
    return Approval(told.get("action"), told.get("staff"), None, told.get("amount"), told.get("why") == "offline")


def tasting_over(session: Session, code: str) -> Pairs:
    """Some of it was undone, or so much may be tasted now."""
    gone: Pairs = []
    for doubts in _chunks(session, code):
        heard = _heard(session, doubts)
        for flag, facts in doubts:
            day = heard[flag.event_id].day
            if not tasted_beyond(session, flag.operator_id, flag.site_id, day, _products(facts)):
                gone.append((flag.event_id, flag.code))
    return gone


def _heard(session: Session, doubts: list[Doubt]) -> dict[str, Any]:
    """Event → its day, moment and fair."""
    rows = session.execute(
        select(TillEvent.id, TillEvent.day, TillEvent.at, DeviceLog.fair_id)
        .join(DeviceLog, DeviceLog.id == TillEvent.log_id)
        .where(TillEvent.id.in_({flag.event_id for flag, _ in doubts}))
    )
    return {row.id: row for row in rows}


RULES: dict[str, Callable[[Session, str], Pairs]] = {
    rule.__name__: rule
    for rule in (
        no_agreement, unknown_sale, unknown_staff, clock_skew, negative_stock, unknown_product, foreign_goods,
        unknown_shift, unknown_tender, under_age_unchecked, certificate_expired, lot_expired, approved_offline,
        tasting_over,
    )
}  # fmt: skip
