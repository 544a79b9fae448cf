"""The draft of a statement: what a freeze with this cut-off would take, hold and pay. Writes nothing.

The same number of queries for one producer and for thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.consignment.models import Statement
from pos.consignment.queries.accounts import accounts_of
from pos.consignment.queries.extras import Extras, extras_of
from pos.consignment.queries.payable import Cut
from pos.consignment.queries.sums import Held, Sums, sums_of
from pos.consignment.queries.versions import Version, terms_of
from pos.consignment.queries.watermarks import claimed_through
from pos.consignment.rules.settlement import Division, TrueUp, divide, verdict_of
from pos.ledger.models import Posting
from pos.ledger.queries import head_of
from pos.producers.models import Producer

OTHER_KINDS = ("fee", "payment_fee", "compensation", "rebate", "kept_takings", "adjustment")
CARRIED, RESERVE, ADVANCE = "producer_receivable", "reserve", "producer_advance"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung from the sales to the payout; `bp` where it belongs to a rate."""

    code: str
    amount_vnd: int
    bp: int | None = None


@dataclass(slots=True)
class Preview:
    """A draft. `verdict`: freeze, nothing, zero, below_minimum. Amounts are + for the producer."""

    operator_id: str
    producer_id: str
    producer_code: str
    producer_name: str
    cutoff_on: date
    run_on: date
    snapshot_seq: int
    claimed_through_seq: int  # once it is frozen, no line of the pair up to here is open
    period_from: date
    first_on: date | None  # of the lines taken
    others: bool  # some of them are neither sales nor returns
    lines: int
    steps: list[Step]
    true_ups: list[TrueUp]
    division: Division
    verdict: str
    held: list[Held]
    disputed_vnd: int  # waits for an answer to what the producer says
    after_cutoff_vnd: int  # open and beyond one of the two keys: the next statement's
    previous_seq: int
    previous_cutoff_on: date | None
    agreement_version_id: str | None = None
    min_payout_vnd: int = 0
    pay_weekday: int = 0
    bank_account_id: str | None = None
    bank_label: str | None = None
    extras: Extras = field(default_factory=Extras)

    @property
    def held_vnd(self) -> int:
        return sum(held.amount_vnd for held in self.held)

    @property
    def ladder(self) -> list[Step]:
        """All rungs: opening + … = payout + carried."""
        return ladder_of(self.steps, self.division)


def preview(
    session: Session, operator_id: str, producer_id: str, cutoff: date, *, run_on: date, snapshot_seq: int | None = None
) -> Preview | None:
    """One producer's draft; None when there is no such producer."""
    found = previews(session, operator_id, cutoff, run_on=run_on, producer_ids=[producer_id], snapshot_seq=snapshot_seq)
    return found[0] if found else None


def previews(
    session: Session,
    operator_id: str,
    cutoff: date,
    *,
    run_on: date,
    producer_ids: Collection[str],
    snapshot_seq: int | None = None,
) -> list[Preview]:
    """Drafts of these producers by name."""
    seq = head_of(session, operator_id)[0] if snapshot_seq is None else snapshot_seq
    cut = Cut(operator_id, cutoff, run_on, seq)
    sums = sums_of(session, cut, producer_ids)
    terms = terms_of(session, operator_id, cutoff, producer_ids)
    extras = extras_of(session, cut, terms, producer_ids)
    balances = balances_of(session, operator_id, producer_ids)
    previous = _previous(session, operator_id, producer_ids)
    accounts = accounts_of(session, operator_id, producer_ids)
    names = session.execute(
        select(Producer.id, Producer.code, Producer.name).where(Producer.id.in_(producer_ids)).order_by(Producer.name)
    )
    made = []
    for producer_id, code, name in names:
        mine = sums.get(producer_id) or Sums()
        version = terms.get(producer_id)
        before = previous.get(producer_id)
        more = extras.get(producer_id) or Extras()
        true_ups = [TrueUp(bp, mine.commission[bp], mine.accrued[bp]) for bp in sorted(mine.accrued)]
        others = any(code in OTHER_KINDS for code, _ in mine.by_code)
        steps = _steps(mine, true_ups, more)
        base = mine.by_code["gross", None] + mine.by_code["discount_producer", None]
        division = division_of(sum(step.amount_vnd for step in steps), base, balances, producer_id, version)
        true_ups += [TrueUp(b.vat_bp, -b.commission_vnd, -b.vat_vnd) for b in more.bonuses if b.commission_vnd]
        least = version.min_payout_vnd if version else 0
        account = accounts.get(producer_id)
        made.append(
            Preview(
                operator_id, producer_id, code, name, cutoff, run_on, seq, claimed_through(mine.left_seq, seq),
                period_from=_period_from(mine.first_on, before, cutoff), first_on=mine.first_on,
                others=others, lines=mine.lines, steps=steps,
                true_ups=true_ups, division=division, verdict=verdict_of(mine.lines + more.lines, division, least),
                held=mine.held, disputed_vnd=mine.disputed_vnd, after_cutoff_vnd=mine.after_vnd,
                previous_seq=before[1] if before else 0, previous_cutoff_on=before[0] if before else None,
                agreement_version_id=version.id if version else None, min_payout_vnd=least,
                pay_weekday=version.pay_weekday if version else 0,
                bank_account_id=account.id if account else None,
                bank_label=f"{account.bank_name} ••••{account.number_last4}" if account else None,
                extras=more,
            )
        )  # fmt: skip
    return made


