"""Register products, certificates and barcodes; price and offer them.

Each change raises the catalogue version of every operator it concerns and stamps its offers, so that what
a tablet must learn is `version > since`. Bulk work passes `Stamps` on and stamps once, at its end.
"""

from pos.catalogue.service.imports import Imported, anniversary, import_products
from pos.catalogue.service.offers import extend_cut, offer_product, retire, set_price, set_vat
from pos.catalogue.service.register import (
    add_barcode,
    add_certificate,
    add_product,
    load_groups,
    producer_changed,
    revoke_certificate,
    search_text,
    update_product,
)
from pos.catalogue.service.versions import Stamps, announce, raise_version, stamp

__all__ = [
    "Imported",
    "Stamps",
    "add_barcode",
    "add_certificate",
    "add_product",
    "anniversary",
    "announce",
    "extend_cut",
    "import_products",
    "load_groups",
    "offer_product",
    "producer_changed",
    "raise_version",
    "retire",
    "revoke_certificate",
    "search_text",
    "set_price",
    "set_vat",
    "stamp",
    "update_product",
]
