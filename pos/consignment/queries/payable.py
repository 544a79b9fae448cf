"""Which settlement lines a run may claim, as SQL. Source: money.md "Settlement"; golden `hold`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from pos.consignment.models import Dispute, SettlementLine, StatementClaim

Origin = aliased(SettlementLine, name="origin")
Line = type[SettlementLine]


@dataclass(frozen=True, slots=True)
class Cut:
    """What a run looks at: two keys (day and seq) and the day by which credits must be available."""

    operator_id: str
    cutoff_on: date
    run_on: date
    snapshot_seq: int


def claimed(line: Any) -> ColumnElement[bool]:
    """The line stands on a live statement."""
    return exists().where(StatementClaim.line_id == line.id, StatementClaim.released_at.is_(None))


def within(cut: Cut, line: Any = SettlementLine) -> ColumnElement[bool]:
    """Both keys, for credits and debits: a late sale is beyond the seq and lands on the next statement."""
    return and_(line.business_date <= cut.cutoff_on, line.seq <= cut.snapshot_seq)


def disputed(line: Any = SettlementLine) -> ColumnElement[bool]:
    """Nobody has answered yet what its producer says of it. The few open ones are looked up once, not per line."""
    return line.id.in_(select(Dispute.line_id).where(Dispute.answered_at.is_(None)))  # type: ignore[no-any-return]


def ready(cut: Cut, line: Any = SettlementLine) -> ColumnElement[bool]:
    """Credits wait for `available_on` and for the answer to a dispute, debits never."""
    return or_(line.amount_vnd < 0, and_(line.available_on <= cut.run_on, ~disputed(line)))


def waits_for_an_answer() -> ColumnElement[bool]:
    """A credit in dispute, or what travels with one. Needs the outer join to `Origin`."""
    return or_(
        and_(SettlementLine.amount_vnd >= 0, disputed(SettlementLine)),
        and_(Origin.id.is_not(None), Origin.amount_vnd >= 0, ~claimed(Origin), disputed(Origin)),
    )


def open_lines(cut: Cut, producer_ids: Collection[str] | None) -> ColumnElement[bool]:
    """On no live statement; needs no join."""
    mine = SettlementLine.operator_id == cut.operator_id
    if producer_ids is not None:
        mine = and_(mine, SettlementLine.producer_id.in_(producer_ids))
    return and_(mine, ~claimed(SettlementLine))


def free_to_go(cut: Cut) -> ColumnElement[bool]:
    """Payable now; what answers an unclaimed sale travels with it. Needs the outer join to `Origin`."""
    return and_(
        within(cut),
        ready(cut),
        or_(SettlementLine.returns_line_id.is_(None), claimed(Origin), and_(within(cut, Origin), ready(cut, Origin))),
    )


def origin_join() -> ColumnElement[bool]:
    """ON clause of the line that a return or dispute answers."""
    return Origin.id == SettlementLine.returns_line_id


def held_until() -> ColumnElement[date]:
    """The day an open line becomes payable: that of the sale it answers, else its own."""
    return case((Origin.id.is_not(None), Origin.available_on), else_=SettlementLine.available_on)
