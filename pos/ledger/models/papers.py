"""Papers of the operator's own money: cash from the bank, capital, bags, shortages, withdrawals. Append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class SafeFunding(Base):
    """The document behind cash fetched from the bank for a site's safe (floats, change). Append-only."""

    __tablename__ = "safe_funding"
    __table_args__ = (
        CheckConstraint("amount_vnd > 0", "a_safe_is_funded_with_something"),
        Index("ix_safe_funding_site", "operator_id", "site_id", "business_date"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    amount_vnd: Mapped[int]
    business_date: Mapped[date]
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class MoneyPaper(Base):
    """The document behind the operator's own moves of money: its capital, bags for the bank, what a count was short,
    money taken out of the producers' account or put into it. Append-only; a bag is credited once."""

    __tablename__ = "money_paper"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('capital', 'bag', 'bag_credited', 'variance', 'withdrawal', 'top_up')", "money_paper_is_known"
        ),
        CheckConstraint("amount_vnd <> 0", "a_money_paper_moves_something"),
        UniqueConstraint("answers"),
        Index("ix_money_paper_operator", "operator_id", "kind", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    amount_vnd: Mapped[int]  # of a variance: + the count was short
    site_id: Mapped[str | None] = mapped_column(Id)
    shift_id: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(Id)  # who owes a shortage
    answers: Mapped[str | None] = mapped_column(Id, ForeignKey("money_paper.id"))  # the bag
    business_date: Mapped[date]
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
