"""Who an invoice is for: tax codes, what is asked, what is masked. Pure. Source: the design's notes on Vietnam, 5.1.

The same rules as static/till/buyer.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pos.kernel.canonical import canonical, digest
from pos.kernel.clock import local_date

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
MOST_A_SALE = 3


@dataclass(frozen=True, slots=True)
class Buyer:
    """As it goes on the invoice. `code`: a tax code of 10 or 13 digits, or a personal number of 12."""

    name: str
    code: str
    address: str
    email: str


def plain_code(text: str) -> str:
    """Digits only: `0314409058-002` → `0314409058002`; anything else stays as it is."""
    bare = "".join(c for c in text if c not in " .-")
    return bare if bare.isascii() and bare.isdecimal() else text


def is_code(code: str) -> bool:
    """10, 12 or 13 digits; a branch is never 000."""
    return code.isascii() and code.isdecimal() and len(code) in (10, 12, 13) and not code.endswith("000", 10)


def check_fits(code: str) -> bool:
    """Whether the check digit fits. A personal number of 12 digits has none."""
    if len(code) == 12:
        return True
    check = 10 - sum(int(digit) * weight for digit, weight in zip(code, WEIGHTS, strict=False)) % 11
    return int(code[9]) == check


def shown_code(code: str) -> str:
    """`0314409058002` → `0314409058-002`."""
    return f"{code[:10]}-{code[10:]}" if len(code) == 13 else code


def masked(text: str, keep: int = 3) -> str:
    """The end of it: `0314409058` → `•••••••058`."""
    return "•" * max(0, len(text) - keep) + text[-keep:] if len(text) > keep else "•" * len(text)


def masked_email(text: str) -> str:
    """`lan.nguyen@vn.vn` → `l•••@vn.vn`."""
    name, at, host = text.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else masked(text)


def masked_name(text: str) -> str:
    """The first letter of each word: enough to tell two requests apart."""
    return " ".join(word[:1] + "•" * min(4, len(word) - 1) for word in text.split())


def private_of(buyer: Buyer, salt: str) -> dict[str, Any]:
    """What is sealed."""
    return {"buyer": asdict(buyer), "salt": salt}


def digest_of(buyer: Buyer, salt: str) -> str:
    """`buyer_sha256`: of the canonical JSON of buyer and salt, so that the same buyer twice looks different."""
    return digest(canonical(private_of(buyer, salt)))


def buyer_in(private: Mapping[str, Any]) -> Buyer:
    """A sealed buyer, read leniently: older tablets named things otherwise, or sent less."""
    inner = private.get("buyer")
    told = inner if isinstance(inner, Mapping) else private

    def text(*names: str) -> str:
        found = (told.get(name) for name in names)
        return next((value for value in found if isinstance(value, str) and value), "")

    return Buyer(text("name"), text("code", "tax_code"), text("address"), text("email"))


def may_ask(day: date, at: datetime) -> bool:
    """Until the end of the business day."""
    return local_date(at) <= day
