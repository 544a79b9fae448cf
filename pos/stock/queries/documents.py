"""Stock documents as the office lists, reads and prints them. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.models import Certificate, Product
from pos.kernel.errors import NotFound
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.stock.models import Document, DocumentLine, LossDecision
from pos.stock.queries.levels import PAGE
from pos.stock.queries.lots import codes_of

Place = tuple[str, str | None]


def within(reach: Reach) -> ColumnElement[bool]:
    """Of an operator, or of one of its sites, wherever that site stands on the paper."""
    return or_(reach.where(operator=Document.operator_id, site=Document.from_id), reach.where(site=Document.to_id))


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in the list. `waits`: a transfer nobody has received yet."""

    id: str
    kind: str
    state: str
    number: str | None
    source: str
    business_date: date
    reason: str | None
    from_: Place
    to: Place
    operator: str
    made_by: str | None
    received: bool
    undone: bool
    lines: int = 0
    qty_milli: int = 0
    differs: int = 0


def list_documents(
    session: Session, reach: Reach, *, kind: str | None, state: str | None, site_id: str | None, page: int
) -> tuple[list[DocumentRow], dict[str, str], bool]:
    """(rows, names by id, more), newest first. Four queries."""
    query = (
        select(
            Document.id, Document.kind, Document.state, Document.number, Document.source, Document.business_date,
            Document.reason, Document.from_kind, Document.from_id, Document.to_kind, Document.to_id, Operator.name,
            Person.name,
        )
        .join(Operator, Operator.id == Document.operator_id)
        .outerjoin(Person, Person.id == Document.made_by)
        .where(within(reach))
    )  # fmt: skip
    if kind:
        query = query.where(Document.kind == kind)
    if state:
        query = query.where(Document.state == state)
    if site_id:
        query = query.where(or_(Document.from_id == site_id, Document.to_id == site_id))
    rows: Any = session.execute(
        query.order_by(Document.made_at.desc(), Document.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    ).all()
    shown = rows[:PAGE]
    ids = [row[0] for row in shown]
    counted = {
        id_: (lines, int(milli), int(differs))
        for id_, lines, milli, differs in session.execute(
            select(
                DocumentLine.document_id, func.count(), func.sum(DocumentLine.qty_milli),
                func.count().filter(DocumentLine.expected_milli != DocumentLine.qty_milli),
            )
            .where(DocumentLine.document_id.in_(ids))
            .group_by(DocumentLine.document_id)
        )
    }  # fmt: skip
    answered: dict[str, set[str]] = {}
    for answers, undoes, kind_ in session.execute(
        select(Document.answers_id, Document.undoes_id, Document.kind).where(
            or_(Document.answers_id.in_(ids), Document.undoes_id.in_(ids)), Document.state == "confirmed"
        )
    ):
        answered.setdefault(undoes or answers or "", set()).add("undone" if undoes else kind_)
    found = []
    for id_, kind_, state_, number, source, day, why, *ends, operator, by in shown:
        told = answered.get(id_, set())
        found.append(
            DocumentRow(
                id_, kind_, state_, number, source, day, why, (ends[0], ends[1]), (ends[2], ends[3]), operator, by,
                "receipt" in told, "undone" in told, *counted.get(id_, (0, 0, 0)),
            )
        )  # fmt: skip
    names = names_of(session, [place for row in found for place in (row.from_, row.to)])
    return found, names, len(rows) > PAGE


def names_of(session: Session, places: Iterable[Place]) -> dict[str, str]:
    """Id → name of the sites and producers among places. At most two queries."""
    ids = {id_ for _, id_ in places if id_}
    found = dict(session.execute(select(Site.id, Site.name).where(Site.id.in_(ids))).all())
    makers = session.execute(select(Producer.id, Producer.name).where(Producer.id.in_(ids - found.keys())))
    return found | dict(makers.all())


@dataclass(frozen=True, slots=True)
class Item:
    """A product on a paper, with what is where it leaves; `name` None: sold before the office knew it."""

    product_id: str
    name: str | None
    unit: str
    weighed: bool
    kind: str
    shelf_life_days: int | None
    producer_id: str | None
    producer: str | None


def items_of(session: Session, ids: Collection[str]) -> dict[str, Item]:
    """What is known of products, by id. One query."""
    rows: Any = session.execute(
        select(
            Product.id, Product.name, Product.unit, Product.weighed, Product.kind, Product.shelf_life_days,
            Producer.id, Producer.name,
        )
        .join(Producer, Producer.id == Product.producer_id)
        .where(Product.id.in_(ids))
    )  # fmt: skip
    found = {row[0]: Item(*row) for row in rows}
    return {id_: found.get(id_) or Item(id_, None, "", True, "", None, None, None) for id_ in ids}


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One document with the names of everything on it, and the papers that belong to it."""

    document: Document
    operator: Operator
    names: dict[str, str]
    people: dict[str, str]
    items: dict[str, Item]
    others: list[Document]  # what it answers, what answers it, its undo
    decision: LossDecision | None
    lots: dict[tuple[str, str], str]

    @property
    def loses(self) -> bool:
        """True when something is lost by it that somebody bears, or found again."""
        if self.document.state != "confirmed" or self.undone or self.document.undoes_id:
            return False
        d = self.document
        return d.kind == "write_off" or any(line.difference == "lost" for line in d.lines) or self.decision is not None

    @property
    def receipt(self) -> Document | None:
        """The confirmed receipt of a transfer."""
        mine = (d for d in self.others if d.answers_id == self.document.id and d.kind == "receipt")
        return next((d for d in mine if d.state == "confirmed"), None)

    @property
    def undone(self) -> bool:
        return any(d.undoes_id == self.document.id for d in self.others)


def get_document(session: Session, document_id: str) -> DocumentPage:
    """The document. Raises NotFound."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound("document.unknown")
    related = [document.answers_id or "", document.undoes_id or ""]
    others = session.scalars(
        select(Document)
        .where(or_(Document.id.in_(related), Document.answers_id == document.id, Document.undoes_id == document.id))
        .order_by(Document.made_at, Document.id)
    ).all()
    people = session.execute(
        select(Person.id, Person.name).where(
            Person.id.in_({document.made_by or "", document.confirmed_by or ""} - {""})
        )
    )
    places = [(document.from_kind, document.from_id), (document.to_kind, document.to_id)]
    return DocumentPage(
        document, session.get_one(Operator, document.operator_id), names_of(session, places),
        dict(people.all()), items_of(session, {line.product_id for line in document.lines}), list(others),
        session.get(LossDecision, document.id),
        codes_of(session, document.operator_id, {line.lot_id for line in document.lines if line.lot_id}),
    )  # fmt: skip


def certificates_on(session: Session, product_ids: Collection[str], day: date) -> dict[str, str]:
    """Product → stars and decision of its certificate in force that day, as a paper freezes it. One query."""
    rows = session.execute(
        select(Certificate.product_id, Certificate.stars, Certificate.decision_no)
        .where(
            Certificate.product_id.in_(product_ids), Certificate.valid_from <= day, Certificate.valid_to >= day,
            or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > day),
        )
        .order_by(Certificate.valid_from)
    )  # fmt: skip
    return {product: f"{stars}★ {decision or ''}".strip() for product, stars, decision in rows}


def list_members(session: Session, operator_id: str, producer_id: str) -> list[str]:
    """Who of a co-op delivered before, for the list that completes a name."""
    rows = session.scalars(
        select(DocumentLine.member)
        .join(Document, and_(Document.id == DocumentLine.document_id, Document.operator_id == operator_id))
        .where(Document.producer_id == producer_id, DocumentLine.member.is_not(None))
        .distinct()
        .order_by(DocumentLine.member)
        .limit(200)
    )
    return [name for name in rows if name]
