"""One element of a batch → a verified event, or `Unreadable` with the reason it is quarantined."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from pos.kernel.canonical import MAX_BYTES, NotCanonical, canonical, digest
from pos.kernel.clock import from_iso
from pos.kernel.ids import is_id
from pos.till.commands import (
    KINDS,
    NEEDS_SHIFT,
    VERSION,
    AnyBody,
    Body,
    Envelope,
    Funder,
    GoodsIn,
    SaleBody,
    TenderCorrect,
)


class Unreadable(ValueError):
    """Not an event of this schema; the message says where. `event_id` and `seq` where they can be read."""

    def __init__(self, why: str, event_id: str | None, seq: int | None) -> None:
        super().__init__(why)
        self.why = why
        self.event_id = event_id
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event: its envelope and body typed, its canonical bytes as hashed."""

    head: Envelope
    body: Body
    day: date
    at: datetime
    canonical: str
    hash: str
    known: bool  # False: of a format newer than this release
    private: str | None  # JSON text, outside the hash

    @property
    def id(self) -> str:
        return self.head.id


def read_event(element: Any) -> Event:
    """Verify the hash over the event as sent, then its schema. Raises Unreadable."""
    event_id, seq = None, None
    if isinstance(element, dict):
        event_id = element["id"] if is_id(element.get("id")) else None
        seq = element["seq"] if type(element.get("seq")) is int and element["seq"] > 0 else None
    try:
        return _read(element)
    except (NotCanonical, msgspec.ValidationError, ValueError, OverflowError, RecursionError) as error:
        raise Unreadable(str(error)[:500] or type(error).__name__, event_id, seq) from error


def _read(element: Any) -> Event:
    if isinstance(element, Exception):
        raise ValueError(f"nested too deep or not JSON ({type(element).__name__})")
    if not isinstance(element, dict):
        raise ValueError("an event is an object")
    told = element.get("hash")
    data = canonical({key: value for key, value in element.items() if key not in ("hash", "private")})
    if len(data) > MAX_BYTES:
        raise ValueError("an event is at most 64 KiB")
    if told != (made := digest(data)):
        raise ValueError(f"the hash is not of the content: {made}")
    head = msgspec.convert(element, Envelope, strict=True)
    if not is_id(head.id):
        raise ValueError("id: not a UUID")
    day, at = date.fromisoformat(head.day), from_iso(head.at)
    if head.v > VERSION:
        return Event(head, AnyBody(), day, at, data.decode(), made, False, _private(element))
    if head.kind not in KINDS:
        raise ValueError(f"unknown kind {head.kind!r} of format {head.v}")
    if head.kind in NEEDS_SHIFT and head.shift is None:
        raise ValueError(f"{head.kind} needs its shift")
    if not isinstance(element.get("body"), dict):
        raise ValueError("body: an object is needed")
    body = msgspec.convert(_without_nulls(element["body"]), KINDS[head.kind], strict=True)
    check(body)
    return Event(head, body, day, at, data.decode(), made, True, _private(element))


def _without_nulls(value: Any) -> Any:
    """A member that is null says the same as one that is absent."""
    if isinstance(value, dict):
        return {key: _without_nulls(member) for key, member in value.items() if member is not None}
    return [_without_nulls(member) for member in value] if isinstance(value, list) else value


def _private(element: dict[str, Any]) -> str | None:
    """The private part as JSON text. It is not hashed, so it need not be canonical, only readable."""
    if element.get("private") is None:
        return None
    try:
        return json.dumps(element["private"])
    except (TypeError, ValueError, RecursionError):
        raise ValueError("private: not plain JSON") from None


def _funders(funders: list[Funder], where: str) -> None:
    if sum(f.bp for f in funders) != 10_000 or len({f.who for f in funders}) != len(funders):
        raise ValueError(f"{where}: funders need to sum to 10000, each once")


def check(body: Body) -> None:
    """What types cannot say. Raises ValueError."""
    if isinstance(body, SaleBody):
        if len({line.line for line in body.lines}) != len(body.lines):
            raise ValueError("lines: a line number stands twice")
        for n, discount in enumerate(body.discounts):
            if len(discount.shares) != len(body.lines):
                raise ValueError(f"discounts[{n}].shares: one per line is needed")
            _funders(discount.funders, f"discounts[{n}]")
        for n, line in enumerate(body.lines):
            for discount_ in line.line_discounts:
                _funders(discount_.funders, f"lines[{n}].line_discounts")
        for n, back in enumerate(body.returns):
            if back.sale is not None and back.line is None:
                raise ValueError(f"returns[{n}].line: needed with a sale")
    if isinstance(body, GoodsIn):
        for counted in body.lines:
            date.fromisoformat(counted.expires or "2000-01-01")
    if isinstance(body, SaleBody | TenderCorrect):
        ids = [tender.id for tender in body.tenders]
        if len(set(ids)) != len(ids):
            raise ValueError("tenders: an id stands twice")
