"""A person says whose line it was; the doubt about it closes by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pos.consignment.commands import AssignOwner
from pos.consignment.service.assignments import assign_owners, count_waiting
from pos.kernel.errors import Invalid
from pos.till.service.flags import cause_gone


def assign_line(session: Session, command: AssignOwner, *, by: str | None, at: datetime) -> None:
    """Assign one line of a ticket; `no_agreement` closes with the last. Raises as `assign_owners`."""
    assign_owners(session, [command], by=by, at=at)
    _doubts_gone(session, [command.event_id], at)


def assign_lines(
    session: Session, commands: Sequence[AssignOwner], reason: str, *, by: str | None, at: datetime
) -> None:
    """Assign lines, all or none, saying why. Raises Invalid `assign.reason_needed`, `assign.nothing`, and as
    `assign_owners`."""
    if not reason.strip():
        raise Invalid("assign.reason_needed", field="reason")
    if not commands:
        raise Invalid("assign.nothing", field="line")
    assign_owners(session, commands, by=by, at=at, reason=reason.strip())
    _doubts_gone(session, sorted({command.event_id for command in commands}), at)


def _doubts_gone(session: Session, event_ids: Sequence[str], at: datetime) -> None:
    settled = [id_ for id_ in event_ids if not count_waiting(session, id_)]
    cause_gone(session, [(id_, "no_agreement") for id_ in settled], at=at)
