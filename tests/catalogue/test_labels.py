"""Codes of our own never double, and what is on a sheet is what a scanner reads."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import barcode.ean
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.adapters.label_sheets import label_sheet
from pos.catalogue.labels import SHEETS, Label
from pos.catalogue.models import Barcode
from pos.catalogue.queries.labels import labels_of, list_coming
from pos.catalogue.rules import check_digit, code_of, codes_of
from pos.catalogue.service import add_barcode, add_certificate, set_price
from pos.catalogue.service.codes import give_code, mint_code, print_sheet
from pos.kernel.clock import day_bounds, local_date
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.places.models import Operator, Site
from tests.catalogue.shelf import NOON, World, a_tea, a_world

HONEY = Label(
    "Mật ong hoa nhãn", None, "HTX Mật ong Ba Vì", "Ba Vì", "hũ", False, 125_500, 4, "8938505974194",
    "https://truyxuat.example/abc", "L231", None,
)  # fmt: skip


@pytest.fixture
def world(session: Session) -> World:
    with unit_of_work() as work:
        return a_world(work)


@pytest.mark.parametrize("digits", ["893850597419", "893458801222", "290000000001", "000000000000"])
def test_the_check_digit_is_the_librarys(digits: str) -> None:
    assert digits + check_digit(digits) == barcode.ean.EAN13(digits).get_fullcode()


def test_four_at_once_get_codes_nobody_else_has(app: Flask, world: World) -> None:
    with unit_of_work() as work:
        teas = [a_tea(work, world, f"Chè {n}") for n in range(4)]
    start = Barrier(4)

    def one(tea: str) -> list[str]:
        with app.app_context():
            start.wait()
            try:
                found = []
                for _ in range(5):
                    with unit_of_work() as work:
                        found.append(mint_code(work, operator_id=world.ours, product_id=tea).code)
                        sheet = print_sheet(work, operator_id=world.theirs, count=3, at=NOON, by=None)
                        found += codes_of(sheet.prefix, sheet.first_no, sheet.count)
                return found
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        minted = [code for codes in pool.map(one, teas) for code in codes]

    assert sorted(minted) == codes_of("29", 1, 80)


def test_scales_and_imports_keep_their_numbers(session: Session, world: World) -> None:
    with unit_of_work() as work:
        tea = a_tea(work, world)
        work.get_one(Operator, world.theirs).label_patterns = json.dumps([{"mask": "29IIIIIPPPPPK", "scale": 1}])
        add_barcode(work, tea, code_of("28", 2), operator_id=world.ours)

        first = mint_code(work, operator_id=world.ours, product_id=tea).code
        second = mint_code(work, operator_id=world.ours, product_id=tea).code

    assert [first, second] == [code_of("28", 1), code_of("28", 3)]


def test_a_code_stuck_on_goods_finds_them_at_every_till(session: Session, world: World) -> None:
    with unit_of_work() as work:
        tea = a_tea(work, world)
        version = world.asked(work)["version"]
        sheet = print_sheet(work, operator_id=world.ours, count=2, at=NOON, by=None)
        stuck, other = codes_of(sheet.prefix, sheet.first_no, 2)
        give_code(work, operator_id=world.ours, product_id=tea, code=stuck)
        told: Any = world.asked(work, since=int(str(version)))["products"]
        with pytest.raises(Conflict, match=r"barcode\.taken"):
            give_code(work, operator_id=world.ours, product_id=a_tea(work, world, "Chè nõn tôm"), code=stuck)
        with pytest.raises(Invalid, match=r"offer\.unknown"):
            give_code(work, operator_id=world.theirs, product_id=tea, code=other)
        with pytest.raises(Invalid, match=r"barcode\.in_store"):
            add_barcode(work, tea, other)

    assert [(p["name"], p["barcodes"]) for p in told] == [("Chè Đinh Tân Cương", [stuck])]
    assert session.scalars(select(Barcode.operator_id)).all() == [world.ours]


@pytest.mark.parametrize("kind", SHEETS)
def test_what_is_printed_is_read(kind: str) -> None:
    own = Label("Chè", None, "HTX", None, "kg", True, 1_850_000, None, code_of("29", 1))

    made = label_sheet(kind, [HONEY, own], skip=1, form="png")
    page = Image.open(io.BytesIO(made)).convert("L")
    read = {found.text for found in zxingcpp.read_barcodes(page.resize((page.width * 2, page.height * 2)))}

    assert read - {HONEY.trace} == {"8938505974194", "2900000000018"}
    assert (HONEY.trace in read) == (kind in ("big", "product"))


def test_a_sheet_goes_on_where_it_was_cut() -> None:
    many = PdfReader(io.BytesIO(label_sheet("shelf", [HONEY] * 24, skip=3)))

    assert len(many.pages) == 2
    assert many.pages[1].extract_text().count("125.500") == 3
    assert "Mật ong hoa nhãn" in many.pages[0].extract_text()


def test_a_label_says_the_price_of_its_place_and_the_stars_of_its_day(session: Session, world: World) -> None:
    with unit_of_work() as work:
        tea = a_tea(work, world)
        tomorrow = local_date(NOON) + timedelta(days=1)
        midnight = day_bounds(tomorrow)[0]
        add_certificate(work, tea, stars=4, valid_from=tomorrow, valid_to=tomorrow + timedelta(days=99))
        for vnd, kind, where in ((199_000, "site", world.booth), (185_000, "operator", world.ours)):
            set_price(
                work, operator_id=world.ours, product_id=tea, price_vnd=vnd, starts_at=midnight, at=NOON,
                scope_kind=kind, scope_id=where,
            )  # fmt: skip
    booth = session.get_one(Site, world.booth)

    said = [
        (row.label.price_vnd, row.label.stars)
        for site, at in ((None, NOON), (booth, NOON), (booth, midnight))
        for row in labels_of(session, world.ours, [tea], site=site, at=at, day=local_date(at))
    ]

    assert said == [(185_000, None), (185_000, None), (199_000, 4)]
    assert [(p.where, p.before_vnd, p.price_vnd) for p in list_coming(session, world.ours, tomorrow)] == [
        ("Gian 1", 185_000, 199_000)  # the operator's own stays what it is: no label to change
    ]
