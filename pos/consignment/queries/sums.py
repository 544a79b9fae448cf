"""The open settlement lines of an operator, summed by producer: one GROUP BY over the lines alone.

A line repeats what its share says of the sum, so no share is looked up, however many lines there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Integer, case, func, literal, null, select
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLine
from pos.consignment.queries.payable import (
    Cut,
    free_to_go,
    held_until,
    open_lines,
    origin_join,
    waits_for_an_answer,
    within,
)
from pos.consignment.queries.payable import Origin as OriginLine

SOLD = ("sale", "return")
FREE, HELD, AFTER, DISPUTED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Held:
    """So much becomes payable on a day (returns of it already taken off)."""

    available_on: date
    amount_vnd: int


@dataclass(slots=True)
class Sums:
    """One producer's open lines. What may go now, by rung and rate; what waits for its day or for an answer; what is
    beyond the cut."""

    lines: int = 0
    first_on: date | None = None
    left_seq: int | None = None  # the first line that may not go
    by_code: dict[tuple[str, int | None], int] = field(default_factory=lambda: defaultdict(int))
    commission: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    accrued: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    held: list[Held] = field(default_factory=list)
    after_vnd: int = 0
    disputed_vnd: int = 0


def bucket_of(cut: Cut) -> ColumnElement[int]:
    """May it go, does it wait for an answer or its day, or is it the next statement's? Needs the join to `Origin`."""
    return case(
        (free_to_go(cut), literal(FREE, Integer)),
        (~within(cut), literal(AFTER, Integer)),
        (waits_for_an_answer(), literal(DISPUTED, Integer)),
        else_=literal(HELD, Integer),
    )


def sums_of(session: Session, cut: Cut, producer_ids: Collection[str]) -> dict[str, Sums]:
    """By producer; only producers with open lines."""
    line = SettlementLine
    bucket = bucket_of(cut).label("bucket")
    day = case((~free_to_go(cut) & within(cut), held_until()), else_=null()).label("held_until")
    keys = (line.producer_id, bucket, day, line.kind, line.mode, line.commission_bp, line.commission_vat_bp)
    rows = session.execute(
        select(
            *keys, func.count(), func.min(line.business_date), func.sum(line.amount_vnd), func.sum(line.gross_vnd),
            func.sum(line.discount_producer_vnd), func.sum(line.commission_vnd), func.sum(line.commission_vat_vnd),
            func.min(line.seq),
        )
        .outerjoin(OriginLine, origin_join())
        .where(open_lines(cut, producer_ids))
        .group_by(*keys)
    )  # fmt: skip
    found: dict[str, Sums] = defaultdict(Sums)
    waiting: dict[tuple[str, date], int] = defaultdict(int)
    for producer_id, where, until, kind, mode, bp, vat_bp, count, first, amount, *sums, seq in rows:
        mine = found[producer_id]
        if where != FREE:
            mine.left_seq = min(seq, mine.left_seq or seq)
        if where == HELD:
            waiting[producer_id, until] += int(amount)
            continue
        if where == AFTER:
            mine.after_vnd += int(amount)
            continue
        if where == DISPUTED:
            mine.disputed_vnd += int(amount)
            continue
        mine.lines += count
        mine.first_on = min(first, mine.first_on or first)
        if kind in SOLD and mode == "commission":
            gross, discount, commission, vat = sums
            mine.by_code["gross", None] += int(gross)
            mine.by_code["discount_producer", None] -= int(discount)
            mine.by_code["commission", bp] -= int(commission)
            mine.by_code["commission_vat", vat_bp] -= int(vat)
            mine.commission[vat_bp] += int(commission)
            mine.accrued[vat_bp] += int(vat)
        else:
            mine.by_code["agreed_cost" if kind in SOLD else kind, None] += int(amount)
    for (producer_id, until), amount in sorted(waiting.items()):
        found[producer_id].held.append(Held(until, amount))
    return dict(found)
