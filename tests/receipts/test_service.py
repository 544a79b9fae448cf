from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pos.kernel.canonical import canonical
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import NotFound
from pos.outbox.models import Job
from pos.receipts import queries, service
from pos.receipts.models import PrintJob, Receipt, WrongGuess
from pos.receipts.rules import receipt_document
from tests.receipts.papers import NUMBER, SALE_ID
from tests.receipts.places import SALE, a_till_printer, settle

OTHER_ID = "0192f3c4-7a10-7cde-8f01-00000000beef"


def test_a_receipt_is_kept_once_as_it_was_made(session: Session) -> None:
    settle(session)

    first = service.keep_receipt(session, SALE, made_at=now())
    second = service.keep_receipt(session, replace(SALE, site_name="Nơi khác"), made_at=now())

    assert second is first
    assert queries.get_document(session, SALE_ID) == receipt_document(SALE)
    assert first.document == canonical(receipt_document(SALE)).decode()


def test_a_receipt_may_be_inserted_by_its_row(session: Session) -> None:
    settle(session)
    made_at = now()

    session.execute(insert(Receipt).values(**service.receipt_row(SALE, made_at)))

    kept = session.get_one(Receipt, SALE_ID)
    assert (kept.receipt_no, kept.sold_at, kept.made_at) == (NUMBER, SALE.sold_at, made_at)
    assert json.loads(kept.document)["payable_vnd"] == 185_000


def test_a_number_used_twice_keeps_both_receipts(session: Session) -> None:
    settle(session)
    service.keep_receipt(session, SALE, made_at=now())
    service.keep_receipt(session, replace(SALE, sale_id=OTHER_ID, total_vnd=1_000), made_at=now())

    assert session.scalar(select(func.count(Receipt.id)).where(Receipt.receipt_no == NUMBER)) == 2
    first = queries.find_document_by_total(session, receipt_no=NUMBER, total_vnd=185_000)
    other = queries.find_document_by_total(session, receipt_no=NUMBER, total_vnd=1_000)
    assert first is not None
    assert other is not None
    assert (first["payable_vnd"], other["payable_vnd"]) == (185_000, 1_000)


def test_an_unknown_receipt_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.get_document(session, OTHER_ID)
    assert queries.find_document(session, receipt_no=NUMBER, sale_id=OTHER_ID) is None


def test_without_a_printer_nothing_is_queued(session: Session) -> None:
    settle(session)
    a_till_printer(session, active=False)
    receipt = service.keep_receipt(session, SALE, made_at=now())

    assert service.queue_print(session, receipt, at=now()) is None
    assert session.scalar(select(func.count(Job.id))) == 0


def test_the_tills_own_printer_goes_before_the_sites(session: Session) -> None:
    settle(session)
    where = {"till_id": SALE.till_id, "site_id": SALE.site_id}
    a_till_printer(session, scope_kind="site", scope_id="00000000-0000-4000-8000-00000000000f")
    shared = a_till_printer(session, scope_kind="site", scope_id=SALE.site_id)
    assert queries.printer_for(session, **where) is shared

    own = a_till_printer(session)

    assert queries.printer_for(session, **where) is own


def test_the_original_is_queued_once_copies_as_often_as_asked(session: Session) -> None:
    settle(session)
    a_till_printer(session)
    receipt = service.keep_receipt(session, SALE, made_at=now())
    at = now()

    jobs = [service.queue_print(session, receipt, at=at, copy=copy) for copy in (False, False, True, True)]

    assert [job.copy for job in jobs if job] == [0, 0, 1, 2]
    assert jobs[0] is jobs[1]
    assert jobs[0] is not None
    assert jobs[0].expires_at == at + timedelta(minutes=30)
    assert [json.loads(payload) for payload in session.scalars(select(Job.payload).order_by(Job.id))] == [
        {"print_job": job.id} for job in jobs[1:] if job
    ]


def test_a_new_receipt_is_queued_in_three_statements(session: Session) -> None:
    settle(session)
    printer = a_till_printer(session)
    session.execute(insert(Receipt).values(**service.receipt_row(SALE, now())))
    asked: list[str] = []
    engine = session.get_bind()

    def note(*call: Any) -> None:
        asked.append(call[2].split()[0])

    event.listen(engine, "before_cursor_execute", note)
    job = service.queue_original(session, receipt_id=SALE.sale_id, till_id=SALE.till_id, site_id=SALE.site_id, at=now())
    event.remove(engine, "before_cursor_execute", note)

    assert job is not None
    assert (job.printer_id, job.copy, job.state) == (printer.id, 0, "queued")
    assert asked == ["SELECT", "INSERT", "INSERT"]


def test_a_sheet_cannot_be_asked_for_twice_behind_the_services_back(session: Session) -> None:
    settle(session)
    a_till_printer(session)
    receipt = service.keep_receipt(session, SALE, made_at=now())
    job = service.queue_print(session, receipt, at=now())
    assert job is not None

    with pytest.raises(IntegrityError):
        session.execute(
            insert(PrintJob).values(
                id=OTHER_ID,
                printer_id=job.printer_id,
                receipt_id=job.receipt_id,
                kind="receipt",
                copy=0,
                state="queued",
                attempts=0,
                queued_at=now(),
                not_before=now(),
                expires_at=now(),
            )
        )


def test_what_went_wrong_is_listed_for_a_person_of_that_operator(session: Session) -> None:
    settle(session)
    a_till_printer(session)
    receipt = service.keep_receipt(session, SALE, made_at=now())
    at = now()
    job = service.queue_print(session, receipt, at=at)
    assert job is not None
    since = at - timedelta(days=1)
    assert queries.list_troubled(session, operator_id=SALE.operator_id, since=since) == []

    service.claim_print(session, job.id, at=at)
    service.note_uncertain(session, job.id, "cut_off", at=at)

    assert [j.id for j in queries.list_troubled(session, operator_id=SALE.operator_id, since=since)] == [job.id]
    assert queries.list_troubled(session, operator_id=SALE.site_id, since=since) == []
    assert queries.list_troubled(session, operator_id=SALE.operator_id, since=at + timedelta(1)) == []


def test_wrong_guesses_are_counted_and_forgotten(session: Session) -> None:
    at = now()
    limits = [("no:1", 3)]
    for _ in range(2):
        service.note_wrong_guess(session, ["no:1", "from:x"], at=at)
    assert queries.waits_until(session, limits, at=at) is None

    service.note_wrong_guess(session, ["no:1"], at=at)

    assert queries.waits_until(session, limits, at=at) == at + timedelta(minutes=10)
    assert queries.waits_until(session, limits, at=at + timedelta(minutes=10)) is None
    service.note_wrong_guess(session, ["no:2"], at=at + timedelta(minutes=10))
    assert list(session.scalars(select(WrongGuess.about))) == ["no:2"]


def test_guesses_are_counted_in_units_of_work_of_their_own(session: Session) -> None:
    at = now()
    for _ in range(3):
        with unit_of_work() as unit:
            service.note_wrong_guess(unit, ["no:1"], at=at)

    assert session.scalar(select(WrongGuess.times)) == 3
