"""Invariants of money.md about money: 1, 2, 4, 5, 6, 11. Reads only."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLine, Share, Statement, StatementClaim
from pos.consignment.queries.checks import settlement_problems
from pos.kernel.text import dong
from pos.ledger.models import ChainHead, JournalEntry, Posting
from pos.ledger.queries import entries_of, rehash
from pos.ledger.rules import GENESIS
from pos.places.models import Operator
from pos.reports.queries.findings import Finding
from pos.till.models import Sale, SaleLine, SaleReturn, Shift, Tender

SHARED = ("sale", "return", "return_cleared", "owner_assigned")  # entries that post what shares have frozen


def balanced(session: Session) -> Finding:
    """1. Every entry sums to 0; so does the trial balance of each operator."""
    out = Finding(1, "Mọi bút toán cân, sổ cân", "every entry and the trial balance sum to 0")
    total = func.coalesce(func.sum(Posting.amount_vnd), 0)
    rows = session.execute(
        select(JournalEntry.id, JournalEntry.seq, total, func.count(Posting.n))
        .outerjoin(Posting, Posting.entry_id == JournalEntry.id)
        .group_by(JournalEntry.id, JournalEntry.seq)
        .having(or_(total != 0, func.count(Posting.n) < 2))
    )
    for entry, seq, off, lines in rows:
        out.wrong(
            f"Bút toán số {seq} ({entry}) có {lines} dòng, lệch {dong(int(off))} đ",
            f"entry {seq} ({entry}) has {lines} lines and is off by {off}",
        )
    for name, off in session.execute(
        select(Operator.name, total)
        .join(Posting, Posting.operator_id == Operator.id)
        .group_by(Operator.id, Operator.name)
        .having(total != 0)
    ):
        out.wrong(f"Sổ của {name} lệch {dong(int(off))} đ", f"the books of {name} are off by {off}")
    out.looked_at = session.scalar(select(func.count()).select_from(JournalEntry)) or 0
    return out


# rule of consignment.queries.checks → (invariant of money.md, in words)
RULES = {
    "unsettled": (2, "Tiền chưa lên bảng kê của", "unsettled of"),
    "settlement_line": (2, "Dòng quyết toán", "settlement line"),
    "line_share": (2, "Phần chia chép trên dòng quyết toán", "what is repeated of the share on settlement line"),
    "settled": (2, "Tiền đã chốt chờ trả của", "settled of"),
    "reserve": (2, "Tiền dự phòng giữ lại của", "reserve of"),
    "producer_advance": (2, "Tiền ứng trước của", "advance of"),
    "note": (2, "Phiếu với chủ thể số", "note with a producer no."),
    "carried": (2, "Nợ mang sang của", "carried of"),
    "statement_lines": (4, "Bảng kê", "statement"),
    "watermark": (4, "Số thứ tự của dòng chưa lên bảng kê", "place in the chain of the open line"),
    "opening": (4, "Số đầu kỳ của bảng kê", "opening of statement"),
    "document": (4, "Bản chốt của bảng kê", "document of statement"),
    "in_transit": (5, "Tiền đang trên đường tới chủ thể của", "payouts in transit of"),
    "bank_file": (5, "Tệp chi trả", "bank file"),
    "payout": (5, "Lần chi trả", "payout"),
}


def settlements(session: Session) -> list[Finding]:
    """2. What is owed is what is on no statement. 4. Statements add up. 5. One live statement, one live payout."""
    owed = Finding(2, "Tiền còn nợ chủ thể = các dòng chưa lên bảng kê", "what is owed equals the lines and statements")
    papers = Finding(4, "Bảng kê cộng đúng, bản chốt còn nguyên", "statements add up and follow each other, untouched")
    once = Finding(5, "Mỗi dòng một bảng kê, mỗi bảng kê một lần trả", "a line is claimed once, a statement paid once")
    found = {finding.number: finding for finding in (owed, papers, once)}
    for operator_id in session.scalars(select(Operator.id)).all():
        for wrong in settlement_problems(session, operator_id):
            number, vi, en = RULES[wrong.rule]
            found[number].wrong(
                f"{vi} {wrong.about}: có {wrong.found}, đúng ra {wrong.expected}",
                f"{en} {wrong.about}: {wrong.found}, should be {wrong.expected}",
            )
    _frozen_is_posted(session, owed)
    doubled = session.execute(
        select(StatementClaim.line_id, func.count())
        .where(StatementClaim.released_at.is_(None))
        .group_by(StatementClaim.line_id)
        .having(func.count() > 1)
    )
    for line, count in doubled:
        once.wrong(f"Dòng {line} nằm trên {count} bảng kê", f"line {line} is on {count} statements")
    owed.looked_at = session.scalar(select(func.count()).select_from(SettlementLine)) or 0
    papers.looked_at = session.scalar(select(func.count()).select_from(Statement)) or 0
    once.looked_at = session.scalar(select(func.count()).select_from(StatementClaim)) or 0
    return list(found.values())


def _frozen_is_posted(session: Session, out: Finding) -> None:
    """Per operator and mode, what the shares froze is what their entries posted."""
    rows = session.execute(
        select(Posting.operator_id, Posting.account, func.sum(Posting.amount_vnd))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(JournalEntry.kind.in_(SHARED))
        .group_by(Posting.operator_id, Posting.account)
    )
    posted = {(operator, account): int(total) for operator, account, total in rows}
    sums = session.execute(
        select(
            Share.operator_id, Share.mode, func.sum(Share.commission_vnd), func.sum(Share.commission_vat_vnd),
            func.sum(Share.paid_vnd + Share.discount_organizer_vnd), func.sum(Share.vat_vnd),
            func.sum(Share.cost_vnd), func.sum(Share.producer_due_vnd), func.sum(Share.discount_organizer_vnd),
        ).group_by(Share.operator_id, Share.mode)
    )  # fmt: skip
    frozen: dict[tuple[str, str], int] = {}
    for operator, mode, *amounts in sums:
        commission, tax, earned, vat, cost, due, organizer = (int(amount) for amount in amounts)
        ours, margin, own = mode in ("margin", "own"), mode == "margin", mode == "own"
        for account, amount in (
            ("commission_income", -commission),
            ("vat_accrued", -tax),
            ("goods_income", vat - earned if ours else 0),
            ("vat_output", -vat if ours else 0),
            ("cost_of_goods", (due if margin else cost) if ours else 0),
            ("inventory", -cost if own else 0),
            ("unsettled", -due if mode != "unknown" else 0),
            ("organizer_receivable", organizer if mode != "unknown" else 0),
        ):
            frozen[operator, account] = frozen.get((operator, account), 0) + amount
    for (operator, account), amount in sorted(frozen.items()):
        if amount != posted.get((operator, account), 0):
            out.differs(
                f"Sổ {account} so với phần đã chia", f"{account} against what was frozen",
                posted.get((operator, account), 0), amount,
            )  # fmt: skip


def tickets(session: Session) -> Finding:
    """6. What was paid is what was sold less what came back, or the entry shows it; every cut has the same total."""
    out = Finding(6, "Tiền thu của mỗi đơn khớp với hàng", "tenders equal lines less returns plus rounding")
    sold = (
        select(SaleLine.sale_id, func.sum(SaleLine.gross_vnd - SaleLine.discount_vnd).label("stands"),
               func.sum(SaleLine.paid_vnd).label("said"))
        .group_by(SaleLine.sale_id).subquery()
    )  # fmt: skip
    back = (
        select(SaleReturn.sale_id, func.sum(SaleReturn.paid_vnd).label("paid")).group_by(SaleReturn.sale_id).subquery()
    )
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
    lines, returned = func.coalesce(sold.c.stands, 0), func.coalesce(back.c.paid, 0)
    off = lines - returned + Sale.cash_rounding_vnd - func.coalesce(paid.c.paid, 0) - func.coalesce(shown.c.shown, 0)
    cut = func.abs(func.coalesce(sold.c.said, 0) - Sale.sold_vnd) + func.abs(returned - Sale.returned_vnd)
    rows = session.execute(
        select(Sale.receipt_no, off, cut)
        .outerjoin(sold, sold.c.sale_id == Sale.id)
        .outerjoin(back, back.c.sale_id == Sale.id)
        .outerjoin(paid, paid.c.sale_id == Sale.id)
        .outerjoin(shown, shown.c.source_id == Sale.id)
        .where(or_(off != 0, cut != 0))
    )
    for number, by, between in rows:
        out.wrong(
            f"Phiếu {number}: tiền lệch hàng {dong(int(by))} đ, phiếu lệch các dòng {dong(int(between))} đ",
            f"ticket {number}: tenders are off by {by}, its lines by {between}",
        )
    _shift_sums(session, out)
    out.looked_at = session.scalar(select(func.count()).select_from(Sale)) or 0
    return out


def _shift_sums(session: Session, out: Finding) -> None:
    """The sums kept by shift are those of its tickets."""
    told = (
        select(Sale.shift_id, Sale.operator_id, func.count().label("n"), func.sum(Sale.total_vnd).label("vnd"))
        .group_by(Sale.shift_id, Sale.operator_id)
        .subquery()
    )
    vnd, n = func.coalesce(told.c.vnd, 0), func.coalesce(told.c.n, 0)
    rows = session.execute(
        select(Shift.id, Shift.sales_vnd, vnd)
        .outerjoin(told, (told.c.shift_id == Shift.id) & (told.c.operator_id == Shift.operator_id))
        .where(or_(Shift.sales_vnd != vnd, Shift.sales != n))
    )
    for shift, kept, total in rows:
        out.differs(f"Doanh thu của ca {shift}", f"takings of shift {shift}", int(kept), int(total))


def chain(session: Session) -> Finding:
    """11. The chain of each operator verifies from its first entry to its head."""
    out = Finding(11, "Chuỗi sổ nguyên vẹn", "the chain of entries verifies")
    for operator_id in list(session.scalars(select(Operator.id))):
        seq, last, whole = 0, GENESIS, True
        for entry, postings in entries_of(session, operator_id):
            seq += 1
            if entry.seq != seq or entry.prev_hash != last or rehash(entry, postings, seq, last) != entry.hash:
                out.wrong(
                    f"Chuỗi sổ đứt ở số {entry.seq} ({entry.id})", f"the chain breaks at {entry.seq} ({entry.id})"
                )
                whole = False
                break
            last = entry.hash
        head = session.execute(
            select(ChainHead.seq, ChainHead.hash).where(ChainHead.operator_id == operator_id)
        ).one_or_none()
        if whole and tuple(head or (0, GENESIS)) != (seq, last):
            out.wrong(f"Đầu chuỗi của {operator_id} không khớp", f"the head of {operator_id} does not fit")
        out.looked_at += seq
    return out
