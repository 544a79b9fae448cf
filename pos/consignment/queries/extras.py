"""What a settlement takes beside the open lines: takings the producer kept, and the months' bonuses.

Three queries for any number of producers, two of them only for those whose agreement has a tier or a guarantee.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementBonus, SettlementLine, Statement, StatementClaim
from pos.consignment.queries.payable import Cut, claimed, free_to_go, origin_join, within
from pos.consignment.queries.payable import Origin as OriginLine
from pos.consignment.queries.versions import Version
from pos.consignment.rules.bonuses import (
    GUARANTEE,
    TIER,
    Bonus,
    guarantee_bonus,
    month_after,
    month_of,
    tier_bonuses,
)
from pos.ledger.models import JournalEntry, Posting

MONTHS_BACK = 400  # days a month may be looked at again
NETTED = ("kept_takings", "kept_takings_void")


@dataclass(slots=True)
class Extras:
    """Of one producer: takings kept and not netted yet (+ it has our money), bonuses."""

    kept_vnd: int = 0
    bonuses: list[Bonus] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return len(self.bonuses) + bool(self.kept_vnd)

    @property
    def amount_vnd(self) -> int:
        return sum(bonus.amount_vnd for bonus in self.bonuses) - self.kept_vnd


def extras_of(
    session: Session, cut: Cut, versions: Mapping[str, Version], producer_ids: Collection[str] | None
) -> dict[str, Extras]:
    """By producer; only those that have any."""
    found: dict[str, Extras] = defaultdict(Extras)
    for producer_id, kept in _kept(session, cut, producer_ids).items():
        found[producer_id].kept_vnd = kept
    some = {id_: v for id_, v in versions.items() if v.tier_from_vnd or v.guarantee_vnd}
    if some:
        for producer_id, bonuses in _bonuses(session, cut, some).items():
            found[producer_id].bonuses = bonuses
    return dict(found)


def _kept(session: Session, cut: Cut, producer_ids: Collection[str] | None) -> dict[str, int]:
    """held_by_producer:p up to both keys; what was netted before counts whatever its day."""
    wanted = (
        select(Posting.dimension, func.sum(Posting.amount_vnd))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(
            Posting.operator_id == cut.operator_id,
            Posting.account == "held_by_producer",
            JournalEntry.seq <= cut.snapshot_seq,
            or_(JournalEntry.business_date <= cut.cutoff_on, JournalEntry.kind.in_(NETTED)),
        )
        .group_by(Posting.dimension)
    )
    if producer_ids is not None:
        wanted = wanted.where(Posting.dimension.in_(producer_ids))
    return {producer_id: int(total) for producer_id, total in session.execute(wanted) if total}


def _bonuses(session: Session, cut: Cut, versions: Mapping[str, Version]) -> dict[str, list[Bonus]]:
    since = month_of(cut.cutoff_on - timedelta(days=MONTHS_BACK))
    sold: dict[tuple[str, date], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    due: dict[tuple[str, date], int] = defaultdict(int)
    line = SettlementLine
    mine = and_(
        line.operator_id == cut.operator_id, line.producer_id.in_(versions), line.kind.in_(("sale", "return")),
        line.business_date >= since,
    )  # fmt: skip
    taken = or_(claimed(line), free_to_go(cut))
    for producer_id, day, mode, rate, base, amount in session.execute(
        select(
            line.producer_id, line.business_date, line.mode, line.commission_vat_bp,
            func.sum(line.gross_vnd - line.discount_producer_vnd), func.sum(line.amount_vnd),
        )
        .outerjoin(OriginLine, origin_join())
        .where(mine, taken)
        .group_by(line.producer_id, line.business_date, line.mode, line.commission_vat_bp)
    ):  # fmt: skip
        month = month_of(day)
        due[producer_id, month] += int(amount)
        if mode == "commission":
            sold[producer_id, month][rate] += int(base)
    waiting = {
        (producer_id, month_of(day))
        for producer_id, day in session.execute(
            select(line.producer_id, line.business_date)
            .outerjoin(OriginLine, origin_join())
            .where(mine, ~taken, within(cut))
            .distinct()
        )
    }
    given = _given(session, cut.operator_id, versions)
    made: dict[str, list[Bonus]] = {}
    for producer_id, version in versions.items():
        made[producer_id] = []
        month = max(since, month_of(version.starts_on))
        while month <= cut.cutoff_on:
            before = given[producer_id, month]
            if version.tier_from_vnd and version.tier_bp < version.commission_bp:
                made[producer_id] += tier_bonuses(
                    month, sold[producer_id, month], before[TIER], from_vnd=version.tier_from_vnd,
                    step_bp=version.commission_bp - version.tier_bp,
                )  # fmt: skip
            whole = version.starts_on <= month and month_after(month) <= cut.cutoff_on + timedelta(days=1)
            if version.guarantee_vnd and whole and (producer_id, month) not in waiting:
                made[producer_id] += guarantee_bonus(
                    month, due[producer_id, month], sum(before[GUARANTEE].values()), least_vnd=version.guarantee_vnd
                )
            month = month_after(month)
    return made


def _given(
    session: Session, operator_id: str, producer_ids: Collection[str]
) -> dict[tuple[str, date], dict[str, dict[int, int]]]:
    """What live statements gave before: {(producer, month): {kind: {rate: đồng}}}; a tier's without VAT."""
    rows = session.execute(
        select(
            SettlementLine.producer_id, SettlementBonus.month, SettlementBonus.kind, SettlementBonus.vat_bp,
            func.sum(SettlementBonus.commission_vnd), func.sum(SettlementLine.amount_vnd),
        )
        .join(SettlementLine, SettlementLine.id == SettlementBonus.line_id)
        .join(StatementClaim, StatementClaim.line_id == SettlementBonus.line_id)
        .join(Statement, Statement.id == StatementClaim.statement_id)
        .where(
            SettlementLine.operator_id == operator_id, SettlementLine.producer_id.in_(producer_ids),
            Statement.state != "void",
        )
        .group_by(SettlementLine.producer_id, SettlementBonus.month, SettlementBonus.kind, SettlementBonus.vat_bp)
    )  # fmt: skip
    found: dict[tuple[str, date], dict[str, dict[int, int]]] = defaultdict(lambda: {TIER: {}, GUARANTEE: {}})
    for producer_id, month, kind, rate, commission, amount in rows:
        found[producer_id, month][kind][rate] = int(commission if kind == TIER else amount)
    return found
