"""How far a promised freeze is, read from its promises."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.errors import NotFound
from pos.outbox.models import Job


@dataclass(frozen=True, slots=True)
class Freezing:
    """`done` of `total` producers looked at. `stuck`: one of the promises failed and is tried again."""

    operator_id: str
    done: int
    total: int
    stuck: bool

    @property
    def over(self) -> bool:
        return self.done == self.total


def key_of(name: str, n: int) -> str:
    """What the outbox calls the n-th promise."""
    return f"freeze:{name}:{n:04d}"


def get_freezing(session: Session, name: str) -> Freezing:
    """Raises NotFound."""
    jobs = session.scalars(select(Job).where(Job.key.like(f"freeze:{name}:%")).order_by(Job.key)).all()
    if not jobs:
        raise NotFound("statement.unknown")
    told = [(json.loads(job.payload), job) for job in jobs]
    counts = [(len(payload["producers"]), job) for payload, job in told]
    return Freezing(
        told[0][0]["operator"], sum(n for n, job in counts if job.done_at), sum(n for n, _ in counts),
        any(job.problem and not job.done_at for job in jobs),
    )  # fmt: skip
