"""What is asked of places, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TenderList:
    """The whole list of an operator's ways of paying, and whose vouchers it takes.

    `kinds` is (code, place, name, English name) in order; `own` (name, English name, base) and `issuer` are new.
    """

    kinds: tuple[tuple[str, str, str | None, str | None], ...]
    own: tuple[str, str | None, str] | None
    issuers: dict[str, bool]
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Bank:
    """An account as VietQR names it: the bank's six digits, the number, the holder."""

    bin: str
    account: str
    holder: str
