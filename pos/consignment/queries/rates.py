"""Rules of commission besides the agreements, and who a change for many would touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Group, Product
from pos.consignment.models import Agreement, AgreementVersion, CommissionRule
from pos.places.models import Fair
from pos.producers.models import Producer

MOST = 500


@dataclass(frozen=True, slots=True)
class Touched:
    """One agreement before and after. `blocked`: it has terms on that day or later already."""

    producer_id: str
    name: str
    mode: str
    commission_bp: int
    new_bp: int
    pay_weekday: int
    new_weekday: int
    blocked: bool

    @property
    def changes(self) -> bool:
        return not self.blocked and (self.commission_bp, self.pay_weekday) != (self.new_bp, self.new_weekday)


def list_touched(
    session: Session, operator_id: str, *, starts_on: date, commission_bp: int | None, pay_weekday: int | None
) -> list[Touched]:
    """Every agreement of the operator beside what it would become, by name. None: stays."""
    last = (
        select(AgreementVersion.agreement_id, func.max(AgreementVersion.starts_on).label("on"))
        .group_by(AgreementVersion.agreement_id)
        .subquery()
    )
    rows = session.execute(
        select(Producer.id, Producer.name, AgreementVersion)
        .join(Agreement, Agreement.producer_id == Producer.id)
        .join(last, last.c.agreement_id == Agreement.id)
        .join(
            AgreementVersion,
            (AgreementVersion.agreement_id == Agreement.id) & (AgreementVersion.starts_on == last.c.on),
        )
        .where(Agreement.operator_id == operator_id)
        .order_by(Producer.name)
    )
    return [
        Touched(
            producer_id, name, v.mode, v.commission_bp,
            v.commission_bp if commission_bp is None or v.mode != "commission" else commission_bp,
            v.pay_weekday, v.pay_weekday if pay_weekday is None else pay_weekday,
            v.starts_on >= starts_on,
        )
        for producer_id, name, v in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with the name of what it is about."""

    kind: str
    name: str
    from_price_vnd: int
    starts_on: date
    commission_bp: int


def list_rules(session: Session, operator_id: str) -> list[Rule]:
    """At most 200, the newest first."""
    name: Any = func.coalesce(Product.name, Group.name, Producer.name, Fair.name, CommissionRule.scope_id)
    rows = session.execute(
        select(
            CommissionRule.scope_kind, name, CommissionRule.from_price_vnd, CommissionRule.starts_on,
            CommissionRule.commission_bp,
        )
        .outerjoin(Product, (CommissionRule.scope_kind == "product") & (Product.id == CommissionRule.scope_id))
        .outerjoin(Group, (CommissionRule.scope_kind == "group") & (Group.code == CommissionRule.scope_id))
        .outerjoin(Producer, (CommissionRule.scope_kind == "producer") & (Producer.id == CommissionRule.scope_id))
        .outerjoin(Fair, (CommissionRule.scope_kind == "fair") & (Fair.id == CommissionRule.scope_id))
        .where(CommissionRule.operator_id == operator_id)
        .order_by(CommissionRule.id.desc())
        .limit(200)
    )  # fmt: skip
    return [Rule(*row) for row in rows]


def scopes_of(session: Session, operator_id: str) -> dict[str, Sequence[tuple[str, str]]]:
    """What a rule may be about: (id, name) by kind; goods and producers the operator has an agreement for."""
    mine = select(Agreement.producer_id).where(Agreement.operator_id == operator_id)
    asked: dict[str, Any] = {
        "group": select(Group.code, Group.name).where(Group.is_leaf).order_by(Group.position),
        "product": select(Product.id, Product.name)
        .where(Product.producer_id.in_(mine), Product.active)
        .order_by(Product.name)
        .limit(MOST),
        "producer": select(Producer.id, Producer.name).where(Producer.id.in_(mine)).order_by(Producer.name).limit(MOST),
        "fair": select(Fair.id, Fair.name).order_by(Fair.starts_on.desc()).limit(20),
    }
    return {kind: [(row[0], row[1]) for row in session.execute(wanted)] for kind, wanted in asked.items()}
