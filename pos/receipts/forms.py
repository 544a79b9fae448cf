"""What a stranger with a receipt in hand may send us."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pos.kernel.errors import NotFound
from pos.receipts.commands import PrinterFacts
from pos.receipts.rules import printed_sum_of, sale_id_of
from pos.web.fields import Fields

RECEIPT_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{2,63}")
LONGEST_KEY = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """Either the key behind the # of the QR, or the sum printed on the paper."""

    by_key: bool
    sale_id: str | None
    total_vnd: int | None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Asked:
        """A key that is none and a sum that is none are wrong answers, not errors."""
        key = form.get("key")
        if key is not None:
            return cls(True, sale_id_of(key) if len(key) <= LONGEST_KEY else None, None)
        return cls(False, None, printed_sum_of(form.get("total", "")[:40]))


HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))*")
WIDTHS = {"58": 384, "80": 576}


def _host(read: Fields) -> str:
    """An address or a name; four figures must be an address."""
    host = read.needed("host", most=253)
    figures = host.split(".")
    numeric = all(part.isascii() and part.isdigit() for part in figures)
    good = HOST.fullmatch(host) is not None
    if numeric:
        good = len(figures) == 4 and all(len(part) <= 3 and int(part) <= 255 for part in figures)
    if host and not good:
        read.wrong("host", "printer.host")
    return host


def parse_printer(form: Mapping[str, str], places: Collection[str], *, new: bool) -> PrinterFacts:
    """The form of a printer; `places`: what it may serve. Raises Invalid with the troubles by field."""
    read = Fields(form)
    kind, _, scope_id = read.choice("place", places).partition(":")
    port = read.raw("port") or "9100"
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65_535):
        read.wrong("port", "printer.port")
        port = "9100"
    width = read.choice("width", WIDTHS)
    made = PrinterFacts(
        kind, scope_id, read.needed("name", most=60), _host(read), int(port), WIDTHS.get(width, 576),
        read.tick("drawer"), read.tick("talks_back"), new or read.tick("active"),
    )  # fmt: skip
    read.finish()
    return made


def receipt_no_of(text: str) -> str:
    """A number that could be one. Raises NotFound."""
    if RECEIPT_NO.fullmatch(text) is None:
        raise NotFound("receipt.unknown", receipt_no=text[:64])
    return text
