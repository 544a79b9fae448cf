"""Pictures of goods first named at a till: sent apart from the log, made anew here, nothing of the camera in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Photo(Base):
    """`sha256` is of the bytes as the tablet sent them, the one an event names; `jpeg` is what was made of them."""

    __tablename__ = "till_photo"

    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"), index=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
