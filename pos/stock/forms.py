"""What an intake form says: one row per product the producer has here, empty where nothing came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pos.stock.commands import Receive
from pos.stock.queries import Countable
from pos.web.fields import Fields


def parse_intake(
    form: Mapping[str, str], goods: Sequence[Countable], *, operator_id: str, site_ids: Sequence[str], today: date
) -> Receive:
    """The command. Raises Invalid with the troubles by field (`qty-<product>`, `exp-<product>`)."""
    read = Fields(form)
    day = read.day("business_date", required=True) or today
    if day > today:
        read.wrong("business_date", "intake.future")
    site_id = read.choice("site_id", site_ids)
    lines = []
    for item in goods:
        qty_name, exp_name = f"qty-{item.product_id}", f"exp-{item.product_id}"
        milli = read.thousandths(qty_name)
        expires = read.day(exp_name)
        if milli is not None and milli <= 0:
            read.wrong(qty_name, "intake.quantity")
        if milli is not None and milli % 1000 and not item.weighed:
            read.wrong(qty_name, "intake.whole")
        if expires is not None and expires < day:
            read.wrong(exp_name, "intake.expired")
        if milli:
            lines.append((item.product_id, milli, expires))
    if not lines and not read.errors:
        read.wrong("lines", "intake.empty")
    read.finish()
    return Receive(
        operator_id=operator_id,
        producer_id=read.raw("producer_id"),
        site_id=site_id,
        business_date=day,
        lines=tuple(lines),
        note=read.text("note", most=200),
    )
