"""Agree on terms with a producer: versions with a first day, never edited. Source: money.md "Rounding"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import Agreement, AgreementVersion, CommissionRule, GoodsTerms, Share
from pos.consignment.rules.agreements import SAFE, MoreTerms
from pos.consignment.rules.losses import BASES, NET_PROCEEDS
from pos.consignment.rules.shares import COMMISSION, MODES, OWN, UNKNOWN
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id


def agree(
    session: Session,
    *,
    operator_id: str,
    producer_id: str,
    starts_on: date,
    commission_bp: int,
    return_window_days: int,
    at: datetime,
    by: str | None,
    vat_on_commission_bp: int = 800,
    min_payout_vnd: int = 0,
    pay_weekday: int = 0,
    samples_borne_by: str = "producer",
    mode: str = COMMISSION,
    discount_producer_bp: int = 0,
    discount_max_bp: int = 1_000,
    shrinkage_bp: int = 0,
    loss_basis: str = NET_PROCEEDS,
    loss_bp: int = 10_000,
    fair_window_days: int | None = None,
    more: MoreTerms = SAFE,
) -> AgreementVersion:
    """New terms from a day on (weekday 0 is Monday). The first of an agreement may start any day, later ones tomorrow
    at the earliest, after the last one: what is sold is shared by the terms of its day. In `margin` and `own` each
    product needs a cost besides (`agree_on_goods`, the price row). Of a discount of at most `discount_max_bp` of the
    price the producer pays `discount_producer_bp`; nothing in `own`. Of goods that go missing the producer bears
    `shrinkage_bp` of what was received in the agreement year; the rest is compensated by `loss_basis`.

    Raises Invalid on the figures or `agreement.too_soon`, Conflict when that day already has terms.
    """
    if not (0 <= commission_bp <= 10_000 and 0 <= return_window_days <= 60 and 0 <= vat_on_commission_bp <= 10_000):
        raise Invalid("agreement.terms", commission_bp=commission_bp, return_window_days=return_window_days)
    if mode not in MODES or not 0 <= (fair_window_days or 0) <= 60:
        raise Invalid("agreement.terms", mode=mode, fair_window_days=fair_window_days)
    if min_payout_vnd < 0 or pay_weekday not in range(7) or samples_borne_by not in ("producer", "operator"):
        raise Invalid("agreement.terms", min_payout_vnd=min_payout_vnd, pay_weekday=pay_weekday)
    if not (0 <= discount_producer_bp <= 10_000 and 0 <= discount_max_bp <= 10_000) or (
        mode == OWN and discount_producer_bp
    ):
        raise Invalid("agreement.terms", discount_producer_bp=discount_producer_bp, discount_max_bp=discount_max_bp)
    if not (0 <= shrinkage_bp <= 10_000 and 0 <= loss_bp <= 10_000) or loss_basis not in BASES:
        raise Invalid("agreement.terms", shrinkage_bp=shrinkage_bp, loss_basis=loss_basis, loss_bp=loss_bp)
    if wrong := more.trouble():
        raise Invalid("agreement.terms", **{wrong: getattr(more, wrong)})
    pair = (Agreement.operator_id == operator_id, Agreement.producer_id == producer_id)
    # Two who agree at once: the second waits here, then finds the day taken. A freeze that refers to it need not wait.
    agreement = session.scalar(select(Agreement).where(*pair).with_for_update(key_share=True))
    if agreement is None:
        agreement = Agreement(id=new_id(), operator_id=operator_id, producer_id=producer_id, made_at=at)
        session.add(agreement)
        session.flush()
    elif starts_on < (earliest := local_date(at) + timedelta(days=1)):
        raise Invalid("agreement.too_soon", earliest=earliest)
    taken = select(AgreementVersion.id).where(
        AgreementVersion.agreement_id == agreement.id, AgreementVersion.starts_on >= starts_on
    )
    if session.scalar(taken.limit(1)):
        raise Conflict("agreement.day_taken", starts_on=starts_on)
    version = AgreementVersion(
        id=new_id(), agreement_id=agreement.id, starts_on=starts_on, mode=mode, commission_bp=commission_bp,
        vat_on_commission_bp=vat_on_commission_bp, return_window_days=return_window_days,
        min_payout_vnd=min_payout_vnd, pay_weekday=pay_weekday, samples_borne_by=samples_borne_by,
        discount_producer_bp=discount_producer_bp, discount_max_bp=discount_max_bp,
        fair_window_days=fair_window_days, shrinkage_bp=shrinkage_bp, loss_basis=loss_basis, loss_bp=loss_bp,
        **asdict(more), made_at=at, made_by=by,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def agree_on_goods(
    session: Session,
    *,
    operator_id: str,
    product_id: str,
    starts_on: date,
    at: datetime,
    by: str | None,
    mode: str | None = None,
    cost_vnd: int | None = None,
    site_id: str | None = None,
    lot_id: str | None = None,
) -> GoodsTerms:
    """One product's own terms from a day on: its agreed cost (đồng per unit, VAT included), or another mode than
    its producer's agreement, everywhere, at one site, or for one lot (then from whatever day).

    A day on which it was already sold on other terms is past. Raises Invalid `agreement.terms` or
    `agreement.too_soon`, Conflict `agreement.day_taken`.
    """
    if (mode is None and cost_vnd is None) or (mode is not None and mode not in MODES) or (cost_vnd or 0) < 0:
        raise Invalid("agreement.terms", mode=mode, cost_vnd=cost_vnd)
    sold = select(Share.id).where(
        Share.operator_id == operator_id, Share.product_id == product_id, Share.business_date >= starts_on,
        Share.kind != "return", Share.mode != UNKNOWN,
    )  # fmt: skip
    if lot_id is None and starts_on <= (today := local_date(at)) and session.scalar(sold.limit(1)):
        raise Invalid("agreement.too_soon", earliest=today + timedelta(days=1))
    key = {
        "operator_id": operator_id, "product_id": product_id, "site_id": site_id or "", "lot_id": lot_id or "",
        "starts_on": starts_on,
    }  # fmt: skip
    if session.scalar(select(GoodsTerms.id).filter_by(**key)):
        raise Conflict("agreement.day_taken", starts_on=starts_on)
    terms = GoodsTerms(id=new_id(), **key, mode=mode, cost_vnd=cost_vnd, made_at=at, made_by=by)
    session.add(terms)
    session.flush()
    return terms


def rule_commission(
    session: Session, operator_id: str, *, scope_kind: str, scope_id: str, commission_bp: int, starts_on: date,
    at: datetime, by: str | None, producer_id: str = "", from_price_vnd: int = 0,
) -> str:  # fmt: skip
    """Another commission from tomorrow at the earliest: of a product, a group, a producer's goods from a price on, or
    a fair's default for whoever has no agreement. Answers the rule's id.

    Raises Invalid `agreement.terms` or `agreement.too_soon`, Conflict `agreement.day_taken`.
    """
    known = {"product", "group", "fair", "producer"}
    if scope_kind not in known or not 0 <= commission_bp <= 10_000 or from_price_vnd < 0 or not scope_id:
        raise Invalid("agreement.terms", scope_kind=scope_kind, commission_bp=commission_bp)
    if starts_on < (earliest := local_date(at) + timedelta(days=1)):
        raise Invalid("agreement.too_soon", earliest=earliest)
    key = {
        "operator_id": operator_id, "producer_id": producer_id, "scope_kind": scope_kind, "scope_id": scope_id,
        "from_price_vnd": from_price_vnd, "starts_on": starts_on,
    }  # fmt: skip
    if session.scalar(select(CommissionRule.id).filter_by(**key)):
        raise Conflict("agreement.day_taken", starts_on=starts_on)
    made = CommissionRule(id=new_id(), **key, commission_bp=commission_bp, made_at=at, made_by=by)
    session.add(made)
    session.flush()
    return made.id


def follow_terms(session: Session, product_id: str, into_id: str, *, at: datetime) -> None:
    """Terms made for a product that was merged away hold for the other from the same days on, unless somebody said
    otherwise of that one. Safe to run twice."""
    said = select(GoodsTerms.operator_id, GoodsTerms.site_id, GoodsTerms.lot_id, GoodsTerms.starts_on)
    known = {tuple(row) for row in session.execute(said.where(GoodsTerms.product_id == into_id))}
    spoken_for = {row[:3] for row in known}
    for old in session.scalars(select(GoodsTerms).where(GoodsTerms.product_id == product_id)).all():
        place = (old.operator_id, old.site_id, old.lot_id)
        if place in spoken_for:
            continue
        session.add(
            GoodsTerms(
                id=new_id(), operator_id=old.operator_id, product_id=into_id, site_id=old.site_id, lot_id=old.lot_id,
                starts_on=old.starts_on, mode=old.mode, cost_vnd=old.cost_vnd, made_at=at, made_by=old.made_by,
            )
        )  # fmt: skip
    ruled = select(CommissionRule).where(CommissionRule.scope_kind == "product")
    spoken_for = {(rule.operator_id, rule.producer_id) for rule in session.scalars(ruled.filter_by(scope_id=into_id))}
    for rule in session.scalars(ruled.filter_by(scope_id=product_id)).all():
        if (rule.operator_id, rule.producer_id) not in spoken_for:
            same = {c.name: getattr(rule, c.name) for c in CommissionRule.__table__.columns}
            session.add(CommissionRule(**same | {"id": new_id(), "scope_id": into_id, "made_at": at}))
    session.flush()


KEPT = (
    "mode", "commission_bp", "vat_on_commission_bp", "return_window_days", "fair_window_days", "min_payout_vnd",
    "pay_weekday", "samples_borne_by", "discount_producer_bp", "discount_max_bp", "shrinkage_bp", "loss_basis",
    "loss_bp",
)  # fmt: skip


def agree_in_bulk(
    session: Session, operator_id: str, producer_ids: Collection[str], *, starts_on: date, at: datetime,
    by: str | None, commission_bp: int | None = None, pay_weekday: int | None = None,
) -> list[str]:  # fmt: skip
    """A new version for each from a day on, as its last one but for what changes; who would change nothing keeps his.

    All or nothing. Answers the versions' ids. Raises NotFound `agreement.unknown` and what `agree` raises.
    """
    made = []
    for producer_id in sorted(set(producer_ids)):
        last = session.scalar(
            select(AgreementVersion)
            .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
            .where(Agreement.operator_id == operator_id, Agreement.producer_id == producer_id)
            .order_by(AgreementVersion.starts_on.desc())
            .limit(1)
        )
        if last is None:
            raise NotFound("agreement.unknown")
        terms = {name: getattr(last, name) for name in KEPT}
        if commission_bp is not None and last.mode == COMMISSION:
            terms["commission_bp"] = commission_bp
        if pay_weekday is not None:
            terms["pay_weekday"] = pay_weekday
        if all(getattr(last, name) == value for name, value in terms.items()):
            continue
        more = MoreTerms(**{member.name: getattr(last, member.name) for member in fields(MoreTerms)})
        version = agree(
            session, operator_id=operator_id, producer_id=producer_id, starts_on=starts_on, at=at, by=by, more=more,
            **terms,
        )  # fmt: skip
        made.append(version.id)
    return made
