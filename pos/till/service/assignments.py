"""A person says whose line it was; the doubt about it closes by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pos.consignment.commands import AssignOwner
from pos.consignment.service.assignments import assign_owner, count_waiting
from pos.till.service.flags import cause_gone


def assign_line(session: Session, command: AssignOwner, *, by: str | None, at: datetime) -> None:
    """Assign one line of a ticket; `no_agreement` closes with the last. Raises as `assign_owner`."""
    assign_owner(session, command, by=by, at=at)
    if not count_waiting(session, command.event_id):
        cause_gone(session, [(command.event_id, "no_agreement")], at=at)
