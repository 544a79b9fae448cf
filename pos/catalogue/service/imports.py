"""Bring the good rows of a file into the register and an operator's offer, once: a second time changes nothing.

First a plan (reads only, and is what a preview shows), then the plan as one unit of work, in bulk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from pos.catalogue.commands import ImportedProduct, ProductFacts
from pos.catalogue.models import Barcode, Certificate, Offer, Price, Product, VatRate
from pos.catalogue.problems import Problem
from pos.catalogue.queries.known import FACTS, Known
from pos.catalogue.rules import is_in_store, kind_of_group
from pos.catalogue.service.register import search_text
from pos.catalogue.service.versions import Stamps, stamp
from pos.kernel.clock import local_date
from pos.kernel.db import Base
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import named_id, new_id
from pos.kernel.rows import insert_rows
from pos.kernel.text import fold, nfc
from pos.producers.service import add_producer

VALID_YEARS = 3  # a certificate holds 36 months, its anniversary is the last valid day (vietnam.md 1.3)
CHUNK = 1000
TABLES: tuple[type[Base], ...] = (Product, Offer, Price, VatRate, Barcode, Certificate)
Each = Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Change:
    """What one row would do. `what`: new, changed or same; `details`: (fact, before, after), before None when new."""

    row: int
    name: str
    producer: str
    what: str
    details: tuple[tuple[str, Any, Any], ...] = ()


@dataclass
class Imported:
    """What an import did, in numbers; `product_ids` in the order of the rows."""

    producers: int = 0
    products: int = 0
    changed: int = 0
    priced: int = 0
    product_ids: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """What an import would write, row by row, and what speaks against it."""

    operator_id: str
    at: datetime
    invented: bool
    named: bool
    done: Imported = field(default_factory=Imported)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    producers: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    stamps: Stamps = field(default_factory=Stamps)

    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, the same."""
        found = {"new": 0, "changed": 0, "same": 0}
        for change in self.changes:
            found[change.what] += 1
        return found


def plan_import(
    session: Session,
    rows: Sequence[ImportedProduct],
    *,
    operator_id: str,
    at: datetime,
    invented: bool = False,
    named: bool = False,
    each: Each = iter,
) -> Plan:
    """What taking these rows in would do now. Reads only; with `problems` it must not be carried out.

    named: ids follow the names, so that a demo is the same each time.
    """
    known, plan = Known(session, operator_id), Plan(operator_id, at, invented, named)
    for row in each(rows):
        _Rowwise(known, plan, row).plan()
    plan.done.producers = len(plan.producers)
    return plan


def carry_out(session: Session, plan: Plan, each: Each = iter) -> Imported:
    """Write a plan made in this same transaction. Raises ValueError on one with problems."""
    if plan.problems:
        raise ValueError("a plan with problems is not carried out")
    for producer in plan.producers:
        add_producer(session, at=plan.at, **producer)
    session.flush()
    chunks = [
        (table, plan.rows[table][n : n + CHUNK]) for table in TABLES for n in range(0, len(plan.rows[table]), CHUNK)
    ]
    for table, part in each(chunks):
        insert_rows(session, table, part)
    if plan.updates:
        session.execute(update(Product), plan.updates)
    stamp(session, plan.stamps)
    session.expire_all()  # what was in memory is read again
    return plan.done


def import_products(
    session: Session,
    rows: Sequence[ImportedProduct],
    *,
    operator_id: str,
    at: datetime,
    invented: bool = False,
    named: bool = False,
) -> Imported:
    """Register producers and products (the same name of the same producer is the same product) and offer them.

    A price that differs from the last one holds from `at`; stars become a certificate only with a full date of
    recognition, because stars without dates may not be shown. VAT is set once and later only by a person.
    Raises Invalid on a group not loaded, Conflict when a barcode already finds another product: nothing is written.
    """
    plan = plan_import(session, rows, operator_id=operator_id, at=at, invented=invented, named=named)
    if plan.problems:
        first = plan.problems[0]
        if first.code == "group":
            raise Invalid("product.group", group=first.value, row=first.row)
        raise Conflict("barcode.taken", barcode=first.value, row=first.row)
    return carry_out(session, plan)


