"""Operators, their places and tills; fairs and who holds them."""

from pos.places.views import fairs as fairs
from pos.places.views import labels as labels
from pos.places.views import operators as operators
from pos.places.views import sites as sites
from pos.places.views import tills as tills
from pos.places.views.blueprint import bp as bp

__all__ = ["bp", "fairs", "labels", "operators", "sites", "tills"]
