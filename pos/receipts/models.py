"""Receipts as they were made, the printers, and what has been sent to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Receipt(Base):
    """The document of one sale. Append-only: what is printed again is what was printed.

    The id is the sale's. A number used twice is somebody's flag, so it is not unique here.
    """

    __tablename__ = "receipt"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"))
    till_id: Mapped[str] = mapped_column(Id, ForeignKey("till.id"))
    receipt_no: Mapped[str] = mapped_column(index=True)
    sold_at: Mapped[datetime]
    document: Mapped[str]  # JSON, versioned: docs/algorithms/receipt.md
    made_at: Mapped[datetime]


class Printer(Base):
    """A network printer (raw TCP) of a till, or of a whole site."""

    __tablename__ = "printer"
    __table_args__ = (
        CheckConstraint("scope_kind IN ('till', 'site')", "a_printer_serves_a_till_or_a_site"),
        CheckConstraint("width_dots IN (384, 576)", "paper_is_384_or_576_dots_wide"),
        CheckConstraint("port BETWEEN 1 AND 65535", "printer_port_is_a_port"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), index=True)
    scope_kind: Mapped[str]
    scope_id: Mapped[str] = mapped_column(Id, index=True)
    name: Mapped[str]
    host: Mapped[str]
    port: Mapped[int] = mapped_column(default=9100)
    width_dots: Mapped[int] = mapped_column(default=576)
    drawer: Mapped[bool] = mapped_column(default=False)
    talks_back: Mapped[bool] = mapped_column(default=True)  # False: it never answers DLE EOT
    active: Mapped[bool] = mapped_column(default=True)
    rests_until: Mapped[datetime | None]  # was not ready: nobody waits for it again before this


class PrintJob(Base):
    """One sheet (or one opening of the drawer) asked of a printer, and what became of it.

    `uncertain` means bytes were on their way when it broke: a person looks, nothing is sent again.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        CheckConstraint("kind IN ('receipt', 'drawer', 'test')", "print_kind_is_known"),
        CheckConstraint("kind <> 'receipt' OR receipt_id IS NOT NULL", "a_receipt_job_names_its_receipt"),
        CheckConstraint(
            "state IN ('queued', 'sending', 'printed', 'uncertain', 'failed', 'expired')",
            "print_state_is_known",
        ),
        CheckConstraint(
            "(finished_at IS NOT NULL) = (state NOT IN ('queued', 'sending'))",
            "a_print_job_is_finished_when_it_waits_no_more",
        ),
        CheckConstraint("copy >= 0", "copies_count_up_from_the_original"),
        UniqueConstraint("receipt_id", "kind", "copy", name="each_copy_of_a_receipt_is_asked_for_once"),
        Index("ix_print_job_printer_id_state", "printer_id", "state"),
        Index("ix_print_job_queued", "queued_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    printer_id: Mapped[str] = mapped_column(Id, ForeignKey("printer.id"))
    receipt_id: Mapped[str | None] = mapped_column(Id, ForeignKey("receipt.id"))
    kind: Mapped[str]
    copy: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    sending_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    problem: Mapped[str | None]


class TabletPrint(Base):
    """A sheet a till printed by itself, as its log tells. Append-only; the id is the event's.

    The receipt may come later than the word of its print, so nothing points at it by a key.
    """

    __tablename__ = "tablet_print"
    __table_args__ = (CheckConstraint("copy >= 0", "a_tablets_copies_count_up_from_the_original"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    receipt_id: Mapped[str] = mapped_column(Id, index=True)
    printer: Mapped[str]  # bluetooth, serial, usb, rawbt, system
    copy: Mapped[int]
    at: Mapped[datetime]


class WrongGuess(Base):
    """How often a receipt was asked for with a wrong total: three, then a polite wait.

    `about` is a receipt number or a caller's address; rows are removed when their time is over.
    """

    __tablename__ = "receipt_wrong_guess"

    about: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)
