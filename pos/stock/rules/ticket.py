"""What the QR of an announced delivery (or of a transfer on its way) says, so that a till counts it without a network.

`OCOPN1.` and base64url of: id (16 bytes), from (16: producer or site), then per line product (16) and thousandths (4,
big-endian). The same in static/till/announced.js; vectors/announced.json holds both to it.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence

MARK = "OCOPN1."
MOST_LINES = 20  # beyond it a phone's camera no longer reads the code: a longer list has several


def tickets_of(id_: str, from_id: str, lines: Sequence[tuple[str, int]]) -> list[str]:
    """The texts of as many codes as it takes, in the order of the lines; each is counted for itself.

    >>> one = str(uuid.UUID(int=1))
    >>> [len(text) for text in tickets_of(one, one, [(one, 1)] * 21)]
    [583, 77]
    """
    parts = [lines[n : n + MOST_LINES] for n in range(0, len(lines), MOST_LINES)] or [lines]
    return [ticket_of(id_, from_id, part) for part in parts]


def ticket_of(id_: str, from_id: str, lines: Sequence[tuple[str, int]]) -> str:
    """The text of one code, of at most `MOST_LINES`.

    >>> ticket_of("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002", [])
    'OCOPN1.AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAI'
    """
    raw = uuid.UUID(id_).bytes + uuid.UUID(from_id).bytes
    for product, milli in lines:
        raw += uuid.UUID(product).bytes + milli.to_bytes(4, "big")
    return MARK + base64.urlsafe_b64encode(raw).decode().rstrip("=")
