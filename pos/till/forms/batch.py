"""A request of the tablet → its events, one by one: what is wrong with one never touches the next.

The server parses the raw bytes, verifies before it normalises, and keeps what it hashed.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pos.kernel.canonical import parse
from pos.kernel.errors import Invalid

MAX_REQUEST = 1024 * 1024
MAX_EVENTS = 500
_COLON = re.compile(r"\s*:")
_COLON = re.compile(r"\s*:")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|,', re.DOTALL)


@dataclass(frozen=True)
class Batch:
    """`elements` are parsed values (or the exception that parsing one raised); `text` is the whole body."""

    sent_at: Any
    elements: list[Any]
    text: str

    def raw(self, index: int) -> str:
        """The exact text of one element, found when it is needed."""
        return self._pieces[index]

    @cached_property
    def _pieces(self) -> list[str]:
        return split_elements(self.text)


def decompressed(body: bytes, encoding: str) -> bytes:
    """The body, at most 1 MiB once unpacked. Raises Invalid 413, or 400 when it is not gzip."""
    if "gzip" in encoding:
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
                body = stream.read(MAX_REQUEST + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Invalid("events.not_json", what="gzip", status=400) from error
    if len(body) > MAX_REQUEST:
        raise Invalid("events.too_large", status=413)
    return body


def read_batch(body: bytes) -> Batch:
    """The request as elements. Raises Invalid (400, 413) only where the whole is not this JSON."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Invalid("events.not_json", what="UTF-8", status=400) from error
    try:
        whole = parse(text)
    except RecursionError:
        return _piecewise(text)
    except ValueError as error:
        raise Invalid("events.not_json", what="JSON", status=400) from error
    if not isinstance(whole, dict) or not isinstance(whole.get("events"), list):
        raise Invalid("events.not_json", what="{sent_at, events: […]}", status=400)
    if len(whole["events"]) > MAX_EVENTS:
        raise Invalid("events.too_large", status=413)
    return Batch(whole.get("sent_at"), whole["events"], text)


def _piecewise(text: str) -> Batch:
    """When one event is nested too deep to parse the whole: each alone."""
    pieces = split_elements(text)
    if len(pieces) > MAX_EVENTS:
        raise Invalid("events.too_large", status=413)
    elements: list[Any] = []
    for piece in pieces:
        try:
            elements.append(parse(piece))
        except (RecursionError, ValueError) as error:
            elements.append(error)
    return Batch(None, elements, text)


def _is_events(key: str) -> bool:
    """`"events"`, however it is escaped."""
    try:
        return bool(json.loads(key) == "events")
    except ValueError:
        return False


def split_elements(text: str) -> list[str]:
    """The raw text of each element of the top-level "events" array, without parsing what is inside.

    Raises Invalid 400 when there is no such array.
    """
    depth, key, start = 0, "", -1
    found: list[str] | None = None
    for piece in _PIECE.finditer(text):
        mark = piece.group()
        if found is None:
            if depth == 1 and mark.startswith('"') and _COLON.match(text, piece.end()):
                key = mark
            if mark == "[" and depth == 1 and _is_events(key):
                found, start = [], piece.end()
        elif depth == 2 and mark in ",]":
            if element := text[start : piece.start()].strip():
                found.append(element)
            start = piece.end()
            if mark == "]":
                return found
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
    raise Invalid("events.not_json", what="{sent_at, events: […]}", status=400)
