"""Goods in the office: levels per place, and the documents that moved them."""

from pos.stock.views import intakes as intakes
from pos.stock.views import levels as levels
from pos.stock.views.blueprint import bp as bp

__all__ = ["bp", "intakes", "levels"]
