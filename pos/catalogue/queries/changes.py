"""Changes of the register that wait for a word, and those that were made; who may make one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from pos.access.guards import Viewer
from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.models import Certificate, ChangeFile, Offer, Picture, Product, ProductChange
from pos.kernel.errors import NotFound
from pos.producers.models import Producer

PAGE = 30


def may_edit(session: Session, who: Viewer, product: Product) -> bool:
    """The city office may, and its producer. Goods without any certificate that only one's own operators sell are
    nobody else's business: whoever registers and prices them corrects them too."""
    if who.may("register.write", producer=product.producer_id):
        return True
    if not who.may("product.write"):
        return False
    if session.scalar(select(Certificate.id).where(Certificate.product_id == product.id).limit(1)):
        return False
    sellers = session.scalars(select(Offer.operator_id).where(Offer.product_id == product.id))
    return all(who.may("product.write", operator=operator_id) for operator_id in sellers)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: what, of which product, by whom, and what became of it."""

    id: str
    product_id: str
    product: str
    producer_id: str
    producer: str
    kind: str
    before: dict[str, Any]
    after: dict[str, Any]
    state: str
    made_at: datetime
    made_by: str | None
    asker_id: str | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    file: str | None  # webp or pdf

    @property
    def lines(self) -> list[tuple[str, Any, Any]]:
        """(field, before, after)."""
        return [(name, self.before.get(name), value) for name, value in self.after.items()]


def _rows(session: Session, *conditions: Any, limit: int, offset: int = 0) -> list[ChangeRow]:
    asker, judge = aliased(Person), aliased(Person)
    rows: Any = session.execute(
        select(ProductChange, Product.name, Producer.id, Producer.name, asker.name, judge.name, ChangeFile.kind)
        .join(Product, Product.id == ProductChange.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .outerjoin(asker, asker.id == ProductChange.made_by)
        .outerjoin(judge, judge.id == ProductChange.decided_by)
        .outerjoin(ChangeFile, ChangeFile.change_id == ProductChange.id)
        .where(*conditions)
        .order_by(ProductChange.made_at.desc(), ProductChange.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return [
        ChangeRow(
            c.id, c.product_id, product, producer_id, producer, c.kind, json.loads(c.before), json.loads(c.after),
            c.state, c.made_at, asked_by, c.made_by, c.decided_at, decided_by, c.reason, file,
        )
        for c, product, producer_id, producer, asked_by, decided_by, file in rows
    ]  # fmt: skip


def _mine(reach: Reach, person_id: str) -> Any:
    """What one decides, and what one has asked for oneself."""
    return reach.where(producer=Product.producer_id) | (ProductChange.made_by == person_id)


def list_changes(
    session: Session, reach: Reach, person_id: str, *, state: str, page: int
) -> tuple[list[ChangeRow], bool]:
    """The newest first; `state`: open, decided or mine."""
    conditions = [_mine(reach, person_id)]
    if state == "mine":
        conditions.append(ProductChange.made_by == person_id)
    else:
        conditions.append(ProductChange.state == "open" if state == "open" else ProductChange.state != "open")
    found = _rows(session, *conditions, limit=PAGE + 1, offset=(page - 1) * PAGE)
    return found[:PAGE], len(found) > PAGE


def count_open(session: Session, reach: Reach, person_id: str) -> int:
    """How many wait for a word."""
    waiting = select(func.count()).select_from(ProductChange).join(Product, Product.id == ProductChange.product_id)
    return session.scalar(waiting.where(ProductChange.state == "open", _mine(reach, person_id))) or 0


def list_of_product(session: Session, product_id: str, limit: int = 12) -> list[ChangeRow]:
    """What was changed and asked for of one product."""
    return _rows(session, ProductChange.product_id == product_id, limit=limit)


def get_change(session: Session, change_id: str) -> ChangeRow:
    """Raises NotFound."""
    found = _rows(session, ProductChange.id == change_id, limit=1)
    if not found:
        raise NotFound("change.unknown")
    return found[0]


def get_file(session: Session, change_id: str) -> ChangeFile:
    """Raises NotFound."""
    found = session.get(ChangeFile, change_id)
    if found is None:
        raise NotFound("change.unknown")
    return found


def pictures_of(session: Session, product_id: str) -> list[str]:
    """Ids, the first stands for the product."""
    asked = select(Picture.id).where(Picture.product_id == product_id)
    return list(session.scalars(asked.order_by(Picture.position, Picture.id)))


def first_pictures(session: Session, product_ids: list[str]) -> dict[str, str]:
    """Product → its first picture."""
    if not product_ids:
        return {}
    other = aliased(Picture)
    before = exists().where(other.product_id == Picture.product_id, other.position < Picture.position)
    firsts = select(Picture.product_id, Picture.id).where(Picture.product_id.in_(product_ids), ~before)
    return dict(session.execute(firsts).all())
