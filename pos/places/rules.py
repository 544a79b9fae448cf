"""Names and codes of places: what a code looks like, which tenders exist."""

from __future__ import annotations

import re
from collections.abc import Collection

from pos.kernel.text import fold

CODE = re.compile(r"[A-Z0-9]{2,12}")
TENDERS = ("cash", "vietqr", "card", "voucher", "owed", "producer")  # `producer`: it took the money itself
OWN_BASES = ("vietqr", "card")  # what an operator's own way of paying may be in the books
USUAL_PLACES = {"cash": "row", "vietqr": "row", "card": "row"}  # until an operator says otherwise
TENDER_PLACES = ("row", "more", "off")
SITE_KINDS = ("shop", "design_centre", "booth", "warehouse", "van")


def is_code(text: str) -> bool:
    """Codes stand in receipt numbers and transfer texts: 2 to 12 capital letters and digits, nothing else."""
    return CODE.fullmatch(text) is not None


def code_of_tender(name: str, taken: Collection[str]) -> str:
    """A code for an operator's own way of paying, from its name: `Ví MoMo` is `vi_momo`; never one that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:24] or "other"
    tries = (plain if n == 1 else f"{plain}_{n}" for n in range(1, 1000))
    return next(code for code in tries if code not in taken and code not in TENDERS)


def is_account(bank_bin: str, account: str) -> bool:
    """A BIN is six digits; an account number 4 to 19 letters and digits without marks (VietQR's limit)."""
    return re.fullmatch(r"[0-9]{6}", bank_bin) is not None and re.fullmatch(r"[A-Za-z0-9]{4,19}", account) is not None
