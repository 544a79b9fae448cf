"""Why an event could not be read, as one of a few causes people have words for. The exact text stays beside it."""

from __future__ import annotations

CAUSES = (
    ("the hash is not of the content", "hash"),
    ("a known id with other content", "clash"),
    ("unexpected:", "unexpected"),
    ("nested too deep or not JSON", "json"),
    ("an event is an object", "json"),
    ("an event is at most", "size"),
    ("unknown kind", "kind"),
    *(
        (begins, "json")
        for begins in ("Expecting", "Invalid control", "Invalid \\", "Unterminated", "Extra data", "{…}")
    ),
)


def cause_of(why: str) -> str:
    """`hash`, `clash`, `unexpected`, `json`, `size`, `kind`; `field` when one member is wrong."""
    return next((code for begins, code in CAUSES if why.startswith(begins)), "field")
