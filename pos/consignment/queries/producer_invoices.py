"""What each producer must invoice for the goods of its statements, what it has, and VAT on commission by rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.consignment.models import ProducerInvoice, Statement, StatementDocument
from pos.kernel.canonical import parse
from pos.producers.models import Producer

SIZE = 40
Rate = tuple[str, int]  # VAT class, basis points


def goods_by_rate(session: Session, statement_ids: Sequence[str]) -> dict[str, dict[Rate, int]]:
    """{statement: {rate: đồng with VAT}}, as frozen: what was sold less returns and what the producer gave off."""
    bodies = session.execute(
        select(StatementDocument.statement_id, StatementDocument.body).where(
            StatementDocument.statement_id.in_(statement_ids)
        )
    )
    found: dict[str, dict[Rate, int]] = {}
    for id_, body in bodies:
        rates: dict[Rate, int] = defaultdict(int)
        for row in parse(body)["goods"]:
            rates[row["vat_class"], row["vat_bp"]] += row["gross_vnd"] - row["discount_producer_vnd"]
        found[id_] = {rate: vnd for rate, vnd in sorted(rates.items()) if vnd}
    return found


@dataclass(slots=True)
class Owed:
    """One rate of one statement: what the producer's invoices should say and do say."""

    vat_class: str
    vat_bp: int
    due_vnd: int
    invoices: list[ProducerInvoice] = field(default_factory=list)

    @property
    def missing_vnd(self) -> int:
        return self.due_vnd - sum(invoice.amount_vnd for invoice in self.invoices)


@dataclass(slots=True)
class Papers:
    """One statement with its producer and what each rate still lacks. `exempt`: who issues no invoice."""

    statement_id: str
    no: int
    run_on: date
    producer_id: str
    producer: str
    exempt: bool
    rates: list[Owed] = field(default_factory=list)

    @property
    def missing(self) -> bool:
        return not self.exempt and any(rate.missing_vnd for rate in self.rates)


def list_invoices(
    session: Session, operator_id: str, from_on: date, until_on: date, *, before: int | None = None
) -> tuple[list[Papers], int | None]:
    """Live statements of the days asked for, newest first; the number the next page begins before. Three queries."""
    exempt = Producer.tax_method == "exempt"
    query = (
        select(Statement.id, Statement.no, Statement.run_on, Producer.id, Producer.name, exempt)
        .join(Producer, Producer.id == Statement.producer_id)
        .where(
            Statement.operator_id == operator_id, Statement.state != "void", Statement.run_on >= from_on,
            Statement.run_on <= until_on,
        )
        .order_by(Statement.no.desc())
        .limit(SIZE + 1)
    )  # fmt: skip
    if before is not None:
        query = query.where(Statement.no < before)
    rows = session.execute(query).all()
    papers = [Papers(*row) for row in rows[:SIZE]]
    ids = [each.statement_id for each in papers]
    goods = goods_by_rate(session, ids)
    have: dict[tuple[str, Rate], list[ProducerInvoice]] = defaultdict(list)
    for invoice in session.scalars(
        select(ProducerInvoice).where(ProducerInvoice.statement_id.in_(ids)).order_by(ProducerInvoice.received_at)
    ):
        have[invoice.statement_id, (invoice.vat_class, invoice.vat_bp)].append(invoice)
    for each in papers:
        each.rates = [
            Owed(*rate, vnd, have[each.statement_id, rate]) for rate, vnd in goods.get(each.statement_id, {}).items()
        ]
    return papers, papers[-1].no if len(rows) > SIZE else None


@dataclass(frozen=True, slots=True)
class CommissionVat:
    """The commission of statements at one rate, and the VAT the operator invoices on it."""

    vat_bp: int
    statements: int
    commission_vnd: int
    accrued_vnd: int
    invoiced_vnd: int


def commission_vat(session: Session, operator_id: str, from_on: date, until_on: date) -> list[CommissionVat]:
    """By rate, of the live statements of these days, as frozen. One query, read a row at a time."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    bodies = session.scalars(
        select(StatementDocument.body)
        .join(Statement, Statement.id == StatementDocument.statement_id)
        .where(
            Statement.operator_id == operator_id, Statement.state != "void", Statement.run_on >= from_on,
            Statement.run_on <= until_on,
        )
        .execution_options(yield_per=200)
    )  # fmt: skip
    for body in bodies:
        for row in parse(body)["vat_on_commission"]:
            told = (1, row["commission_vnd"], row["accrued_vnd"], row["invoiced_vnd"])
            sums[row["bp"]] = [a + b for a, b in zip(sums[row["bp"]], told, strict=True)]
    return [CommissionVat(bp, *row) for bp, row in sorted(sums.items())]


def missing_count(session: Session, operator_id: str) -> int:
    """Live statements of producers who invoice, with no invoice at all."""
    none = select(ProducerInvoice.id).where(ProducerInvoice.statement_id == Statement.id)
    query = (
        select(func.count())
        .select_from(Statement)
        .join(Producer, Producer.id == Statement.producer_id)
        .where(
            Statement.operator_id == operator_id, Statement.state != "void", Producer.tax_method != "exempt",
            ~none.exists(),
        )
    )  # fmt: skip
    return session.scalar(query) or 0
