"""Freeze who gets what when goods are sold, and take the frozen part back when they return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pos.consignment.commands import Accrued, Agreed, ReturnedLine, SoldLine, Terms, Where
from pos.consignment.models import SettlementLine, Share
from pos.consignment.rules.modes import terms_of_line
from pos.consignment.rules.shares import (
    COPIED,
    MARGIN,
    OWN,
    PRIMARY,
    UNKNOWN,
    Amounts,
    commission_vat_bp,
    freeze,
    part_of,
)
from pos.kernel.clock import days_after
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.ledger.commands import PostingDraft

WRITTEN = (*PRIMARY, "paid_vnd", "producer_due_vnd")


def accrue(session: Session, where: Where, lines: Sequence[SoldLine], terms: Agreed | Mapping[str, Terms]) -> Accrued:
    """Write the frozen share of every line; answer what to post and what to settle.

    A line whose owner, terms or cost are unknown credits `unidentified_receipts` until a person assigns it.
    """
    agreed = terms if isinstance(terms, Agreed) else Agreed(dict(terms), {})
    out, rows = Accrued(), []
    for line in lines:
        mine = terms_of_line(line, where.site_id, agreed)
        amounts = freeze(line, mine)
        rows.append(row_of_sale(where, "sale", line, mine, amounts))
        if mine is None:
            out.no_agreement.append(line.line)
            out.postings.append(_posting(where, "unidentified_receipts", -amounts.paid_vnd, None))
        else:
            out.not_allowed_vnd += amounts.discount_producer_vnd if amounts.mode == OWN else 0
            out.add(*posted(where, "sale", rows[-1], amounts, 1, window_days=window_of(mine, where)))
    insert_rows(session, Share, rows)
    return out


def window_of(terms: Terms, where: Where) -> int:
    """Days the money of a sale waits: at a fair fewer, where it was agreed so."""
    at_fair = where.fair_id is not None and terms.fair_window_days is not None
    return (terms.fair_window_days or 0) if at_fair else terms.return_window_days


def take_back(session: Session, where: Where, returns: Sequence[ReturnedLine]) -> Accrued:
    """Reverse the frozen part of each line returned; the sales must be here.

    What exceeds the quantity sold, or names a line its sale does not have (or not of that product), is
    `goodwill_expense`; any other difference between what was paid out and the frozen part is `cash_short_expense`.
    Locks the shares in id order: parts depend on what was returned before.
    """
    out, rows = Accrued(), []
    sold = _lock_shares(session, returns)
    before = _returned_before(session, [share.id for share, _ in sold.values()])
    for back in returns:
        found = sold.get((back.of_sale_id or "", back.of_line or 0))
        share, line_id = found if found else (None, None)
        if share is not None and back.product_id and share.product_id not in (None, back.product_id):
            share, line_id = None, None  # the sale has no such line of this product
        elif share is not None and share.product_id:
            out.products[back.line] = share.product_id
        left = share.qty_milli - before[share.id] if share else 0
        now = min(back.qty_milli, left)
        if now < back.qty_milli:
            out.too_much[back.line] = back.qty_milli - now
        frozen = 0
        if share is not None and now > 0:
            amounts = part_of(amounts_of(share), before[share.id], now, share.qty_milli)
            before[share.id] += now
            frozen = amounts.paid_vnd
            rows.append(row_of_return(where, "return", back.line, share, amounts, now))
            if share.mode == UNKNOWN:
                out.postings.append(_posting(where, "unidentified_receipts", frozen, None))
            else:
                out.add(*posted(where, "return", rows[-1], amounts, -1, answers=line_id))
        rest = "goodwill_expense" if back.line in out.too_much else "cash_short_expense"
        out.postings.append(_posting(where, rest, back.paid_vnd - frozen, None))
    insert_rows(session, Share, rows)
    return out


def keep_settlement_lines(session: Session, rows: Sequence[dict[str, Any]], entry_id: str, seq: int) -> None:
    """Write the settlement lines of an entry just posted."""
    insert_rows(session, SettlementLine, [row | {"entry_id": entry_id, "seq": seq} for row in rows])


Found = dict[tuple[str, int], tuple[Share, str | None]]


def _lock_shares(session: Session, returns: Sequence[ReturnedLine]) -> Found:
    """The share each return takes from, with its settlement line; of a line assigned since, the assigned one."""
    wanted = {(r.of_sale_id, r.of_line) for r in returns if r.of_sale_id and r.of_line}
    if not wanted:
        return {}
    rows = session.execute(
        select(Share, SettlementLine.id)
        .outerjoin(SettlementLine, and_(SettlementLine.share_id == Share.id, SettlementLine.kind == "sale"))
        .where(Share.kind == "sale", or_(*(and_(Share.event_id == s, Share.line == n) for s, n in wanted)))
        .order_by(Share.id)
        .with_for_update(of=Share)
    )
    found: Found = {(share.event_id, share.line): (share, line_id) for share, line_id in rows}
    if nobodys := [share.id for share, _ in found.values() if share.mode == UNKNOWN]:
        since = session.execute(
            select(Share, SettlementLine.id)
            .outerjoin(SettlementLine, and_(SettlementLine.share_id == Share.id, SettlementLine.kind == "sale"))
            .where(Share.kind == "assigned", Share.assigns_share_id.in_(nobodys))
        )
        found |= {(share.event_id, share.line): (share, line_id) for share, line_id in since}
    return found


def _returned_before(session: Session, share_ids: Sequence[str]) -> dict[str, int]:
    before: dict[str, int] = defaultdict(int)
    if share_ids:
        rows = session.execute(
            select(Share.returns_share_id, func.sum(Share.qty_milli))
            .where(Share.returns_share_id.in_(share_ids))
            .group_by(Share.returns_share_id)
        )
        before.update({share_id: int(qty) for share_id, qty in rows if share_id})
    return before


def amounts_of(share: Share) -> Amounts:
    """A share's frozen amounts as they were at the sale."""
    return Amounts(**{name: getattr(share, name) for name in PRIMARY}, mode=share.mode)


