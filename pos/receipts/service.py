"""Keep receipts, ask for prints, and say what became of them. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pos.kernel.canonical import canonical, digest
from pos.kernel.errors import NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.outbox.service import enqueue
from pos.places.models import Site, Till
from pos.receipts import queries, rules
from pos.receipts.commands import PrinterFacts, ReceiptData
from pos.receipts.models import Printer, PrintJob, Receipt, TabletPrint, WrongGuess

PRINT = "receipts.print"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A claimed print job with all that is needed to do it outside a transaction."""

    job_id: str
    document: dict[str, Any] | None  # None: only the drawer
    host: str
    port: int
    width_dots: int
    drawer: bool
    talks_back: bool


def receipt_row(data: ReceiptData, made_at: datetime) -> dict[str, Any]:
    """The receipt's columns, for an insert in Core."""
    return {
        "id": data.sale_id,
        "operator_id": data.operator_id,
        "site_id": data.site_id,
        "till_id": data.till_id,
        "receipt_no": data.receipt_no,
        "sold_at": data.sold_at,
        "document": canonical(rules.receipt_document(data)).decode(),
        "made_at": made_at,
    }


def keep_receipt(session: Session, data: ReceiptData, *, made_at: datetime) -> Receipt:
    """Make and keep the receipt of a sale; kept before, the first one stands."""
    known = session.get(Receipt, data.sale_id)
    if known is not None:
        return known
    receipt = Receipt(**receipt_row(data, made_at))
    session.add(receipt)
    session.flush()
    return receipt


def queue_print(session: Session, receipt: Receipt, *, at: datetime, copy: bool = False) -> PrintJob | None:
    """Ask for the original, or for one more copy. None where there is no printer.

    The original is asked for once: a second call returns the first job, whatever became of it.
    """
    printer = queries.printer_for(session, till_id=receipt.till_id, site_id=receipt.site_id)
    if printer is None:
        return None
    last = queries.last_copy(session, receipt.id)
    if not copy and last is not None:
        originals = [job for job in queries.list_prints(session, receipt.id) if job.copy == 0]
        if originals:
            return originals[0]
    return _queue(session, printer, receipt.id, copy=(last or 0) + 1 if copy else 0, at=at)


def queue_original(session: Session, *, receipt_id: str, till_id: str, site_id: str, at: datetime) -> PrintJob | None:
    """`queue_print` for a receipt kept in this very transaction: one statement fewer, no row to load.

    Asked twice for one receipt it breaks a constraint and the whole unit of work.
    """
    printer = queries.printer_for(session, till_id=till_id, site_id=site_id)
    return None if printer is None else _queue(session, printer, receipt_id, copy=0, at=at)


def note_tablet_print(
    session: Session, event_id: str, *, operator_id: str, receipt_id: str, printer: str, copy: int, at: datetime
) -> None:
    """Remember a sheet a till printed by itself; the next copy counts on from it."""
    row = {
        "id": event_id, "operator_id": operator_id, "receipt_id": receipt_id, "printer": printer, "copy": copy,
        "at": at,
    }  # fmt: skip
    insert_rows(session, TabletPrint, [row])


def open_drawer(session: Session, printer: Printer, *, at: datetime) -> PrintJob:
    """Ask for the drawer alone. Two minutes later nobody wants it any more."""
    return _queue(session, printer, None, copy=0, at=at)


def print_test(session: Session, printer: Printer, *, at: datetime) -> PrintJob:
    """Ask for a sheet that says who is printing. Two minutes later nobody wants it any more."""
    printer.rests_until = None  # somebody stands before it and says it is ready
    return _queue(session, printer, None, copy=0, at=at, kind="test")


def keep_printer(session: Session, operator_id: str, printer_id: str | None, facts: PrinterFacts) -> Printer:
    """A new printer, or all that may change about one. Raises NotFound for a printer or a place of somebody else."""
    place: Any = Site if facts.scope_kind == "site" else Till
    if session.scalar(select(place.id).where(place.id == facts.scope_id, place.operator_id == operator_id)) is None:
        raise NotFound("site.unknown")
    if printer_id is None:
        printer = Printer(id=new_id(), operator_id=operator_id)
        session.add(printer)
    else:
        printer = queries.get_printer(session, printer_id)
        if printer.operator_id != operator_id:
            raise NotFound("printer.unknown")
    for name, value in asdict(facts).items():
        setattr(printer, name, value)
    printer.rests_until = None
    session.flush()
    return printer


def _queue(
    session: Session, printer: Printer, receipt_id: str | None, *, copy: int, at: datetime, kind: str = "drawer"
) -> PrintJob:
    job = PrintJob(
        id=new_id(),
        printer_id=printer.id,
        receipt_id=receipt_id,
        kind="receipt" if receipt_id else kind,
        copy=copy,
        state="queued",
        attempts=0,
        queued_at=at,
        not_before=at,
        expires_at=at + (rules.RECEIPT_LIVES if receipt_id else rules.DRAWER_LIVES),
    )
    session.add(job)
    session.flush()
    enqueue(session, PRINT, {"print_job": job.id}, at=at)
    return job


def _rows(session: Session, change: Update) -> int:
    """How many rows an update changed."""
    done = session.execute(change, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], done).rowcount


