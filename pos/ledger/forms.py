"""What the form of a safe says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pos.ledger.rules import MOST_CASH_VND
from pos.web.fields import Fields


@dataclass(frozen=True, slots=True)
class Funding:
    """So many đồng from the bank to one safe."""

    site_id: str
    amount_vnd: int
    business_date: date
    note: str | None


def parse_funding(form: Mapping[str, str], site_ids: Collection[str], *, today: date) -> Funding:
    """Raises Invalid with the troubles by field."""
    read = Fields(form)
    site_id = read.choice("site_id", site_ids)
    amount = read.money("amount", required=True)
    if amount is not None and not 0 < amount <= MOST_CASH_VND:
        read.wrong("amount", "safe.amount")
    day = read.day("business_date", required=True) or today
    if day > today:
        read.wrong("business_date", "field.date")
    note = read.text("note", most=200)
    read.finish()
    return Funding(site_id, amount or 0, day, note)


@dataclass(frozen=True, slots=True)
class Money:
    """One paper of the operator's money; `of` is a site, a bag or a shift."""

    kind: str
    of: str
    amount_vnd: int
    note: str


def parse_money(form: Mapping[str, str]) -> Money:
    """Raises Invalid."""
    read = Fields(form)
    kind = read.choice("kind", ("capital", "bag", "bag_credited", "variance", "withdrawal", "top_up"))
    amount = 0 if kind == "variance" else read.money("amount", required=True) or 0
    note = read.text("note", required=kind == "variance", most=200) or ""
    read.finish()
    return Money(kind, form.get("of", ""), amount, note)
