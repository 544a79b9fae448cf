"""Products, certificates and imports in the office."""

from pos.catalogue.views.office import bp

from pos.catalogue.views import (  # isort: skip  # their pages join the same blueprint
    certificates,
    import_files,
    imports,
    labels,
    merging,
    own,
    past_imports,
    pins,
    prices,
    promotions,
    register,
    vat,
)

__all__ = [
    "bp", "certificates", "import_files", "imports", "labels", "merging", "own", "past_imports", "pins", "prices",
    "promotions", "register", "vat",
]  # fmt: skip
