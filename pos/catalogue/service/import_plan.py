"""What an import would write: the plan its preview shows, and that is then carried out as one unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pos.catalogue.problems import Problem
from pos.catalogue.service.versions import Stamps
from pos.kernel.db import Base

Each = Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Change:
    """What one row would do. `what`: new, changed or same; `details`: (fact, before, after), before None when new;
    `asked`: the same of what belongs to the register and waits for who keeps it."""

    row: int
    name: str
    producer: str
    what: str
    details: tuple[tuple[str, Any, Any], ...] = ()
    asked: tuple[tuple[str, Any, Any], ...] = ()


@dataclass
class Imported:
    """What an import did, in numbers; `product_ids` in the order of the rows; `run_id` where it can be taken back."""

    producers: int = 0
    products: int = 0
    changed: int = 0
    priced: int = 0
    product_ids: list[str] = field(default_factory=list)
    run_id: str | None = None


@dataclass
class Plan:
    """What an import would write, row by row, and what speaks against it. `before`: what each row that changes
    anything needs to be taken back, by product."""

    operator_id: str
    at: datetime
    invented: bool
    named: bool
    done: Imported = field(default_factory=Imported)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    producers: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    offered_again: list[dict[str, Any]] = field(default_factory=list)
    asks: list[dict[str, Any]] = field(default_factory=list)
    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    stamps: Stamps = field(default_factory=Stamps)

    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, the same."""
        found = {"new": 0, "changed": 0, "same": 0}
        for change in self.changes:
            found[change.what] += 1
        return found


@dataclass(frozen=True)
class Origin:
    """Which file an import comes from, and who brings it in. `source`: products, or golive."""

    name: str
    sha256: str
    by: str | None
    source: str = "products"
