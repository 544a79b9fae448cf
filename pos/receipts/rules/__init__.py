"""Pure rules of the paper: what stands on it, where its QR leads, how long a print may wait."""

from __future__ import annotations

from datetime import timedelta

from pos.receipts.rules.document import (
    Document,
    VatRow,
    as_copy,
    payable_vnd,
    receipt_document,
    test_document,
    vat_by_rate,
    without_drawer,
)
from pos.receipts.rules.links import held_pass, held_receipt, link_of, printed_sum_of, sale_id_of
from pos.receipts.rules.wording import WORDS

__all__ = [
    "DRAWER_LIVES",
    "GUESSES",
    "GUESSES_FROM_ONE_PLACE",
    "GUESS_WAIT",
    "PATIENCE",
    "RECEIPT_LIVES",
    "SENDING_TAKES_AT_MOST",
    "WORDS",
    "Document",
    "VatRow",
    "as_copy",
    "held_pass",
    "held_receipt",
    "link_of",
    "patience",
    "payable_vnd",
    "printed_sum_of",
    "receipt_document",
    "sale_id_of",
    "test_document",
    "vat_by_rate",
    "without_drawer",
]

RECEIPT_LIVES = timedelta(minutes=30)
DRAWER_LIVES = timedelta(minutes=2)  # nobody wants yesterday's drawer opening
SENDING_TAKES_AT_MOST = timedelta(seconds=90)
PATIENCE = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
GUESSES = 3
GUESSES_FROM_ONE_PLACE = 20  # a fair's visitors share an address
GUESS_WAIT = timedelta(minutes=10)


def patience(attempts: int) -> timedelta:
    """How long to leave a printer alone after its n-th failure (n from 1)."""
    return PATIENCE[min(attempts, len(PATIENCE)) - 1]
