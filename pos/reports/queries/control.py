"""The control report: how often and how much, by person, till or day; and the single notes behind a figure.

Reads only. The same number of queries whatever the period: one for the sums, one for a page of notes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import DeviceLog, Person
from pos.access.reach import Reach
from pos.places.models import Operator, Site, Till
from pos.till.models import ControlNote, Sale, TillEvent

PAGE = 50
MOST = 20_000  # notes in one download
BY = ("person", "till", "day")


@dataclass(frozen=True, slots=True)
class Asked:
    """The period and the place; `key` narrows to one row of the table, `kind` to one column."""

    first: date
    last: date
    site_id: str | None = None
    by: str = "person"
    key: str | None = None
    kind: str | None = None


@dataclass(slots=True)
class Row:
    """One person, till or day: kind → (times, đồng)."""

    key: str
    name: str
    more: str = ""
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day of a row by day."""
        return date.fromisoformat(self.key)


NOBODY = "-"
_KEYS: Mapping[str, Any] = {
    "person": func.coalesce(ControlNote.staff_id, NOBODY), "till": ControlNote.till_id, "day": ControlNote.day,
}  # fmt: skip


def _within(reach: Reach, asked: Asked) -> list[ColumnElement[bool]]:
    parts = [
        reach.where(operator=ControlNote.operator_id, site=ControlNote.site_id, fair=ControlNote.fair_id),
        ControlNote.day >= asked.first,
        ControlNote.day <= asked.last,
    ]
    if asked.site_id:
        parts.append(ControlNote.site_id == asked.site_id)
    if asked.kind:
        parts.append(ControlNote.kind == asked.kind)
    if asked.key:
        parts.append(_KEYS[asked.by] == (date.fromisoformat(asked.key) if asked.by == "day" else asked.key))
    return parts


def sum_up(session: Session, reach: Reach, asked: Asked) -> list[Row]:
    """The table: rows by name (days newest first), most looked at people first by how often. One query."""
    key = _KEYS[asked.by]
    times, amount = func.sum(ControlNote.times), func.sum(ControlNote.amount_vnd)
    query = select(key, ControlNote.kind, times, amount)
    if asked.by == "person":
        query = query.add_columns(func.min(Person.name)).outerjoin(Person, Person.id == ControlNote.staff_id)
    elif asked.by == "till":
        query = query.add_columns(func.min(Till.name), func.min(Site.name))
        query = query.outerjoin(Till, Till.id == ControlNote.till_id).outerjoin(Site, Site.id == ControlNote.site_id)
    rows: dict[str, Row] = {}
    for told, kind, n, vnd, *names in session.execute(
        query.where(*_within(reach, asked)).group_by(key, ControlNote.kind)
    ):
        id_ = told.isoformat() if isinstance(told, date) else str(told)
        name, more = [*(word or "" for word in names), "", ""][:2]
        row = rows.setdefault(id_, Row(id_, name, more))
        row.cells[kind] = (int(n), int(vnd))
    if asked.by == "day":
        return sorted(rows.values(), key=lambda row: row.key, reverse=True)
    return sorted(rows.values(), key=lambda row: (-sum(n for n, _ in row.cells.values()), row.name, row.key))


def totals(rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """kind → (times, đồng) over all rows."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        for kind, (n, vnd) in row.cells.items():
            before = found.get(kind, (0, 0))
            found[kind] = (before[0] + n, before[1] + vnd)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """One note of the report."""

    event_id: str
    n: int
    at: datetime
    day: date
    kind: str
    what: str
    times: int
    vnd: int
    site: str
    till: str
    staff: str | None
    asked_by: str | None
    sale_id: str | None
    receipt_no: str | None
    operator_id: str
    site_id: str
    fair_id: str | None


def _told() -> Any:
    asker = aliased(Person)
    return (
        select(
            ControlNote.event_id, ControlNote.n, ControlNote.at, ControlNote.day, ControlNote.kind, ControlNote.what,
            ControlNote.times, ControlNote.amount_vnd, Site.name, Till.name, Person.name, asker.name, Sale.id,
            Sale.receipt_no, ControlNote.operator_id, ControlNote.site_id, ControlNote.fair_id,
        )
        .join(Site, Site.id == ControlNote.site_id)
        .join(Till, Till.id == ControlNote.till_id)
        .outerjoin(Person, Person.id == ControlNote.staff_id)
        .outerjoin(asker, asker.id == ControlNote.asked_by)
        .outerjoin(Sale, (Sale.id == ControlNote.sale_id) & (Sale.operator_id == ControlNote.operator_id))
    )  # fmt: skip


def list_told(session: Session, reach: Reach, asked: Asked, *, page: int, size: int = PAGE) -> tuple[list[Told], bool]:
    """The notes behind a figure, newest first. True when there are more. One query."""
    query = _told().where(*_within(reach, asked)).order_by(ControlNote.at.desc(), ControlNote.event_id, ControlNote.n)
    rows = session.execute(query.limit(size + 1).offset((page - 1) * size)).all()
    return [Told(*row) for row in rows[:size]], len(rows) > size


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """A note with the event that says it: what it was made on, and its body as sent."""

    note: Told
    operator: str
    till_code: str
    seq: int
    received_at: datetime
    hash: str
    body: dict[str, Any]


def find_event(session: Session, event_id: str, n: int) -> ToldEvent | None:
    """One note down to its event; the view checks its place."""
    told = session.execute(_told().where(ControlNote.event_id == event_id, ControlNote.n == n)).one_or_none()
    if told is None:
        return None
    note = Told(*told)
    row = session.execute(
        select(Operator.name, DeviceLog.till_code, TillEvent.seq, TillEvent.received_at, TillEvent.hash,
               TillEvent.canonical)
        .join(DeviceLog, DeviceLog.id == TillEvent.log_id)
        .join(Operator, Operator.id == DeviceLog.operator_id)
        .where(TillEvent.id == event_id)
    ).one()  # fmt: skip
    return ToldEvent(note, *row[:5], json.loads(row[5])["body"])
