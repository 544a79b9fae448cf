"""What the forms of promotions and hampers say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pos.catalogue.promotions import DAY_END, KINDS
from pos.web.fields import Fields

GOODS = ("all", "group", "producer", "products")
CLOCK = re.compile(r"([01]?\d|2[0-4])[:hg.]?([0-5]\d)?")
PART = re.compile(r"(\S+?)\s*(?:[x×*]\s*(\d{1,4}(?:[.,]\d{1,3})?))?")


def _minute(read: Fields, name: str, usual: int) -> int:
    """`17:30`, `17h30`, `17` → minutes of the day; empty is the usual."""
    value = read.raw(name).lower()
    if not value:
        return usual
    found = CLOCK.fullmatch(value)
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if not 0 <= minutes <= DAY_END:
        read.wrong(name, "field.clock")
        return usual
    return minutes


def numbers_of(text: str) -> list[str]:
    """`0012, 0034 56` → the numbers on the tiles."""
    return [word for word in re.split(r"[\s,;]+", text) if word]


@dataclass(frozen=True)
class PromotionForm:
    """A promotion as typed; `value` in the unit of its kind, `goods` (kind, ids or numbers)."""

    name: str
    kind: str
    value: int
    get: int
    scope_kind: str
    scope_id: str | None
    goods_kind: str
    goods: tuple[str, ...]
    starts_on: date
    ends_on: date
    from_minute: int
    to_minute: int
    weekdays: int
    producer_bp: int
    organizer_bp: int

    @classmethod
    def parse(cls, form: Mapping[str, str], *, today: date) -> PromotionForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        kind = read.choice("kind", KINDS)
        get = read.money("get", required=True) or 0 if kind == "x_get_y" else 0
        value = read.hundredths("value") if kind == "percent" else read.money("value", required=True) or 0
        if value <= 0:
            read.wrong("value", "field.number")
        if kind == "x_get_y" and not 0 < get < 100:
            read.wrong("get", "field.number")
        scope_kind, _, scope_id = read.raw("scope").partition(":")
        goods_kind = read.choice("goods_kind", GOODS)
        goods = numbers_of(read.raw(goods_kind)) if goods_kind != "all" else []
        if goods_kind != "all" and not goods:
            read.wrong(goods_kind, "field.required")
        days = sum(1 << n for n in range(7) if read.tick(f"day-{n}"))
        made = cls(
            name=read.needed("name", most=60), kind=kind, value=value, get=get, scope_kind=scope_kind or "operator",
            scope_id=scope_id or None, goods_kind=goods_kind, goods=tuple(goods),
            starts_on=read.day("starts_on", required=True) or today,
            ends_on=read.day("ends_on", required=True) or today,
            from_minute=_minute(read, "from_minute", 0), to_minute=_minute(read, "to_minute", DAY_END),
            weekdays=days or 127, producer_bp=read.hundredths("producer_bp"),
            organizer_bp=read.hundredths("organizer_bp"),
        )  # fmt: skip
        read.finish()
        return made


@dataclass(frozen=True)
class BundleForm:
    """A hamper as typed: `parts` number on the tile → thousandths."""

    name: str
    code: str | None
    price_vnd: int
    parts: dict[str, int]

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> BundleForm:
        """Parts are lines like `0012 x 2`. Raises Invalid with the troubles by field."""
        read = Fields(form)
        parts: dict[str, int] = {}
        for line in (form.get("parts") or "").splitlines():
            if not line.strip():
                continue
            found = PART.fullmatch(line.strip())
            if found is None:
                read.wrong("parts", "bundle.line")
                continue
            whole, _, rest = (found[2] or "1").replace(".", ",").partition(",")
            milli = int(whole) * 1000 + int(rest.ljust(3, "0") or 0)
            parts[found[1]] = parts.get(found[1], 0) + milli
        made = cls(
            name=read.needed("name", most=60), code=read.text("code", most=32),
            price_vnd=read.money("price", required=True) or 0, parts=parts,
        )  # fmt: skip
        if not parts:
            read.wrong("parts", "field.required")
        if any(milli <= 0 for milli in parts.values()):
            read.wrong("parts", "bundle.line")
        read.finish()
        return made
