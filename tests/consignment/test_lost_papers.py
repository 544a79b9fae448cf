"""What stock papers lost is posted by who bears it: golden G08 by the agreement, G08b by the operator."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.jobs import post_lost
from pos.kernel.db import db, unit_of_work
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Movement
from pos.stock.service.documents import confirm, draft
from tests.consignment.shop import DAY, Shop, noon
from tests.consignment.test_losses import UNIT_NET, a_shop


def written_off(shop: Shop, qty: int, reason: str = "broken", liability: str | None = None) -> str:
    """Confirm it, do the promise twice; the movement that carries the entry."""
    asked = Draft(
        shop.operator_id, "write_off", DAY, ("site", shop.site_id), ("written_off", shop.site_id),
        (DraftLine(shop.product("P2"), qty),), reason=reason, liability=liability,
    )  # fmt: skip
    with unit_of_work() as work:
        paper = confirm(work, draft(work, asked, at=noon(DAY), by=None), revision=None, at=noon(DAY), by=None).id
    for _ in range(2):
        post_lost({"document_id": paper})
    return db.session.scalars(select(Movement.id).where(Movement.source_id == paper)).one()


def test_the_allowance_then_the_operator(session: Session) -> None:
    shop = a_shop(session)
    session.commit()

    moved = written_off(shop, 5_000)

    assert shop.entry(moved, "goods_lost") == {"shrinkage_expense": 325_671, "unsettled:P2": -325_671}
    shop.check()


def test_who_is_named_bears_it_and_a_tasting_follows_the_agreement(session: Session) -> None:
    shop = a_shop(session)
    session.commit()

    ours = written_off(shop, 1_000, liability="operator")
    theirs = written_off(shop, 1_000, liability="producer")
    tasted = written_off(shop, 1_000, reason="sample")

    assert shop.entry(ours, "goods_lost") == {"shrinkage_expense": UNIT_NET, "unsettled:P2": -UNIT_NET}
    assert [shop.entry(theirs, "goods_lost"), shop.entry(tasted, "goods_lost")] == [{}, {}]
    shop.check()
