"""What the form of a customer's payment says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pos.web.fields import Fields


@dataclass(frozen=True, slots=True)
class Payment:
    """So many đồng into one site's safe (`cash`) or by transfer (`bank`)."""

    means: str
    site_id: str | None
    amount_vnd: int
    business_date: date
    note: str | None


def parse_payment(form: Mapping[str, str], site_ids: Collection[str], *, today: date) -> Payment:
    """`into` is a site's id, or `bank`. Raises Invalid with the troubles by field."""
    read = Fields(form)
    into = read.choice("into", {*site_ids, "bank"})
    amount = read.money("amount", required=True)
    day = read.day("business_date", required=True) or today
    if day > today:
        read.wrong("business_date", "field.date")
    note = read.text("note", most=200)
    read.finish()
    bank = into == "bank"
    return Payment("bank" if bank else "cash", None if bank else into, amount or 0, day, note)
