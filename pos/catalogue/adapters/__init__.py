"""Files as people have them: text in cells comes out, text in cells goes in. Knows nothing of products."""

from pos.catalogue.adapters import uploads
from pos.catalogue.adapters.encodings import Unreadable, decode
from pos.catalogue.adapters.tables import MAX_BYTES, Table, read_tables, safe_cell, spoken_cell, written_csv

__all__ = [
    "MAX_BYTES",
    "Table",
    "Unreadable",
    "decode",
    "read_tables",
    "safe_cell",
    "spoken_cell",
    "uploads",
    "written_csv",
]
