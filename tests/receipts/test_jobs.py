from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.outbox.models import Job
from pos.outbox.service import do_one
from pos.receipts import jobs, service
from pos.receipts.jobs import print_receipt
from pos.receipts.models import Printer as PrinterRow
from pos.receipts.models import PrintJob, Receipt
from tests.receipts.decoder import decode
from tests.receipts.places import SALE, a_till_printer, settle
from tests.receipts.printer import Printer, a_closed_port, a_printer


@pytest.fixture
def printer() -> Iterator[Printer]:
    with a_printer() as made:
        yield made


def queued(port: int, *, at: datetime | None = None, copy: bool = False, **changes: Any) -> str:
    """A kept receipt and its queued print on that port; the job's id."""
    at = at or now()
    with unit_of_work() as session:
        if session.get(Receipt, SALE.sale_id) is None:
            settle(session)
            a_till_printer(session, port=port, **changes)
        receipt = service.keep_receipt(session, SALE, made_at=at)
        job = service.queue_print(session, receipt, at=at, copy=copy)
        assert job is not None
        return job.id


def state_of(job_id: str) -> tuple[str, int, str | None]:
    db.session().rollback()
    job = db.session().get_one(PrintJob, job_id, populate_existing=True)
    return job.state, job.attempts, job.problem


def do(job_id: str) -> datetime | None:
    return print_receipt({"print_job": job_id})


def change(job_id: str, **values: Any) -> None:
    with unit_of_work() as session:
        session.execute(update(PrintJob).where(PrintJob.id == job_id).values(**values))


def waited(job_id: str) -> None:
    """As if the printer's rest were over."""
    with unit_of_work() as session:
        session.execute(update(PrinterRow).values(rests_until=None))
    change(job_id, not_before=now())


def test_a_queued_receipt_is_printed_once_with_pulse_and_cut(app: Flask, printer: Printer) -> None:
    job_id = queued(printer.port)

    assert do(job_id) is None
    assert do(job_id) is None

    assert state_of(job_id) == ("printed", 1, None)
    printer.close()
    assert len(printer.jobs) == 1
    seen = decode(printer.jobs[0], width=384)
    assert (seen.pulses, seen.cuts) == (1, 1)


def test_the_worker_finds_the_promise_and_keeps_it(app: Flask, printer: Printer) -> None:
    job_id = queued(printer.port)

    assert do_one({service.PRINT: print_receipt}, now()) is True
    assert do_one({service.PRINT: print_receipt}, now()) is False

    assert state_of(job_id) == ("printed", 1, None)
    promise = db.session().scalars(select(Job)).one()
    assert promise.done_at is not None


def test_a_copy_is_another_sheet_that_leaves_the_drawer_shut(app: Flask, printer: Printer) -> None:
    do(queued(printer.port))
    copies = [queued(printer.port, copy=True) for _ in range(2)]
    for job_id in copies:
        do(job_id)

    printer.close()
    db.session().rollback()
    numbers = [db.session().get_one(PrintJob, job_id).copy for job_id in copies]
    assert numbers == [1, 2]
    assert [decode(job, width=384).pulses for job in printer.jobs] == [1, 0, 0]


def test_a_printer_that_is_off_gets_it_when_it_is_back(app: Flask, printer: Printer) -> None:
    job_id = queued(a_closed_port())
    before = now()

    again = do(job_id)

    assert again is not None
    assert before < again <= now() + timedelta(seconds=5)
    assert state_of(job_id) == ("queued", 1, "off")
    with unit_of_work() as session:
        session.execute(update(PrinterRow).values(port=printer.port))
    waited(job_id)
    assert do(job_id) is None
    assert state_of(job_id) == ("printed", 2, None)
    printer.close()
    assert len(printer.jobs) == 1


@pytest.mark.parametrize(("trouble", "problem"), [("paper", "no_paper"), ("online", "offline")])
def test_a_printer_that_cannot_print_now_gets_it_later(
    app: Flask, printer: Printer, trouble: str, problem: str
) -> None:
    setattr(printer, trouble, False)
    job_id = queued(printer.port)

    assert do(job_id) is not None

    assert state_of(job_id) == ("queued", 1, problem)
    setattr(printer, trouble, True)
    waited(job_id)
    do(job_id)
    assert state_of(job_id) == ("printed", 2, None)
    printer.close()
    assert len(printer.jobs) == 1


