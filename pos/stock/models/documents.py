"""The papers behind the movements: one table for every kind, draft until confirmed, then written once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class Document(Base):
    """A stock document. What is confirmed never changes (a trigger refuses): a mistake is another document.

    From and to are places as in `pos.stock.rules.PLACES`; an id is null where the lines go to several (a return at
    the till of two producers' goods). One from a till has its event's id and is born confirmed (`source` till).
    """

    __tablename__ = "stock_document"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('intake', 'transfer', 'receipt', 'return', 'write_off', 'correction', 'stocktake', 'opening')",
            "document_kind_is_known",
        ),
        CheckConstraint("state IN ('draft', 'confirmed')", "document_state_is_known"),
        CheckConstraint("state = 'draft' OR (number IS NOT NULL AND confirmed_at IS NOT NULL)", "confirmed_has_number"),
        CheckConstraint("source IN ('office', 'till')", "document_source_is_known"),
        CheckConstraint("liability IN ('agreement', 'operator', 'producer')", "document_liability_is_known"),
        Index("uq_stock_document_number", "operator_id", "number", unique=True),
        Index("ix_stock_document_made", "operator_id", "made_at", "id"),
        Index("ix_stock_document_announced", "announced_id"),
        # A transfer is received once. Both databases keep this whatever the pages do.
        Index(
            "uq_stock_document_received_once", "answers_id", unique=True,
            postgresql_where=text("kind = 'receipt' AND state = 'confirmed'"),
            sqlite_where=text("kind = 'receipt' AND state = 'confirmed'"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    kind: Mapped[str]
    state: Mapped[str]
    revision: Mapped[int]  # of the draft: two people never save over each other
    number: Mapped[str | None]  # given when it is confirmed, so that none is missing
    business_date: Mapped[date]
    from_kind: Mapped[str]
    from_id: Mapped[str | None] = mapped_column(Id)
    to_kind: Mapped[str]
    to_id: Mapped[str | None] = mapped_column(Id)
    producer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("producer.id"), index=True)
    agreement_id: Mapped[str | None] = mapped_column(Id)  # of a floor above: no foreign key
    reason: Mapped[str | None]
    liability: Mapped[str | None]  # who is to bear what is lost by it, as its draft says
    note: Mapped[str | None]
    announced_id: Mapped[str | None] = mapped_column(Id)  # the delivery it was counted against
    answers_id: Mapped[str | None] = mapped_column(Id)  # the transfer it receives, the document it corrects
    undoes_id: Mapped[str | None] = mapped_column(Id)  # at the till: the event it is the mirror of, here or to come
    source: Mapped[str] = mapped_column(default="office")
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(Id)
    lines: Mapped[list[DocumentLine]] = relationship(
        order_by="DocumentLine.line", cascade="all, delete-orphan", passive_deletes=False
    )


class DocumentLine(Base):
    """One product of a document. `qty_milli` moves; `expected_milli` is what was announced or sent, if anybody said.

    A product may be one the till minted before the office knew it, so there is no foreign key.
    """

    __tablename__ = "stock_document_line"
    __table_args__ = (
        CheckConstraint("qty_milli >= 0", "counted_is_not_negative"),
        CheckConstraint("expected_milli >= 0", "expected_is_not_negative"),
        CheckConstraint("qty_milli > 0 OR expected_milli > 0", "a_line_says_something"),
        CheckConstraint(
            "difference IS NULL OR difference IN ('under_way', 'lost', 'not_sent', 'sent_more')",
            "difference_is_known",
        ),
        Index("ix_stock_document_line_product", "product_id"),
    )

    document_id: Mapped[str] = mapped_column(
        Id, ForeignKey("stock_document.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(Id)
    qty_milli: Mapped[int]
    expected_milli: Mapped[int | None]
    lot_id: Mapped[str | None] = mapped_column(Id)
    lot_code: Mapped[str | None]  # wanted apart, under this name
    expires_on: Mapped[date | None]
    certificate: Mapped[str | None]  # as in force that day: stars and decision, frozen
    member: Mapped[str | None]  # of the co-op: whose goods these were
    difference: Mapped[str | None]  # of a receipt: where the rest is
    why: Mapped[str | None]


class DocumentNumber(Base):
    """The last number of a kind and year. Taken after the levels are locked, so numbers have no gaps."""

    __tablename__ = "stock_document_number"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class LossDecision(Base):
    """Somebody said who bears what a document lost. Written once; consignment posts it afterwards."""

    __tablename__ = "stock_loss_decision"
    __table_args__ = (
        CheckConstraint("liability IN ('agreement', 'operator', 'producer')", "decided_liability_is_known"),
    )

    document_id: Mapped[str] = mapped_column(Id, ForeignKey("stock_document.id"), primary_key=True)
    liability: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(Id)
