"""The buyer as a customer types it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pos.till.rules.buyers import Buyer, check_fits, is_code, plain_code
from pos.web.fields import Fields

EMAIL = re.compile(r"[^@\s<>\"']{1,64}@[^@\s<>\"']+\.[^@\s<>\"'.]{2,}")


def read_buyer_form(form: Mapping[str, str]) -> Buyer:
    """Raises Invalid with the troubles by field.

    A tax code whose check digit does not fit is asked once more: old papers carry such codes, so the same code sent
    again (`sure`) is taken.
    """
    read = Fields(form)
    code = plain_code(read.needed("code", most=20))
    if code and not is_code(code):
        read.wrong("code", "buyer.code")
    elif code and not check_fits(code) and read.raw("sure") != code:
        read.wrong("code", "buyer.check")
    buyer = Buyer(
        name=read.needed("name", most=200), code=code, address=read.needed("address", most=300),
        email=read.needed("email", most=200),
    )  # fmt: skip
    if buyer.email and not EMAIL.fullmatch(buyer.email):
        read.wrong("email", "buyer.email")
    if not read.tick("agreed"):
        read.wrong("agreed", "buyer.agreed")
    read.finish()
    return buyer
