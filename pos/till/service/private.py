"""What is not ours to keep in the clear: `private` members, quarantined originals, held events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.seal import seal, unseal
from pos.till.models import EventPrivate


def keep_private(session: Session, event_id: str, text: str, *, secret: str, at: datetime) -> None:
    """Seal an event's private part beside it; the first one stands."""
    made = upsert_of(is_postgresql(session), EventPrivate).values(
        event_id=event_id, sealed=seal(secret, text.encode()), received_at=at
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["event_id"]))


def read_private(session: Session, event_id: str, *, secret: str) -> str | None:
    """The private part as JSON text; None when there is none, or it was erased. The caller logs the access."""
    found = session.get(EventPrivate, event_id)
    return unseal(secret, found.sealed).decode() if found and found.sealed else None


def erase_private(session: Session, event_id: str, *, at: datetime) -> bool:
    """Forget a person: the event and its books stay, its private part is gone."""
    done = session.execute(
        update(EventPrivate)
        .where(EventPrivate.event_id == event_id, EventPrivate.sealed.is_not(None))
        .values(sealed=None, erased_at=at)
        .returning(EventPrivate.event_id)
    )
    return done.one_or_none() is not None