def division_of(
    subtotal_vnd: int, base_vnd: int, balances: Mapping[tuple[str, str], int], producer_id: str,
    version: Version | None,
) -> Division:  # fmt: skip
    """Where a producer's subtotal goes by its terms; `base_vnd` is Σ commission base of the lines taken."""
    return divide(
        subtotal_vnd,
        opening_vnd=-balances[producer_id, CARRIED],
        reserve_vnd=-balances[producer_id, RESERVE],
        advance_vnd=balances[producer_id, ADVANCE],
        reserve_base_vnd=base_vnd,
        reserve_bp=version.reserve_bp if version else 0,
        recoup_bp=version.recoup_bp if version else 0,
    )


def ladder_of(steps: list[Step], division: Division) -> list[Step]:
    """opening + steps − reserve kept + reserve used − recouped − payout = carried, all signed."""
    rungs = [Step("opening", division.opening_vnd), *steps]
    rungs += [
        Step(code, amount)
        for code, amount in (
            ("reserve_kept", -division.reserve_kept_vnd),
            ("reserve_used", division.reserve_used_vnd),
            ("recouped", -division.recouped_vnd),
        )
        if amount
    ]
    return rungs


def _steps(mine: Sums, true_ups: list[TrueUp], more: Extras) -> list[Step]:
    rounding = sum(row.rounding_vnd for row in true_ups)
    if rounding:
        mine.by_code["vat_rounding", None] += rounding
    mine.by_code["kept_takings", None] -= more.kept_vnd
    for bonus in more.bonuses:
        mine.by_code[bonus.line_kind, None] += bonus.amount_vnd
    order = ("gross", "agreed_cost", "discount_producer", "commission", "commission_vat", "vat_rounding", *OTHER_KINDS)
    known = sorted(mine.by_code.items(), key=lambda item: (order.index(item[0][0]), item[0][1] or 0))
    return [Step(code, amount, bp) for (code, bp), amount in known if amount or code == "gross"]


def balances_of(session: Session, operator_id: str, producer_ids: Collection[str] | None) -> dict[tuple[str, str], int]:
    """Carried, reserve and advance by (producer, account); 0 for what was never posted. None: of all."""
    wanted = (
        select(Posting.dimension, Posting.account, func.sum(Posting.amount_vnd))
        .where(Posting.operator_id == operator_id, Posting.account.in_((CARRIED, RESERVE, ADVANCE)))
        .group_by(Posting.dimension, Posting.account)
    )
    if producer_ids is not None:
        wanted = wanted.where(Posting.dimension.in_(producer_ids))
    rows = session.execute(wanted)
    found: dict[tuple[str, str], int] = defaultdict(int)
    found.update({(producer_id, account): int(total) for producer_id, account, total in rows})
    return found


def _previous(session: Session, operator_id: str, producer_ids: Collection[str]) -> dict[str, tuple[date, int]]:
    """(cut-off, seq) of the last live statement by producer."""
    rows: Any = session.execute(
        select(Statement.producer_id, func.max(Statement.cutoff_on), func.max(Statement.snapshot_seq))
        .where(
            Statement.operator_id == operator_id,
            Statement.producer_id.in_(producer_ids),
            Statement.state != "void",
        )
        .group_by(Statement.producer_id)
    )
    return {producer_id: (cutoff, int(seq)) for producer_id, cutoff, seq in rows}


def _period_from(first_on: date | None, previous: tuple[date, int] | None, cutoff: date) -> date:
    if previous is not None:
        return min(date.fromordinal(previous[0].toordinal() + 1), cutoff)
    return min(first_on or cutoff, cutoff)
