"""What a merge would take over, and which products may be the same."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from pos.catalogue.models import Barcode, Certificate, Offer, Picture
from pos.catalogue.queries.office import OwnGood
from pos.kernel.text import fold


def alike(name: str, others: Iterable[OwnGood]) -> list[OwnGood]:
    """Those whose folded names are most alike first."""
    mine = fold(name)
    return sorted(others, key=lambda one: -SequenceMatcher(None, mine, fold(one.name)).ratio())


def goes_over(session: Session, product_id: str) -> dict[str, int]:
    """How many offers, codes, certificates, pictures; and thousandths on shelves under the old name, which stay there
    until they are counted or moved. The stock by table name: goods live a floor above."""
    counts = {
        name: session.scalar(select(func.count()).select_from(table).where(table.product_id == product_id)) or 0
        for name, table in (("offers", Offer), ("codes", Barcode), ("certificates", Certificate), ("pictures", Picture))
    }
    left = text(
        "SELECT COALESCE(SUM(on_hand_milli), 0) FROM stock_level WHERE product_id = :product"
        " AND place_kind IN ('site', 'transit', 'quarantine')"
    )
    return counts | {"left": int(session.execute(left, {"product": product_id}).scalar_one())}
