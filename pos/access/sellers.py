"""What people may do alone at a till, at a place and a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from pos.access.models import Grant, Person
from pos.access.rules import LIMITS, limits_of


@dataclass(frozen=True, slots=True)
class Held:
    """A selling role in one scope, until it was taken."""

    role: str
    scope_kind: str
    scope_id: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was approved."""

    operator_id: str
    site_id: str
    fair_id: str | None = None


def held_by(session: Session, person_ids: Collection[str]) -> dict[str, list[Held]]:
    """Every selling role those of them that exist ever had, by person; one query."""
    if not person_ids:
        return {}
    rows = session.execute(
        select(Person.id, Grant.role, Grant.scope_kind, Grant.scope_id, Grant.revoked_at)
        .outerjoin(Grant, and_(Grant.person_id == Person.id, Grant.role.in_(LIMITS)))
        .where(Person.id.in_(sorted(person_ids)))
    )
    found: dict[str, list[Held]] = defaultdict(list)
    for person_id, role, kind, scope_id, revoked_at in rows:
        found[person_id] += [Held(role, kind, scope_id, revoked_at)] if role else []
    return found


def limits_at(held: Sequence[Held], spot: Spot, at: datetime) -> dict[str, int | bool]:
    """What somebody with these roles may do there alone; {} for who may not sell. A right taken later held then."""
    there = {"operator": spot.operator_id, "site": spot.site_id, "fair": spot.fair_id}
    return limits_of(
        h.role
        for h in held
        if there.get(h.scope_kind) == h.scope_id and (h.revoked_at is None or h.revoked_at > at)
    )  # fmt: skip
