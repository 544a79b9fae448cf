"""Movements and levels, lots, documents."""

from pos.stock.models.documents import Document, DocumentLine, DocumentNumber
from pos.stock.models.lots import Lot
from pos.stock.models.movements import Level, Movement

__all__ = ["Document", "DocumentLine", "DocumentNumber", "Level", "Lot", "Movement"]
