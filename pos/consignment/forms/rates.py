"""What the forms of many agreements and of commission rules say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pos.kernel.errors import Invalid
from pos.web.fields import Fields

WEEKDAYS = tuple("0123456")


@dataclass(frozen=True, slots=True)
class BulkForm:
    """What changes for all chosen; what stays is null. From tomorrow at the earliest."""

    starts_on: date
    commission_bp: int | None
    pay_weekday: int | None

    @property
    def changes(self) -> dict[str, int]:
        """Only what changes."""
        pairs = (("commission_bp", self.commission_bp), ("pay_weekday", self.pay_weekday))
        return {name: value for name, value in pairs if value is not None}

    @classmethod
    def parse(cls, form: Mapping[str, str], today: date) -> BulkForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        day = read.day("starts_on", required=True)
        rate = read.hundredths("commission") if read.raw("commission") else None
        weekday = read.choice("pay_weekday", WEEKDAYS, required=False)
        if rate is None and not weekday:
            read.wrong("commission", "field.required")
        read.finish()
        if day is None or day <= today:
            raise Invalid("form.invalid", errors={"starts_on": "agreement.tomorrow"})
        return cls(day, rate, int(weekday) if weekday else None)


@dataclass(frozen=True, slots=True)
class RateForm:
    """One rule of commission."""

    kind: str
    scope_id: str
    producer_id: str
    commission_bp: int
    from_price_vnd: int
    starts_on: date

    @classmethod
    def parse(cls, form: Mapping[str, str], choices: Mapping[str, Sequence[tuple[str, str]]]) -> RateForm:
        """`scope` is `kind:id`, one of the choices. Raises Invalid."""
        read = Fields(form)
        scope = read.choice("scope", [f"{kind}:{id_}" for kind, pairs in choices.items() for id_, _ in pairs])
        if not read.raw("commission"):
            read.wrong("commission", "field.required")
        rate, price = read.hundredths("commission"), read.money("from_price") or 0
        day = read.day("starts_on", required=True)
        kind, _, id_ = scope.partition(":")
        if kind == "producer" and not price:
            read.wrong("from_price", "field.required")
        read.finish()
        if day is None:
            raise Invalid("field.date")
        return cls(kind, id_, id_ if kind == "producer" else "", rate, price, day)
