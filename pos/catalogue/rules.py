"""Pure rules of the register: check digits, kinds of tiles, stars in force, prices and VAT over time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from pos.kernel.clock import day_bounds

KINDS = ("rau", "che", "gao", "mat", "thit", "uong", "duoc", "gom", "vai", "canh")
SCOPES = ("site", "fair", "operator")  # narrowest first
VAT_CLASSES = ("standard", "zero", "KCT", "KKKNT", "direct")
AHEAD = timedelta(days=30)

# Leaves of Decision 148/QĐ-TTg; the longest beginning that fits decides. Sauces stand with honey (jars),
# spices with plants, coffee with drinks; services have no goods of their own and share the last.
_KIND_OF_GROUP = {
    "I": "gao",
    "I.1.a": "rau", "I.1.b": "thit",
    "I.2.a": "gao", "I.2.b": "mat",
    "I.3.a": "gao", "I.3.b": "gao", "I.3.c": "rau", "I.3.d": "thit",
    "I.4.a": "mat", "I.4.b": "rau",
    "I.5": "che", "I.6": "uong",
    "II": "uong", "III": "duoc", "IV": "gom", "IV.2": "vai", "V": "canh", "VI": "canh",
}  # fmt: skip
ALCOHOL_GROUP = "II.1"  # exactly these leaves are alcohol (vietnam.md 1.6)


def kind_of_group(code: str | None) -> str:
    """The hue and texture of a product's tile. `I.5.a` → che; without a group: canh, the plainest."""
    parts = (code or "").split(".")
    for n in range(len(parts), 0, -1):
        if kind := _KIND_OF_GROUP.get(".".join(parts[:n])):
            return kind
    return "canh"


def is_alcohol(group_code: str | None) -> bool:
    """Rice wine and other drinks with alcohol: age check, never 8 % VAT, no share of a discount when strong."""
    return (group_code or "").startswith(ALCOHOL_GROUP)


def check_digit(digits: str) -> str:
    """The GS1 check digit of the digits before it (EAN-8, UPC-A, EAN-13, GTIN-14). `893850100001` → `7`."""
    total = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def is_gtin(code: str) -> bool:
    """True for 8, 12, 13 or 14 digits whose last is right."""
    return code.isascii() and code.isdigit() and len(code) in {8, 12, 13, 14} and check_digit(code[:-1]) == code[-1]


def is_in_store(code: str) -> bool:
    """True for the numbers GS1 leaves to each shop (EAN-13 from 20 to 29, EAN-8 with 2): nothing elsewhere."""
    return len(code) in {8, 13} and code.startswith("2")


def code_of(prefix: str, number: int) -> str:
    """An in-store EAN-13. `29` and 1 → 2900000000018."""
    digits = f"{prefix}{number:010d}"
    return digits + check_digit(digits)


def codes_of(prefix: str, first: int, count: int) -> list[str]:
    """So many of them, in order."""
    return [code_of(prefix, number) for number in range(first, first + count)]


@dataclass(frozen=True)
class CertificateFacts:
    """What decides the stars of a day; `valid_to` is the last valid day."""

    stars: int
    valid_from: date
    valid_to: date
    revoked_on: date | None

    @property
    def until(self) -> date:
        """The last day it counts: a revoked one no longer counts on the day it is revoked."""
        return min(self.valid_to, self.revoked_on - timedelta(days=1)) if self.revoked_on else self.valid_to


def in_force(certificates: Iterable[CertificateFacts], day: date) -> CertificateFacts | None:
    """The certificate whose stars may be shown that day: of several in force the newest decision, then the higher."""
    valid = [c for c in certificates if c.valid_from <= day <= c.until]
    return max(valid, key=lambda c: (c.valid_from, c.stars)) if valid else None


@dataclass(frozen=True)
class Terms:
    """What a unit costs and which VAT is in it, from a moment on. `price_vnd` None: no price yet."""

    starts_at: datetime
    price_vnd: int | None
    vat_bp: int
    vat_class: str


@lru_cache(maxsize=1024)
def _midnight(day: date) -> datetime:
    return day_bounds(day)[0]


NO_VAT_YET = (0, "direct")  # nobody has said: no VAT line is printed, nothing is guessed


class Timeline:
    """Prices of one product by scope and its VAT by day: `at(moment)` and `coming(moment)`."""

    __slots__ = ("_prices", "_vat")

    def __init__(
        self,
        prices: Mapping[str, Sequence[tuple[datetime, int]]],
        vat: Sequence[tuple[date, int, str]],
    ) -> None:
        """prices: scope kind → (starts_at, đồng), vat: (starts_on, bp, class), each in order of time."""
        self._prices = prices
        self._vat = vat

    def price_at(self, moment: datetime) -> int | None:
        """The price of the narrowest scope that has one by then: site, then fair, then operator."""
        for scope in SCOPES:
            steps = self._prices.get(scope)
            if steps and (n := bisect_right(steps, moment, key=lambda step: step[0])):
                return steps[n - 1][1]
        return None

    def vat_at(self, moment: datetime) -> tuple[int, str]:
        """(basis points, class); the rate changes at midnight in Hanoi."""
        found = NO_VAT_YET
        for starts_on, bp, vat_class in self._vat:
            if _midnight(starts_on) > moment:
                break
            found = bp, vat_class
        return found

    def at(self, moment: datetime) -> Terms:
        """What holds at a moment."""
        return Terms(moment, self.price_at(moment), *self.vat_at(moment))

    def coming(self, moment: datetime, ahead: timedelta = AHEAD) -> list[Terms]:
        """Each real change in (moment, moment + ahead], whole: a price that a narrower one covers is no change."""
        last = moment + ahead
        starts = {start for steps in self._prices.values() for start, _ in steps if moment < start <= last}
        starts |= {start for on, _, _ in self._vat if moment < (start := _midnight(on)) <= last}
        if not starts:
            return []
        changes, before = [], self.at(moment)
        for start in sorted(starts):
            terms = self.at(start)
            if replace(terms, starts_at=before.starts_at) != before:
                changes.append(terms)
                before = terms
        return changes