def row_of_sale(where: Where, kind: str, line: SoldLine, terms: Terms | None, amounts: Amounts) -> dict[str, Any]:
    """A share row of a line sold; nobody's line has no producer."""
    return _row(where, kind, line.line, amounts, 1) | {
        "product_id": line.product_id, "lot_id": line.lot_id, "qty_milli": line.qty_milli,
        "producer_id": line.producer_id if terms else None, "organizer_id": where.organizer_id,
        "vat_bp": line.vat_bp, "vat_class": line.vat_class, "returns_share_id": None, "assigns_share_id": None,
        "agreement_version_id": terms.agreement_version_id if terms else None,
        "commission_bp": terms.commission_bp if terms else 0,
        "commission_vat_bp": commission_vat_bp(terms, line.vat_class) if terms else 0,
    }  # fmt: skip


def row_of_return(
    where: Where, kind: str, line: int, share: Share | Any, amounts: Amounts, qty_milli: int
) -> dict[str, Any]:
    """A share row of a part taken back: every amount negative, everything else the sale's."""
    return _row(where, kind, line, amounts, -1) | {
        "product_id": share.product_id, "lot_id": share.lot_id, "qty_milli": qty_milli,
        "producer_id": share.producer_id, "organizer_id": share.organizer_id,
        "vat_bp": share.vat_bp, "vat_class": share.vat_class, "returns_share_id": share.id, "assigns_share_id": None,
        "agreement_version_id": share.agreement_version_id,
        "commission_bp": share.commission_bp, "commission_vat_bp": share.commission_vat_bp,
    }  # fmt: skip


def _row(where: Where, kind: str, line: int, amounts: Amounts, sign: int) -> dict[str, Any]:
    return {
        "id": new_id(), "operator_id": where.operator_id, "kind": kind, "event_id": where.event_id, "line": line,
        "site_id": where.site_id, "fair_id": where.fair_id, "business_date": where.business_date,
        "mode": amounts.mode, **{name: sign * getattr(amounts, name) for name in WRITTEN},
    }  # fmt: skip


def posted(
    where: Where, kind: str, row: Mapping[str, Any], a: Amounts, sign: int, *, window_days: int = 0,
    answers: str | None = None,
) -> tuple[list[PostingDraft], list[dict[str, Any]]]:  # fmt: skip
    """(postings, settlement lines) of one share row; sign −1: all reversed. `answers` is the line a return answers.

    What the producer gets; then commission and its VAT, or (margin, own) our income, its VAT and the cost;
    then who else funds the discount. Own goods settle with nobody.
    """
    producer_id = row["producer_id"]
    lines: list[dict[str, Any]] = []
    postings: list[PostingDraft] = []
    if a.mode != OWN:
        settled = _settlement(where, kind, row, producer_id, window_days) | {"returns_line_id": answers}
        lines.append(settled)
        postings.append(
            PostingDraft(
                "unsettled", -sign * a.producer_due_vnd, producer_id, producer_id, where.site_id,
                fair_id=where.fair_id, settlement_line_id=settled["id"],
            )
        )  # fmt: skip
    postings += [
        _posting(where, account, sign * amount, producer_id, dimension)
        for account, amount, dimension in _rest(a, row["organizer_id"] or "unknown")
        if amount
    ]
    return postings, lines


def _rest(a: Amounts, organizer: str) -> Iterable[tuple[str, int, str]]:
    if a.mode in (MARGIN, OWN):
        yield "goods_income", -a.goods_income_vnd, ""
        yield "vat_output", -a.vat_vnd, ""
        if a.mode == MARGIN:
            yield "cost_of_goods", a.producer_due_vnd, ""
        else:
            yield "cost_of_goods", a.cost_vnd, ""
            yield "inventory", -a.cost_vnd, ""
    else:
        yield "commission_income", -a.commission_vnd, ""
        yield "vat_accrued", -a.commission_vat_vnd, ""
        yield "discount_expense", a.discount_operator_vnd, ""
    yield "organizer_receivable", a.discount_organizer_vnd, organizer


def _settlement(where: Where, kind: str, row: Mapping[str, Any], producer_id: str, window_days: int) -> dict[str, Any]:
    return {
        "id": new_id(), "operator_id": where.operator_id, "producer_id": producer_id, "kind": kind,
        "amount_vnd": row["producer_due_vnd"], "business_date": where.business_date,
        "available_on": days_after(where.business_date, window_days),
        "share_id": row["id"], "returns_line_id": None, "note": None, **{name: row[name] for name in COPIED},
    }  # fmt: skip


def _posting(where: Where, account: str, amount: int, producer_id: str | None, dimension: str = "") -> PostingDraft:
    return PostingDraft(
        account, amount, dimension, producer_id=producer_id, site_id=where.site_id, fair_id=where.fair_id
    )
