"""Lines sold that nobody could name the owner of: what waits, by goods, and who was said to own what. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import Person
from pos.access.reach import Reach
from pos.consignment.models import Agreement, AgreementVersion, LineAssignment, Share
from pos.consignment.service.assignments import nobodys
from pos.kernel.errors import NotFound
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.till.models import NewProduct, Sale, SaleLine

PAGE = 50
MOST = 200  # lines assigned in one unit; the rest by doing it again
_Back = aliased(Share, name="back")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Goods of one name at one operator. `paid_vnd`: what customers paid and did not get back, on
    `unidentified_receipts`. `named`: first named at a till, so the register may learn it."""

    operator_id: str
    operator: str
    product_id: str | None
    name: str
    lines: int
    qty_milli: int
    paid_vnd: int
    first_on: date
    last_on: date
    producer_id: str | None
    named: bool


def _waiting(reach: Reach) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = reach.where(operator=Share.operator_id, site=Share.site_id, fair=Share.fair_id)
    return and_(nobodys(), mine)


def _returned() -> Any:
    """By the sale's share: what came back (money negative, quantity positive)."""
    return (
        select(
            _Back.returns_share_id.label("of"), func.sum(_Back.paid_vnd).label("paid"),
            func.sum(_Back.qty_milli).label("qty"),
        )
        .where(_Back.returns_share_id.is_not(None), _Back.kind == "return")
        .group_by(_Back.returns_share_id)
        .subquery()
    )  # fmt: skip


def list_waiting(session: Session, reach: Reach, *, page: int = 1) -> tuple[list[Waiting], bool]:
    """Most money first. One query."""
    back = _returned()
    paid = func.sum(Share.paid_vnd + func.coalesce(back.c.paid, 0))
    rows: Any = session.execute(
        select(
            Share.operator_id, Operator.name, Share.product_id, SaleLine.name, func.count(),
            func.sum(Share.qty_milli - func.coalesce(back.c.qty, 0)), paid, func.min(Share.business_date),
            func.max(Share.business_date), func.max(SaleLine.producer_id), func.max(NewProduct.id),
        )
        .join(SaleLine, (SaleLine.sale_id == Share.event_id) & (SaleLine.line == Share.line))
        .join(Operator, Operator.id == Share.operator_id)
        .outerjoin(NewProduct, NewProduct.id == Share.product_id)
        .outerjoin(back, back.c.of == Share.id)
        .where(_waiting(reach))
        .group_by(Share.operator_id, Operator.name, Share.product_id, SaleLine.name)
        .order_by(paid.desc(), SaleLine.name, Share.operator_id, Share.product_id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    found = [
        Waiting(op, name, product, goods, n, int(qty), int(vnd), first, last, maker, new is not None)
        for op, name, product, goods, n, qty, vnd, first, last, maker, new in rows
    ]
    return found[:PAGE], len(found) > PAGE


def sum_waiting(session: Session, reach: Reach) -> tuple[int, int]:
    """(lines, đồng) of all that waits."""
    back = _returned()
    row = session.execute(
        select(func.count(), func.sum(Share.paid_vnd + func.coalesce(back.c.paid, 0)))
        .select_from(Share)
        .outerjoin(back, back.c.of == Share.id)
        .where(_waiting(reach))
    ).one()
    return int(row[0]), int(row[1] or 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One waiting line. `key` is `ticket:line`."""

    event_id: str
    line: int
    receipt_no: str
    business_date: date
    site: str
    name: str
    qty_milli: int
    returned_milli: int
    paid_vnd: int
    producer_id: str | None

    @property
    def key(self) -> str:
        return f"{self.event_id}:{self.line}"


def list_lines(session: Session, operator_id: str, product_id: str | None, name: str) -> list[Line]:
    """The waiting lines of one row of the list, oldest first, at most MOST."""
    back = _returned()
    same = Share.product_id == product_id if product_id else Share.product_id.is_(None)
    query: Select[Any] = (
        select(
            Share.event_id, Share.line, Sale.receipt_no, Share.business_date, Site.name, SaleLine.name,
            Share.qty_milli, func.coalesce(back.c.qty, 0), Share.paid_vnd + func.coalesce(back.c.paid, 0),
            SaleLine.producer_id,
        )
        .join(SaleLine, (SaleLine.sale_id == Share.event_id) & (SaleLine.line == Share.line))
        .join(Sale, Sale.id == Share.event_id)
        .join(Site, Site.id == Share.site_id)
        .outerjoin(back, back.c.of == Share.id)
        .where(nobodys(), Share.operator_id == operator_id, same, SaleLine.name == name)
        .order_by(Share.business_date, Share.id)
        .limit(MOST)
    )  # fmt: skip
    return [Line(*row) for row in session.execute(query)]


def agreed_producers(session: Session, operator_id: str) -> list[tuple[str, str]]:
    """(id, name) of those this operator has terms with."""
    rows = session.execute(
        select(Producer.id, Producer.name)
        .join(Agreement, Agreement.producer_id == Producer.id)
        .where(Agreement.operator_id == operator_id)
        .order_by(Producer.name)
    )
    return [(id_, name) for id_, name in rows]


def find_version(session: Session, operator_id: str, version_id: str) -> AgreementVersion:
    """A version of this operator's agreements. Raises NotFound."""
    found = session.scalar(
        select(AgreementVersion)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(AgreementVersion.id == version_id, Agreement.operator_id == operator_id)
    )
    if found is None:
        raise NotFound("assign.no_version")
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """Whose a line was said to be."""

    at: datetime
    by: str | None
    reason: str | None
    operator: str
    name: str
    producer: str | None
    sale_id: str
    receipt_no: str
    paid_vnd: int


def list_said(session: Session, reach: Reach) -> list[Said]:
    """The newest assignments."""
    rows = session.execute(
        select(
            LineAssignment.made_at, Person.name, LineAssignment.reason, Operator.name, SaleLine.name, Producer.name,
            Sale.id, Sale.receipt_no, Share.paid_vnd,
        )
        .join(Share, Share.id == LineAssignment.share_id)
        .join(SaleLine, (SaleLine.sale_id == Share.event_id) & (SaleLine.line == Share.line))
        .join(Sale, Sale.id == Share.event_id)
        .join(Operator, Operator.id == Share.operator_id)
        .outerjoin(Producer, Producer.id == Share.producer_id)
        .outerjoin(Person, Person.id == LineAssignment.made_by)
        .where(reach.where(operator=Share.operator_id, site=Share.site_id, fair=Share.fair_id))
        .order_by(LineAssignment.made_at.desc(), LineAssignment.share_id)
        .limit(20)
    )  # fmt: skip
    return [Said(*row) for row in rows]
