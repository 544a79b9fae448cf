"""Write a notice once, and promise to send it where the producer asked for it; addresses begin and end."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.notices.models import Notice, NoticeAddress, NoticeSending
from pos.outbox.service import enqueue

SEND = "notice.send"
MOST_ADDRESSES = 5
EMAIL = re.compile(r"[^@\s,;<>\"()\x00-\x1f]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def write(
    session: Session, producer_id: str, kind: str, *, key: str, day: date, vi: str, en: str, at: datetime
) -> bool:  # fmt: skip
    """Keep the text, and promise it to every address; False when this occasion was told before."""
    if session.scalar(select(Notice.id).where(Notice.key == key)) is not None:
        return False
    notice = Notice(id=new_id(), producer_id=producer_id, kind=kind, key=key, day=day, vi=vi, en=en, made_at=at)
    session.add(notice)
    session.flush()
    for address in session.scalars(_live(producer_id)):
        session.add(NoticeSending(notice_id=notice.id, address_id=address.id))
        payload: dict[str, object] = {"notice": notice.id, "address": address.id}
        enqueue(session, SEND, payload, at=at, key=f"{SEND}:{notice.id}:{address.id}")
    session.flush()
    return True


def _live(producer_id: str) -> Select[NoticeAddress]:
    return (
        select(NoticeAddress)
        .where(NoticeAddress.producer_id == producer_id, NoticeAddress.ended_at.is_(None))
        .order_by(NoticeAddress.made_at, NoticeAddress.id)
    )


def add_email(
    session: Session, producer_id: str, address: str, *, language: str, at: datetime, by: str | None
) -> NoticeAddress:
    """From now on every notice also goes there.

    Raises Invalid `notice.email`, Conflict `notice.known`, `notice.many`.
    """
    plain = address.strip()
    if len(plain) > 200 or not EMAIL.fullmatch(plain):
        raise Invalid("notice.email", field="address")
    mine = (NoticeAddress.producer_id == producer_id, NoticeAddress.ended_at.is_(None))
    if session.scalar(select(NoticeAddress.id).where(*mine, NoticeAddress.address == plain)):
        raise Conflict("notice.known")
    if (session.scalar(select(func.count()).select_from(NoticeAddress).where(*mine)) or 0) >= MOST_ADDRESSES:
        raise Conflict("notice.many", most=MOST_ADDRESSES)
    made = NoticeAddress(
        id=new_id(), producer_id=producer_id, channel="email", address=plain, language=language, made_at=at, made_by=by
    )
    session.add(made)
    session.flush()
    return made


def end_address(session: Session, producer_id: str, address_id: str, *, at: datetime) -> None:
    """Nothing is sent there any more, what still waits included. Raises NotFound."""
    found = session.get(NoticeAddress, address_id)
    if found is None or found.producer_id != producer_id:
        raise NotFound("page.unknown")
    found.ended_at = found.ended_at or at


def note_sent(session: Session, notice_id: str, address_id: str, *, at: datetime) -> None:
    """The mail server took it."""
    sending = session.get_one(NoticeSending, (notice_id, address_id))
    sending.state, sending.sent_at, sending.problem = "sent", at, None
    sending.tries += 1


def note_trouble(session: Session, notice_id: str, address_id: str, problem: str, *, for_good: bool) -> None:
    """It did not go; tried again unless it never can."""
    sending = session.get_one(NoticeSending, (notice_id, address_id))
    sending.tries += 1
    sending.problem = problem[:300]
    if for_good:
        sending.state = "failed"
