"""The blueprint of the books, and what its pages share: whose books, which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request

from pos.access.guards import viewer
from pos.kernel.clock import today
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.ledger.queries.money import list_operators
from pos.reports.queries.books.sealing import sites_by_operator

bp = Blueprint("books", __name__, url_prefix="/office/books")


@dataclass(frozen=True, slots=True)
class Books:
    """One operator's books over some days, and the operators this person may choose from."""

    operator_id: str
    operators: list[tuple[str, str]]
    from_on: date
    until_on: date
    sites: tuple[str, ...] | None = None  # an auditor's named places; None: the whole of it

    @property
    def query(self) -> dict[str, Any]:
        """What links keep: the operator only where there are several."""
        return {
            "operator": self.operator_id if len(self.operators) > 1 else None,
            "from": self.from_on.isoformat(),
            "until": self.until_on.isoformat(),
        }


def day_of(name: str) -> date | None:
    """A day of the address, None when there is none or it is not one."""
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return None


def books_of(action: str, *, in_part: bool = False) -> Books:
    """`?operator=&from=&until=`; this month to today, of the first operator. Raises NotFound.

    in_part: the page can also be read by who has the right at some sites only, narrowed to them.
    """
    session, own = db.session(), viewer().ids(action, "operator")
    operators = list_operators(session, own)
    places = sites_by_operator(session, viewer().ids(action, "site") or []) if in_part and own is not None else {}
    mine = {id_ for id_, _ in operators}
    if more := sorted(places.keys() - mine):
        operators += list_operators(session, more)
    asked = request.values.get("operator", "") or (operators[0][0] if operators else "")
    if asked not in {id_ for id_, _ in operators}:
        raise NotFound("access.not_here")
    until = day_of("until") or today()
    from_on = day_of("from") or until.replace(day=1)
    return Books(asked, operators, min(from_on, until), until, None if asked in mine else places[asked])
