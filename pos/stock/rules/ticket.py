"""What the QR of an announced delivery (or of a transfer on its way) says, so that a till counts it without a network.

`OCOPN1.` and base64url of: id (16 bytes), from (16: producer or site), then per line product (16) and thousandths (4,
big-endian). The same in static/till/announced.js; vectors/announced.json holds both to it.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence

MARK = "OCOPN1."
MOST_LINES = 20  # beyond it a phone's camera no longer reads the code


def ticket_of(id_: str, from_id: str, lines: Sequence[tuple[str, int]]) -> str:
    """The text; of a longer list the first lines.

    >>> ticket_of("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002", [])
    'OCOPN1.AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAI'
    """
    raw = uuid.UUID(id_).bytes + uuid.UUID(from_id).bytes
    for product, milli in lines[:MOST_LINES]:
        raw += uuid.UUID(product).bytes + milli.to_bytes(4, "big")
    return MARK + base64.urlsafe_b64encode(raw).decode().rstrip("=")