def _turn(session: Session, job_id: str, was: str, **change: object) -> bool:
    """Compare and set: False when somebody else has turned the job meanwhile."""
    wanted = update(PrintJob).where(PrintJob.id == job_id, PrintJob.state == was)
    return _rows(session, wanted.values(**change)) == 1


def claim_print(session: Session, job_id: str, *, at: datetime) -> Sheet | datetime | None:
    """Take a queued job for sending. A time: come again then. None: nothing (more) to do.

    A job found `sending` long after it began was left by a crash: what is on the paper nobody
    knows, so it becomes `uncertain` and is not sent again.
    """
    job = session.get(PrintJob, job_id, populate_existing=True)
    if job is None:
        return None
    if job.state == "sending" and job.sending_at is not None:
        over = job.sending_at + rules.SENDING_TAKES_AT_MOST
        if at < over:
            return over
        _turn(session, job_id, "sending", state="uncertain", finished_at=at, problem="stopped while sending")
        return None
    if job.state != "queued":
        return None
    if at >= job.expires_at:
        _turn(session, job_id, "queued", state="expired", finished_at=at)
        return None
    printer = session.get_one(Printer, job.printer_id, populate_existing=True)
    if not printer.active:
        _turn(session, job_id, "queued", state="failed", finished_at=at, problem="printer not in use")
        return None
    not_before = max(job.not_before, printer.rests_until or job.not_before)
    if at < not_before:
        return min(not_before, job.expires_at)
    if not _turn(session, job_id, "queued", state="sending", sending_at=at, attempts=job.attempts + 1):
        return at + rules.SENDING_TAKES_AT_MOST
    return Sheet(
        job_id=job_id,
        document=_paper(session, job, at),
        host=printer.host,
        port=printer.port,
        width_dots=printer.width_dots,
        drawer=printer.drawer,
        talks_back=printer.talks_back,
    )


def _paper(session: Session, job: PrintJob, at: datetime) -> dict[str, Any] | None:
    if job.kind == "test":
        return rules.test_document(session.get_one(Printer, job.printer_id).name, at)
    if job.receipt_id is None:
        return None
    document = queries.get_document(session, job.receipt_id)
    if job.copy:
        return rules.as_copy(document, job.copy)
    late = at >= job.queued_at + rules.DRAWER_LIVES
    return rules.without_drawer(document) if late else document


def note_printed(session: Session, job_id: str, *, at: datetime) -> None:
    """The printer has all of it."""
    _turn(session, job_id, "sending", state="printed", finished_at=at, problem=None)


def note_uncertain(session: Session, job_id: str, problem: str, *, at: datetime) -> None:
    """It broke on the way: a person looks, and asks for a copy if need be."""
    _turn(session, job_id, "sending", state="uncertain", finished_at=at, problem=problem)


def note_failed(session: Session, job_id: str, problem: str, *, at: datetime) -> None:
    """It cannot be drawn: no printer will help."""
    _turn(session, job_id, "sending", state="failed", finished_at=at, problem=problem)


def put_back(session: Session, job_id: str, problem: str, *, at: datetime) -> datetime | None:
    """The printer was not ready and got nothing: wait, all its jobs with it. Returns when to come again."""
    job = session.get(PrintJob, job_id, populate_existing=True)
    if job is None:
        return None
    again = at + rules.patience(job.attempts)
    waiting = {"state": "queued", "sending_at": None, "not_before": again, "problem": problem}
    if not _turn(session, job_id, "sending", **waiting):
        return None
    _rows(session, update(Printer).where(Printer.id == job.printer_id).values(rests_until=again))
    return min(again, job.expires_at)


def open_by_total(
    session: Session, *, receipt_no: str, total_vnd: int | None, caller: str, at: datetime
) -> dict[str, Any] | datetime | None:
    """The document for somebody who knows the printed sum. None: wrong. A time: too often, wait until then.

    An unknown number answers as a wrong sum does, so nobody learns which numbers exist.
    """
    number, place = f"no:{receipt_no}", f"from:{digest(caller.encode())[:32]}"
    limits = ((number, rules.GUESSES), (place, rules.GUESSES_FROM_ONE_PLACE))
    if until := queries.waits_until(session, limits, at=at):
        return until
    if total_vnd is not None:
        document = queries.find_document_by_total(session, receipt_no=receipt_no, total_vnd=total_vnd)
        if document is not None:
            return document
    note_wrong_guess(session, (number, place), at=at)
    return queries.waits_until(session, limits, at=at)


def note_wrong_guess(session: Session, abouts: Iterable[str], *, at: datetime) -> None:
    """Count a wrong total; counts whose time is over are removed."""
    session.execute(delete(WrongGuess).where(WrongGuess.until <= at))
    until = at + rules.GUESS_WAIT
    for about in sorted(abouts):
        once_more = update(WrongGuess).where(WrongGuess.about == about)
        once_more = once_more.values(times=WrongGuess.times + 1, until=until)
        if _rows(session, once_more):
            continue
        try:
            with session.begin_nested():
                session.execute(insert(WrongGuess).values(about=about, times=1, until=until))
        except IntegrityError:  # another wrong guess came first
            _rows(session, once_more)
