"""A network printer played on 127.0.0.1: real TCP, real DLE EOT, and the ways it fails."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

WELL, OFFLINE, NO_PAPER = 0x12, 0x1A, 0x72


class Printer:
    """Listens in a thread. `paper`, `online`, `silent`, `dies_after` say how it behaves, also while it runs."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self.server.getsockname()[:2]
        self.paper = True
        self.online = True
        self.silent = False
        self.dies_after: int | None = None
        self.out_of_paper_after: int | None = None
        self.jobs: list[bytes] = []
        self.calls = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="printer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self.server.close()
        self._thread.join(5)

    def _serve(self) -> None:
        self.server.settimeout(0.1)
        while not self._stop.is_set():
            try:
                line, _ = self.server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.calls += 1
            with line:
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.settimeout(0.1)
        pending, job = b"", bytearray()
        while not self._stop.is_set():
            try:
                heard = line.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
            if not heard:
                break
            pending += heard
            pending = self._take(line, pending, job)
            if self.dies_after is not None and len(job) > self.dies_after:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                break
        if job:
            self.jobs.append(bytes(job))

    def _take(self, line: socket.socket, pending: bytes, job: bytearray) -> bytes:
        """Answer the questions, keep the rest; a question may arrive in two pieces."""
        while pending:
            at = pending.find(b"\x10")
            if at < 0:
                job += pending
                return b""
            job += pending[:at]
            pending = pending[at:]
            if len(pending) < 3:
                return pending
            if pending[1] == 4:
                self._answer(line, pending[2], len(job))
                pending = pending[3:]
            else:
                job += pending[:1]
                pending = pending[1:]
        return pending

    def _answer(self, line: socket.socket, question: int, taken: int) -> None:
        if self.silent:
            return
        empty = self.out_of_paper_after is not None and taken > self.out_of_paper_after
        if question == 4:
            line.sendall(bytes((NO_PAPER if empty or not self.paper else WELL,)))
        else:
            line.sendall(bytes((WELL if self.online else OFFLINE,)))


@contextmanager
def a_printer() -> Iterator[Printer]:
    """A printer that is well, until told otherwise."""
    made = Printer()
    try:
        yield made
    finally:
        made.close()


def a_closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
