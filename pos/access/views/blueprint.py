"""The one blueprint of access."""

from __future__ import annotations

from flask import Blueprint

from pos.access.adapters import card_qr
from pos.access.guards import viewer
from pos.access.service import Giver

bp = Blueprint("access", __name__)
bp.add_app_template_filter(card_qr, "card_qr")


def giver() -> Giver:
    """Who acts in this request, for the services that compare rights."""
    return Giver(viewer().id, viewer().grants)
