"""Imports carried out, as the office lists them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.import_models import ImportRun
from pos.catalogue.models import ProductChange
from pos.kernel.errors import NotFound
from pos.places.models import Operator

PAGE = 50
_Undoer = aliased(Person)


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import with the names of who made it, and took it back."""

    run: ImportRun
    operator: str
    made_by: str | None
    undone_by: str | None
    asked: int = 0  # changes of the register sent in by it that still wait


def list_imports(session: Session, reach: Reach, *, page: int) -> tuple[list[PastImport], bool]:
    """The newest first; True when there are more."""
    query = _imports(reach).order_by(ImportRun.made_at.desc(), ImportRun.id)
    rows: Any = session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [PastImport(*row) for row in rows[:PAGE]], len(rows) > PAGE


def get_import(session: Session, reach: Reach, run_id: str) -> PastImport:
    """One within reach. Raises NotFound."""
    row: Any = session.execute(_imports(reach).where(ImportRun.id == run_id)).one_or_none()
    if row is None:
        raise NotFound("import.unknown", run_id=run_id)
    run = row[0]
    sent = (ProductChange.made_at == run.made_at, ProductChange.made_by == run.made_by, ProductChange.state == "open")
    return replace(PastImport(*row), asked=session.scalar(select(func.count(ProductChange.id)).where(*sent)) or 0)


def _imports(reach: Reach) -> Any:
    return (
        select(ImportRun, Operator.name, Person.name, _Undoer.name)
        .join(Operator, Operator.id == ImportRun.operator_id)
        .outerjoin(Person, Person.id == ImportRun.made_by)
        .outerjoin(_Undoer, _Undoer.id == ImportRun.undone_by)
        .where(reach.where(operator=ImportRun.operator_id))
    )
