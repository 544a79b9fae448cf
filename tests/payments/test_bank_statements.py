"""A bank's file to lines: heads in Vietnamese or English, sums as banks write them; what cannot be read is told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from pos.kernel.clock import from_iso
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Conflict
from pos.payments.adapters import layouts, read_statement
from pos.payments.commands import Booked
from pos.payments.service import take_statement
from pos.places.models import Operator

AT = from_iso("2026-11-22T02:00:00Z")
GENERIC = layouts()["generic"]
DAY = date(2026, 11, 21)


def test_debit_and_credit_columns_below_a_heading() -> None:
    text = (
        "SỔ PHỤ TÀI KHOẢN;;;;\n"
        "Ngày giao dịch;Số bút toán;Ghi nợ;Ghi có;Nội dung\n"
        "21/11/2026 08:05;FT1;;349.500;HK03A2611213 cam on\n"
        "21/11/2026;FT2;2,464,033.00;;OCOP TT 0002 1\n"
        ";;2.464.033;349.500;Cộng\n"
    )

    good, bad = read_statement(text.encode(), GENERIC)

    assert bad == []
    assert good == [
        Booked(3, DAY, 349_500, "HK03A2611213 cam on", "FT1", None),
        Booked(4, DAY, -2_464_033, "OCOP TT 0002 1", "FT2", None),
    ]


def test_one_signed_column_and_the_counter_account() -> None:
    text = "Date,Amount,Description,Counter account\n2026-11-21,-465090,OCOP TT 0001 1,0011001234417\n"

    good, bad = read_statement(text.encode(), GENERIC)

    assert (good, bad) == ([Booked(2, DAY, -465_090, "OCOP TT 0001 1", None, "4417")], [])


def test_rows_that_cannot_be_read_are_told_with_their_place() -> None:
    text = "Ngày;Số tiền;Nội dung\n31/02/2026;1.000;a\n21/11/2026;nhiều;b\n21/11/2026;1.000;c\n"

    good, bad = read_statement(text.encode(), GENERIC)

    assert [line.text for line in good] == ["c"]
    assert bad == [(2, "31/02/2026", "day"), (3, "nhiều", "amount")]
    assert read_statement(b"a;b\n1;2\n", GENERIC) == ([], [(1, "", "head")])


def test_a_line_of_two_files_is_kept_once_and_two_alike_are_two(session: Session) -> None:
    with unit_of_work() as work:
        work.add(Operator(id="o", code="O", name="O", made_at=AT))
    same = Booked(2, DAY, 50_000, "CK", None, None)

    def take(data: bytes, *lines: Booked) -> int:
        with unit_of_work() as work:
            return len(take_statement(work, "o", data, lines, name="x", layout="generic", at=AT, by=None)[1])

    assert take(b"1", same, same) == 2
    assert take(b"2", same, same, same) == 1
    with pytest.raises(Conflict):
        take(b"2", same)
