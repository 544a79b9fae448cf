"""What is said about a product, by a form or an import file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class ProductFacts:
    """The shared facts of a product, as all operators see them. `kind` None: read from the group.

    alcohol_bp: strength in hundredths of a percent by volume (29 % is 2900)."""

    name: str
    group_code: str | None = None
    unit: str = "cái"
    weighed: bool = False
    name_en: str | None = None
    kind: str | None = None
    commune: str | None = None
    province: str | None = None
    alcohol_bp: int = 0
    shelf_life_days: int | None = None
    trace_url: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class ImportedProduct:
    """One good row of a file: a product with its producer, and what the importing operator asks for it.

    recognised: ISO date its certificate runs from; valid_to None: 36 months on. titles: the file's own name of each
    column by meaning, so that what is found out later can point at a cell."""

    row: int
    producer: str
    facts: ProductFacts
    stars: int | None = None
    potential_five: bool = False
    decision_no: str | None = None
    issuer: str | None = None
    recognised: str | None = None
    valid_to: date | None = None
    price_vnd: int | None = None
    cost_vnd: int | None = None  # what a unit the operator owns itself cost
    barcodes: tuple[str, ...] = ()
    vat_class: str | None = None
    vat_bp: int | None = None
    titles: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