class _Rowwise:
    """One row on its way into a plan."""

    def __init__(self, known: Known, plan: Plan, row: ImportedProduct) -> None:
        self.known, self.to, self.row = known, plan, row
        self.details: list[tuple[str, Any, Any]] = []

    def plan(self) -> None:
        """Producer, product, offer, terms; then what all that changes."""
        row, before = self.row, len(self.to.problems)
        if row.facts.group_code and row.facts.group_code not in self.known.groups:
            self._problem("group_code", row.facts.group_code, "group")
        producer_id, producer = self._producer()
        product_id, fresh = self._product(producer_id, producer)
        self._barcode(product_id)
        if len(self.to.problems) > before:
            return
        if product_id not in self.known.offers:
            sku = self.known.offers[product_id] = self.known.next_sku()
            self._write(Offer, product_id=product_id, sku=sku, pinned=False, active=True, version=0)
            self.to.stamps.note(product_id, self.to.operator_id)
            if not fresh:
                self.details.append(("offer", None, sku))
        self._terms(product_id)
        self._certificate(product_id)
        what = "new" if fresh else "changed" if self.details else "same"
        self.to.done.product_ids.append(product_id)
        self.to.changes.append(Change(row.row, row.facts.name, producer, what, tuple(self.details)))

    def _problem(self, meaning: str, value: str, code: str, **facts: object) -> None:
        title = self.row.titles.get(meaning, meaning)
        self.to.problems.append(Problem(self.row.row, title, value, code, tuple(facts.items())))

    def _write(self, table: type[Base], **values: Any) -> None:
        self.to.rows[table].append({"operator_id": self.to.operator_id, **values})

    def _producer(self) -> tuple[str, str]:
        key = fold(self.row.producer)
        if key not in self.known.producers:
            name, facts = nfc(self.row.producer), self.row.facts
            id_ = named_id("producer", self.row.producer) if self.to.named else new_id()
            self.known.producers[key] = (id_, name)
            self.to.producers.append({
                "id_": id_, "name": name, "code": self.known.next_producer_code(), "commune": facts.commune,
                "province": facts.province,
            })  # fmt: skip
            self.details.append(("producer", None, name))
        return self.known.producers[key]

    def _product(self, producer_id: str, producer: str) -> tuple[str, bool]:
        """(id, whether it is new)."""
        facts = replace(self.row.facts, kind=self.row.facts.kind or kind_of_group(self.row.facts.group_code))
        id_ = self.known.by_name.get((producer_id, facts.name.casefold()))
        if id_ is None:
            id_ = named_id("product", producer, facts.name) if self.to.named else new_id()
            values = vars(facts) | {"search": search_text(facts.name, producer, facts.commune)}
            self.known.add_product(id_, producer_id, values)
            self.to.rows[Product].append(
                {"id": id_, "producer_id": producer_id, "active": True, "made_at": self.to.at, **values}
            )
            self.to.done.products += 1
            return id_, True
        held = self.known.products[id_]
        values = _said(held, facts)
        values["search"] = search_text(values["name"], producer, values["commune"])
        if differing := [fact for fact in FACTS if held[fact] != values[fact]]:
            self.details += [(fact, held[fact], values[fact]) for fact in differing if fact != "search"]
            self.to.updates.append({"id": id_, **values})
            self.known.products[id_] = values
            self.to.stamps.note(id_)
            self.to.done.changed += 1
        return id_, False

    def _barcode(self, product_id: str) -> None:
        code = self.row.barcode
        if not code:
            return
        own = self.to.operator_id if is_in_store(code) else None
        owner = self.known.codes.get(code) or (None if own else self.known.elsewhere.get(code))
        if owner is None:
            self.known.codes[code] = product_id
            self.to.stamps.note(product_id, own)
            self.to.rows[Barcode].append({"id": new_id(), "code": code, "product_id": product_id, "operator_id": own})
            self.details.append(("barcode", None, code))
        elif owner != product_id:
            self._problem("barcode", code, "barcode_taken", name=self.known.products[owner]["name"])

    def _terms(self, product_id: str) -> None:
        row, to = self.row, self.to
        before = self.known.prices.get(product_id)
        if row.price_vnd is not None and before != row.price_vnd:
            self.known.prices[product_id] = row.price_vnd
            to.done.priced += 1
            to.stamps.note(product_id, to.operator_id)
            self._write(
                Price, id=new_id(), product_id=product_id, scope_kind="operator", scope_id=to.operator_id,
                price_vnd=row.price_vnd, starts_at=to.at, invented=to.invented,
                cost_vnd=self.known.costs.get(product_id),
            )  # fmt: skip
            self.details.append(("price", before, row.price_vnd))
        if row.vat_class is not None and row.vat_bp is not None and product_id not in self.known.rates:
            self.known.rates.add(product_id)
            to.stamps.note(product_id, to.operator_id)
            self._write(
                VatRate, id=new_id(), product_id=product_id, vat_class=row.vat_class, vat_bp=row.vat_bp,
                starts_on=local_date(to.at),
            )  # fmt: skip
            self.details.append(("vat", None, row.vat_class if row.vat_class != "standard" else row.vat_bp))

    def _certificate(self, product_id: str) -> None:
        row = self.row
        if not row.stars or not row.recognised:
            return
        start = date.fromisoformat(row.recognised)
        if (product_id, start) in self.known.certificates:
            return
        self.known.certificates.add((product_id, start))
        self.to.stamps.note(product_id)
        self.to.rows[Certificate].append({
            "id": new_id(), "product_id": product_id, "stars": row.stars, "potential_five": row.potential_five,
            "decision_no": row.decision_no, "issuer": row.issuer, "valid_from": start,
            "valid_to": row.valid_to or anniversary(start), "revoked_on": None, "invented": self.to.invented,
        })  # fmt: skip
        self.details.append(("stars", None, row.stars))


def _said(held: dict[str, Any], facts: ProductFacts) -> dict[str, Any]:
    """What a file leaves out (or at its default) stays as somebody set it in the office; so does the name's case."""
    plain = {f.name: f.default for f in fields(ProductFacts)}
    kept = {name: held[name] for name, value in vars(facts).items() if value in (None, plain[name])}
    return vars(facts) | kept | {"name": held["name"]}


def anniversary(start: date) -> date:
    """The last valid day of a certificate given that day; of 29 February the 28th."""
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return date(start.year + VALID_YEARS, start.month, day)
