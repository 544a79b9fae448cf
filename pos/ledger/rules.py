"""The accounts, what a balanced entry is, and the hash that chains entries. Source: money.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from pos.kernel.canonical import digest
from pos.kernel.clock import iso
from pos.ledger.commands import EntryDraft, PostingDraft

GENESIS = "0" * 64
MOST_CASH_VND = 10_000_000_000
ACCOUNTS: dict[str, str] = {
    # account: what its dimension names ("" has none)
    "drawer": "shift", "safe": "site", "cash_in_transit": "", "trust_bank": "", "operating_bank": "",
    "card_clearing": "", "qr_clearing": "", "voucher_clearing": "issuer", "payouts_in_transit": "",
    "held_by_producer": "producer", "producer_receivable": "producer", "producer_advance": "producer",
    "organizer_receivable": "organizer", "customer_receivable": "customer", "cash_variance": "shift",
    "refund_pending": "site", "vat_input": "", "vat_input_pending": "", "inventory": "", "staff_receivable": "person",
    "unsettled": "producer", "settled": "producer", "reserve": "producer", "vat_output": "", "vat_accrued": "",
    "unidentified_receipts": "", "supplier_payable": "supplier", "capital": "",
    "commission_income": "", "fair_fee_income": "", "service_income": "", "goods_income": "", "cash_over_income": "",
    "discount_expense": "", "shrinkage_expense": "", "goodwill_expense": "", "payment_fee_expense": "",
    "payment_loss_expense": "", "bank_fee_expense": "", "misc_expense": "", "cash_short_expense": "",
    "cost_of_goods": "",
}  # fmt: skip


def tidy(postings: Iterable[PostingDraft]) -> tuple[PostingDraft, ...]:
    """Those that say something, one per account and dimensions, in a fixed order.

    Raises ValueError on an unknown account, a dimension missing or too much, or a sum that is not 0.
    """

    def key(p: PostingDraft) -> tuple[str, ...]:
        return (
            p.account,
            p.dimension,
            p.producer_id or "",
            p.site_id or "",
            p.shift_id or "",
            p.fair_id or "",
            p.settlement_line_id or "",
        )

    kept = []
    for _, same in groupby(sorted(postings, key=key), key=key):
        group = list(same)
        first = group[0]
        if first.account not in ACCOUNTS:
            raise ValueError(f"unknown account {first.account}")
        if bool(ACCOUNTS[first.account]) != bool(first.dimension):
            raise ValueError(f"{first.account}: dimension {first.dimension!r}")
        if amount := sum(p.amount_vnd for p in group):
            kept.append(
                PostingDraft(
                    first.account, amount, first.dimension,
                    first.producer_id, first.site_id, first.shift_id, first.fair_id, first.settlement_line_id,
                )
            )  # fmt: skip
    if total := sum(p.amount_vnd for p in kept):
        raise ValueError(f"an entry is off by {total}")
    return tuple(kept)


def _plain(value: Any) -> bytes:
    """Canonical JSON; a sum may go beyond what one event's number may, so nothing is refused here."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_hash(operator_id: str, seq: int, prev_hash: str, entry: EntryDraft, postings: Sequence[PostingDraft]) -> str:
    """SHA-256 of the canonical JSON of an entry with its place in the chain and its postings in order."""
    return digest(
        _plain(
            {
                "operator": operator_id, "seq": seq, "prev": prev_hash, "id": entry.id, "kind": entry.kind,
                "day": entry.business_date.isoformat(), "at": iso(entry.occurred_at),
                "source": [entry.source_kind, entry.source_id], "reverses": entry.reverses,
                "postings": [
                    [p.account, p.dimension, p.amount_vnd, p.producer_id, p.site_id, p.shift_id, p.fair_id,
                     p.settlement_line_id]
                    for p in postings
                ],
            }
        )
    )  # fmt: skip


def seal_digest(
    operator_id: str, kind: str, scope_id: str, from_on: date, until_on: date, seq: int, head: str,
    totals: Mapping[str, Sequence[int]],
) -> str:  # fmt: skip
    """SHA-256 of what a seal says: the period, where the chain stood, {account: [debit, credit]}."""
    said = {"operator": operator_id, "kind": kind, "scope": scope_id, "from": from_on.isoformat(),
            "until": until_on.isoformat(), "seq": seq, "head": head, "totals": totals}  # fmt: skip
    return digest(_plain(said))
