"""What this installation is: one row, made by `pos init`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Installation(Base):
    """`books` names this set of books, `epoch` rises when a backup is restored."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", "there_is_only_one_installation"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    books: Mapped[str] = mapped_column(Id)
    epoch: Mapped[int]
    origin: Mapped[str]
    demo: Mapped[bool]
    made_at: Mapped[datetime]
