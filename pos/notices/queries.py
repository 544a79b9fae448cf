"""Notices of a producer, where they go, and what became of them. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.notices.models import Notice, NoticeAddress, NoticeSending

PAGE = 30


def list_notices(session: Session, producer_id: str, page: int) -> tuple[list[Notice], bool]:
    """Newest first; whether there are more."""
    mine = select(Notice).where(Notice.producer_id == producer_id).order_by(Notice.made_at.desc(), Notice.id.desc())
    found = list(session.scalars(mine.limit(PAGE + 1).offset((page - 1) * PAGE)))
    return found[:PAGE], len(found) > PAGE


def count_since(session: Session, producer_id: str, day: date) -> int:
    """How many there are of a day and after."""
    asked = select(func.count()).select_from(Notice).where(Notice.producer_id == producer_id, Notice.day >= day)
    return session.scalar(asked) or 0


def list_addresses(session: Session, producer_id: str) -> list[tuple[NoticeAddress, str | None]]:
    """Live ones, each with why the last sending to it did not go (None: all well)."""
    addresses = session.scalars(
        select(NoticeAddress)
        .where(NoticeAddress.producer_id == producer_id, NoticeAddress.ended_at.is_(None))
        .order_by(NoticeAddress.made_at, NoticeAddress.id)
    ).all()
    rows: Any = session.execute(
        select(NoticeSending.address_id, NoticeSending.problem)
        .join(Notice, Notice.id == NoticeSending.notice_id)
        .where(NoticeSending.address_id.in_([address.id for address in addresses]))
        .order_by(Notice.made_at, Notice.id)
    )
    last = dict(rows.all())
    return [(address, last.get(address.id)) for address in addresses]


def find_sending(session: Session, notice_id: str, address_id: str) -> tuple[Notice, NoticeAddress] | None:
    """What still waits to go to a live address; None when it went, was given up, or the address ended."""
    row = session.execute(
        select(Notice, NoticeAddress)
        .join(NoticeSending, NoticeSending.notice_id == Notice.id)
        .join(NoticeAddress, NoticeAddress.id == NoticeSending.address_id)
        .where(
            Notice.id == notice_id, NoticeAddress.id == address_id, NoticeSending.state == "waiting",
            NoticeAddress.ended_at.is_(None),
        )
    ).one_or_none()  # fmt: skip
    return (row[0], row[1]) if row else None


def tries_of(session: Session, notice_id: str, address_id: str) -> int:
    """How often it was tried."""
    return session.get_one(NoticeSending, (notice_id, address_id)).tries


def keys_known(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of these occasions that were told already; asked five hundred at a time."""
    parts = (keys[n : n + 500] for n in range(0, len(keys), 500))
    return {key for part in parts for key in session.scalars(select(Notice.key).where(Notice.key.in_(part)))}
