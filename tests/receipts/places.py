"""An operator, a site and a till for receipts to belong to; printers for them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from pos.kernel.clock import now
from pos.kernel.ids import new_id
from pos.places.models import Operator, Site, Till
from pos.receipts.commands import ReceiptData
from pos.receipts.models import Printer
from tests.receipts.papers import a_sale

SALE = a_sale()


def settle(session: Session, data: ReceiptData = SALE) -> None:
    """The place of `papers.a_sale`."""
    session.execute(
        insert(Operator).values(
            id=data.operator_id,
            code="HN",
            name=data.operator_name,
            cash_rounding_vnd=500,
            certificate_policy="warn",
            made_at=now(),
        )
    )
    session.execute(
        insert(Site).values(
            id=data.site_id,
            operator_id=data.operator_id,
            kind="shop",
            code="HG",
            name=data.site_name,
            active=True,
        )
    )
    session.execute(
        insert(Till).values(
            id=data.till_id,
            operator_id=data.operator_id,
            site_id=data.site_id,
            code=data.till_code,
            name="Quầy 7",
            active=True,
        )
    )


def a_till_printer(session: Session, **changes: Any) -> Printer:
    """A printer of that till on 127.0.0.1."""
    values: dict[str, Any] = {
        "id": new_id(),
        "operator_id": SALE.operator_id,
        "scope_kind": "till",
        "scope_id": SALE.till_id,
        "name": "Máy in quầy 7",
        "host": "127.0.0.1",
        "port": 9100,
        "width_dots": 384,
        "drawer": True,
        "talks_back": True,
        "active": True,
    }
    printer = Printer(**(values | changes))
    session.add(printer)
    session.flush()
    return printer
