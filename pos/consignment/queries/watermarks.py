"""Up to which seq of the chain every settlement line of a pair stands on a live statement: below it nothing is open.

A statement keeps `claimed_through_seq`, from the rows its freeze has summed anyway: one less than the first line it
left open (held, in dispute, beyond the cut), else its snapshot. That stays true for as long as it is live:

- A line that comes later has a greater seq than any snapshot before it: the chain only grows, and its head is locked
  when a snapshot is read (late sales, returns, corrections, what a void turns round).
- Claims are released by a void alone, of the newest live statement of the pair. What that one released was open when
  an older live statement was frozen, so either that one left it behind (its watermark is below it) or it came
  after its snapshot. A void statement's own watermark is no longer asked.

So the greatest watermark of the pair's live statements holds, and a void falls back to the one before by itself.
`pos check` looks for a line that says otherwise.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLine, Statement
from pos.places.models import Operator


def claimed_through(left_seq: int | None, snapshot_seq: int) -> int:
    """The watermark of a freeze whose first line left open is `left_seq`."""
    return snapshot_seq if left_seq is None else min(left_seq - 1, snapshot_seq)


def may_be_open(session: Session, producer_id: str) -> ColumnElement[bool]:
    """The producer's lines above each operator's watermark: all its open lines, and few others.

    One query, with two looks at an index for each operator; the condition is a range of an index for each operator
    that has newer lines of the producer.
    """
    line = SettlementLine
    mark = select(func.max(Statement.claimed_through_seq)).where(
        Statement.operator_id == Operator.id, Statement.producer_id == producer_id, Statement.state != "void"
    )
    newest = select(func.max(line.seq)).where(line.operator_id == Operator.id, line.producer_id == producer_id)
    rows = session.execute(select(Operator.id, mark.scalar_subquery(), newest.scalar_subquery()))
    return or_(
        false(),
        *(
            and_(line.operator_id == operator_id, line.producer_id == producer_id, line.seq > (through or 0))
            for operator_id, through, last in rows
            if (last or 0) > (through or 0)
        ),
    )
