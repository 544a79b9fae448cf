"""Keep a picture a tablet sent apart from its log."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.errors import Invalid
from pos.till.models import Photo

MOST_BYTES = 3 * 1024 * 1024
MOST_A_DAY = 200


def check_photo(data: bytes, sha256: str) -> None:
    """Raises Invalid when the bytes are too many or not those the address names."""
    if len(data) > MOST_BYTES:
        raise Invalid("photo.too_large", status=413)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Invalid("photo.other_hash", status=400)


def find_photo(session: Session, operator_id: str, sha256: str) -> Photo | None:
    """The picture an event of this operator names, once it is here."""
    return session.get(Photo, (operator_id, sha256))


def keep_photo(session: Session, *, operator_id: str, log_id: str, sha256: str, jpeg: bytes, at: datetime) -> bool:
    """True when it was new. Raises Invalid `photo.too_many`, 429, beyond 200 a day of one tablet."""
    today = (Photo.log_id == log_id) & (Photo.received_at > at - timedelta(days=1))
    if (session.scalar(select(func.count()).select_from(Photo).where(today)) or 0) >= MOST_A_DAY:
        raise Invalid("photo.too_many", status=429)
    made = upsert_of(is_postgresql(session), Photo).values(
        operator_id=operator_id, sha256=sha256, log_id=log_id, jpeg=jpeg, received_at=at
    )
    kept = made.on_conflict_do_nothing(index_elements=["operator_id", "sha256"]).returning(Photo.sha256)
    return session.execute(kept).one_or_none() is not None
