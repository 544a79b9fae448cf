"""What stands in a cell, as people write it; and what is refused, each with its own words."""

from __future__ import annotations

from datetime import date

import pytest

from pos.catalogue.imports import (
    parse_barcode,
    parse_barcodes,
    parse_date,
    parse_days,
    parse_price,
    parse_stars,
    parse_vat,
)
from pos.catalogue.imports.cells import Bad, is_potential_five, is_year, parse_group, parse_yes
from pos.catalogue.problems import EXPECTED
from pos.catalogue.rules import is_in_store


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("1,25 tr", 1_250_000), ("1tr250", 1_250_000), ("1tr2", 1_200_000), ("2 triệu", 2_000_000),
        ("95.000đ/kg", 95_000),
        ("125 ngàn", 125_000), ("VND 125,000", 125_000), ("125.000,00", 125_000), ("125000.0", 125_000),
        ("₫ 45.000", 45_000), ("12.500.000", 12_500_000), ("35K", 35_000), ("500", 500),
    ],
)  # fmt: skip
def test_prices_as_people_say_them(text: str, price: int) -> None:
    assert parse_price(text) == price


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "price"), ("-5000", "price_negative"), ("(125.000)", "price_negative"), ("−5k", "price_negative"),
        ("125000,5", "price_decimals"), ("125.000,50", "price_decimals"), ("125", "price_small"),
        ("12.5", "price_decimals"),
        ("99.999.999.999", "price_large"), ("1.25.000", "price"), ("125k500", "price"), ("1,5tr2", "price"),
        ("125.000-150.000", "price"), ("１２５０００", "price"), ("1e5", "price"), ("từ 125.000", "price"),
    ],
)  # fmt: skip
def test_each_doubtful_price_has_its_own_words(text: str, code: str) -> None:
    with pytest.raises(Bad) as told:
        parse_price(text)

    assert told.value.code == code
    assert EXPECTED[code][0].format_map(told.value.facts)


def test_a_column_in_thousands() -> None:
    assert [parse_price(text, times=1000) for text in ("125", "12,5", "1250", "125k")] == [
        125_000, 12_500, 1_250_000, 125_000,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["22/11/2026", "22-11-26", "22.11.2026", "2026-11-22", "2026-11-22 00:00:00", "ngày 22 tháng 11 năm 2026", "46348",
     "22/11/26", "Ngày 22/11/2026"],
)  # fmt: skip
def test_dates_as_people_write_them(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 22)


@pytest.mark.parametrize("text", ["11/22/2026", "31/02/2026", "2026", "12", "99999", "hôm qua", "22/11", "1/1/1999"])
def test_doubtful_dates_are_refused(text: str) -> None:
    with pytest.raises(Bad, match="date"):
        parse_date(text)


def test_a_year_alone_is_known_but_no_day() -> None:
    assert [is_year(text) for text in ("2020", "11/2020", "năm 2020", "2020-2021", "≤2022", "22/11/2020")] == [
        True, True, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["6", "6 sao", "2 sao", "★", "năm sao", "4,5"])
def test_only_three_to_five_stars_are_certified(text: str) -> None:
    with pytest.raises(Bad, match="stars"):
        parse_stars(text)


def test_potential_five_is_not_a_class_of_its_own() -> None:
    assert [is_potential_five(t) for t in ("Tiềm năng 5 sao", "4 sao (tiềm năng 5 sao)", "TN 5 sao", "5 sao")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_barcodes() -> None:
    assert parse_barcode("893 5049-501404") == "8935049501404"
    assert parse_barcode("'8935049501404") == "8935049501404"
    for text, code, facts in (
        ("8935049501405", "barcode_digit", {"digit": "4"}),
        ("8.93505E+12", "barcode_rounded", {}),
        ("123", "barcode", {}),
        ("893504950140a", "barcode", {}),
    ):
        with pytest.raises(Bad) as told:
            parse_barcode(text)
        assert (told.value.code, told.value.facts) == (code, facts)
    assert [is_in_store(code) for code in ("2000000000015", "8935049501404", "20000004")] == [True, False, True]


A, B = "8935049501404", "8935049501411"


@pytest.mark.parametrize(
    "text",
    [f"{A}; {B}", f"{A},{B}", f"{A} {B}", f"{A}\n{B}", f"{A}|{B};", f"893 5049 501404 / {B}", f"{A};{B}; {A}"],
)
def test_several_barcodes_in_a_cell(text: str) -> None:
    assert parse_barcodes(text) == (A, B)


@pytest.mark.parametrize(
    ("text", "part", "code"),
    [
        (f"{A}; 8935049501412", "8935049501412", "barcode_digit"), (f"123,{A}", "123", "barcode"),
        (f"{A}; 8,93505E+12", "8,93505E+12", "barcode_rounded"), (f"{A} hoặc {B}", f"{A} hoặc {B}", "barcode"),
    ],
)  # fmt: skip
def test_of_several_barcodes_the_wrong_one_is_told(text: str, part: str, code: str) -> None:
    with pytest.raises(Bad) as told:
        parse_barcodes(text)

    assert (told.value.code, told.value.part) == (code, part)


def test_groups_by_code_or_name() -> None:
    assert [parse_group(text) for text in ("I.5.a", "i.5.a", "I5a", "I.5.a. Chè tươi, chế biến", "I.5.a - Chè")] == [
        "I.5.a"
    ] * 5
    for text in ("I.9", "VII", "Thực phẩm chức năng", "7"):
        with pytest.raises(Bad, match="group"):
            parse_group(text)


def test_vat_rates_of_the_law_only() -> None:
    assert [parse_vat(t) for t in ("8", "8.0", "0.08", "0,08", "không chịu thuế", "KKKNT")] == [
        ("standard", 800), ("standard", 800), ("standard", 800), ("standard", 800), ("KCT", 0), ("KKKNT", 0),
    ]  # fmt: skip
    for text in ("7%", "99%", "-8%", "tám"):
        with pytest.raises(Bad, match="vat"):
            parse_vat(text)


def test_shelf_lives_and_answers() -> None:
    assert [parse_days(t) for t in ("90", "90 ngày", "6 tháng", "1 năm", "2 years")] == [90, 90, 180, 365, 730]
    assert [parse_yes(t) for t in ("Có", "x", "không", "0")] == [True, True, False, False]
    for text in ("0", "lâu", "-3", "6 tuần"):
        with pytest.raises(Bad, match="days"):
            parse_days(text)


def test_every_sentence_is_there_twice() -> None:
    assert [code for code, (vi, en) in EXPECTED.items() if not vi or not en] == []
