"""Goods in the office: levels per place, and the documents that moved them."""

<<<<<<< HEAD
from pos.stock.views import counts as counts
=======
from pos.stock.views import deliveries as deliveries
>>>>>>> b1f7a0c (Announce deliveries from the phone; count them against the QR at the till or in the office)
from pos.stock.views import documents as documents
from pos.stock.views import equation as equation
from pos.stock.views import levels as levels
from pos.stock.views.blueprint import bp as bp

<<<<<<< HEAD
__all__ = ["bp", "counts", "documents", "equation", "levels"]
=======
__all__ = ["bp", "deliveries", "documents", "equation", "levels"]
>>>>>>> b1f7a0c (Announce deliveries from the phone; count them against the QR at the till or in the office)
