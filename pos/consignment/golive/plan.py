"""What a go-live workbook would open the books with: goods, stock by place, money; and what speaks against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.imports import Problem
from pos.catalogue.queries.editing import editor_of
from pos.catalogue.queries.known import Known
from pos.catalogue.service.import_plan import Plan
from pos.catalogue.service.imports import plan_import
from pos.consignment.golive.reading import COUNTED, Each, MoneyRow, StockRow, Workbook, located
from pos.consignment.golive.sheets import CONTROL, CONTROL_TITLES, GOODS_TITLE, SHEETS
from pos.consignment.models import Agreement
from pos.kernel.clock import local_date
from pos.kernel.text import dong, fold, quantity
from pos.places.models import Site


@dataclass(frozen=True, slots=True)
class StockLine:
    """A counted row with what it names: `cost_vnd` per unit where the operator owns it."""

    row: int
    product_id: str
    name: str
    producer_id: str
    producer: str
    site_id: str
    site: str
    qty_milli: int
    expires_on: date | None
    own: bool
    cost_vnd: int = 0

    @property
    def worth_vnd(self) -> int:
        """What own goods stand for in the books; half a đồng goes up."""
        return (self.cost_vnd * self.qty_milli + 500) // 1000 if self.own else 0


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """An amount with what it names."""

    row: int
    amount_vnd: int
    producer_id: str = ""
    producer: str = ""
    account: str = ""
    site_id: str | None = None
    site: str = ""
    note: str | None = None


@dataclass
class Opening:
    """All of it, ready to be posted; with `problems` it must not be."""

    operator_id: str
    day: date
    goods: Plan
    stock: list[StockLine] = field(default_factory=list)
    owed: list[MoneyLine] = field(default_factory=list)
    advances: list[MoneyLine] = field(default_factory=list)
    cash: list[MoneyLine] = field(default_factory=list)
    controls: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    without_agreement: list[str] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        """What the rows come to, by the names of the control sheet; `capital` is what is left for the operator."""
        bank = sum(line.amount_vnd for line in self.cash if line.account != "safe")
        cash = sum(line.amount_vnd for line in self.cash if line.account == "safe")
        own = sum(line.worth_vnd for line in self.stock)
        owed = sum(line.amount_vnd for line in self.owed)
        advances = sum(line.amount_vnd for line in self.advances)
        return {
            "goods": len(self.goods.changes), "qty": sum(line.qty_milli for line in self.stock), "own": own,
            "owed": owed, "advances": advances, "cash": cash, "bank": bank,
            "capital": own + advances + cash + bank - owed,
        }  # fmt: skip


def plan_opening(
    session: Session, book: Workbook, *, operator_id: str, at: datetime, each: Each = iter, by: str | None = None
) -> Opening:
    """What taking a workbook in would open, by whom (None: the server itself). Reads only."""
    known = Known(session, operator_id, at)
    editor = editor_of(session, by) if by else None
    goods = plan_import(session, book.goods, operator_id=operator_id, at=at, each=each, known=known, editor=editor)
    day = book.day or local_date(at)
    out = Opening(operator_id, day, goods, controls=book.controls)
    out.problems += [located(GOODS_TITLE, problem) for problem in goods.problems]
    if day > local_date(at):
        out.problems.append(Problem(0, SHEETS[CONTROL].title, day.strftime("%d/%m/%Y"), "day_future"))
    named = _Named(session, known, operator_id, out.problems)
    named.stock(out, book.stock)
    out.owed = named.money(book.owed)
    out.advances = named.money(book.advances)
    out.cash = named.cash(book.cash)
    if not out.problems:
        _control(out, book)
        _agreements(session, out)
    return out


class _Named:
    """Finds what rows name: producers, products, places."""

    def __init__(self, session: Session, known: Known, operator_id: str, problems: list[Problem]) -> None:
        self.known, self.problems = known, problems
        sites = session.execute(
            select(Site.id, Site.name, Site.code).where(Site.operator_id == operator_id, Site.active)
        )
        self.sites: dict[str, tuple[str, str]] = {}
        self.site_names: list[str] = []
        for id_, name, code in sites:
            self.sites |= {fold(name): (id_, name), fold(code): (id_, name)}
            self.site_names.append(name)
        self.by_name: dict[str, list[tuple[str, str]]] = defaultdict(list)  # name → (producer, product)
        for (producer_id, name), product_id in known.by_name.items():
            self.by_name[name].append((producer_id, product_id))
        self.owner_of = {product: producer for found in self.by_name.values() for producer, product in found}
        self.producer_names = dict(known.producers.values())

    def wrong(self, at: StockRow | MoneyRow, meaning: str, value: str, code: str, **facts: object) -> None:
        self.problems.append(Problem(at.row, at.titles.get(meaning, meaning), value, code, tuple(facts.items())))

    def site(self, row: StockRow | MoneyRow) -> tuple[str, str] | None:
        found = self.sites.get(fold(row.site).strip())
        if found is None:
            self.wrong(row, "site", row.site, "site_unknown", known=", ".join(sorted(self.site_names)[:5]))
        return found

    def producer(self, row: StockRow | MoneyRow) -> tuple[str, str] | None:
        found = self.known.producers.get(fold(row.producer))
        if found is None:
            near = get_close_matches(fold(row.producer), self.known.producers, 1, 0.75)
            guess = f" (có phải “{self.known.producers[near[0]][1]}”?)" if near else ""
            self.wrong(row, "producer", row.producer, "producer_unknown", guess=guess)
        return found

    def product(self, row: StockRow) -> str | None:
        for code in row.barcodes:
            if found := self.known.codes.get(code):
                return found
        if row.producer:
            producer = self.producer(row)
            if producer is None:
                return None
            found = self.known.by_name.get((producer[0], row.name.casefold()))
            if found is None:
                self.wrong(row, "name", row.name, "product_unknown")
            return found
        several = self.by_name.get(row.name.casefold(), [])
        if len(several) != 1:
            self.wrong(row, "name", row.name, "product_several" if several else "product_unknown")
            return None
        return several[0][1]

    def stock(self, out: Opening, rows: Sequence[StockRow]) -> None:
        seen: dict[tuple[str, str, date | None], int] = {}
        for row in rows:
            site, product = self.site(row), self.product(row)
            if site is None or product is None:
                continue
            facts, producer_id = self.known.products[product], self.owner_of[product]
            if not facts["weighed"] and row.qty_milli % COUNTED:
                self.wrong(row, "qty", quantity(row.qty_milli), "qty_whole")
            cost = self.known.costs.get(product)
            if row.own and cost is None:
                self.wrong(row, "owner", row.name, "own_cost")
            if (first := seen.setdefault((product, site[0], row.expires_on), row.row)) != row.row:
                self.wrong(row, "name", row.name, "stock_repeats", row=first)
            out.stock.append(
                StockLine(
                    row.row, product, facts["name"], producer_id, self.producer_names[producer_id], *site,
                    row.qty_milli, row.expires_on, row.own, cost or 0,
                )
            )  # fmt: skip

    def money(self, rows: Sequence[MoneyRow]) -> list[MoneyLine]:
        return [
            MoneyLine(row.row, row.amount_vnd, *found, note=row.note) for row in rows if (found := self.producer(row))
        ]

    def cash(self, rows: Sequence[MoneyRow]) -> list[MoneyLine]:
        made = []
        for row in rows:
            site = self.site(row) if row.account == "safe" else None
            made.append(
                MoneyLine(
                    row.row, row.amount_vnd, account=row.account, site_id=site[0] if site else None,
                    site=site[1] if site else "",
                )
            )  # fmt: skip
        return made


def _control(out: Opening, book: Workbook) -> None:
    """Each total that is not 0 must be on the control sheet, and each there must be what the rows come to."""
    title = SHEETS[CONTROL].title
    for code, found in out.totals().items():
        if code == "capital":
            continue
        words = quantity if code == "qty" else dong
        said = book.controls.get(code)
        if said is None:
            if found and code != "goods":
                out.problems.append(Problem(0, title, words(found), "no_control", (("title", CONTROL_TITLES[code]),)))
        elif said != found:
            facts = (("said", words(said)), ("sum", words(found)), ("difference", words(found - said)))
            column = f"{title} · {CONTROL_TITLES[code]}"
            out.problems.append(Problem(book.control_rows[code], column, words(said), "control_differs", facts))


def _agreements(session: Session, out: Opening) -> None:
    """Producers whose goods are here on nobody's terms: their sales wait until there are some."""
    agreed = set(session.scalars(select(Agreement.producer_id).where(Agreement.operator_id == out.operator_id)))
    names = {line.producer for line in out.stock if not line.own and line.producer_id not in agreed}
    names |= {line.producer for line in (*out.owed, *out.advances) if line.producer_id not in agreed}
    out.without_agreement = sorted(names)
