"""Movements and levels, lots, documents, counts."""

from pos.stock.models.counts import StockCount, StockCountAsk, StockCountDifference, StockCountEntry
from pos.stock.models.deliveries import Delivery, DeliveryLine
from pos.stock.models.documents import Document, DocumentLine, DocumentNumber, LossDecision
from pos.stock.models.lots import Lot, LotChange
from pos.stock.models.movements import DaySum, DaySumRun, Level, Movement
from pos.stock.models.supply import SupplyLine, SupplyRequest

__all__ = [
    "DaySum",
    "DaySumRun",
    "Delivery",
    "DeliveryLine",
    "Document",
    "DocumentLine",
    "DocumentNumber",
    "Level",
    "LossDecision",
    "Lot",
    "LotChange",
    "Movement",
    "StockCount",
    "StockCountAsk",
    "StockCountDifference",
    "StockCountEntry",
    "SupplyLine",
    "SupplyRequest",
]
