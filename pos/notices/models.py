"""Notices to producers, the addresses they gave, and each sending."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id

KINDS = ("evening", "out", "paid", "account", "price")


class Notice(Base):
    """One text, in both languages as it was worded then. `key` names its occasion once for ever. Append-only."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("kind IN ('evening', 'out', 'paid', 'account', 'price')", "notice_kind_is_known"),
        Index("ix_notice_producer", "producer_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    day: Mapped[date]
    vi: Mapped[str]
    en: Mapped[str]
    made_at: Mapped[datetime]


class NoticeAddress(Base):
    """Where a producer wants its notices sent to, until it ends that."""

    __tablename__ = "notice_address"
    __table_args__ = (
        CheckConstraint("channel IN ('email')", "notice_channel_is_known"),
        Index(
            "an_address_is_live_once", "producer_id", "channel", "address", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    channel: Mapped[str]
    address: Mapped[str]
    language: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    ended_at: Mapped[datetime | None]


class NoticeSending(Base):
    """One notice to one address: waiting, sent, or given up with the reason."""

    __tablename__ = "notice_sending"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'sent', 'failed')", "sending_state_is_known"),)

    notice_id: Mapped[str] = mapped_column(Id, ForeignKey("notice.id"), primary_key=True)
    address_id: Mapped[str] = mapped_column(Id, ForeignKey("notice_address.id"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]
