"""On what terms an operator sells a producer's goods: versions with effective dates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class Agreement(Base):
    """One operator, one producer."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("operator_id", "producer_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"), index=True)
    made_at: Mapped[datetime]
    versions: Mapped[list[AgreementVersion]] = relationship(
        back_populates="agreement", order_by="AgreementVersion.starts_on"
    )


class AgreementVersion(Base):
    """Terms from a day on. Never edited: new terms are a new version that starts tomorrow at the earliest."""

    __tablename__ = "agreement_version"
    __table_args__ = (
        UniqueConstraint("agreement_id", "starts_on"),
        CheckConstraint("mode IN ('commission', 'margin', 'own')", "agreement_mode_is_known"),
        CheckConstraint("commission_bp BETWEEN 0 AND 10000", "commission_is_0_to_100_percent"),
        CheckConstraint("return_window_days BETWEEN 0 AND 60", "return_window_is_0_to_60_days"),
        CheckConstraint("fair_window_days BETWEEN 0 AND 60", "return_window_at_fairs_is_0_to_60_days"),
        CheckConstraint("discount_producer_bp BETWEEN 0 AND 10000", "discount_share_is_0_to_100_percent"),
        CheckConstraint("discount_max_bp BETWEEN 0 AND 10000", "discount_limit_is_0_to_100_percent"),
        CheckConstraint("shrinkage_bp BETWEEN 0 AND 10000", "shrinkage_allowance_is_0_to_100_percent"),
        CheckConstraint("loss_basis IN ('net_proceeds', 'declared_cost', 'percent')", "loss_basis_is_known"),
        CheckConstraint("loss_bp BETWEEN 0 AND 10000", "loss_value_is_0_to_100_percent"),
        CheckConstraint("reserve_bp BETWEEN 0 AND 10000", "reserve_is_0_to_100_percent"),
        CheckConstraint("recoup_bp BETWEEN 0 AND 10000", "recoupment_is_0_to_100_percent"),
        CheckConstraint("card_fee_on IN ('operator', 'producer')", "somebody_bears_the_card_fee"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    agreement_id: Mapped[str] = mapped_column(Id, ForeignKey("agreement.id"))
    starts_on: Mapped[date]
    mode: Mapped[str] = mapped_column(default="commission")
    commission_bp: Mapped[int]
    vat_on_commission_bp: Mapped[int] = mapped_column(default=800)
    return_window_days: Mapped[int] = mapped_column(default=0)
    fair_window_days: Mapped[int | None]  # null: as in shops
    min_payout_vnd: Mapped[int] = mapped_column(default=0)
    pay_weekday: Mapped[int] = mapped_column(default=0)  # 0 Monday … 6 Sunday
    samples_borne_by: Mapped[str] = mapped_column(default="producer")
    discount_producer_bp: Mapped[int] = mapped_column(default=0)  # of a discount, at most
    discount_max_bp: Mapped[int] = mapped_column(default=1000)  # as long as it is not more of the price
    shrinkage_bp: Mapped[int] = mapped_column(default=0)  # of what was received in the agreement year, the producer's
    loss_basis: Mapped[str] = mapped_column(default="net_proceeds")  # what a missing unit beyond that is worth
    loss_bp: Mapped[int] = mapped_column(default=10_000)  # of the price, where the basis is `percent`
    reserve_bp: Mapped[int] = mapped_column(default=0)  # of Σ commission base, kept at each settlement
    recoup_bp: Mapped[int] = mapped_column(default=5000)  # of what is left, at most, to pay an advance back
    tier_from_vnd: Mapped[int] = mapped_column(default=0)  # 0: none. Beyond it in a month the commission is …
    tier_bp: Mapped[int] = mapped_column(default=0)  # … this, given back at the settlement
    guarantee_vnd: Mapped[int] = mapped_column(default=0)  # what a whole month brings the producer at least
    card_fee_on: Mapped[str] = mapped_column(default="operator")
    booth_day_vnd: Mapped[int] = mapped_column(default=0)  # a booth's fee per day, before VAT
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    agreement: Mapped[Agreement] = relationship(back_populates="versions")


class GoodsTerms(Base):
    """How one product is sold from a day on where the agreement alone does not say it: its agreed cost per unit
    (margin), or another mode, everywhere, at one site, or for one lot. Append-only: new terms are a new row.

    A named lot wins over the site, the site over everywhere, then the latest start. `mode` null: the agreement's.
    """

    __tablename__ = "goods_terms"
    __table_args__ = (
        UniqueConstraint("operator_id", "product_id", "site_id", "lot_id", "starts_on"),
        CheckConstraint("mode IN ('commission', 'margin', 'own')", "goods_mode_is_known"),
        CheckConstraint("cost_vnd >= 0", "a_cost_is_not_negative"),
        CheckConstraint("mode IS NOT NULL OR cost_vnd IS NOT NULL", "goods_terms_say_something"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"), index=True)
    site_id: Mapped[str] = mapped_column(Id, default="")  # "" everywhere
    lot_id: Mapped[str] = mapped_column(Id, default="")  # "" any lot
    starts_on: Mapped[date]
    mode: Mapped[str | None]
    cost_vnd: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class CommissionRule(Base):
    """Another commission than the agreement's from a day on: of a product, of a producer's or everybody's goods of a
    group, of a producer's dear goods, or at a fair for whoever has no agreement. Append-only.

    The product wins over the group, the group over the producer, all over the fair; then the highest price that is
    reached, then the latest start. `producer_id` "": of every producer.
    """

    __tablename__ = "commission_rule"
    __table_args__ = (
        UniqueConstraint("operator_id", "producer_id", "scope_kind", "scope_id", "from_price_vnd", "starts_on"),
        CheckConstraint("scope_kind IN ('product', 'group', 'producer', 'fair')", "commission_scope_is_known"),
        CheckConstraint("commission_bp BETWEEN 0 AND 10000", "ruled_commission_is_0_to_100_percent"),
        CheckConstraint("from_price_vnd >= 0", "a_price_step_is_not_negative"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    producer_id: Mapped[str] = mapped_column(Id, default="")
    scope_kind: Mapped[str]
    scope_id: Mapped[str]
    from_price_vnd: Mapped[int] = mapped_column(default=0)  # of one unit
    starts_on: Mapped[date]
    commission_bp: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
