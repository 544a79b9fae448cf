"""The customer's screen on another tablet: one short-lived row for a till's pairing. Goods and sums, nobody's name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class CustomerDisplay(Base):
    """What a till says to its customer's screen, the last word only: `n` counts them, `key_hash` is of the QR's key."""

    __tablename__ = "customer_display"
    __table_args__ = (CheckConstraint("expires_at > paired_at", "a_screen_is_paired_for_a_while"),)

    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    paired_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    message: Mapped[str | None]
    n: Mapped[int] = mapped_column(default=0)
    said_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]  # when a screen last asked, to half a minute
