"""The register (product, certificate, barcode) and each operator's offer of it (price, VAT)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.catalogue.models.codes import CodeSeries as CodeSeries
from pos.catalogue.models.codes import CodeSheet as CodeSheet
from pos.catalogue.models.register import CertificateFile as CertificateFile
from pos.catalogue.models.register import ChangeFile as ChangeFile
from pos.catalogue.models.register import Picture as Picture
from pos.catalogue.models.register import ProductChange as ProductChange
from pos.catalogue.models.terms import PriceAsked as PriceAsked
from pos.catalogue.models.terms import VatCut as VatCut
from pos.kernel.db import Base, Id


class Group(Base):
    """The groups of Decision 148/QĐ-TTg: six, with 26 leaves."""

    __tablename__ = "product_group"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    ministry: Mapped[str | None]
    is_leaf: Mapped[bool]
    position: Mapped[int]


class Product(Base):
    """One product of one producer, the same for all operators."""

    __tablename__ = "product"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"), index=True)
    group_code: Mapped[str | None] = mapped_column(ForeignKey("product_group.code"))
    name: Mapped[str]
    name_en: Mapped[str | None]
    search: Mapped[str]  # fold(name, producer, commune): what search boxes look in
    unit: Mapped[str] = mapped_column(default="cái")
    weighed: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str]  # hue and texture of the tile: rau che gao mat thit uong duoc gom vai canh
    commune: Mapped[str | None]
    province: Mapped[str | None]
    alcohol_bp: Mapped[int] = mapped_column(default=0)
    shelf_life_days: Mapped[int | None]
    trace_url: Mapped[str | None]  # what the QR on the goods leads to
    source: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    merged_into_id: Mapped[str | None] = mapped_column(Id, ForeignKey("product.id"))  # it was this one all along
    made_at: Mapped[datetime]


class Barcode(Base):
    """A code that finds exactly one product; `operator_id` null for a GTIN, set for an in-store code."""

    __tablename__ = "barcode"
    __table_args__ = (UniqueConstraint("code", "operator_id"), Index("ix_barcode_product", "product_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str]
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    operator_id: Mapped[str | None] = mapped_column(Id, ForeignKey("operator.id"))


class Certificate(Base):
    """Stars of a product by a decision, from/to; stars shown anywhere come from one in force that day."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 3 AND 5", "certified_stars_are_3_to_5"),
        CheckConstraint("valid_to >= valid_from", "a_certificate_ends_after_it_starts"),
        Index("ix_certificate_product", "product_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    stars: Mapped[int]
    potential_five: Mapped[bool] = mapped_column(default=False)
    decision_no: Mapped[str | None]
    issuer: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    revoked_on: Mapped[date | None]
    invented: Mapped[bool] = mapped_column(default=False)  # dates of the demo


class Offer(Base):
    """An operator sells a product. `version` is the catalogue version of its last change, so deltas are one range."""

    __tablename__ = "offer"
    __table_args__ = (Index("ix_offer_version", "operator_id", "version"),)

    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"), primary_key=True)
    sku: Mapped[str]
    pinned: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    tasting_milli: Mapped[int | None]  # so much may be tasted a day at one site; null: nobody said
    version: Mapped[int]


class Price(Base):
    """A price from a moment on, VAT included; scope (operator|site|fair, id), the narrowest wins."""

    __tablename__ = "price"
    __table_args__ = (
        UniqueConstraint("operator_id", "product_id", "scope_kind", "scope_id", "starts_at"),
        CheckConstraint("price_vnd >= 0", "a_price_is_not_negative"),
        CheckConstraint("cost_vnd >= 0", "a_standard_cost_is_not_negative"),
        CheckConstraint("scope_kind IN ('operator', 'site', 'fair')", "price_scope_is_known"),
        CheckConstraint("consent IN ('own', 'told', 'page')", "price_consent_is_known"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"), index=True)
    scope_kind: Mapped[str]
    scope_id: Mapped[str] = mapped_column(Id)
    price_vnd: Mapped[int]
    cost_vnd: Mapped[int | None]  # standard cost of a unit the operator owns; null where it owns none
    starts_at: Mapped[datetime]
    invented: Mapped[bool] = mapped_column(default=False)
    consent: Mapped[
        str | None
    ]  # own: ours to say; told: the producer said yes, see note; page: on its page; null: unsaid
    consent_note: Mapped[str | None]
    made_at: Mapped[datetime | None]
    made_by: Mapped[str | None] = mapped_column(Id)


class VatRate(Base):
    """VAT class and rate of an operator's offer from a day on, set by a person, never guessed."""

    __tablename__ = "vat_rate"
    __table_args__ = (
        UniqueConstraint("operator_id", "product_id", "starts_on"),
        CheckConstraint("vat_class IN ('standard', 'zero', 'KCT', 'KKKNT', 'direct')", "vat_class_is_known"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"), index=True)
    vat_class: Mapped[str]
    vat_bp: Mapped[int]
    starts_on: Mapped[date]
    made_at: Mapped[datetime | None]
    made_by: Mapped[str | None] = mapped_column(Id)  # null: by a file, or a till's new goods


class Pin(Base):
    """Goods that stand first on the grid of one site's tills."""

    __tablename__ = "pin"

    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"), primary_key=True)


class CatalogueHead(Base):
    """The locked counter of an operator's catalogue: taken last in the transaction that changes it."""

    __tablename__ = "catalogue_head"

    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), primary_key=True)
    version: Mapped[int]


class Promotion(Base):
    """A rule that takes something off goods for some days. Never edited, only stopped: sales name it.

    `goods`: JSON {products, groups, producers}, ids; empty: all. See pos/catalogue/promotions.py.
    """

    __tablename__ = "promotion"
    __table_args__ = (
        Index("ix_promotion_operator", "operator_id", "ends_on"),
        CheckConstraint("kind IN ('percent', 'amount', 'x_get_y')", "promotion_kind_is_known"),
        CheckConstraint("scope_kind IN ('operator', 'site', 'fair')", "promotion_scope_is_known"),
        CheckConstraint("ends_on >= starts_on", "a_promotion_ends_after_it_starts"),
        CheckConstraint("value > 0", "a_promotion_gives_something"),
        CheckConstraint(
            "producer_bp >= 0 AND organizer_bp >= 0 AND producer_bp + organizer_bp <= 10000", "funders_sum_to_all"
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    name: Mapped[str]
    kind: Mapped[str]
    value: Mapped[int]
    get_n: Mapped[int] = mapped_column(default=0)
    scope_kind: Mapped[str]
    scope_id: Mapped[str] = mapped_column(Id)
    goods: Mapped[str] = mapped_column(default="{}")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    from_minute: Mapped[int] = mapped_column(default=0)
    to_minute: Mapped[int] = mapped_column(default=1440)
    weekdays: Mapped[int] = mapped_column(default=127)
    producer_bp: Mapped[int] = mapped_column(default=0)
    organizer_bp: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None] = mapped_column(Id)


class Bundle(Base):
    """A hamper of an operator: several goods at one price. Its parts are sold, its reduction is a discount."""

    __tablename__ = "bundle"
    __table_args__ = (
        UniqueConstraint("operator_id", "code"),
        CheckConstraint("price_vnd > 0", "a_bundle_has_a_price"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    name: Mapped[str]
    code: Mapped[str | None]
    price_vnd: Mapped[int]
    made_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class BundlePart(Base):
    """So much of a product in a hamper."""

    __tablename__ = "bundle_part"
    __table_args__ = (CheckConstraint("qty_milli > 0", "a_part_is_something"),)

    bundle_id: Mapped[str] = mapped_column(Id, ForeignKey("bundle.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"), primary_key=True)
    qty_milli: Mapped[int]
