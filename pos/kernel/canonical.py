"""Canonical JSON and its SHA-256, byte for byte the same as static/till/canonical.js.

Keys sorted and ASCII, no spaces, text unescaped, integers only. Source: till.md, "The event log".
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

MAX_INT = 2**53 - 1
MAX_DEPTH = 16
MAX_BYTES = 64 * 1024


class NotCanonical(ValueError):
    """The value has no canonical form; the message says where and why."""


class Unfit:
    """Stands in a parsed tree where JSON had something we do not take (1.0, NaN, a key twice)."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why


def _whole(text: str) -> int | Unfit:
    if len(text) > 17 or text == "-0":
        return Unfit("not a whole number within ±(2^53−1)")
    number = int(text)
    return number if -MAX_INT <= number <= MAX_INT else Unfit("not a whole number within ±(2^53−1)")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Unfit:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Unfit("a key stands twice")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_whole,
    parse_float=lambda _text: Unfit("a number with a point or exponent"),
    parse_constant=lambda _text: Unfit("NaN or Infinity"),
)


def parse(text: str) -> Any:
    """Read JSON, marking what is not canonical with `Unfit` instead of failing the whole.

    Raises ValueError on what is not JSON, RecursionError on nests beyond Python's depth.
    """
    return _decoder.decode(text)


def _plain(value: Any) -> bool:
    """Whether a value has a canonical form: the quick look, a level at a time. `_explain` says why not."""
    level = [value]
    for depth in range(MAX_DEPTH + 1):
        inner: list[Any] = []
        for one in level:
            kind = type(one)
            if kind is str:
                if "\x00" in one:
                    return False
            elif kind is int:
                if not -MAX_INT <= one <= MAX_INT:
                    return False
            elif kind is dict or kind is list:
                if depth == MAX_DEPTH:
                    return False
                inner += one
                if kind is dict:
                    if not "".join(one).isascii():
                        return False
                    inner += one.values()
            elif one is not None and kind is not bool:
                return False
        level = inner
    return True


def _explain(value: Any, depth: int, where: str) -> None:
    """Raise NotCanonical at the first place that has no canonical form."""
    kind = type(value)
    if kind is str:
        if "\x00" in value:
            raise NotCanonical(f"{where}: U+0000")
    elif kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise NotCanonical(f"{where}: beyond ±(2^53−1)")
    elif kind is dict or kind is list:
        if depth >= MAX_DEPTH:
            raise NotCanonical(f"{where}: nested deeper than {MAX_DEPTH}")
        if kind is list:
            for n, member in enumerate(value):
                _explain(member, depth + 1, f"{where}[{n}]")
            return
        for key, member in value.items():
            if not key.isascii() or "\x00" in key:
                raise NotCanonical(f"{where}: the key {key!r} is not ASCII")
            _explain(member, depth + 1, f"{where}.{key}")
    elif kind is Unfit:
        raise NotCanonical(f"{where}: {value.why}")
    elif value is not None and kind is not bool:
        raise NotCanonical(f"{where}: {kind.__name__} has no canonical form")


def canonical(value: Any) -> bytes:
    """The canonical UTF-8 bytes. Raises NotCanonical on floats, lone surrogates, NaN, depth."""
    if not _plain(value):
        _explain(value, 0, "$")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("$: text that is not well-formed Unicode") from error


def digest(data: bytes) -> str:
    """Lower-case hex SHA-256."""
    return sha256(data).hexdigest()
