"""Where a person's right reaches, as plain ids a query can turn into a condition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from pos.access.guards import Viewer
from pos.kernel.errors import NotFound

KINDS = ("operator", "site", "fair", "organizer", "producer")


@dataclass(frozen=True)
class Reach:
    """The places one action is allowed in; `everywhere` needs no list."""

    everywhere: bool = False
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def where(self, **columns: Any) -> ColumnElement[bool]:
        """The condition on columns named by kind: `where(operator=Sale.operator_id, site=Sale.site_id)`.

        A kind without a column grants nothing here: what is not asked about stays hidden.
        """
        if self.everywhere:
            return true()
        parts = [columns[kind].in_(ids) for kind, ids in self.ids.items() if ids and kind in columns]
        return or_(*parts) if parts else false()

    def covers(self, **where: str | None) -> bool:
        """True when one of the named ids is within reach."""
        return self.everywhere or any(id_ is not None and id_ in self.ids.get(kind, ()) for kind, id_ in where.items())

    def need(self, **where: str | None) -> None:
        """Refuse as not found: existence is not told. Raises NotFound."""
        if not self.covers(**where):
            raise NotFound("access.not_here")


EVERYWHERE = Reach(everywhere=True)


def reach(viewer: Viewer, action: str) -> Reach:
    """How far this person's right to an action goes."""
    scopes = viewer.scopes(action)
    if any(scope.kind == "all" for scope in scopes):
        return EVERYWHERE
    return Reach(ids={kind: tuple(s.id for s in scopes if s.kind == kind) for kind in KINDS})
