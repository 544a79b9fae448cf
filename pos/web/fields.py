"""Reading a form field by field: every trouble is told at once, each beside its field.

`read = Fields(form)`, then `read.text("name", required=True)` …, then `read.finish()`, which raises
`Invalid("form.invalid", errors={field: code})` when something is amiss. Views catch it and show the form again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from flask_babel import get_locale

from pos.kernel.errors import Invalid, Trouble
from pos.kernel.text import nfc
from pos.web.phrases import phrase


class Fields:
    """One submitted form."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def wrong(self, name: str, code: str) -> None:
        """Note a trouble; the first of a field stands."""
        self.errors.setdefault(name, code)

    def raw(self, name: str) -> str:
        """As sent, trimmed."""
        return (self.form.get(name) or "").strip()

    def text(self, name: str, *, required: bool = False, most: int = 300) -> str | None:
        """NFC with single blanks; None when empty."""
        value = nfc(self.raw(name))
        if not value and required:
            self.wrong(name, "field.required")
        if len(value) > most or "\x00" in value:
            self.wrong(name, "field.too_long")
        return value or None

    def needed(self, name: str, *, most: int = 300) -> str:
        """Text that must be there; "" stands in while the trouble is told."""
        return self.text(name, required=True, most=most) or ""

    def link(self, name: str) -> str | None:
        """An address a phone can open; nothing else gets into a QR."""
        value = self.text(name, most=300)
        if value and not (value.startswith(("https://", "http://")) and "." in value and " " not in value):
            self.wrong(name, "field.link")
        return value

    def choice(self, name: str, allowed: Collection[str], *, required: bool = True) -> str:
        """One of the values offered."""
        value = self.raw(name)
        if not value and not required:
            return ""
        if value not in allowed:
            self.wrong(name, "field.choice")
        return value

    def tick(self, name: str) -> bool:
        """A ticked box."""
        return self.raw(name) == "1"

    def day(self, name: str, *, required: bool = False) -> date | None:
        """`2026-11-22` as date inputs send it, or `22/11/2026` as people write it."""
        value = self.raw(name)
        if not value:
            if required:
                self.wrong(name, "field.required")
            return None
        for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
            try:
                return datetime.strptime(value, shape).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
        self.wrong(name, "field.date")
        return None

    def money(self, name: str, *, required: bool = False) -> int | None:
        """Whole đồng, with or without points: `125.000`, `125000`, `125,000`."""
        value = self.raw(name).replace(" ", "").removesuffix("₫").removesuffix("đ")
        if not value:
            if required:
                self.wrong(name, "field.required")
            return None
        groups = value.replace(",", ".").split(".")
        plain = "".join(groups)
        grouped = len(groups) == 1 or (0 < len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:]))
        if not plain.isascii() or not plain.isdigit() or not grouped or len(plain) > 13:
            self.wrong(name, "field.number")
            return None
        return int(plain)

    def thousandths(self, name: str, *, required: bool = False) -> int | None:
        """A quantity: `12`, `1,5`, `1.237` → 12000, 1500, 1237. At most three digits behind the sign."""
        value = self.raw(name).replace(" ", "").replace(".", ",")
        if not value:
            if required:
                self.wrong(name, "field.required")
            return None
        whole, _, rest = value.partition(",")
        digits = whole + rest
        if not digits.isascii() or not digits.isdigit() or not whole or len(rest) > 3 or len(whole) > 9:
            self.wrong(name, "field.quantity")
            return None
        return int(whole) * 1000 + int(rest.ljust(3, "0") or 0)

    def hundredths(self, name: str) -> int:
        """A percentage in basis points: `12,5` → 1250; empty is 0."""
        value = self.raw(name).replace(" ", "").removesuffix("%").replace(".", ",")
        if not value:
            return 0
        whole, _, rest = value.partition(",")
        digits = whole + rest
        if not digits.isascii() or not digits.isdigit() or len(rest) > 2 or not whole or int(whole) > 100:
            self.wrong(name, "field.percent")
            return 0
        return int(whole) * 100 + int(rest.ljust(2, "0"))

    def finish(self) -> None:
        """Raise Invalid with all troubles, or go on."""
        if self.errors:
            raise Invalid("form.invalid", errors=dict(self.errors))


def errors_of(trouble: Trouble, field: str = "") -> dict[str, str]:
    """Field → sentence in this request's language. A trouble of a service goes to the field it names,
    else to `field`."""
    errors = trouble.facts.get("errors")
    if not isinstance(errors, dict):
        named = trouble.facts.get("field")
        errors = {named if isinstance(named, str) else field: trouble.code}
        facts = dict(trouble.facts)
    else:
        facts = {}
    english = str(get_locale()) == "en"
    kind = type(trouble).__name__
    return {name: phrase(code, kind, facts)[1 if english else 0] for name, code in errors.items()}
