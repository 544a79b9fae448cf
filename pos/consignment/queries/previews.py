"""The draft of a statement: what a freeze with this cut-off would take, hold and pay. Writes nothing.

The same number of queries for one producer and for thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.consignment.models import Agreement, AgreementVersion, SettlementLine, Share, Statement
from pos.consignment.queries.payable import Cut, free_to_go, held_until, open_lines, origin_join, within
from pos.consignment.queries.payable import Origin as OriginLine
from pos.consignment.rules.settlement import Division, TrueUp, divide, verdict_of
from pos.ledger.models import Posting
from pos.ledger.queries import head_of
from pos.producers.models import BankAccount, Producer

OTHER_KINDS = ("fee", "payment_fee", "compensation", "rebate", "kept_takings", "adjustment")
CARRIED, RESERVE, ADVANCE = "producer_receivable", "reserve", "producer_advance"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung from the sales to the payout; `bp` where it belongs to a rate."""

    code: str
    amount_vnd: int
    bp: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """So much becomes payable on a day (returns of it already taken off)."""

    available_on: date
    amount_vnd: int


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
    period_from: date
    lines: int
    steps: list[Step]
    true_ups: list[TrueUp]
    division: Division
    verdict: str
    held: list[Held]
    after_cutoff_vnd: int  # open and beyond one of the two keys: the next statement's
    previous_seq: int
    previous_cutoff_on: date | None
    agreement_version_id: str | None = None
    min_payout_vnd: int = 0
    pay_weekday: int = 0
    bank_account_id: str | None = None
    bank_label: str | None = None

    @property
    def held_vnd(self) -> int:
        return sum(held.amount_vnd for held in self.held)

    @property
    def ladder(self) -> list[Step]:
        """All rungs: opening + … = payout + carried."""
        return ladder_of(self.steps, self.division)


@dataclass(slots=True)
class _Sums:
    lines: int = 0
    first_on: date | None = None
    by_code: dict[tuple[str, int | None], int] = field(default_factory=lambda: defaultdict(int))
    commission: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    accrued: dict[int, int] = field(default_factory=lambda: defaultdict(int))


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
    producer_ids: Collection[str] | None = None,
    snapshot_seq: int | None = None,
) -> list[Preview]:
    """Drafts by producer name. Without `producer_ids`: everybody with open lines or an agreement."""
    seq = head_of(session, operator_id)[0] if snapshot_seq is None else snapshot_seq
    cut = Cut(operator_id, cutoff, run_on, seq)
    sums = _sums(session, cut, producer_ids)
    held, after = _held(session, cut, producer_ids)
    terms = terms_of(session, operator_id, cutoff, producer_ids)
    wanted = set(producer_ids) if producer_ids is not None else sums.keys() | held.keys() | after.keys() | terms.keys()
    balances = _balances(session, operator_id, wanted)
    previous = _previous(session, operator_id, wanted)
    accounts = accounts_of(session, wanted)
    names = session.execute(
        select(Producer.id, Producer.code, Producer.name).where(Producer.id.in_(wanted)).order_by(Producer.name)
    )
    made = []
    for producer_id, code, name in names:
        mine = sums.get(producer_id, _Sums())
        version = terms.get(producer_id)
        before = previous.get(producer_id)
        true_ups = [TrueUp(bp, mine.commission[bp], mine.accrued[bp]) for bp in sorted(mine.accrued)]
        steps = _steps(mine, true_ups)
        division = divide(
            sum(step.amount_vnd for step in steps),
            opening_vnd=-balances[producer_id, CARRIED],
            reserve_vnd=-balances[producer_id, RESERVE],
            advance_vnd=balances[producer_id, ADVANCE],
        )
        least = version.min_payout_vnd if version else 0
        account = accounts.get(producer_id)
        made.append(
            Preview(
                operator_id, producer_id, code, name, cutoff, run_on, seq,
                period_from=_period_from(mine.first_on, before, cutoff), lines=mine.lines, steps=steps,
                true_ups=true_ups, division=division, verdict=verdict_of(mine.lines, division, least),
                held=held.get(producer_id, []), after_cutoff_vnd=after.get(producer_id, 0),
                previous_seq=before[1] if before else 0, previous_cutoff_on=before[0] if before else None,
                agreement_version_id=version.id if version else None, min_payout_vnd=least,
                pay_weekday=version.pay_weekday if version else 0,
                bank_account_id=account.id if account else None,
                bank_label=f"{account.bank_name} ••••{account.number_last4}" if account else None,
            )
        )  # fmt: skip
    return made


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


