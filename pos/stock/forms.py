"""What the form of a stock document says: a head, and rows `p-0`, `q-0` … of products with their quantities.

The same values show the form again when something is amiss, and hold a draft that is opened (`values_of`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Document
from pos.stock.queries.levels import Countable
from pos.stock.rules import DIFFERENCES, GONE_TO, LIABILITIES
from pos.web.fields import Fields

EDITED = ("intake", "transfer", "receipt", "return", "write_off", "correction")  # made by hand in the office
MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class Head:
    """Whose paper it is and what may be chosen on it."""

    operator_id: str
    kind: str
    site_ids: Collection[str]
    producer_ids: Collection[str]
    all_site_ids: Collection[str]  # a transfer may go to a site the writer may not read
    answers: Document | None = None


def rows_in(values: Mapping[str, str]) -> list[tuple[int, str]]:
    """(row, product) of the rows a form names, in order."""
    found = [(n, values[f"p-{n}"]) for n in range(MOST_ROWS) if values.get(f"p-{n}")]
    return found


def typed(milli: int | None) -> str:
    """Thousandths as a field holds them: `1000`, `1,237`."""
    if milli is None:
        return ""
    whole, rest = divmod(milli, 1000)
    return f"{whole}" + (f",{rest:03d}".rstrip("0") if rest else "")


def values_of(document: Document) -> dict[str, str]:
    """A draft as its form's values."""
    values = {
        "business_date": document.business_date.isoformat(),
        "site_id": (document.to_id if document.kind == "intake" else document.from_id) or "",
        "to_id": document.to_id or "",
        "producer_id": document.producer_id or "",
        "reason": document.reason or "",
        "liability": document.liability or "",
        "note": document.note or "",
        "announced_id": document.announced_id or "",
        "answers_id": document.answers_id or "",
        "revision": str(document.revision),
    }
    for n, line in enumerate(document.lines):
        values |= {
            f"p-{n}": line.product_id,
            f"q-{n}": typed(line.qty_milli),
            f"e-{n}": typed(line.expected_milli),
            f"x-{n}": line.expires_on.isoformat() if line.expires_on else "",
            f"l-{n}": line.lot_id or "",
            f"c-{n}": line.lot_code or "",
            f"m-{n}": line.member or "",
            f"d-{n}": line.difference or "",
            f"w-{n}": line.why or "",
        }
    return values


def parse_document(
    form: Mapping[str, str], head: Head, goods: Mapping[str, Countable], *, today: date,
    certificates: Mapping[str, str],
) -> Draft:  # fmt: skip
    """The command. Raises Invalid with the troubles by field."""
    read = Fields(form)
    day = read.day("business_date", required=True) or today
    if day > today:
        read.wrong("business_date", "intake.future")
    producer = reason = liability = None
    kind, answers = head.kind, head.answers
    if answers is not None and kind == "receipt":
        from_, to = (answers.to_kind, answers.to_id), ("site", answers.to_id)
    elif answers is not None:
        from_, to = (answers.from_kind, answers.from_id), (answers.to_kind, answers.to_id)
        producer = answers.producer_id
    else:
        here = read.choice("site_id", head.site_ids)
        from_, to = ("site", here), ("site", here)
        if kind in ("intake", "return"):
            producer = read.choice("producer_id", head.producer_ids)
            from_, to = (("producer", producer), to) if kind == "intake" else (from_, ("producer", producer))
        elif kind == "transfer":
            there = read.choice("to_id", head.all_site_ids)
            if there and there == here:
                read.wrong("to_id", "document.same_place")
            to = ("transit", there)
        else:
            reason = read.choice("reason", GONE_TO)
            liability = read.choice("liability", LIABILITIES, required=False) or None
            to = (GONE_TO.get(reason, "written_off"), here)
    lines = [
        line for n, product in rows_in(form) if product in goods and (line := _line(read, n, goods[product], head, day))
    ]
    if not lines and not read.errors:
        read.wrong("lines", "document.empty")
    note = read.text("note", most=300, required=kind == "correction")
    read.finish()
    return Draft(
        operator_id=head.operator_id, kind=kind, business_date=day, from_=from_, to=to, producer_id=producer,
        reason=reason, liability=liability, note=note, announced_id=read.raw("announced_id") or None,
        answers_id=answers.id if answers else None,
        lines=tuple(
            DraftLine(
                x.product_id, x.qty_milli, x.expected_milli, x.lot_id, x.expires_on,
                certificates.get(x.product_id) if kind == "intake" else None, x.member, x.difference, x.why, x.lot_code,
            )
            for x in lines
        ),
    )  # fmt: skip


def _line(read: Fields, n: int, item: Countable, head: Head, day: date) -> DraftLine | None:
    """One row; None where nothing is entered."""
    qty, expected = read.thousandths(f"q-{n}"), read.thousandths(f"e-{n}")
    expires, member, why = read.day(f"x-{n}"), read.text(f"m-{n}", most=120), read.text(f"w-{n}", most=200)
    difference = read.choice(f"d-{n}", DIFFERENCES, required=False) or None
    if expires is not None and expires < day and head.kind == "intake":
        read.wrong(f"x-{n}", "intake.expired")
    told = head.kind in ("receipt", "correction")  # the paper it answers says what should be here
    if qty is None and not (told and expected):
        if expected is None or head.kind != "intake" or not expected:
            return None
        qty = 0
    if qty is None:
        read.wrong(f"q-{n}", "document.count_it")
        return None
    if qty == 0 and not expected:
        read.wrong(f"q-{n}", "intake.quantity")
    if qty % 1000 and not item.weighed:
        read.wrong(f"q-{n}", "intake.whole")
    if head.kind == "receipt" and expected is not None and qty != expected:
        if qty > expected:
            difference = "sent_more"
        elif difference in (None, "sent_more"):
            read.wrong(f"d-{n}", "document.explain")
    else:
        difference = None
    lot, code = read.raw(f"l-{n}") or None, read.text(f"c-{n}", most=40)
    return DraftLine(item.product_id, qty, expected, lot, expires, None, member, difference, why, code)
