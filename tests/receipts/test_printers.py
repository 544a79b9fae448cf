"""The page of printers: kept by the form, tried by a real sheet over TCP."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pos.kernel.db import db
from pos.kernel.ids import new_id
from pos.places.models import Till
from pos.receipts.jobs import print_receipt
from pos.receipts.models import Printer, PrintJob
from pos.receipts.queries import printer_for
from tests.counting import counted
from tests.receipts.decoder import decode
from tests.receipts.printer import a_closed_port, a_printer
from tests.reports.market import Market, a_market

HERE = "/office/printers"


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def form(market: Market, **more: str) -> dict[str, str]:
    return {
        "place": f"site:{market.ids['shop']}", "name": "Máy in quầy", "host": "127.0.0.1", "port": "9100",
        "width": "80", "drawer": "1", "talks_back": "1", **more,
    }  # fmt: skip


def kept() -> Printer:
    db.session.rollback()
    return db.session().scalars(select(Printer)).one()


def test_a_printer_kept_by_the_form_serves_its_place(market: Market) -> None:
    answer = market.as_("manager").post(f"{HERE}/new", data=form(market, width="58", port=""))

    printer = kept()
    assert answer.status_code == 303
    assert (printer.width_dots, printer.port, printer.drawer, printer.active) == (384, 9100, True, True)
    assert printer_for(db.session(), till_id="x", site_id=market.ids["shop"]) is printer


def test_the_tills_own_printer_comes_before_the_sites(market: Market) -> None:
    manager = market.as_("manager")
    till = db.session().scalars(select(Till.id).where(Till.site_id == market.ids["shop"])).one()
    manager.post(f"{HERE}/new", data=form(market))
    manager.post(f"{HERE}/new", data=form(market, place=f"till:{till}", name="Riêng"))

    db.session.rollback()
    found = printer_for(db.session(), till_id=till, site_id=market.ids["shop"])

    assert found is not None
    assert found.name == "Riêng"


def test_a_change_is_kept_and_out_of_use_is_not_served(market: Market) -> None:
    manager = market.as_("manager")
    manager.post(f"{HERE}/new", data=form(market))
    id_ = kept().id

    manager.post(f"{HERE}/{id_}", data=form(market, host="may-in.local", active=""))

    assert (kept().host, kept().active) == ("may-in.local", False)
    assert printer_for(db.session(), till_id="x", site_id=market.ids["shop"]) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "http://192.168.1.5"}, "host"),
        ({"host": "192.168.1.256"}, "host"),
        ({"host": "192.168.1"}, "host"),
        ({"host": "máy in"}, "host"),
        ({"port": "70000"}, "port"),
        ({"port": "chín"}, "port"),
        ({"width": "112"}, "width"),
        ({"name": " "}, "name"),
        ({"place": "site:x"}, "place"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(market: Market, wrong: dict[str, str], field: str) -> None:
    answer = market.as_("manager").post(f"{HERE}/new", data=form(market) | wrong)

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert db.session().scalars(select(Printer)).all() == []


def test_a_place_of_another_operator_cannot_be_served(market: Market) -> None:
    answer = market.as_("other manager").post(f"{HERE}/new", data=form(market))

    assert answer.status_code == 422
    assert db.session().scalars(select(Printer)).all() == []


def tried(market: Market, port: int) -> PrintJob:
    """The test sheet's job after it was worked on."""
    manager = market.as_("manager")
    manager.post(f"{HERE}/new", data=form(market, port=str(port)))
    id_ = kept().id
    manager.post(f"{HERE}/{id_}/test")
    db.session.rollback()
    job: Any = db.session().scalars(select(PrintJob)).one()
    print_receipt({"print_job": job.id})
    db.session.rollback()
    return db.session().get_one(PrintJob, str(job.id), populate_existing=True)


def test_a_test_sheet_comes_out_of_a_real_printer(market: Market) -> None:
    with a_printer() as real:
        job = tried(market, real.port)
        page = market.as_("manager").get(f"{HERE}/{job.printer_id}").text

    assert (job.kind, job.state) == ("test", "printed")
    assert len(real.jobs) == 1
    assert decode(real.jobs[0]) is not None
    assert "đã in" in page


def test_a_printer_that_is_off_is_told_in_words(market: Market) -> None:
    job = tried(market, a_closed_port())

    state = market.as_("manager").get(f"{HERE}/{job.printer_id}/state").text

    assert (job.state, job.problem) == ("queued", "off")
    assert "máy tắt, sai địa chỉ hay sai cổng" in state
    assert "every 2s" in state


def test_one_and_many_printers_cost_the_same_number_of_queries(market: Market) -> None:
    manager = market.as_("manager")
    manager.post(f"{HERE}/new", data=form(market))
    manager.get(HERE)
    with counted() as one:
        manager.get(HERE)
    first = kept()
    session = db.session()
    for n in range(20):
        session.add(
            Printer(
                id=new_id(), operator_id=first.operator_id, scope_kind="site", scope_id=first.scope_id, name=f"In {n}",
                host="127.0.0.1",
            )
        )  # fmt: skip
    session.commit()
    with counted() as many:
        manager.get(HERE)

    assert len(many) == len(one)
