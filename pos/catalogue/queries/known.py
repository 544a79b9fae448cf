"""Everything an import compares with, read in a handful of queries before its first row. Plain rows, no objects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Barcode, Certificate, Group, Offer, Price, Product, VatRate
from pos.kernel.text import fold
from pos.producers.models import Producer

FACTS = (
    "group_code", "name", "name_en", "unit", "weighed", "kind", "commune", "province", "alcohol_bp",
    "shelf_life_days", "trace_url", "source", "search",
)  # fmt: skip


class Known:
    """The register as it stands, and what one operator offers of it; an import writes its own rows in here too."""

    def __init__(self, session: Session, operator_id: str, at: datetime) -> None:
        self.groups = set(session.scalars(select(Group.code)))
        makers: Any = session.execute(select(Producer.id, Producer.name, Producer.code))
        self.producers: dict[str, tuple[str, str]] = {}  # folded name → (id, name)
        self.producer_codes: set[str] = set()
        for id_, name, code in makers:
            self.producers[fold(name)] = (id_, name)
            self.producer_codes.add(code)
        columns = [getattr(Product, fact) for fact in FACTS]
        merged = Product.merged_into_id
        rows: Any = session.execute(select(Product.id, Product.producer_id, Product.active, merged, *columns))
        self.products: dict[str, dict[str, Any]] = {}
        self.by_name: dict[tuple[str, str], str] = {}
        self.undone: set[str] = set()  # no longer in the register: an import of it was taken back
        became: dict[tuple[str, str], str] = {}  # the name of a duplicate leads to what it was merged into
        for id_, producer_id, active, into, *values in rows:
            facts = dict(zip(FACTS, values, strict=True))
            if into is not None:
                became[producer_id, facts["name"].casefold()] = into
                continue
            self.add_product(id_, producer_id, facts)
            if not active:
                self.undone.add(id_)
        for name, into in became.items():
            self.by_name.setdefault(name, into)
        mine_only = Offer.operator_id == operator_id
        offers: Any = session.execute(select(Offer.product_id, Offer.sku, Offer.active).where(mine_only)).all()
        self.offers: dict[str, str] = {product_id: sku for product_id, sku, _ in offers}
        self.retired = {product_id for product_id, _, active in offers if not active}
        self._skus = set(self.offers.values())
        self._numbers, self._codes = count(len(self.offers) + 1), count(len(self.producers) + 1)
        mine = (Price.operator_id == operator_id, Price.scope_kind == "operator", Price.starts_at <= at)
        prices = session.execute(
            select(Price.product_id, Price.price_vnd, Price.cost_vnd).where(*mine).order_by(Price.starts_at)
        ).all()
        self.prices: dict[str, int] = {row[0]: row[1] for row in prices}
        self.costs: dict[str, int] = {row[0]: row[2] for row in prices if row[2] is not None}
        self.rates = set(session.scalars(select(VatRate.product_id).where(VatRate.operator_id == operator_id)))
        ours = or_(Barcode.operator_id.is_(None), Barcode.operator_id == operator_id)
        codes: Any = session.execute(select(Barcode.code, Barcode.product_id, ours))
        self.codes: dict[str, str] = {}  # codes that mean something here → product
        self.elsewhere: dict[str, str] = {}  # other operators' own numbers: no GTIN may be one of them
        for code, product_id, here in codes:
            (self.codes if here else self.elsewhere)[code] = product_id
        held: Any = session.execute(select(Certificate.product_id, Certificate.valid_from))
        self.certificates = {(product_id, start) for product_id, start in held}

    def add_product(self, id_: str, producer_id: str, facts: dict[str, Any]) -> None:
        """Take a product in, findable by its producer and name in any case."""
        self.products[id_] = facts
        self.by_name.setdefault((producer_id, facts["name"].casefold()), id_)

    def next_sku(self) -> str:
        """The operator's next free number."""
        return _free(self._numbers, self._skus, "")

    def next_producer_code(self) -> str:
        """The next free code of a producer."""
        return _free(self._codes, self.producer_codes, "P")


def _free(numbers: Iterator[int], taken: set[str], prefix: str) -> str:
    found = next(text for n in numbers if (text := f"{prefix}{n:04d}") not in taken)
    taken.add(found)
    return found