def _sums(session: Session, cut: Cut, producer_ids: Collection[str] | None) -> dict[str, _Sums]:
    rates = (SettlementLine.kind, Share.mode, Share.commission_bp, Share.commission_vat_bp)
    rows = session.execute(
        select(
            SettlementLine.producer_id, *rates, func.count(), func.min(SettlementLine.business_date),
            func.sum(SettlementLine.amount_vnd), func.sum(Share.gross_vnd), func.sum(Share.discount_producer_vnd),
            func.sum(Share.commission_vnd), func.sum(Share.commission_vat_vnd),
        )
        .outerjoin(Share, Share.id == SettlementLine.share_id)
        .outerjoin(OriginLine, origin_join())
        .where(open_lines(cut, producer_ids), free_to_go(cut))
        .group_by(SettlementLine.producer_id, *rates)
    )  # fmt: skip
    found: dict[str, _Sums] = defaultdict(_Sums)
    for producer_id, kind, mode, bp, vat_bp, count, first, amount, gross, discount, commission, vat in rows:
        mine = found[producer_id]
        mine.lines += count
        mine.first_on = min(first, mine.first_on or first)
        if kind in ("sale", "return") and mode == "commission":
            mine.by_code["gross", None] += int(gross)
            mine.by_code["discount_producer", None] -= int(discount)
            mine.by_code["commission", bp] -= int(commission)
            mine.by_code["commission_vat", vat_bp] -= int(vat)
            mine.commission[vat_bp] += int(commission)
            mine.accrued[vat_bp] += int(vat)
        else:
            mine.by_code["agreed_cost" if kind in ("sale", "return") else kind, None] += int(amount)
    return dict(found)


def _steps(mine: _Sums, true_ups: list[TrueUp]) -> list[Step]:
    rounding = sum(row.rounding_vnd for row in true_ups)
    if rounding:
        mine.by_code["vat_rounding", None] += rounding
    order = ("gross", "agreed_cost", "discount_producer", "commission", "commission_vat", "vat_rounding", *OTHER_KINDS)
    known = sorted(mine.by_code.items(), key=lambda item: (order.index(item[0][0]), item[0][1] or 0))
    return [Step(code, amount, bp) for (code, bp), amount in known if amount or code == "gross"]


def _held(
    session: Session, cut: Cut, producer_ids: Collection[str] | None
) -> tuple[dict[str, list[Held]], dict[str, int]]:
    """(by producer what waits for its day, what is beyond the cut-off)."""
    day, inside = held_until(), within(cut)
    rows = session.execute(
        select(SettlementLine.producer_id, inside, day, func.sum(SettlementLine.amount_vnd))
        .outerjoin(OriginLine, origin_join())
        .where(open_lines(cut, producer_ids), ~free_to_go(cut))
        .group_by(SettlementLine.producer_id, inside, day)
        .order_by(SettlementLine.producer_id, day)
    )
    held: dict[str, list[Held]] = defaultdict(list)
    after: dict[str, int] = defaultdict(int)
    for producer_id, in_time, available_on, amount in rows:
        if in_time:
            held[producer_id].append(Held(available_on, int(amount)))
        else:
            after[producer_id] += int(amount)
    return held, after


def terms_of(
    session: Session, operator_id: str, day: date, producer_ids: Collection[str] | None
) -> dict[str, AgreementVersion]:
    """The version in force on a day by producer."""
    wanted = (
        select(Agreement.producer_id, AgreementVersion)
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(Agreement.operator_id == operator_id, AgreementVersion.starts_on <= day)
        .order_by(AgreementVersion.starts_on)
    )
    if producer_ids is not None:
        wanted = wanted.where(Agreement.producer_id.in_(producer_ids))
    return {row[0]: row[1] for row in session.execute(wanted)}


def accounts_of(session: Session, producer_ids: Collection[str]) -> dict[str, BankAccount]:
    """The account to pay to: the newest confirmed one, the newest of all where none is confirmed yet."""
    rows = session.scalars(
        select(BankAccount)
        .where(BankAccount.producer_id.in_(producer_ids))
        .order_by(BankAccount.confirmed_at.is_not(None), BankAccount.made_at, BankAccount.id)
    )
    return {account.producer_id: account for account in rows}


def _balances(session: Session, operator_id: str, producer_ids: Collection[str]) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(Posting.dimension, Posting.account, func.sum(Posting.amount_vnd))
        .where(
            Posting.operator_id == operator_id,
            Posting.account.in_((CARRIED, RESERVE, ADVANCE)),
            Posting.dimension.in_(producer_ids),
        )
        .group_by(Posting.dimension, Posting.account)
    )
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
