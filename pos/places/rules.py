"""Names and codes of places: what a code looks like, which tenders exist."""

from __future__ import annotations

import re

CODE = re.compile(r"[A-Z0-9]{2,12}")
TENDERS = ("cash", "vietqr", "card", "voucher", "owed")
SITE_KINDS = ("shop", "design_centre", "booth", "warehouse", "van")


def is_code(text: str) -> bool:
    """Codes stand in receipt numbers and transfer texts: 2 to 12 capital letters and digits, nothing else."""
    return CODE.fullmatch(text) is not None
