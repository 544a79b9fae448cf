"""Register producers (one party of the whole installation) and their bank accounts, version by version."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.queries import card_reissued_at
from pos.kernel.clock import local
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.kernel.seal import seal
from pos.kernel.text import fold, nfc
from pos.producers.models import BankAccount, Producer
from pos.producers.rules import kind_of_name

LOCKED = timedelta(hours=24)


def add_producer(
    session: Session,
    *,
    name: str,
    at: datetime,
    code: str | None = None,
    kind: str | None = None,
    tax_code: str | None = None,
    tax_method: str = "direct",
    phone: str | None = None,
    commune: str | None = None,
    province: str | None = None,
    id_: str | None = None,
) -> Producer:
    """A new producer; the kind is read from the name when not given (HTX, Công ty, Hộ kinh doanh …).

    Raises Conflict when the tax code or phone already names one: ask for access to that one instead.
    """
    name = nfc(name)
    if not name:
        raise Invalid("field.required", field="name")
    for column, given in ((Producer.tax_code, tax_code), (Producer.phone, phone)):
        if given and (taken := session.scalar(select(Producer.id).where(column == given))):
            raise Conflict("producer.known", producer_id=taken)
    kind = kind or kind_of_name(name)
    code = code or f"P{(session.scalar(select(func.count()).select_from(Producer)) or 0) + 1:04d}"
    producer = Producer(
        id=id_ or new_id(), code=code, name=name, search=fold(f"{name} {commune or ''}").strip(), kind=kind,
        tax_code=tax_code, tax_method=tax_method, phone=phone,
        commune=commune, province=province, made_at=at,
    )  # fmt: skip
    session.add(producer)
    session.flush()
    return producer


def add_account(
    session: Session,
    producer_id: str,
    *,
    bank_bin: str,
    bank_name: str,
    number: str,
    holder: str,
    secret: str,
    at: datetime,
    confirmed_at: datetime | None = None,
    id_: str | None = None,
) -> BankAccount:
    """A new version of the producer's account: the number is sealed, only its last four digits are readable."""
    plain = number.replace(" ", "")
    if not plain.isalnum() or not 4 <= len(plain) <= 19:
        raise Invalid("producer.account", number_last4=plain[-4:])
    account = BankAccount(
        id=id_ or new_id(), producer_id=producer_id, bank_bin=bank_bin, bank_name=nfc(bank_name),
        number_sealed=seal(secret, plain.encode()), number_last4=plain[-4:], holder=nfc(holder), made_at=at,
        confirmed_at=confirmed_at,
    )  # fmt: skip
    session.add(account)
    session.flush()
    return account


def change_account(session: Session, producer_id: str, *, at: datetime, **account: Any) -> BankAccount:
    """A new version by hand in the office. Raises Conflict `producer.account_locked` for a day after a card of the
    producer was issued anew: whoever has the new card may not be the producer."""
    again = card_reissued_at(session, producer_id)
    if again is not None and at < again + LOCKED:
        raise Conflict("producer.account_locked", until=local(again + LOCKED).strftime("%H:%M %d/%m/%Y"))
    return add_account(session, producer_id, at=at, **account)


def change_producer(
    session: Session,
    producer_id: str,
    *,
    name: str,
    kind: str,
    tax_code: str | None,
    tax_method: str,
    phone: str | None,
    commune: str | None,
    province: str | None,
) -> bool:
    """Replace the facts. True when the name changed: then the products' search text must follow.

    Raises Conflict when the tax code or phone already names another producer.
    """
    producer = session.get_one(Producer, producer_id)
    for column, given in ((Producer.tax_code, tax_code), (Producer.phone, phone)):
        taken = select(Producer.id).where(column == given, Producer.id != producer_id)
        if given and session.scalar(taken):
            raise Conflict("producer.known", producer_id=producer_id)
    renamed = producer.name != nfc(name)
    producer.name, producer.kind, producer.tax_code = nfc(name), kind, tax_code
    producer.tax_method, producer.phone = tax_method, phone
    producer.commune, producer.province = commune, province
    producer.search = fold(f"{producer.name} {commune or ''}").strip()
    session.flush()
    return renamed
