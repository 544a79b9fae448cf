"""Stock documents: a draft moves nothing, a confirmed one moves once and never changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pos.kernel.db import unit_of_work
from pos.kernel.errors import Conflict, Trouble
from pos.stock.commands import DraftLine
from pos.stock.service.documents import change, confirm, drop
from tests.stock.shelves import AT, confirmed, drafted, levels, number_of, shelves


def test_a_draft_moves_nothing_and_its_confirmation_moves_once(app: Flask) -> None:
    here = shelves()
    note = drafted(here.intake(DraftLine(here.honey, 5_000, expected_milli=6_000)))
    assert (levels(here.honey), number_of(note)) == ({}, None)

    confirmed(note)
    with pytest.raises(Conflict) as trouble:
        confirmed(note)

    assert (trouble.value.code, trouble.value.facts) == ("document.confirmed", {"number": "NK26-00001"})
    assert levels(here.honey) == {("site", here.shop): 5_000}


def test_two_people_do_not_save_over_each_other(app: Flask) -> None:
    here = shelves()
    note = drafted(here.intake(DraftLine(here.honey, 5_000)))
    with unit_of_work() as work:
        change(work, note, 1, here.intake(DraftLine(here.honey, 4_000), DraftLine(here.tea, 2_000)))

    with pytest.raises(Conflict) as saved, unit_of_work() as work:
        change(work, note, 1, here.intake(DraftLine(here.honey, 9_000)))
    with pytest.raises(Conflict) as blind, unit_of_work() as work:
        confirm(work, note, revision=1, at=AT, by=None)
    confirmed(note)

    assert (saved.value.code, blind.value.code) == ("document.changed", "document.changed")
    assert levels(here.honey) == {("site", here.shop): 4_000}


def test_numbers_have_no_gaps_whatever_was_thrown_away(app: Flask) -> None:
    here = shelves()
    first = confirmed(here.intake(DraftLine(here.honey, 1_000)))
    thrown = drafted(here.intake(DraftLine(here.honey, 1_000)))
    with unit_of_work() as work:
        drop(work, thrown)
    second = confirmed(here.intake(DraftLine(here.honey, 1_000)))

    assert (number_of(first), number_of(second)) == ("NK26-00001", "NK26-00002")


@pytest.mark.parametrize(
    ("counted", "difference", "at"),
    [
        (10_000, None, {"booth": 10_000}),
        (8_000, "lost", {"booth": 8_000, "lost": 2_000}),
        (8_000, "not_sent", {"booth": 8_000, "shop": 2_000}),
        (8_000, "under_way", {"booth": 8_000, "transit": 2_000}),
        (11_000, "sent_more", {"booth": 11_000, "shop": -1_000}),
        (0, "lost", {"lost": 10_000}),
    ],
)
def test_what_is_received_and_what_became_of_the_rest(
    app: Flask, counted: int, difference: str | None, at: dict[str, int]
) -> None:
    here = shelves()
    confirmed(here.intake(DraftLine(here.honey, 10_000)))
    sent = confirmed(here.transfer(DraftLine(here.honey, 10_000)))
    assert levels(here.honey) == {("transit", here.booth): 10_000}

    confirmed(here.receipt(sent, DraftLine(here.honey, counted, expected_milli=10_000, difference=difference)))

    names = {("site", here.shop): "shop", ("site", here.booth): "booth", ("transit", here.booth): "transit",
             ("lost", here.booth): "lost"}  # fmt: skip
    assert {names[place]: milli for place, milli in levels(here.honey).items()} == at


def test_a_transfer_is_received_once(app: Flask) -> None:
    here = shelves()
    sent = confirmed(here.transfer(DraftLine(here.honey, 3_000)))
    line = DraftLine(here.honey, 3_000, expected_milli=3_000)
    confirmed(here.receipt(sent, line))

    with pytest.raises(Conflict) as trouble:
        confirmed(here.receipt(sent, line))

    assert (trouble.value.code, trouble.value.facts) == ("transfer.received", {"number": "NC26-00001"})
    assert levels(here.honey) == {("site", here.shop): -3_000, ("site", here.booth): 3_000}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_document SET note = 'x'",
        "UPDATE stock_document SET state = 'draft'",
        "DELETE FROM stock_document",
        "UPDATE stock_document_line SET qty_milli = 1",
        "DELETE FROM stock_document_line",
        "INSERT INTO stock_document_line (document_id, line, product_id, qty_milli) "
        "SELECT document_id, 9, product_id, 1 FROM stock_document_line",
    ],
)
def test_the_database_refuses_to_change_what_is_confirmed(app: Flask, statement: str) -> None:
    here = shelves()
    confirmed(here.intake(DraftLine(here.honey, 1_000)))

    with pytest.raises(DBAPIError, match="written once"), unit_of_work() as work:
        work.execute(text(statement))


@pytest.mark.parametrize("wrong", ["nothing", "negative", "no reason"])
def test_nonsense_is_refused(app: Flask, wrong: str) -> None:
    here = shelves()
    asked = {
        "nothing": here.intake(),
        "negative": here.intake(DraftLine(here.honey, -1)),
        "no reason": replace(here.transfer(DraftLine(here.honey, 1)), kind="write_off"),
    }[wrong]
    with pytest.raises(Trouble) as trouble:
        drafted(asked)

    assert trouble.value.code == {"nothing": "document.empty", "negative": "intake.quantity"}.get(
        wrong, "document.reason"
    )
