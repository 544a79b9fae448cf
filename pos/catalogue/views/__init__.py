"""Products, certificates and imports in the office."""

from pos.catalogue.views.office import bp

from pos.catalogue.views import (  # isort: skip  # their pages join the same blueprint
    import_files,
    imports,
    labels,
    past_imports,
    pins,
    promotions,
    vat,
)

__all__ = ["bp", "import_files", "imports", "labels", "past_imports", "pins", "promotions", "vat"]
