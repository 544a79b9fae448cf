"""What the form of a new price says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos.kernel.clock import day_bounds, local_date
from pos.web.fields import Fields

CONSENTS = ("own", "told", "ask")


@dataclass(frozen=True)
class PriceForm:
    """A price somewhere from a moment on, and whose word stands behind it."""

    price_vnd: int
    scope_kind: str
    scope_id: str
    starts_at: datetime
    consent: str
    note: str | None

    @classmethod
    def parse(cls, form: Mapping[str, str], at: datetime) -> PriceForm:
        """Without a day it begins now; one that is asked about, tomorrow. Raises Invalid with the troubles by field."""
        read = Fields(form)
        price, consent = read.money("price", required=True), read.choice("consent", CONSENTS)
        kind, _, place = (read.raw("place") or "operator").partition(":")
        day, clock, note = read.day("starts_on"), read.raw("starts_time"), read.text("note", most=200)
        if consent == "told" and not note:
            read.wrong("note", "price.how_told")
        shape = re.fullmatch(r"([01]?\d|2[0-3])[:hg.]([0-5]\d)", clock) if clock else None
        if clock and shape is None:
            read.wrong("starts_time", "field.time")
        if clock and day is None:
            read.wrong("starts_on", "field.required")
        if day is None and consent == "ask":
            day = local_date(at) + timedelta(days=1)
        starts_at = at
        if day is not None:
            minutes = int(shape[1]) * 60 + int(shape[2]) if shape else 0
            starts_at = day_bounds(day)[0] + timedelta(minutes=minutes)
            if starts_at < at:
                read.wrong("starts_on", "price.past")
        read.finish()
        return cls(price or 0, kind, place, starts_at, consent, note)
