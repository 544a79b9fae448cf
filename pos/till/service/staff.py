"""Who sells at a till changes; somebody may be added there for a day, so that the office knows who it was.

The name of a helper never stands in the hashed event: it travels in `private`, sealed beside it.
"""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.service import add_helper
from pos.till.commands import StaffSwitch
from pos.till.forms.events import Event
from pos.till.models import TillEvent
from pos.till.queries.context import Context
from pos.till.service.effects import Effects

LONGEST_NAME = 80


def switch_staff(session: Session, ctx: Context, event: Event, body: StaffSwitch, out: Effects) -> None:
    """Keep a new helper under the id the tablet minted; what they sold before this came is no longer doubted."""
    if body.helper is None:
        return
    name = _name(event) or f"Phụ bán {event.day:%d/%m}"
    add_helper(session, body.helper.id, name, by=event.head.staff, at=event.at)
    mine = select(TillEvent.id).where(TillEvent.log_id == ctx.log_id, TillEvent.staff_id == body.helper.id)
    out.closed_flags += [(id_, "unknown_staff") for id_ in session.scalars(mine)]
    if event.head.staff == body.helper.id:
        out.flags.pop("unknown_staff", None)


def _name(event: Event) -> str:
    told = json.loads(event.private) if event.private else None
    helper = told.get("helper") if isinstance(told, dict) else None
    name = helper.get("name") if isinstance(helper, dict) else None
    if not isinstance(name, str):
        return ""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in name).split())[:LONGEST_NAME]
