"""What the forms of payouts and of papers with a producer say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pos.consignment.rules.disputes import KINDS as DISPUTES
from pos.consignment.rules.disputes import MOST_WORDS
from pos.kernel.errors import Invalid
from pos.web.fields import Fields


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The bank paid these on a day, at a fee."""

    attempt_ids: list[str]
    booked_on: date
    fee_vnd: int
    reference: str | None


def parse_confirmation(form: Mapping[str, str], attempt_ids: Sequence[str], today: date) -> Confirmation:
    """Raises Invalid."""
    read = Fields(form)
    day = read.day("booked_on") or today
    fee = read.money("fee") or 0
    reference = read.text("reference", most=100)
    read.finish()
    return Confirmation(list(attempt_ids), day, fee, reference)


def day_given(form: Mapping[str, str], name: str, today: date) -> date:
    """A day, today when left empty. Raises Invalid."""
    read = Fields(form)
    day = read.day(name) or today
    read.finish()
    return day


def reason_given(form: Mapping[str, str]) -> str:
    """Raises Invalid when empty."""
    read = Fields(form)
    reason = read.needed("reason")
    read.finish()
    return reason


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A new paper with a producer: what is not asked for its kind is 0 or empty."""

    kind: str
    what: str
    amount_vnd: int
    units: int
    vat_bp: int
    business_date: date
    site_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a producer says of a line."""

    kind: str
    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Said:
        """Raises Invalid."""
        read = Fields(form)
        kind, words = read.choice("kind", DISPUTES), read.text("words", most=MOST_WORDS) or ""
        read.finish()
        return cls(kind, words)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an accepted dispute gives (+) or takes from the producer; 0: nothing."""

    amount_vnd: int
    reason: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Accepted:
        """Raises Invalid."""
        read = Fields(form)
        amount, reason = read.money("amount") or 0, read.text("reason") or ""
        sign = -1 if read.choice("side", ("give", "take"), required=False) == "take" else 1
        read.finish()
        return cls(sign * amount, reason)


KINDS = ("fee", "adjustment", "advance", "reserve_release")


def parse_paper(form: Mapping[str, str], *, site_ids: Sequence[str], today: date) -> PaperForm:
    """Raises Invalid with the troubles by field."""
    read = Fields(form)
    kind = read.choice("kind", KINDS)
    amount = read.money("amount", required=True) or 0
    if amount <= 0 and "amount" not in read.errors:
        read.wrong("amount", "note.amount")
    what, units, vat = "", 1, 0
    if kind == "fee":
        what = read.choice("what", ("booth", "listing", "service"))
        milli = read.thousandths("units") or 1_000
        units, vat = milli // 1_000, read.hundredths("vat")
        if milli % 1_000 or not 0 < units <= 1_000:
            read.wrong("units", "field.quantity")
    sign = -1 if kind == "adjustment" and read.choice("side", ("give", "take")) == "take" else 1
    site = read.choice("site_id", site_ids, required=False) if kind == "advance" else ""
    day = read.day("business_date") or today
    reason = read.needed("reason")
    if day > today:
        read.wrong("business_date", "payout.future")
    read.finish()
    if not kind:
        raise Invalid("field.choice")
    return PaperForm(kind, what, sign * amount, units, vat, day, site or None, reason)
