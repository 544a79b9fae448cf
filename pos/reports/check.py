"""`pos check`: the invariants of money.md that apply so far, each over everything, said in words.

Reads only. Numbers are those of money.md "Invariants".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLine, Share, Statement, StatementClaim
from pos.consignment.queries.checks import settlement_problems
from pos.kernel.text import dong
from pos.ledger.models import ChainHead, JournalEntry, Posting
from pos.ledger.queries import entries_of, rehash
from pos.ledger.rules import GENESIS
from pos.places.models import Operator
from pos.stock.models import Level, Movement
from pos.till.models import Sale, Shift, Tender

AMOUNTS = (
    "gross_vnd", "discount_producer_vnd", "discount_organizer_vnd", "discount_operator_vnd", "paid_vnd", "vat_vnd",
    "commission_vnd", "commission_vat_vnd", "producer_due_vnd",
)  # fmt: skip


@dataclass(slots=True)
class Finding:
    """One invariant after a look at everything: how much was looked at, and what does not hold."""

    number: int
    vi: str
    en: str
    looked_at: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.problems


def balanced(session: Session) -> Finding:
    """1. Every entry sums to 0; so does the trial balance."""
    out = Finding(1, "Mọi bút toán cân, sổ cân", "every entry and the trial balance sum to 0")
    rows = session.execute(
        select(Posting.entry_id, func.sum(Posting.amount_vnd))
        .group_by(Posting.entry_id)
        .having(func.sum(Posting.amount_vnd) != 0)
    )
    out.problems = [f"{entry}: {dong(int(total))}" for entry, total in rows]
    out.looked_at = session.scalar(select(func.count()).select_from(JournalEntry)) or 0
    return out


# rule of consignment.queries.checks → invariant of money.md
RULES = {
    "unsettled": 2, "settlement_line": 2, "settled": 2, "carried": 2,
    "statement_lines": 4, "opening": 4, "document": 4, "payout": 5,
}  # fmt: skip


def settlements(session: Session) -> list[Finding]:
    """2. What is owed is what is on no statement. 4. Statements add up. 5. One live statement, one live payout."""
    owed = Finding(2, "Tiền còn nợ chủ thể = các dòng chưa lên bảng kê", "what is owed equals the lines and statements")
    papers = Finding(4, "Bảng kê cộng đúng, bản chốt còn nguyên", "statements add up and follow each other, untouched")
    once = Finding(5, "Mỗi dòng một bảng kê, mỗi bảng kê một lần trả", "a line is claimed once, a statement paid once")
    found = {finding.number: finding for finding in (owed, papers, once)}
    for operator_id in session.scalars(select(Operator.id)).all():
        for wrong in settlement_problems(session, operator_id):
            found[RULES[wrong.rule]].problems.append(f"{wrong.rule} {wrong.about}: {wrong.found} ≠ {wrong.expected}")
    doubled = session.execute(
        select(StatementClaim.line_id, func.count())
        .where(StatementClaim.released_at.is_(None))
        .group_by(StatementClaim.line_id)
        .having(func.count() > 1)
    )
    once.problems += [f"{line}: {count} statements" for line, count in doubled]
    owed.looked_at = session.scalar(select(func.count()).select_from(SettlementLine)) or 0
    papers.looked_at = session.scalar(select(func.count()).select_from(Statement)) or 0
    once.looked_at = session.scalar(select(func.count()).select_from(StatementClaim)) or 0
    return list(found.values())


def goods(session: Session) -> Finding:
    """3. Stock levels are what the movements add up to, so nothing appears or vanishes."""
    out = Finding(3, "Tồn kho = tổng các lần chuyển hàng", "stock levels are the sums of the movements")
    lot = func.coalesce(Movement.lot_id, "")
    sides = union_all(
        select(Movement.operator_id, Movement.to_kind.label("kind"), Movement.to_id.label("place"),
               Movement.product_id, lot.label("lot"), Movement.qty_milli.label("qty")),
        select(Movement.operator_id, Movement.from_kind, Movement.from_id, Movement.product_id, lot,
               -Movement.qty_milli),
    ).subquery()  # fmt: skip
    key = (sides.c.operator_id, sides.c.kind, sides.c.place, sides.c.product_id, sides.c.lot)
    summed = {
        tuple(row[:5]): int(row[5]) for row in session.execute(select(*key, func.sum(sides.c.qty)).group_by(*key))
    }
    kept = {
        tuple(row[:5]): int(row[5])
        for row in session.execute(
            select(
                Level.operator_id, Level.place_kind, Level.place_id, Level.product_id, Level.lot_id, Level.on_hand_milli
            )
        )
    }
    for place in summed.keys() | kept.keys():
        if summed.get(place, 0) != kept.get(place, 0):
            out.problems.append(f"{place[1]}:{place[2]} {place[3]}: {kept.get(place, 0)} ≠ {summed.get(place, 0)}")
    out.looked_at = len(kept)
    return out


def tickets(session: Session) -> Finding:
    """6. What was paid is what was sold less what came back, or the entry shows the difference."""
    out = Finding(6, "Tiền thu của mỗi đơn khớp với hàng", "tenders equal lines less returns plus rounding")
    paid = (
        select(Tender.sale_id, func.sum(Tender.amount_vnd).label("paid"))
        .where(Tender.event_id == Tender.sale_id)
        .group_by(Tender.sale_id)
        .subquery()
    )
    shown = (
        select(JournalEntry.source_id, func.sum(Posting.amount_vnd).label("shown"))
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(JournalEntry.kind == "sale", Posting.account == "cash_variance")
        .group_by(JournalEntry.source_id)
        .subquery()
    )
    off = (
        Sale.sold_vnd - Sale.returned_vnd + Sale.cash_rounding_vnd
        - func.coalesce(paid.c.paid, 0) - func.coalesce(shown.c.shown, 0)
    )  # fmt: skip
    rows = session.execute(
        select(Sale.receipt_no, off)
        .outerjoin(paid, paid.c.sale_id == Sale.id)
        .outerjoin(shown, shown.c.source_id == Sale.id)
        .where(off != 0)
    )
    out.problems = [f"{number}: {dong(int(by))}" for number, by in rows]
    out.looked_at = session.scalar(select(func.count()).select_from(Sale)) or 0
    return out


def returns(session: Session) -> Finding:
    """7. Returns never exceed what was sold; after a full return every frozen amount nets to 0."""
    out = Finding(7, "Hàng trả không quá hàng bán", "returns never exceed the line; a full return nets to 0")
    back = (
        select(
            Share.returns_share_id.label("of"), func.sum(Share.qty_milli).label("qty"),
            *(func.sum(getattr(Share, name)).label(name) for name in AMOUNTS),
        )
        .where(Share.kind == "return")
        .group_by(Share.returns_share_id)
        .subquery()
    )  # fmt: skip
    nets = [getattr(Share, name) + back.c[name] for name in AMOUNTS]
    wrong = case((back.c.qty > Share.qty_milli, 1), else_=0)
    full = case((back.c.qty == Share.qty_milli, sum((func.abs(net) for net in nets), literal(0))), else_=0)
    rows = session.execute(
        select(Share.event_id, Share.line).join(back, back.c.of == Share.id).where((wrong > 0) | (full != 0))
    )
    out.problems = [f"{event}:{line}" for event, line in rows]
    out.looked_at = session.scalar(select(func.count()).select_from(Share).where(Share.kind == "return")) or 0
    return out


def drawers(session: Session) -> Finding:
    """8. Every drawer holds what its shift says; after the close nothing."""
    out = Finding(8, "Két khớp ca; đóng ca thì két bằng 0", "the drawer is what its shift says, and 0 after the close")
    booked = {
        shift: int(total)
        for shift, total in session.execute(
            select(Posting.dimension, func.sum(Posting.amount_vnd))
            .where(Posting.account == "drawer")
            .group_by(Posting.dimension)
        )
    }
    for id_, state, drawer in session.execute(select(Shift.id, Shift.state, Shift.drawer_vnd)):
        out.looked_at += 1
        total = booked.pop(id_, 0)
        if total != drawer or (state == "closed" and total):
            out.problems.append(f"{id_} ({state}): {dong(total)} ≠ {dong(drawer)}")
    out.problems += [f"{id_}: {dong(total)}, no shift" for id_, total in booked.items() if total]
    return out


def chain(session: Session) -> Finding:
    """11. The chain of each operator verifies from its first entry to its head."""
    out = Finding(11, "Chuỗi sổ nguyên vẹn", "the chain of entries verifies")
    for operator_id in list(session.scalars(select(Operator.id))):
        seq, last = 0, GENESIS
        for entry, postings in entries_of(session, operator_id):
            seq += 1
            if entry.seq != seq or entry.prev_hash != last or rehash(entry, postings, seq, last) != entry.hash:
                out.problems.append(f"{operator_id} seq {entry.seq}: {entry.id}")
                break
            last = entry.hash
        head = session.execute(
            select(ChainHead.seq, ChainHead.hash).where(ChainHead.operator_id == operator_id)
        ).one_or_none()
        if not out.problems and tuple(head or (0, GENESIS)) != (seq, last):
            out.problems.append(f"{operator_id}: the head does not fit")
        out.looked_at += seq
    return out


ALL: tuple[Callable[[Session], Finding], ...] = (balanced, goods, tickets, returns, drawers, chain)


def check_all(session: Session) -> list[Finding]:
    """Every invariant, in the order of money.md."""
    findings = [look(session) for look in ALL] + settlements(session)
    return sorted(findings, key=lambda finding: finding.number)
