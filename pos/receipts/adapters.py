"""A network printer over raw TCP: asks how it is, sends, asks again. Plain data in and out.

python-escpos' own Network leaks its socket when refused and waits 60 s; a till cannot.
"""

from __future__ import annotations

import socket
import time

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 2.0  # to the question before: a printer that is well answers at once
WRITE_SECONDS = 5.0  # for each piece
DONE_SECONDS = 10.0  # to the question after: it may still be working off its buffer
WHOLE_SECONDS = 60.0
PIECE = 4096
ASK_ONLINE = b"\x10\x04\x01"  # DLE EOT 1: printer status
ASK_PAPER = b"\x10\x04\x04"  # DLE EOT 4: paper sensors


class NotReady(Exception):
    """Nothing was printed and nothing will be: safe to come again."""


class Broke(Exception):
    """Something was on its way when it broke: nobody knows what is on the paper."""


class _Silent(Exception):
    """No answer in time."""


def _answer(line: socket.socket, question: bytes, seconds: float) -> int:
    """One status byte. Real-time answers look like 0xx1xx10; anything else is not ours."""
    line.sendall(question)
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            said = line.recv(1)
        except TimeoutError:
            break
        if not said:
            raise ConnectionResetError("closed by the printer")
        if said[0] & 0b1001_0011 == 0b0001_0010:
            return said[0]
    raise _Silent


def _state(line: socket.socket, seconds: float) -> str | None:
    """What keeps it from printing: `no_paper`, `offline`, or None. Raises _Silent, OSError."""
    if _answer(line, ASK_PAPER, seconds) & 0b0110_0000:
        return "no_paper"
    return "offline" if _answer(line, ASK_ONLINE, seconds) & 0b0000_1000 else None


def _write(line: socket.socket, data: bytes) -> None:
    """All of it, piece by piece. Raises NotReady before the first byte, Broke after it."""
    until = time.monotonic() + WHOLE_SECONDS
    sent = 0
    while sent < len(data):
        line.settimeout(max(0.1, min(WRITE_SECONDS, until - time.monotonic())))
        try:
            sent += line.send(data[sent : sent + PIECE])
        except OSError as error:
            if sent == 0:
                raise NotReady("closed") from error
            raise Broke(f"cut_off after {sent} of {len(data)} bytes") from error
        if time.monotonic() > until and sent < len(data):
            raise Broke(f"slow after {sent} of {len(data)} bytes")


def _finish(line: socket.socket, talks_back: bool) -> None:
    """Our kernel took the bytes; did the printer? It answers only after having read them all."""
    try:
        if talks_back:
            trouble = _state(line, DONE_SECONDS)
        else:
            line.shutdown(socket.SHUT_WR)
            line.settimeout(ANSWER_SECONDS)
            trouble = None
            while line.recv(64):
                pass
    except TimeoutError:
        return  # it never talks; that it has not hung up is all there is to know
    except _Silent as error:
        raise Broke("silent after the last byte") from error
    except OSError as error:
        raise Broke("cut_off after the last byte") from error
    if trouble:
        raise Broke(f"{trouble} after the last byte")


def send(host: str, port: int, data: bytes, *, talks_back: bool = True) -> None:
    """Print `data` and return when the printer has it all.

    Raises NotReady (off, slow, out of paper: nothing was sent) or Broke (it may be half printed).
    """
    try:
        line = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise NotReady("slow") from error
    except OSError as error:
        raise NotReady("off") from error
    with line:
        if talks_back:
            try:
                trouble = _state(line, ANSWER_SECONDS)
            except (_Silent, TimeoutError) as error:
                raise NotReady("slow") from error
            except OSError as error:
                raise NotReady("off") from error
            if trouble:
                raise NotReady(trouble)
        _write(line, data)
        _finish(line, talks_back)
