"""The event log as it arrived, and what selling made of it."""

from pos.till.models.bank import BankMatch, CardPayment
from pos.till.models.control import ControlNote
from pos.till.models.displays import CustomerDisplay
from pos.till.models.doubts import Flag, FlagChange
from pos.till.models.events import ElsewhereEvent, EventPrivate, HeldEvent, Quarantined, TillEvent, UnappliedEvent
from pos.till.models.invoices import InvoiceBuyer, InvoiceDone, InvoiceRequest
from pos.till.models.owed import OwedPayment
from pos.till.models.photos import Photo
from pos.till.models.sale_invoices import SaleInvoice
from pos.till.models.selling import (
    OPEN_STATES,
    CashMove,
    NewProduct,
    NewProductDone,
    PendingReturn,
    Sale,
    SaleLine,
    SaleReturn,
    Shift,
    Tender,
    TenderSeen,
)

__all__ = [
    "OPEN_STATES",
    "BankMatch",
    "CardPayment",
    "CashMove",
    "ControlNote",
    "CustomerDisplay",
    "ElsewhereEvent",
    "EventPrivate",
    "Flag",
    "FlagChange",
    "HeldEvent",
    "InvoiceBuyer",
    "InvoiceDone",
    "InvoiceRequest",
    "NewProduct",
    "NewProductDone",
    "OwedPayment",
    "PendingReturn",
    "Photo",
    "Quarantined",
    "Sale",
    "SaleInvoice",
    "SaleLine",
    "SaleReturn",
    "Shift",
    "Tender",
    "TenderSeen",
    "TillEvent",
    "UnappliedEvent",
]
