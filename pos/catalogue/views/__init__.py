"""Products, certificates and imports in the office."""

from pos.catalogue.views.office import bp

from pos.catalogue.views import imports, pins, promotions, vat  # isort: skip  # their pages join the same blueprint

__all__ = ["bp", "imports", "pins", "promotions", "vat"]
