"""The office's side of the tills: tablets and their log, goods nobody could name, invoices asked for."""

from pos.till.views import goods as goods
from pos.till.views import invoices as invoices
from pos.till.views import owners as owners
from pos.till.views import stolen as stolen
from pos.till.views import tablets as tablets
from pos.till.views.asking import public as public
from pos.till.views.blueprint import bp as bp

__all__ = ["bp", "goods", "invoices", "owners", "public", "stolen", "tablets"]
