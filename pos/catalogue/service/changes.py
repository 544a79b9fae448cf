"""Changes of the register: whoever may, makes them and they are written down; others ask, and one who may decides.

Each is a row of `product_change`, so that the register can say who called it what, and when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Certificate, ChangeFile, Product, ProductChange
from pos.catalogue.service.pictures import add_picture, attach_paper
from pos.catalogue.service.register import add_barcode, add_certificate, find_barcode, update_product
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.web.images import Sent

FACTS = tuple(field.name for field in fields(ProductFacts) if field.name != "source")


def facts_of(product: Product) -> ProductFacts:
    """The facts as they stand."""
    return ProductFacts(source=product.source, **{name: getattr(product, name) for name in FACTS})


def _differing(before: ProductFacts, after: ProductFacts) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in FACTS if getattr(before, name) != getattr(after, name)]
    return {name: getattr(before, name) for name in names}, {name: getattr(after, name) for name in names}


def _product(session: Session, product_id: str) -> Product:
    product = session.scalar(select(Product).where(Product.id == product_id).with_for_update())
    if product is None:
        raise NotFound("product.unknown", product_id=product_id)
    return product


def edit_facts(session: Session, product_id: str, facts: ProductFacts, *, at: datetime, by: str | None) -> None:
    """Make the change and write it down; nothing when nothing differs. Raises as `update_product`."""
    old = facts_of(_product(session, product_id))
    facts = replace(facts, source=old.source, kind=facts.kind or old.kind if facts.group_code == old.group_code else
                    facts.kind)  # fmt: skip
    product = update_product(session, product_id, facts)
    before, after = _differing(old, facts_of(product))
    if after:
        write_down(session, product_id, "facts", before, after, at=at, by=by)


def write_down(
    session: Session,
    product_id: str,
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    at: datetime,
    by: str | None,
) -> None:
    """A change made at once by who may."""
    session.add(
        ProductChange(
            id=new_id(), product_id=product_id, kind=kind, before=as_text(before), after=as_text(after),
            state="accepted", made_at=at, made_by=by, decided_at=at, decided_by=by,
        )
    )  # fmt: skip


def ask_facts(session: Session, product_id: str, facts: ProductFacts, *, at: datetime, by: str | None) -> str | None:
    """Ask for these facts instead; None when nothing differs."""
    old = facts_of(_product(session, product_id))
    kept = facts.kind or old.kind
    before, after = _differing(old, replace(facts, source=old.source, kind=kept))
    return _ask(session, product_id, "facts", before, after, at=at, by=by) if after else None


def ask_barcode(session: Session, product_id: str, code: str, *, at: datetime, by: str | None) -> str:
    """Ask for a GTIN. It is tried first, so that a wrong one is told at once. Raises as `add_barcode`."""
    find_barcode(session, product_id, code)
    return _ask(session, product_id, "barcode", {}, {"code": code.strip()}, at=at, by=by)


def ask_picture(session: Session, product_id: str, sent: Sent, *, at: datetime, by: str | None) -> str:
    """Ask for a picture."""
    return _ask(session, product_id, "picture", {}, {"name": sent.name}, at=at, by=by, sent=sent)


def ask_certificate(
    session: Session, product_id: str, asked: Mapping[str, Any], sent: Sent | None, *, at: datetime, by: str | None
) -> str:
    """Ask for a certificate: the arguments of `add_certificate`, with its paper."""
    return _ask(session, product_id, "certificate", {}, asked, at=at, by=by, sent=sent)


def _ask(
    session: Session,
    product_id: str,
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    at: datetime,
    by: str | None,
    sent: Sent | None = None,
) -> str:
    _product(session, product_id)
    told = as_text(after)
    same = (ProductChange.product_id == product_id) & (ProductChange.kind == kind) & (ProductChange.after == told)
    waiting = select(ProductChange.id).where(same, ProductChange.state == "open", ProductChange.made_by == by)
    if sent is None and (known := session.scalar(waiting)):
        return known
    change = ProductChange(
        id=new_id(), product_id=product_id, kind=kind, before=as_text(before), after=told, state="open", made_at=at,
        made_by=by,
    )  # fmt: skip
    session.add(change)
    session.flush()
    if sent is not None:
        file = ChangeFile(change_id=change.id, name=sent.name, kind=sent.kind, data=sent.data, small=sent.small)
        session.add(file)
    return change.id


def accept(session: Session, change_id: str, *, at: datetime, by: str | None) -> None:
    """Make it so. Raises Conflict `change.decided`, `change.moved` when the field says something else by now, and
    what making the change raises."""
    change = _waiting(session, change_id)
    before, after = json.loads(change.before), json.loads(change.after)
    file = session.get(ChangeFile, change_id)
    sent = Sent(file.name, file.kind, file.data, file.small) if file else None
    if change.kind == "facts":
        now = facts_of(_product(session, change.product_id))
        if any(getattr(now, name) not in (value, after[name]) for name, value in before.items()):
            raise Conflict("change.moved")
        update_product(session, change.product_id, replace(now, **after))
    elif change.kind == "barcode":
        add_barcode(session, change.product_id, after["code"])
    elif change.kind == "picture" and sent:
        add_picture(session, change.product_id, sent, at=at, by=change.made_by)
    elif change.kind == "certificate":
        certify(session, change.product_id, after, sent, at=at, by=change.made_by)
    change.state, change.decided_at, change.decided_by = "accepted", at, by


def refuse(session: Session, change_id: str, reason: str, *, at: datetime, by: str | None) -> None:
    """Not so, and why: who asked reads it. Raises Conflict `change.decided`, Invalid `change.reason`."""
    change = _waiting(session, change_id)
    if not reason.strip():
        raise Invalid("change.reason", field="reason")
    change.state, change.decided_at, change.decided_by, change.reason = "refused", at, by, reason.strip()[:300]


def certify(
    session: Session, product_id: str, asked: Mapping[str, Any], sent: Sent | None, *, at: datetime, by: str | None
) -> Certificate:
    """Add the certificate with its paper; days may be ISO text, as a kept question has them."""
    days = {name: date.fromisoformat(asked[name]) if isinstance(asked[name], str) else asked[name]
            for name in ("valid_from", "valid_to")}  # fmt: skip
    certificate = add_certificate(session, product_id, **{**asked, **days})
    session.flush()
    if sent is not None:
        attach_paper(session, certificate.id, sent, at=at, by=by)
    return certificate


def _waiting(session: Session, change_id: str) -> ProductChange:
    change = session.scalar(select(ProductChange).where(ProductChange.id == change_id).with_for_update())
    if change is None:
        raise NotFound("change.unknown")
    if change.state != "open":
        raise Conflict("change.decided")
    return change


def as_text(facts: Mapping[str, Any]) -> str:
    return json.dumps(dict(facts), ensure_ascii=False, sort_keys=True, default=lambda day: day.isoformat())