def test_a_silent_printer_delays_its_own_jobs_and_is_not_asked_for_each(app: Flask, printer: Printer) -> None:
    printer.silent = True
    first = queued(printer.port)
    second = queued(printer.port, copy=True)

    again = do(first)

    assert again is not None
    assert do(second) == again
    assert printer.calls == 1
    assert state_of(second) == ("queued", 0, None)


def test_the_waits_grow_and_end_with_the_receipt(app: Flask) -> None:
    begun = at = now()
    job_id = queued(9100, at=begun)
    waits = []
    while at < begun + timedelta(minutes=30):
        with unit_of_work() as session:
            assert isinstance(service.claim_print(session, job_id, at=at), service.Sheet)
        with unit_of_work() as session:
            again = service.put_back(session, job_id, "off", at=at)
        assert again is not None
        waits.append((again - at).total_seconds())
        at = again
    with unit_of_work() as session:
        assert service.claim_print(session, job_id, at=at) is None

    assert waits[:6] == [5, 10, 20, 40, 60, 60]
    assert sum(waits) == 30 * 60
    assert state_of(job_id)[0] == "expired"


def test_nobody_wants_it_after_half_an_hour(app: Flask, printer: Printer) -> None:
    job_id = queued(printer.port, at=now() - timedelta(minutes=30))

    assert do(job_id) is None

    assert state_of(job_id) == ("expired", 0, None)
    assert printer.calls == 0


def test_a_late_print_leaves_the_drawer_shut(app: Flask, printer: Printer) -> None:
    do(queued(printer.port, at=now() - timedelta(minutes=3)))

    printer.close()
    assert decode(printer.jobs[0], width=384).pulses == 0


def test_a_printer_that_dies_half_way_never_gets_it_again(app: Flask, printer: Printer) -> None:
    printer.dies_after = 2000
    job_id = queued(printer.port)

    assert do(job_id) is None
    printer.dies_after = None
    assert do(job_id) is None

    state, attempts, problem = state_of(job_id)
    assert (state, attempts) == ("uncertain", 1)
    assert problem is not None
    assert "cut_off" in problem
    assert printer.calls == 1


def test_a_crash_while_sending_becomes_uncertain_and_is_not_sent(app: Flask, printer: Printer) -> None:
    job_id = queued(printer.port)
    begun = now()
    with unit_of_work() as session:
        assert isinstance(service.claim_print(session, job_id, at=begun), service.Sheet)

    assert do(job_id) == begun + timedelta(seconds=90)  # it may still be sending
    assert state_of(job_id)[0] == "sending"
    change(job_id, sending_at=begun - timedelta(seconds=91))
    assert do(job_id) is None

    assert state_of(job_id) == ("uncertain", 1, "stopped while sending")
    assert printer.calls == 0


def test_only_one_of_two_workers_gets_it(app: Flask) -> None:
    job_id = queued(9100)
    with unit_of_work() as session:
        first = service.claim_print(session, job_id, at=now())
    with unit_of_work() as session:
        second = service.claim_print(session, job_id, at=now())

    assert isinstance(first, service.Sheet)
    assert isinstance(second, datetime)


def test_a_document_that_cannot_be_drawn_fails_and_is_told(
    app: Flask, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_font(_sheet: object) -> bytes:
        raise OSError("cannot open resource")

    monkeypatch.setattr(jobs, "_bytes_of", no_font)
    job_id = queued(printer.port)

    assert do(job_id) is None

    assert state_of(job_id) == ("failed", 1, "OSError: cannot open resource")
    assert printer.calls == 0


def test_a_printer_taken_out_of_use_ends_its_jobs(app: Flask, printer: Printer) -> None:
    job_id = queued(printer.port)
    with unit_of_work() as session:
        session.execute(update(PrinterRow).values(active=False))

    assert do(job_id) is None

    assert state_of(job_id) == ("failed", 0, "printer not in use")


def test_the_drawer_alone_opens_at_once_or_never(app: Flask, printer: Printer) -> None:
    with unit_of_work() as session:
        settle(session)
        row = a_till_printer(session, port=printer.port)
        soon = service.open_drawer(session, row, at=now()).id
        late = service.open_drawer(session, row, at=now() - timedelta(minutes=2)).id

    assert (do(soon), do(late)) == (None, None)

    assert state_of(soon)[0] == "printed"
    assert state_of(late)[0] == "expired"
    printer.close()
    assert [decode(job).commands for job in printer.jobs] == [["init", "pulse"]]


def test_a_job_nobody_knows_is_over(app: Flask) -> None:
    assert do("0192f3c4-7a10-7cde-8f01-000000000000") is None
