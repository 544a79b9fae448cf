"""Files of products, read whole: good rows, and for each problem its row, column, value and what was expected."""

from pos.catalogue.imports.cells import (
    parse_alcohol,
    parse_barcode,
    parse_barcodes,
    parse_date,
    parse_days,
    parse_price,
    parse_stars,
    parse_vat,
)
from pos.catalogue.imports.reading import FileRead, read_file, read_products
from pos.catalogue.problems import Problem

__all__ = [
    "FileRead",
    "Problem",
    "parse_alcohol",
    "parse_barcode",
    "parse_barcodes",
    "parse_date",
    "parse_days",
    "parse_price",
    "parse_stars",
    "parse_vat",
    "read_file",
    "read_products",
]
