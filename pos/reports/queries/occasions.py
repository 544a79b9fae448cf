"""What has happened that a producer should be told the same day. Reads only; each occasion has a key of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from pos.catalogue.models import PriceAsked, Product
from pos.consignment.models import Payout, PayoutAttempt, PayoutEvent, Share, Statement
from pos.consignment.rules.shares import OWN
from pos.places.models import Operator, Site
from pos.producers.models import BankAccount
from pos.stock.models import Level, Movement
from pos.stock.rules import GONE


@dataclass(frozen=True, slots=True)
class Occasion:
    """`facts` are what its sentence names."""

    kind: str
    key: str
    producer_id: str
    facts: dict[str, object]


def sold_out(session: Session, day: date) -> list[Occasion]:
    """Goods sold on a day of which nothing is left at that point; once per product, point and day."""
    here = (Level.operator_id == Share.operator_id, Level.place_kind == "site", Level.place_id == Share.site_id,
            Level.product_id == Share.product_id)  # fmt: skip
    left = select(func.sum(Level.on_hand_milli)).where(*here).correlate(Share).scalar_subquery()
    rows = session.execute(
        select(Share.producer_id, Share.product_id, Share.site_id, Product.name, Site.name)
        .join(Product, Product.id == Share.product_id)
        .join(Site, Site.id == Share.site_id)
        .where(
            Share.business_date == day, Share.producer_id.is_not(None), Share.mode != OWN,
            select(Level.product_id).where(*here).correlate(Share).exists(), left <= 0,
        )
        .distinct()
    )  # fmt: skip
    return [
        Occasion("out", f"out:{site_id}:{product_id}:{day}", maker, {"product": product, "site": site})
        for maker, product_id, site_id, product, site in rows
        if maker
    ]


def paid(session: Session, since: datetime) -> list[Occasion]:
    """Payouts that were confirmed."""
    rows = session.execute(
        select(
            PayoutAttempt.id, Payout.producer_id, PayoutAttempt.amount_vnd, PayoutAttempt.channel, Operator.name,
            Statement.no, BankAccount.number_last4,
        )
        .join(PayoutEvent, PayoutEvent.attempt_id == PayoutAttempt.id)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .join(Statement, Statement.id == Payout.statement_id)
        .join(Operator, Operator.id == Payout.operator_id)
        .outerjoin(BankAccount, BankAccount.id == PayoutAttempt.bank_account_id)
        .where(PayoutEvent.to_state == "confirmed", PayoutEvent.at >= since, PayoutAttempt.state == "confirmed")
        .distinct()
    )  # fmt: skip
    return [
        Occasion(
            "paid", f"paid:{id_}", maker,
            {"vnd": vnd, "channel": channel, "operator": operator, "no": no, "to": last4},
        )
        for id_, maker, vnd, channel, operator, no, last4 in rows
    ]  # fmt: skip


def account_changed(session: Session, since: datetime) -> list[Occasion]:
    """A new version of the account of a producer that had one."""
    earlier = aliased(BankAccount)
    rows = session.execute(
        select(BankAccount.id, BankAccount.producer_id, BankAccount.bank_name, BankAccount.number_last4).where(
            BankAccount.made_at >= since,
            exists().where(earlier.producer_id == BankAccount.producer_id, earlier.made_at < BankAccount.made_at),
        )
    )
    return [
        Occasion("account", f"account:{id_}", maker, {"bank": bank, "to": last4}) for id_, maker, bank, last4 in rows
    ]


def price_asked(session: Session, since: datetime, at: datetime) -> list[Occasion]:
    """Questions about a price that still wait."""
    rows = session.execute(
        select(
            PriceAsked.id, PriceAsked.producer_id, PriceAsked.price_vnd, PriceAsked.before_vnd, PriceAsked.starts_at,
            Product.name, Operator.name,
        )
        .join(Product, Product.id == PriceAsked.product_id)
        .join(Operator, Operator.id == PriceAsked.operator_id)
        .where(PriceAsked.made_at >= since, PriceAsked.state == "open", PriceAsked.starts_at > at)
    )  # fmt: skip
    return [
        Occasion(
            "price", f"price:{id_}", maker,
            {"product": name, "vnd": vnd, "before": before, "on": starts, "operator": operator},
        )
        for id_, maker, vnd, before, starts, name, operator in rows
        if maker
    ]  # fmt: skip


def sold_or_lost_on(session: Session, day: date) -> list[str]:
    """The producers an evening has something to say to: whose goods moved on that day, sold or not."""
    sold = select(Share.producer_id).where(Share.business_date == day, Share.mode != OWN)
    gone = (
        select(Product.producer_id)
        .join(Movement, Movement.product_id == Product.id)
        .where(Movement.business_date == day, Movement.to_kind.in_(GONE))
    )
    return sorted({id_ for id_ in (*session.scalars(sold.distinct()), *session.scalars(gone.distinct())) if id_})
