"""Back-office pages of statements and agreements."""

from pos.consignment.views import agreements as agreements
from pos.consignment.views import bulk as bulk
from pos.consignment.views import disputes as disputes
from pos.consignment.views import freezing as freezing
from pos.consignment.views import golive as golive
from pos.consignment.views import losses as losses
from pos.consignment.views import lot_owners as lot_owners
from pos.consignment.views import members as members
from pos.consignment.views import papers as papers
from pos.consignment.views import payouts as payouts
from pos.consignment.views import statements as statements
from pos.consignment.views.blueprint import bp as bp

__all__ = [
    "agreements",
    "bp",
    "bulk",
    "disputes",
    "freezing",
    "golive",
    "losses",
    "lot_owners",
    "members",
    "papers",
    "payouts",
    "statements",
]
