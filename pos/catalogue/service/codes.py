"""Mint in-store codes: EAN-13 of a prefix from 29 down that no operator's scale labels use. Two at once get two."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pos.catalogue.models import Barcode, CodeSheet, Offer
from pos.catalogue.rules import code_of
from pos.catalogue.service.register import add_barcode
from pos.catalogue.service.versions import Stamps
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.places.models import Operator

PREFIXES = tuple(str(n) for n in range(29, 19, -1))
LAST = 10**10 - 1
MOST_ON_A_SHEET = 1300  # twenty pages of 65


def mint_code(session: Session, *, operator_id: str, product_id: str, stamps: Stamps | None = None) -> Barcode:
    """A new code of the operator's own for a product it offers, told to its tablets. Raises Invalid `offer.unknown`."""
    if session.get(Offer, (operator_id, product_id)) is None:
        raise Invalid("offer.unknown", product_id=product_id, field="barcode")
    prefix, number = _take(session, 1)
    return add_barcode(session, product_id, code_of(prefix, number), operator_id=operator_id, stamps=stamps)


def print_sheet(session: Session, *, operator_id: str, count: int, at: datetime, by: str | None) -> CodeSheet:
    """So many blank codes, nobody's yet. Raises Invalid `codes.count`."""
    if not 0 < count <= MOST_ON_A_SHEET:
        raise Invalid("codes.count", most=MOST_ON_A_SHEET, field="count")
    prefix, first = _take(session, count)
    sheet = CodeSheet(
        id=new_id(), operator_id=operator_id, prefix=prefix, first_no=first, count=count, made_at=at, made_by=by
    )
    session.add(sheet)
    session.flush()
    return sheet


def give_code(session: Session, *, operator_id: str, product_id: str, code: str) -> Barcode:
    """The code stuck on the goods finds this product from now on: a blank one of ours, or another's in-store number.

    Raises Invalid `offer.unknown`, Conflict `barcode.taken`.
    """
    if session.get(Offer, (operator_id, product_id)) is None:
        raise Invalid("offer.unknown", product_id=product_id, field="code")
    return add_barcode(session, product_id, code, operator_id=operator_id)


def _take(session: Session, count: int) -> tuple[str, int]:
    """(prefix, first) of so many numbers nobody has. Holds the series until the transaction ends."""
    masks = [pattern["mask"] for row in session.scalars(select(Operator.label_patterns)) for pattern in json.loads(row)]
    for prefix in sorted(PREFIXES, key=lambda one: (_used_by_scales(one, masks), -int(one))):
        session.execute(
            text("INSERT INTO code_series (prefix, next_no) VALUES (:prefix, 1) ON CONFLICT DO NOTHING"),
            {"prefix": prefix},
        )
        raised = text("UPDATE code_series SET next_no = next_no + :n WHERE prefix = :prefix RETURNING next_no")
        while True:
            first = int(session.execute(raised, {"n": count, "prefix": prefix}).scalar_one()) - count
            if first + count - 1 > LAST:
                break
            if not _known(session, (code_of(prefix, n) for n in range(first, first + count))):
                return prefix, first
    raise Conflict("codes.used_up")


def _known(session: Session, codes: Iterable[str]) -> bool:
    """Somebody typed one of these in already (an import of another system's own numbers)."""
    wanted = list(codes)
    chunks = (wanted[n : n + 500] for n in range(0, len(wanted), 500))
    return any(session.scalar(select(Barcode.id).where(Barcode.code.in_(chunk)).limit(1)) for chunk in chunks)


def _used_by_scales(prefix: str, masks: Iterable[str]) -> bool:
    return any(not mask[1].isdigit() or mask[1] == prefix[1] for mask in masks)
