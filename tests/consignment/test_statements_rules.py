"""The arithmetic of a settlement, against the golden ledger."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.consignment.rules.settlement import (
    TrueUp,
    claim_postings,
    divide,
    pay_day,
    payment_text_of,
    vat_postings,
    verdict_of,
)
from pos.consignment.rules.words import in_words
from pos.ledger.commands import PostingDraft
from tests.conftest import VECTORS

LEDGER = json.loads((VECTORS / "ledger.json").read_text())
GOLDEN: dict[str, Any] = {entry["id"]: entry for entry in LEDGER["scenario"] + LEDGER["variants"]}


def golden(name: str) -> dict[str, int]:
    """Sums by account:dimension of a golden entry, zeros dropped."""
    sums: dict[str, int] = defaultdict(int)
    for line in GOLDEN[name]["lines"]:
        sums[line["account"]] += line["amount"]
    return {account: amount for account, amount in sums.items() if amount}


def sums(postings: Iterable[PostingDraft]) -> dict[str, int]:
    """The same of drafted postings."""
    found: dict[str, int] = defaultdict(int)
    for posting in postings:
        found[f"{posting.account}:{posting.dimension}".rstrip(":")] += posting.amount_vnd
    return {account: amount for account, amount in found.items() if amount}


@pytest.mark.parametrize(
    ("name", "producer", "subtotal", "held", "vat"),
    [
        ("ST1-P1", "P1", 465_090, {}, TrueUp(800, 83_250, 6_660)),
        (
            "ST1-P2",
            "P2",
            4_721_308,
            {"reserve_base_vnd": 5_145_500, "reserve_bp": 500, "advance_vnd": 2_000_000, "recoup_bp": 5_000},
            TrueUp(800, 643_188, 51_455),
        ),
        ("ST1-P3", "P3", -940_448, {}, TrueUp(800, 17_800, 1_424)),
        ("ST2-P2", "P2", -651_345, {"reserve_vnd": 257_275}, TrueUp(800, -94_125, -7_530)),
        ("ST3-P3", "P3", 2_000_000, {"opening_vnd": -940_448}, TrueUp(0, 0, 0)),
    ],
)
def test_divide_matches_the_golden_settlements(
    name: str, producer: str, subtotal: int, held: dict[str, int], vat: TrueUp
) -> None:
    division = divide(subtotal, **held)

    assert vat.rounding_vnd == 0
    assert sums(vat_postings([vat], producer, {}) + claim_postings(division, producer)) == golden(name)


def test_vat_rounding_is_one_line_of_the_producer() -> None:
    row = TrueUp(800, 56_274, 4_503)

    assert row.rounding_vnd == 1
    assert sums(vat_postings([row], "P1", {800: "a line"})) == golden("G07")


@given(
    subtotal=st.integers(-(10**9), 10**9),
    opening=st.integers(-(10**8), 0),
    reserve=st.integers(0, 10**7),
    reserve_bp=st.integers(0, 10_000),
    advance=st.integers(0, 10**8),
    recoup_bp=st.integers(0, 10_000),
)
def test_divide_adds_up(
    subtotal: int, opening: int, reserve: int, reserve_bp: int, advance: int, recoup_bp: int
) -> None:
    d = divide(
        subtotal,
        opening_vnd=opening,
        reserve_vnd=reserve,
        reserve_base_vnd=subtotal,
        reserve_bp=reserve_bp,
        advance_vnd=advance,
        recoup_bp=recoup_bp,
    )

    assert d.opening_vnd + d.subtotal_vnd - d.reserve_kept_vnd + d.reserve_used_vnd - d.recouped_vnd == (
        d.payout_vnd + d.carried_vnd
    )
    assert d.carried_vnd <= 0
    assert min(d.payout_vnd, d.reserve_kept_vnd, d.reserve_used_vnd, d.recouped_vnd) >= 0
    assert d.recouped_vnd <= advance
    assert d.payout_vnd == 0 or d.carried_vnd == 0
    assert sum(posting.amount_vnd for posting in claim_postings(d, "P")) == 0


def test_verdict_waits_for_the_minimum_but_carries_a_debt() -> None:
    assert verdict_of(0, divide(0), 0) == "nothing"
    assert verdict_of(2, divide(0), 0) == "zero"
    assert verdict_of(1, divide(99_999), 100_000) == "below_minimum"
    assert verdict_of(1, divide(100_000), 100_000) == "freeze"
    assert verdict_of(1, divide(-5), 100_000) == "freeze"
    assert verdict_of(1, divide(150_000, opening_vnd=-60_000), 100_000) == "below_minimum"


def test_words_follow_the_vectors() -> None:
    with (VECTORS / "amount-words-vi.csv").open() as file:
        rows = [(int(row["amount_vnd"]), row["words_vi"]) for row in csv.DictReader(file)]

    assert [in_words(amount) for amount, _ in rows] == [words for _, words in rows]
    assert in_words(0) == "Không đồng"


def test_pay_day_is_the_next_such_weekday() -> None:
    sunday = date(2026, 11, 22)

    assert pay_day(sunday, 0) == date(2026, 11, 23)
    assert pay_day(sunday, 6) == date(2026, 11, 29)


def test_payment_text_fits_a_bank() -> None:
    assert payment_text_of(47, 1) == "OCOP TT 0047 1"
    assert len(payment_text_of(9_999_999_999, 99)) <= 25
