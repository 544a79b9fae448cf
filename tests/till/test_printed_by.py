"""One printer has a receipt, never two: what the tablet prints by itself the server leaves alone, and tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.clock import from_iso, now
from pos.kernel.db import unit_of_work
from pos.kernel.ids import new_id
from pos.outbox.service import do_one
from pos.receipts import service
from pos.receipts.jobs import print_receipt
from pos.receipts.models import Printer as PrinterRow
from pos.receipts.models import PrintJob, Receipt
from pos.receipts.queries import list_prints, list_tablet_prints
from tests.receipts.decoder import decode
from tests.receipts.printer import Printer, a_printer
from tests.till.golden import SETUP, World, build
from tests.till.tablet import Tablet, enrol, line
from tests.till.test_control import notes, rewritten

TEA = SETUP["products"][0]["id"]


@pytest.fixture
def printer() -> Iterator[Printer]:
    with a_printer() as made:
        yield made


def a_till(printer: Printer) -> tuple[World, Tablet]:
    """A till with a network printer."""
    world = build()
    tablet = enrol(world, "B")
    with unit_of_work() as session:
        session.add(
            PrinterRow(
                id=new_id(), operator_id=world.operator_id, scope_kind="till", scope_id=SETUP["till"]["id"],
                name="Máy in quầy", host=printer.host, port=printer.port, width_dots=384, drawer=True,
            )
        )  # fmt: skip
    return world, tablet


def sold(tablet: Tablet, **more: Any) -> dict[str, Any]:
    return rewritten(tablet, tablet.sale(line(TEA, 1, 185_000), tenders={"cash": 185_000}), **more)


def tell(world: World, tablet: Tablet, *events: dict[str, Any]) -> list[str]:
    """Sent a minute after the last of them: a receipt is still wanted."""
    raw = [json.dumps(event, ensure_ascii=False) for event in events]
    at = from_iso(events[-1]["at"]) + timedelta(minutes=1)
    return [answer["status"] for answer in world.send(*raw, at=at, log_id=tablet.log_id)]


def work_off() -> None:
    """As the worker does."""
    while do_one({service.PRINT: print_receipt}, now()):
        pass


def reprint(sale_id: str) -> int:
    with unit_of_work() as session:
        job = service.queue_print(session, session.get_one(Receipt, sale_id), at=now(), copy=True)
        assert job is not None
        return job.copy


def test_the_server_prints_what_no_tablet_prints_and_only_that(app: Flask, session: Session, printer: Printer) -> None:
    world, tablet = a_till(printer)
    opened, own, here = tablet.write("shift.open", float=0), sold(tablet), sold(tablet, printed_by="tablet")

    assert tell(world, tablet, opened, own, here) == ["recorded"] * 3
    with unit_of_work() as work:  # the events are of a day long gone; the promise lives from their time
        for job in work.scalars(select(PrintJob)):
            job.expires_at = now() + timedelta(minutes=5)
    work_off()

    printer.close()
    session.rollback()
    assert [len(list_prints(session, sale["id"])) for sale in (own, here)] == [1, 0]
    assert len(printer.jobs) == 1
    assert decode(printer.jobs[0], width=384).cuts == 1


def test_a_copy_by_the_server_counts_on_from_the_tablets_sheets(app: Flask, session: Session, printer: Printer) -> None:
    world, tablet = a_till(printer)
    opened, sale = tablet.write("shift.open", float=0), sold(tablet, printed_by="tablet")
    first = tablet.write("receipt.printed", sale=sale["id"], printer="bluetooth", copy=0)
    again = tablet.write("receipt.printed", sale=sale["id"], printer="bluetooth", copy=1)
    assert tell(world, tablet, opened, sale, first, again) == ["recorded"] * 4
    assert tell(world, tablet, sale, first, again) == ["repeated"] * 3  # a lost answer

    assert reprint(sale["id"]) == 2
    work_off()

    printer.close()
    session.rollback()
    told = [(sheet.printer, sheet.copy, sheet.id) for sheet in list_tablet_prints(session, sale["id"])]
    assert told == [("bluetooth", 0, first["id"]), ("bluetooth", 1, again["id"])]
    assert [decode(job, width=384).pulses for job in printer.jobs] == [0]  # a copy leaves the drawer shut
    assert notes(session) == [("reprint", "bluetooth", 1, 0, sale["id"])]


def test_an_unprinted_receipt_of_the_tablet_is_a_copy_at_the_server(
    app: Flask, session: Session, printer: Printer
) -> None:
    world, tablet = a_till(printer)
    opened, sale = tablet.write("shift.open", float=0), sold(tablet, printed_by="tablet")
    tell(world, tablet, opened, sale)

    assert reprint(sale["id"]) == 1


def test_odd_words_about_a_sheet_are_kept_and_count_nothing(app: Flask, session: Session, printer: Printer) -> None:
    world, tablet = a_till(printer)
    opened, sale = tablet.write("shift.open", float=0), sold(tablet)
    odd = [
        {"sale": sale["id"], "printer": "usb", "copy": -1}, {"sale": sale["id"], "printer": "", "copy": 0},
        {"sale": "x", "printer": "usb", "copy": 0}, {"sale": sale["id"], "printer": "usb", "copy": True},
        {"sale": sale["id"], "printer": "network", "copy": 4}, {},
    ]  # fmt: skip
    told = [tablet.write("receipt.printed", **body) for body in odd]

    assert tell(world, tablet, opened, sale, *told) == ["recorded"] * 8
    session.rollback()
    assert list_tablet_prints(session, sale["id"]) == []
