"""Counts for the world of addresses: one going on, one looked at, one nobody needs, one confirmed.
And requests for goods."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.kernel.clock import now
from pos.kernel.ids import new_id
from pos.stock.service import counts, supply


def some_counts(session: Session, *, site_id: str, product_id: str, by: str) -> dict[str, str]:
    """Ids by name."""

    def begun(kind: str) -> str:
        return counts.open_count(
            session, site_id=site_id, scope_kind="kind", scope_id=kind, note=None, at=now(), by=by
        )  # fmt: skip

    def seen(count_id: str) -> str:
        entry = new_id()
        counts.enter(
            session, count_id, entry_id=entry, product_id=product_id, qty_milli=1_000, at=now(), by=by, weighed=False
        )
        return entry

    made = {"count": begun("mat"), "count looked at": begun("che"), "count not needed": begun("rau")}
    made["count done"] = begun("gao")
    made["count entry"] = seen(made["count"])
    for name in ("count looked at", "count done"):
        seen(made[name])
        counts.end_blind(session, made[name], at=now(), by=by)
    maker = session.get_one(Product, product_id).producer_id
    for name in ("request", "request not needed"):
        made[name] = supply.ask_for_goods(
            session, site_id=site_id, source=("producer", maker), wanted={product_id: 1_000}, note=None, at=now(), by=by
        )
    counts.confirm_count(session, made["count done"], liabilities={}, reason="một người", at=now(), by=by)
    return made
