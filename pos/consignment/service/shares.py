"""Freeze who gets what when goods are sold, and take the frozen part back when they return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pos.consignment.commands import Accrued, ReturnedLine, SoldLine, Terms, Where
from pos.consignment.models import SettlementLine, Share
from pos.consignment.rules.shares import UNKNOWN, Amounts, commission_vat_bp, freeze, part_of
from pos.kernel.db import insert_rows
from pos.kernel.ids import new_id
from pos.ledger.commands import PostingDraft

AMOUNTS = tuple(Amounts.__slots__)


def accrue(session: Session, where: Where, lines: Sequence[SoldLine], terms: Mapping[str, Terms]) -> Accrued:
    """Write the frozen share of every line; answer what to post and what to settle.

    A line whose producer or terms are unknown credits `unidentified_receipts` until a person assigns it.
    """
    out, rows = Accrued(), []
    for line in lines:
        agreed = terms.get(line.producer_id) if line.producer_id else None
        if agreed is not None and agreed.mode != "commission":
            agreed = None
        amounts = freeze(line, agreed)
        row = _row(where, "sale", line.line, amounts, 1) | {
            "product_id": line.product_id, "producer_id": line.producer_id, "qty_milli": line.qty_milli,
            "vat_bp": line.vat_bp, "vat_class": line.vat_class, "returns_share_id": None,
            "agreement_version_id": agreed.agreement_version_id if agreed else None,
            "mode": agreed.mode if agreed else UNKNOWN,
            "commission_bp": agreed.commission_bp if agreed else 0,
            "commission_vat_bp": commission_vat_bp(agreed, line.vat_class) if agreed else 0,
        }  # fmt: skip
        rows.append(row)
        if agreed is None:
            out.no_agreement.append(line.line)
            out.postings.append(_posting(where, "unidentified_receipts", -amounts.paid_vnd, line.producer_id))
            continue
        settled = _settlement(where, "sale", row, agreed.producer_id, agreed.return_window_days)
        out.settlement_lines.append(settled)
        out.postings += _postings(where, amounts, agreed.producer_id, settled["id"], 1)
    insert_rows(session, Share, rows)
    return out


def take_back(session: Session, where: Where, returns: Sequence[ReturnedLine]) -> Accrued:
    """Reverse the frozen part of each line returned; the sales must be here.

    What exceeds the quantity sold, or names a line its sale does not have, is `goodwill_expense`;
    any other difference between what was paid out and the frozen part is `cash_short_expense`.
    Locks the shares in id order: parts depend on what was returned before.
    """
    out, rows = Accrued(), []
    sold = _lock_shares(session, returns)
    before = _returned_before(session, [share.id for share, _ in sold.values()])
    for back in returns:
        found = sold.get((back.of_sale_id or "", back.of_line or 0))
        share, line_id = found if found else (None, None)
        left = share.qty_milli - before[share.id] if share else 0
        now = min(back.qty_milli, left)
        if now < back.qty_milli:
            out.too_much[back.line] = back.qty_milli - now
        frozen = 0
        if share is not None and now > 0:
            amounts = part_of(_amounts(share), before[share.id], now, share.qty_milli)
            before[share.id] += now
            frozen = amounts.paid_vnd
            row = _row(where, "return", back.line, amounts, -1) | {
                "product_id": share.product_id, "producer_id": share.producer_id, "qty_milli": now,
                "vat_bp": share.vat_bp, "vat_class": share.vat_class, "returns_share_id": share.id,
                "agreement_version_id": share.agreement_version_id, "mode": share.mode,
                "commission_bp": share.commission_bp, "commission_vat_bp": share.commission_vat_bp,
            }  # fmt: skip
            rows.append(row)
            if share.mode == UNKNOWN or share.producer_id is None:
                out.postings.append(_posting(where, "unidentified_receipts", frozen, share.producer_id))
            else:
                settled = _settlement(where, "return", row, share.producer_id, 0) | {"returns_line_id": line_id}
                out.settlement_lines.append(settled)
                out.postings += _postings(where, amounts, share.producer_id, settled["id"], -1)
        rest = "goodwill_expense" if back.line in out.too_much else "cash_short_expense"
        out.postings.append(_posting(where, rest, back.paid_vnd - frozen, None))
    insert_rows(session, Share, rows)
    return out


def keep_settlement_lines(session: Session, rows: Sequence[dict[str, Any]], entry_id: str, seq: int) -> None:
    """Write the settlement lines of an entry just posted."""
    insert_rows(session, SettlementLine, [row | {"entry_id": entry_id, "seq": seq} for row in rows])


def _lock_shares(session: Session, returns: Sequence[ReturnedLine]) -> dict[tuple[str, int], tuple[Share, str | None]]:
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
    return {(share.event_id, share.line): (share, line_id) for share, line_id in rows}


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


def _amounts(share: Share) -> Amounts:
    return Amounts(**{name: getattr(share, name) for name in AMOUNTS})


def _row(where: Where, kind: str, line: int, amounts: Amounts, sign: int) -> dict[str, Any]:
    return {
        "id": new_id(), "operator_id": where.operator_id, "kind": kind, "event_id": where.event_id, "line": line,
        "site_id": where.site_id, "fair_id": where.fair_id, "business_date": where.business_date,
        **{name: sign * getattr(amounts, name) for name in (*AMOUNTS, "paid_vnd", "producer_due_vnd")},
    }  # fmt: skip


def _settlement(where: Where, kind: str, row: dict[str, Any], producer_id: str, window_days: int) -> dict[str, Any]:
    return {
        "id": new_id(), "operator_id": where.operator_id, "producer_id": producer_id, "kind": kind,
        "amount_vnd": row["producer_due_vnd"], "business_date": where.business_date,
        "available_on": where.business_date + timedelta(days=window_days),
        "share_id": row["id"], "returns_line_id": None, "note": None,
    }  # fmt: skip


def _posting(where: Where, account: str, amount: int, producer_id: str | None, dimension: str = "") -> PostingDraft:
    return PostingDraft(
        account, amount, dimension, producer_id=producer_id, site_id=where.site_id, fair_id=where.fair_id
    )


def _postings(where: Where, a: Amounts, producer_id: str, settlement_line_id: str, sign: int) -> list[PostingDraft]:
    """The producer's due, our commission and its VAT, and who else funds the discount (sign −1: all reversed)."""
    organizer = where.organizer_id or "unknown"
    return [
        PostingDraft(
            "unsettled", -sign * a.producer_due_vnd, producer_id, producer_id, where.site_id,
            fair_id=where.fair_id, settlement_line_id=settlement_line_id,
        ),
        _posting(where, "commission_income", -sign * a.commission_vnd, producer_id),
        _posting(where, "vat_accrued", -sign * a.commission_vat_vnd, producer_id),
        _posting(where, "discount_expense", sign * a.discount_operator_vnd, producer_id),
        _posting(where, "organizer_receivable", sign * a.discount_organizer_vnd, producer_id, organizer),
    ]  # fmt: skip
