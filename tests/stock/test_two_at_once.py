"""Two people at the same paper at the same moment, each on a connection of its own: goods move once."""

from __future__ import annotations

from functools import partial

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Trouble
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Document, Movement
from pos.stock.service.documents import change, confirm
from tests.stock.shelves import AT, DAY, Shelves, confirmed, drafted, levels, shelves
from tests.tablet.test_concurrency import together

HANDS = 4


def confirming(app: Flask, document_id: str, revision: int | None = None) -> str:
    """`done`, or why not. A database that ends one of two is asked again, as the page is."""
    for _ in range(10):
        try:
            with app.app_context(), unit_of_work() as work:
                confirm(work, document_id, revision=revision, at=AT, by=None)
            return "done"
        except Trouble as trouble:
            return trouble.code
        except OperationalError:
            continue
    return "gave up"


def test_of_many_who_confirm_a_note_one_does(app: Flask) -> None:
    here = shelves()
    note = drafted(here.intake(DraftLine(here.honey, 5_000), DraftLine(here.tea, 2_000)))

    told = together(*[partial(confirming, app, note) for _ in range(HANDS)])

    assert sorted(told) == ["document.confirmed"] * (HANDS - 1) + ["done"]
    assert (levels(here.honey), levels(here.tea)) == ({("site", here.shop): 5_000}, {("site", here.shop): 2_000})


def test_of_many_receipts_of_a_transfer_one_stands(app: Flask) -> None:
    here = shelves()
    sent = confirmed(here.transfer(DraftLine(here.honey, 3_000)))
    line = DraftLine(here.honey, 3_000, expected_milli=3_000)
    receipts = [drafted(here.receipt(sent, line)) for _ in range(HANDS)]

    told = together(*[partial(confirming, app, receipt) for receipt in receipts])

    assert sorted(told) == ["done"] + ["transfer.received"] * (HANDS - 1)
    assert levels(here.honey) == {("site", here.shop): -3_000, ("site", here.booth): 3_000}


def test_notes_confirmed_together_are_numbered_without_gap_and_a_late_change_is_refused(app: Flask) -> None:
    here = shelves()
    notes = [drafted(here.intake(DraftLine(here.honey, 1_000))) for _ in range(HANDS)]

    together(*[partial(confirming, app, note) for note in notes], partial(_changing, app, here, notes[0]))

    numbers = db.session.scalars(
        select(Document.number).where(Document.state == "confirmed").order_by(Document.number)
    ).all()
    assert numbers == [f"NK26-{n:05d}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) == HANDS
    moved = db.session.scalar(select(func.sum(Movement.qty_milli)))
    assert levels(here.honey) == {("site", here.shop): moved}


def _changing(app: Flask, here: Shelves, note: str) -> None:
    asked = Draft(
        here.operator, "intake", DAY, ("producer", here.maker), ("site", here.shop), (DraftLine(here.honey, 9_000),),
        producer_id=here.maker,
    )  # fmt: skip
    try:
        with app.app_context(), unit_of_work() as work:
            change(work, note, 1, asked)
    except (Trouble, OperationalError):
        pass
