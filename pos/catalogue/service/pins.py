"""Which goods stand first on the grid of one site's tills. Told with the settings: no catalogue version is raised."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Pin
from pos.kernel.errors import Conflict

MOST = 24


def pin_at(session: Session, product_id: str, sites: Collection[str], among: Collection[str]) -> None:
    """Pin the product at these sites and nowhere else among those the person may write.

    Raises Conflict `pin.too_many` when a site has 24 already: a grid of pins shows no best sellers.
    """
    held = select(Pin.site_id).where(Pin.product_id == product_id, Pin.site_id.in_(among))
    before = set(session.scalars(held))
    for site_id in sorted(set(sites) & set(among) - before):
        if len(list_pins(session, site_id)) >= MOST:
            raise Conflict("pin.too_many", most=MOST)
        session.add(Pin(site_id=site_id, product_id=product_id))
    gone = before - set(sites)
    session.execute(delete(Pin).where(Pin.product_id == product_id, Pin.site_id.in_(gone)))


def list_pins(session: Session, site_id: str) -> list[str]:
    """Product ids pinned at a site."""
    return list(session.scalars(select(Pin.product_id).where(Pin.site_id == site_id).order_by(Pin.product_id)))


def pinned_at(session: Session, product_id: str) -> set[str]:
    """The sites where a product is pinned."""
    return set(session.scalars(select(Pin.site_id).where(Pin.product_id == product_id)))
