"""What a stranger with a receipt in hand may send us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pos.kernel.errors import NotFound
from pos.receipts.rules import printed_sum_of, sale_id_of

RECEIPT_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{2,63}")
LONGEST_KEY = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """Either the key behind the # of the QR, or the sum printed on the paper."""

    by_key: bool
    sale_id: str | None
    total_vnd: int | None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Asked:
        """A key that is none and a sum that is none are wrong answers, not errors."""
        key = form.get("key")
        if key is not None:
            return cls(True, sale_id_of(key) if len(key) <= LONGEST_KEY else None, None)
        return cls(False, None, printed_sum_of(form.get("total", "")[:40]))


def receipt_no_of(text: str) -> str:
    """A number that could be one. Raises NotFound."""
    if RECEIPT_NO.fullmatch(text) is None:
        raise NotFound("receipt.unknown", receipt_no=text[:64])
    return text
