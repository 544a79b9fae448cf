"""Go-live sheets taken in, with the papers they made. Reads only."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import Person
from pos.consignment.golive.models import GoLive, GoLivePaper
from pos.consignment.models import ProducerNote
from pos.kernel.errors import NotFound
from pos.ledger.models import JournalEntry
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.stock.models import Document, DocumentLine

_Undoer = aliased(Person)


@dataclass(slots=True)
class Opened:
    """One sheet: totals, who made it, who took it back."""

    golive: GoLive
    operator: str
    made_by: str | None
    undone_by: str | None
    totals: dict[str, int] = field(default_factory=dict)
    stock: list[tuple[str, str, str, str, int]] = field(default_factory=list)  # id, number, producer, place, lines
    notes: list[tuple[str, int, str, str, int]] = field(default_factory=list)  # id, number, kind, producer, amount
    entries: list[int] = field(default_factory=list)  # numbers in the books


def list_opened(session: Session, operator_ids: Collection[str]) -> list[Opened]:
    """Those of these operators, the newest first."""
    rows: Any = session.execute(_opened(operator_ids).order_by(GoLive.made_at.desc(), GoLive.id))
    return [_with_totals(row) for row in rows]


def _with_totals(row: Any) -> Opened:
    made = Opened(*row)
    made.totals = json.loads(made.golive.totals)
    return made


def get_opened(session: Session, operator_ids: Collection[str], golive_id: str) -> Opened:
    """One with its papers; three queries more. Raises NotFound."""
    row: Any = session.execute(_opened(operator_ids).where(GoLive.id == golive_id)).one_or_none()
    if row is None:
        raise NotFound("golive.unknown", golive_id=golive_id)
    out = _with_totals(row)
    ours = select(GoLivePaper.paper_id).where(GoLivePaper.golive_id == golive_id)
    count = select(func.count()).where(DocumentLine.document_id == Document.id).scalar_subquery()
    place = func.coalesce(Site.name, "")
    documents: Any = session.execute(
        select(Document.id, Document.number, Producer.name, place, count)
        .join(Producer, Producer.id == Document.producer_id)
        .outerjoin(Site, Site.id.in_((Document.from_id, Document.to_id)))
        .where(Document.id.in_(ours))
        .order_by(Document.number)
    )
    out.stock = [tuple(paper) for paper in documents]
    notes: Any = session.execute(
        select(ProducerNote.id, ProducerNote.no, ProducerNote.kind, Producer.name, ProducerNote.amount_vnd)
        .join(Producer, Producer.id == ProducerNote.producer_id)
        .where(ProducerNote.id.in_(ours))
        .order_by(ProducerNote.no)
    )
    out.notes = [tuple(paper) for paper in notes]
    entries = select(JournalEntry.seq).where(JournalEntry.id.in_(ours)).order_by(JournalEntry.seq)
    out.entries = list(session.scalars(entries))
    return out


def _opened(operator_ids: Collection[str]) -> Any:
    return (
        select(GoLive, Operator.name, Person.name, _Undoer.name)
        .join(Operator, Operator.id == GoLive.operator_id)
        .outerjoin(Person, Person.id == GoLive.made_by)
        .outerjoin(_Undoer, _Undoer.id == GoLive.undone_by)
        .where(GoLive.operator_id.in_(operator_ids))
    )
