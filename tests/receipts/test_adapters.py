from __future__ import annotations

import socket
import threading
import time

import pytest

from pos.receipts import adapters
from pos.receipts.adapters import Broke, NotReady, send
from tests.receipts.printer import a_closed_port, a_printer

JOB = b"\x1b@" + b"\x1dv0\x00\x48\x00\x00\x01" + b"\x55" * (72 * 256)
LONG = JOB * 200  # more than the sockets' buffers hold


def test_a_printer_that_is_well_gets_it_all_once() -> None:
    with a_printer() as printer:
        send(printer.host, printer.port, JOB)

    assert printer.jobs == [JOB]


def test_a_printer_that_never_talks_still_prints_when_told_not_to_ask() -> None:
    with a_printer() as printer:
        printer.silent = True
        send(printer.host, printer.port, JOB, talks_back=False)

    assert printer.jobs == [JOB]


def test_a_printer_that_is_off_is_not_ready() -> None:
    with pytest.raises(NotReady, match="off"):
        send("127.0.0.1", a_closed_port(), JOB)


def test_a_printer_without_paper_gets_nothing() -> None:
    with a_printer() as printer:
        printer.paper = False
        with pytest.raises(NotReady, match="no_paper"):
            send(printer.host, printer.port, JOB)

    assert printer.jobs == []


def test_a_printer_with_its_lid_open_gets_nothing() -> None:
    with a_printer() as printer:
        printer.online = False
        with pytest.raises(NotReady, match="offline"):
            send(printer.host, printer.port, JOB)

    assert printer.jobs == []


def test_a_printer_that_does_not_answer_is_left_alone_after_two_seconds() -> None:
    with a_printer() as printer:
        printer.silent = True
        begun = time.monotonic()
        with pytest.raises(NotReady, match="slow"):
            send(printer.host, printer.port, JOB)
        took = time.monotonic() - begun

    assert printer.jobs == []
    assert took < 4


def test_a_printer_that_dies_half_way_leaves_doubt() -> None:
    with a_printer() as printer:
        printer.dies_after = 100_000
        with pytest.raises(Broke, match="cut_off"):
            send(printer.host, printer.port, LONG)

    assert len(printer.jobs) == 1


def test_a_printer_that_dies_on_the_last_bytes_leaves_doubt() -> None:
    """The kernel took every byte; only the answer tells whether the printer did."""
    with a_printer() as printer:
        printer.dies_after = len(JOB) - 10
        with pytest.raises(Broke, match="after the last byte"):
            send(printer.host, printer.port, JOB)


def test_paper_that_ends_while_printing_leaves_doubt() -> None:
    with a_printer() as printer:
        printer.out_of_paper_after = 1000
        with pytest.raises(Broke, match="no_paper after the last byte"):
            send(printer.host, printer.port, JOB)


def test_a_printer_that_stops_reading_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "WRITE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def answer_then_stall() -> None:
            line, _ = server.accept()
            with line:
                for _question in range(2):
                    line.recv(3)
                    line.sendall(b"\x12")
                done.wait(10)

        stalled = threading.Thread(target=answer_then_stall)
        stalled.start()
        with pytest.raises(Broke, match="cut_off after"):
            send("127.0.0.1", server.getsockname()[1], LONG)
        done.set()
        stalled.join()


def test_stray_bytes_are_not_taken_for_an_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def chatter() -> None:
            line, _ = server.accept()
            with line:
                line.recv(3)
                line.sendall(b"\x13\x00\x72")  # XOFF, rubbish, then: no paper

        noisy = threading.Thread(target=chatter)
        noisy.start()
        with pytest.raises(NotReady, match="no_paper"):
            send("127.0.0.1", server.getsockname()[1], JOB)
        noisy.join()
