"""A fee of the bank or acquirer that producers bear at cost: their settlement lines and postings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pos.kernel.ids import new_id
from pos.ledger.commands import PostingDraft


def fee_lines(
    operator_id: str, parts: Mapping[str, int], day: date, *, note: str
) -> tuple[list[PostingDraft], list[dict[str, Any]]]:
    """(postings, settlement lines) of each producer's part in đồng, against `payment_fee_expense`."""
    postings: list[PostingDraft] = []
    lines: list[dict[str, Any]] = []
    for producer_id, amount in sorted(parts.items()):
        line_id = new_id()
        postings += [
            PostingDraft("unsettled", amount, producer_id, producer_id, settlement_line_id=line_id),
            PostingDraft("payment_fee_expense", -amount),
        ]
        lines.append(
            {
                "id": line_id, "operator_id": operator_id, "producer_id": producer_id, "kind": "payment_fee",
                "amount_vnd": -amount, "business_date": day, "available_on": day, "share_id": None,
                "returns_line_id": None, "note": note,
            }
        )  # fmt: skip
    return postings, lines
