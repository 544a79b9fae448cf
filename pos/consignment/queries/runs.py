"""Everybody a run of an operator would settle, in short: the totals, and who stands on which page.

A fixed number of queries, and a few figures per producer; the rows of a page come from `previews`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLine
from pos.consignment.queries.extras import extras_of
from pos.consignment.queries.payable import Cut, open_lines, origin_join
from pos.consignment.queries.payable import Origin as OriginLine
from pos.consignment.queries.previews import CARRIED, Preview, balances_of, division_of, previews
from pos.consignment.queries.sums import AFTER, FREE, SOLD, bucket_of
from pos.consignment.queries.versions import terms_of
from pos.consignment.rules.settlement import FREEZE, TrueUp, verdict_of
from pos.consignment.rules.shares import COMMISSION
from pos.ledger.queries import head_of
from pos.producers.models import BankAccount, Producer
from pos.producers.rules import is_nobody

PAGE = 50


@dataclass(frozen=True, slots=True)
class Brief:
    """One producer in a run. `chosen`: frozen unless somebody says otherwise."""

    producer_id: str
    verdict: str
    payout_vnd: int
    held_vnd: int
    chosen: bool


@dataclass(slots=True)
class Run:
    """A run before it is made: all of it in figures, the rows of one page in full."""

    briefs: list[Brief]
    page: int = 1
    drafts: list[Preview] = field(default_factory=list)

    @property
    def chosen(self) -> list[Brief]:
        return [brief for brief in self.briefs if brief.chosen]

    @property
    def payout_vnd(self) -> int:
        return sum(brief.payout_vnd for brief in self.chosen)

    @property
    def held_vnd(self) -> int:
        return sum(brief.held_vnd for brief in self.briefs)

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.briefs) // PAGE))

    @property
    def shown(self) -> list[Brief]:
        """The producers of this page."""
        return self.briefs[(self.page - 1) * PAGE : self.page * PAGE]


def get_run(session: Session, operator_id: str, cutoff: date, *, run_on: date, page: int = 1) -> Run:
    """What a freeze with this cut-off would do: those it would pay first, then by name."""
    run = Run(list_briefs(session, operator_id, cutoff, run_on=run_on))
    run.page = min(max(1, page), run.pages)
    ids = [brief.producer_id for brief in run.shown]
    drafts = {d.producer_id: d for d in previews(session, operator_id, cutoff, run_on=run_on, producer_ids=ids)}
    run.drafts = [drafts[id_] for id_ in ids]
    return run


def list_briefs(session: Session, operator_id: str, cutoff: date, *, run_on: date) -> list[Brief]:
    """Whoever has open lines or carries something over. Chosen: what may be frozen and has somebody to pay."""
    cut = Cut(operator_id, cutoff, run_on, head_of(session, operator_id)[0])
    line, bucket = SettlementLine, bucket_of(cut).label("bucket")
    keys = (line.producer_id, bucket, line.commission_vat_bp)
    earned = and_(line.kind.in_(SOLD), line.mode == COMMISSION)
    base = case((earned, line.gross_vnd - line.discount_producer_vnd), else_=0)
    rows = session.execute(
        select(
            *keys, func.count(), func.sum(line.amount_vnd), func.sum(line.commission_vnd),
            func.sum(line.commission_vat_vnd), func.sum(base),
        )
        .outerjoin(OriginLine, origin_join())
        .where(open_lines(cut, None))
        .group_by(*keys)
    )  # fmt: skip
    lines: dict[str, int] = defaultdict(int)
    amounts: dict[str, int] = defaultdict(int)
    held: dict[str, int] = defaultdict(int)
    bases: dict[str, int] = defaultdict(int)
    for producer_id, where, vat_bp, count, amount, commission, vat, sold in rows:
        if where == FREE:
            bases[producer_id] += int(sold)
            lines[producer_id] += count
            amounts[producer_id] += int(amount) + TrueUp(vat_bp, int(commission), int(vat)).rounding_vnd
        elif where != AFTER:
            held[producer_id] += int(amount)
    balances = balances_of(session, operator_id, None)
    carried = {producer_id for (producer_id, account), total in balances.items() if account == CARRIED and total}
    versions = terms_of(session, operator_id, cutoff, None)
    extras = {id_: more for id_, more in extras_of(session, cut, versions, None).items() if more.lines}
    for producer_id, more in extras.items():
        lines[producer_id] += more.lines
        amounts[producer_id] += more.amount_vnd
    made = []
    for producer_id, name, has_account in _names(session, sorted(lines.keys() | held.keys() | carried)):
        version = versions.get(producer_id)
        division = division_of(amounts[producer_id], bases[producer_id], balances, producer_id, version)
        verdict = verdict_of(lines[producer_id], division, version.min_payout_vnd if version else 0)
        ready = verdict == FREEZE
        brief = Brief(
            producer_id, verdict, division.payout_vnd if ready else 0, held[producer_id],
            ready and (has_account or not is_nobody(name)),
        )  # fmt: skip
        made.append(brief)
    return sorted(made, key=lambda brief: brief.verdict != FREEZE)


def _names(session: Session, producer_ids: Sequence[str]) -> list[tuple[str, str, bool]]:
    """(id, name, has an account to pay to) by name."""
    account = exists().where(BankAccount.producer_id == Producer.id)
    rows = session.execute(
        select(Producer.id, Producer.name, account).where(Producer.id.in_(producer_ids)).order_by(Producer.name)
    )
    return [(id_, name, bool(known)) for id_, name, known in rows]
