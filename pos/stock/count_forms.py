"""What the forms of counts say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pos.stock.counting import LIABILITIES
from pos.web.fields import Fields

SCOPES = ("all", "kind", "producer")


@dataclass(frozen=True, slots=True)
class NewCount:
    """Where, and what of it."""

    site_id: str
    scope_kind: str
    scope_id: str
    note: str | None

    @classmethod
    def parse(
        cls, form: Mapping[str, str], *, site_ids: Collection[str], kinds: Collection[str], producers: Collection[str]
    ) -> NewCount:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        scope = read.choice("scope_kind", SCOPES)
        scope_id = ""
        if scope == "kind":
            scope_id = read.choice("kind", kinds)
        if scope == "producer":
            scope_id = read.choice("producer", producers)
        made = cls(read.choice("site_id", site_ids), scope, scope_id, read.text("note", most=200))
        read.finish()
        return made


@dataclass(frozen=True, slots=True)
class NewEntry:
    """So much of one product, seen now; `id` was minted by the page."""

    id: str
    product_id: str
    qty_milli: int
    spot: str | None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewEntry:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        qty = read.thousandths("qty", required=True)
        made = cls(read.raw("id"), read.raw("product"), qty or 0, read.text("spot", most=40))
        read.finish()
        return made


def liabilities_of(form: Mapping[str, str], product_ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """`who-<product>` and `why-<product>` of the differences. Raises Invalid: who else than the agreement bears it
    needs a reason."""
    read = Fields(form)
    found: dict[str, tuple[str, str | None]] = {}
    for product in product_ids:
        if not read.raw(f"who-{product}"):
            continue
        who = read.choice(f"who-{product}", LIABILITIES)
        why = read.text(f"why-{product}", most=200, required=who != "agreement")
        found[product] = (who, why)
    read.finish()
    return found
