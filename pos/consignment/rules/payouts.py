"""An attempt's states, and when a changed account may be paid to. Pure. Source: money.md "Settlement"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# What may follow: `uncertain` is never tried again by itself, only the bank's word ends it.
NEXT: dict[str, tuple[str, ...]] = {
    "exported": ("uncertain", "confirmed", "returned"),
    "uncertain": ("confirmed", "returned"),
    "confirmed": ("returned",),
    "returned": (),
}
LIVE = ("exported", "uncertain", "confirmed")
WAIT = timedelta(hours=24)


def before(state: str) -> list[str]:
    """The states from which one may come to this one."""
    return [earlier for earlier, after in NEXT.items() if state in after]


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What an operator knows of the account it is about to pay to."""

    made_at: datetime
    changed: bool  # the producer had another before
    paid_before: bool  # by this operator, and it arrived
    checked_by: str | None
    checked: bool


def account_trouble(facts: AccountFacts, *, at: datetime, by: str | None, alone: bool) -> str | None:
    """Why money may not go there yet; None when it may. `alone`: nobody else could check it."""
    if not facts.changed or facts.paid_before:
        return None
    if not facts.checked:
        return "payout.account_unchecked"
    if at < facts.made_at + WAIT:
        return "payout.account_waits"
    if by is not None and facts.checked_by == by and not alone:
        return "payout.second_person"
    return None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One row of a bank file: everything in plain text, đồng as int."""

    n: int
    holder: str
    account: str
    bank_bin: str
    bank_name: str
    amount_vnd: int
    text: str
