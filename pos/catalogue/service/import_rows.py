"""One row of a file on its way into a plan: what it adds, what it changes, what speaks against it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from pos.catalogue.commands import ImportedProduct, ProductFacts
from pos.catalogue.models import Barcode, Certificate, Offer, Price, Product, VatRate
from pos.catalogue.problems import Problem
from pos.catalogue.queries.editing import Editor
from pos.catalogue.queries.known import FACTS, Known
from pos.catalogue.rules import is_in_store, kind_of_group
from pos.catalogue.service.changes import as_text
from pos.catalogue.service.import_plan import Change, Plan
from pos.catalogue.service.register import search_text
from pos.kernel.clock import local_date
from pos.kernel.db import Base
from pos.kernel.ids import named_id, new_id
from pos.kernel.text import fold, nfc

VALID_YEARS = 3  # a certificate holds 36 months, its anniversary is the last valid day (vietnam.md 1.3)


class Rowwise:
    """One row on its way into a plan."""

    def __init__(self, known: Known, plan: Plan, row: ImportedProduct, editor: Editor) -> None:
        self.known, self.to, self.row, self.editor = known, plan, row, editor
        self.details: list[tuple[str, Any, Any]] = []
        self.asked: list[tuple[str, Any, Any]] = []
        self.before: dict[str, Any] = {}

    def plan(self) -> None:
        """Producer, product, offer, terms; then what all that changes."""
        row, before = self.row, len(self.to.problems)
        if row.facts.group_code and row.facts.group_code not in self.known.groups:
            self._problem("group_code", row.facts.group_code, "group")
        producer_id, producer = self._producer()
        product_id, fresh = self._product(producer_id, producer)
        for code in row.barcodes:
            self._barcode(product_id, code)
        if len(self.to.problems) > before:
            return
        self._offer(product_id)
        self._terms(product_id)
        self._certificate(product_id)
        what = "new" if fresh else "changed" if self.details or self.asked else "same"
        if what != "same":
            self.to.before[product_id] = self.before
        self.to.done.product_ids.append(product_id)
        self.to.changes.append(Change(row.row, row.facts.name, producer, what, tuple(self.details), tuple(self.asked)))

    def _ask(self, product_id: str, kind: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
        """Ask who keeps the register, unless that very question waits already."""
        told = as_text(after)
        if not self.editor.asks(product_id, kind, told):
            return False
        ask = {"id": new_id(), "product_id": product_id, "kind": kind, "before": as_text(before), "after": told}
        self.to.asks.append(ask)
        self.before.setdefault("asked", []).append(ask["id"])
        return True

    def _offer(self, product_id: str) -> None:
        if product_id not in self.known.offers:
            sku = self.known.offers[product_id] = self.known.next_sku()
            self._write(Offer, product_id=product_id, sku=sku, pinned=False, active=True, version=0)
        elif product_id in self.known.retired:
            sku = self.known.offers[product_id]
            self.known.retired.discard(product_id)
            self.to.offered_again.append({"operator_id": self.to.operator_id, "product_id": product_id, "active": True})
        else:
            return
        self.to.stamps.note(product_id, self.to.operator_id)
        self.before["offer"] = 1
        self.details.append(("offer", None, sku))

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
            self.before["new"] = 1
            return id_, True
        held, again = self.known.products[id_], id_ in self.known.undone
        values = vars(facts) if again else _said(held, facts)
        if not again and self.row.facts.kind is None and values["group_code"] == held["group_code"]:
            values["kind"] = held["kind"]  # somebody chose it in the office
        values["search"] = search_text(values["name"], producer, values["commune"])
        if again:  # taken back once: the same product, as new
            self.known.undone.discard(id_)
            self.to.updates.append({"id": id_, "active": True, **values})
            self.known.products[id_] = values
            self.to.stamps.note(id_)
            self.to.done.products += 1
            self.before["new"] = 1
            return id_, True
        differing = [fact for fact in FACTS if held[fact] != values[fact]]
        if differing and not self.editor.edits(id_):
            theirs = [fact for fact in differing if fact not in ("search", "source")]
            before, after = ({fact: facts_[fact] for fact in theirs} for facts_ in (held, values))
            if after and self._ask(id_, "facts", before, after):
                self.asked += [(fact, held[fact], values[fact]) for fact in theirs]
        elif differing:
            self.before["facts"] = {fact: held[fact] for fact in differing}
            self.details += [(fact, held[fact], values[fact]) for fact in differing if fact != "search"]
            self.to.updates.append({"id": id_, "active": True, **values})
            self.known.products[id_] = values
            self.to.stamps.note(id_)
            self.to.done.changed += 1
        return id_, False

    def _barcode(self, product_id: str, code: str) -> None:
        own = self.to.operator_id if is_in_store(code) else None
        owner = self.known.codes.get(code) or (None if own else self.known.elsewhere.get(code))
        if owner is None and own is None and not self.editor.edits(product_id):
            if self._ask(product_id, "barcode", {}, {"code": code}):
                self.asked.append(("barcode", None, code))
        elif owner is None:
            self.known.codes[code] = product_id
            self.to.stamps.note(product_id, own)
            self.to.rows[Barcode].append({"id": new_id(), "code": code, "product_id": product_id, "operator_id": own})
            self.details.append(("barcode", None, code))
            self.before.setdefault("codes", []).append(code)
        elif owner != product_id:
            self._problem("barcode", code, "barcode_taken", name=self.known.products[owner]["name"])

    def _terms(self, product_id: str) -> None:
        row, to = self.row, self.to
        before, cost = self.known.prices.get(product_id), self.known.costs.get(product_id)
        price_vnd = before if row.price_vnd is None else row.price_vnd
        cost_vnd = cost if row.cost_vnd is None else row.cost_vnd
        if price_vnd is not None and (before, cost) != (price_vnd, cost_vnd):
            self.known.prices[product_id] = price_vnd
            to.done.priced += 1
            to.stamps.note(product_id, to.operator_id)
            self._write(
                Price, id=new_id(), product_id=product_id, scope_kind="operator", scope_id=to.operator_id,
                price_vnd=price_vnd, starts_at=to.at, invented=to.invented, cost_vnd=cost_vnd,
            )  # fmt: skip
            if before != price_vnd:
                self.details.append(("price", before, price_vnd))
            if cost_vnd is not None and cost != cost_vnd:
                self.known.costs[product_id] = cost_vnd
                self.details.append(("cost", cost, cost_vnd))
            self.before["price"] = price_vnd
        if row.vat_class is not None and row.vat_bp is not None and product_id not in self.known.rates:
            self.known.rates.add(product_id)
            to.stamps.note(product_id, to.operator_id)
            self._write(
                VatRate, id=new_id(), product_id=product_id, vat_class=row.vat_class, vat_bp=row.vat_bp,
                starts_on=local_date(to.at),
            )  # fmt: skip
            self.before["vat"] = 1
            self.details.append(("vat", None, row.vat_class if row.vat_class != "standard" else row.vat_bp))

    def _certificate(self, product_id: str) -> None:
        row = self.row
        if not row.stars or not row.recognised:
            return
        start = date.fromisoformat(row.recognised)
        if (product_id, start) in self.known.certificates:
            return
        facts = {
            "stars": row.stars, "potential_five": row.potential_five, "decision_no": row.decision_no,
            "issuer": row.issuer, "valid_from": start, "valid_to": row.valid_to or anniversary(start),
        }  # fmt: skip
        if not self.editor.certifies:
            if self._ask(product_id, "certificate", {}, facts):
                self.asked.append(("stars", None, row.stars))
            return
        self.known.certificates.add((product_id, start))
        self.to.stamps.note(product_id)
        more = {"id": new_id(), "product_id": product_id, "revoked_on": None, "invented": self.to.invented}
        self.to.rows[Certificate].append(facts | more)
        self.details.append(("stars", None, row.stars))
        self.before["certificate"] = start.isoformat()


def _said(held: dict[str, Any], facts: ProductFacts) -> dict[str, Any]:
    """What a file leaves out (or at its default) stays as somebody set it in the office; so does the name's case."""
    plain = {f.name: f.default for f in fields(ProductFacts)}
    kept = {name: held[name] for name, value in vars(facts).items() if value in (None, plain[name])}
    return vars(facts) | kept | {"name": held["name"]}


def anniversary(start: date) -> date:
    """The last valid day of a certificate given that day; of 29 February the 28th."""
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return date(start.year + VALID_YEARS, start.month, day)
