"""What of an operator can be sealed, and whose named sites are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.ledger.models import BooksSeal
from pos.places.models import Fair, Site


def sites_of(session: Session, operator_id: str) -> list[Site]:
    """All its sites by name, closed ones too: their days can still be sealed."""
    return list(session.scalars(select(Site).where(Site.operator_id == operator_id).order_by(Site.name)))


def fairs_to_seal(session: Session, operator_id: str, *, before: date) -> list[Fair]:
    """Fairs it had a booth at that are over and not sealed, the latest first."""
    sealed = select(BooksSeal.scope_id).where(BooksSeal.operator_id == operator_id, BooksSeal.kind == "fair")
    mine = select(Site.fair_id).where(Site.operator_id == operator_id, Site.fair_id.is_not(None))
    return list(
        session.scalars(
            select(Fair)
            .where(Fair.id.in_(mine), Fair.ends_on < before, Fair.id.not_in(sealed))
            .order_by(Fair.ends_on.desc())
        )
    )


def sites_by_operator(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Site ids by the operator they belong to."""
    found: dict[str, list[str]] = defaultdict(list)
    for operator_id, id_ in session.execute(select(Site.operator_id, Site.id).where(Site.id.in_(ids))):
        found[operator_id].append(id_)
    return {operator_id: tuple(of) for operator_id, of in found.items()}
