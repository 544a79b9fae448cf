"""Intake notes as the office lists them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.kernel.errors import NotFound
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.stock.models import Document, DocumentLine
from pos.stock.queries.levels import PAGE


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """An intake note in the list."""

    id: str
    number: str
    producer: str
    site: str
    operator: str
    business_date: Any
    made_by: str | None
    lines: int
    qty_milli: int


def list_intakes(session: Session, reach: Reach, *, page: int) -> tuple[list[IntakeRow], bool]:
    """Newest first. Two queries: lines are counted for the notes shown, not for all there ever were."""
    rows: Any = session.execute(
        select(
            Document.id, Document.number, Producer.name, Site.name, Operator.name, Document.business_date, Person.name,
        )
        .join(Producer, Producer.id == Document.producer_id)
        .join(Site, Site.id == Document.to_id)
        .join(Operator, Operator.id == Document.operator_id)
        .outerjoin(Person, Person.id == Document.made_by)
        .where(Document.kind == "intake", reach.where(operator=Document.operator_id, site=Document.to_id))
        .order_by(Document.made_at.desc(), Document.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    lines: Any = session.execute(
        select(DocumentLine.document_id, func.count(), func.sum(DocumentLine.qty_milli))
        .where(DocumentLine.document_id.in_([row[0] for row in rows]))
        .group_by(DocumentLine.document_id)
    )
    counted = {id_: (count, int(milli)) for id_, count, milli in lines}
    found = []
    for id_, number, producer, site, operator, day, by in rows:
        count, milli = counted.get(id_, (0, 0))
        found.append(IntakeRow(id_, number, producer, site, operator, day, by, count, milli))
    return found[:PAGE], len(found) > PAGE


@dataclass(frozen=True, slots=True)
class IntakePage:
    """One note with the names of what it counts."""

    intake: Document
    producer: str
    site: str
    operator: str
    made_by: str | None
    lines: list[tuple[str, str, int, Any]]


def get_intake(session: Session, intake_id: str) -> IntakePage:
    """The note. Raises NotFound."""
    row = session.execute(
        select(Document, Producer.name, Site.name, Operator.name, Person.name)
        .join(Producer, Producer.id == Document.producer_id)
        .join(Site, Site.id == Document.to_id)
        .join(Operator, Operator.id == Document.operator_id)
        .outerjoin(Person, Person.id == Document.made_by)
        .where(Document.id == intake_id, Document.kind == "intake")
    ).first()
    if row is None:
        raise NotFound("intake.unknown")
    lines = session.execute(
        select(Product.name, Product.unit, DocumentLine.qty_milli, DocumentLine.expires_on)
        .join(Product, Product.id == DocumentLine.product_id)
        .where(DocumentLine.document_id == intake_id)
        .order_by(DocumentLine.line)
    )
    return IntakePage(row[0], row[1], row[2], row[3], row[4], [(n, u, q, e) for n, u, q, e in lines])
