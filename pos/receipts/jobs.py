"""Print what was promised: claim, draw, send outside any transaction, note what became of it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.receipts import adapters, service

log = logging.getLogger("pos.receipts")


def print_receipt(payload: dict[str, Any]) -> datetime | None:
    """One print job (`{"print_job": id}`). Returns when to come again, None when it is over.

    A printer that is off, slow or out of paper gets the job later; one that broke off while
    taking it never gets it again: better a missing receipt than two.
    """
    job_id = payload["print_job"]
    with unit_of_work() as session:
        sheet = service.claim_print(session, job_id, at=now())
    if not isinstance(sheet, service.Sheet):
        return sheet
    try:
        data = _bytes_of(sheet)
    except Exception as error:
        log.exception("print job %s cannot be drawn", job_id)
        with unit_of_work() as session:
            service.note_failed(session, job_id, f"{type(error).__name__}: {error}", at=now())
        return None
    try:
        adapters.send(sheet.host, sheet.port, data, talks_back=sheet.talks_back)
    except adapters.NotReady as error:
        with unit_of_work() as session:
            return service.put_back(session, job_id, str(error), at=now())
    except adapters.Broke as error:
        with unit_of_work() as session:
            service.note_uncertain(session, job_id, str(error), at=now())
        return None
    with unit_of_work() as session:
        service.note_printed(session, job_id, at=now())
    return None


def _bytes_of(sheet: service.Sheet) -> bytes:
    from pos.receipts.escpos_bytes import drawer_bytes, receipt_bytes

    if sheet.document is None:
        return drawer_bytes()
    return receipt_bytes(sheet.document, sheet.width_dots, drawer=sheet.drawer)
