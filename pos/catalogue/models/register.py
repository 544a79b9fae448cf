"""What belongs to the register beside the facts: pictures, papers of certificates, every change and who made it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Picture(Base):
    """A picture of a product, made anew here: WebP, upright, without what a camera adds. `small` is for lists."""

    __tablename__ = "product_picture"
    __table_args__ = (UniqueConstraint("product_id", "sha256"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    position: Mapped[int]
    sha256: Mapped[str]
    webp: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class CertificateFile(Base):
    """The paper of a certificate: a PDF as it came, or a scan made anew as WebP."""

    __tablename__ = "certificate_file"
    __table_args__ = (CheckConstraint("kind IN ('pdf', 'webp')", "a_paper_is_pdf_or_picture"),)

    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class ProductChange(Base):
    """A change of the register: asked for by who may not make it, then accepted or refused; or made at once.

    `before` and `after`: JSON of the fields that differ. `kind`: facts, barcode, picture, certificate or merge.
    """

    __tablename__ = "product_change"
    __table_args__ = (
        CheckConstraint("kind IN ('facts', 'barcode', 'picture', 'certificate', 'merge')", "change_kind_is_known"),
        CheckConstraint("state IN ('open', 'accepted', 'refused')", "change_state_is_known"),
        Index("ix_product_change_state", "state", "made_at"),
        Index("ix_product_change_product", "product_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    kind: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str | None]


class ChangeFile(Base):
    """What came with a proposed change: the picture, or the certificate's paper; made anew already."""

    __tablename__ = "product_change_file"

    change_id: Mapped[str] = mapped_column(Id, ForeignKey("product_change.id"), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
