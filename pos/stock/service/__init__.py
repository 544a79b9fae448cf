"""Verbs of the trade: move goods, keep lots, make and confirm documents."""

from pos.stock.service.intakes import receive
from pos.stock.service.movements import move

__all__ = ["move", "receive"]
