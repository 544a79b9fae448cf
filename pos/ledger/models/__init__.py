"""The books: the journal and its chain, the papers behind the operator's own money, what is kept about the books."""

from pos.ledger.models.books import BooksCheck, BooksSeal, DaySum, DaySumHead
from pos.ledger.models.journal import ChainHead, JournalEntry, Posting
from pos.ledger.models.papers import MoneyPaper, SafeFunding
from pos.ledger.models.slips import CashSlip, SlipCounter, SlipHead

__all__ = [
    "BooksCheck",
    "BooksSeal",
    "CashSlip",
    "ChainHead",
    "DaySum",
    "DaySumHead",
    "JournalEntry",
    "MoneyPaper",
    "Posting",
    "SafeFunding",
    "SlipCounter",
    "SlipHead",
]
