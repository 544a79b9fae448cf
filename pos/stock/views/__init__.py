"""Goods in the office: levels per place, and the documents that moved them."""

from pos.stock.views import counts as counts
from pos.stock.views import deliveries as deliveries
from pos.stock.views import documents as documents
from pos.stock.views import drafts as drafts
from pos.stock.views import equation as equation
from pos.stock.views import levels as levels
from pos.stock.views import lots as lots
from pos.stock.views import supply as supply
from pos.stock.views import trouble as trouble
from pos.stock.views.blueprint import bp as bp

__all__ = ["bp", "counts", "deliveries", "documents", "drafts", "equation", "levels", "lots", "supply", "trouble"]
