"""Check digits, kinds, stars in force, prices over time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.catalogue.rules import CertificateFacts, Terms, Timeline, check_digit, in_force, is_gtin, kind_of_group

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", ["4006381333931", "73513537", "036000291452", "10036000291459", "8935049501404"])
def test_real_codes_are_gtins(code: str) -> None:
    assert is_gtin(code)


@pytest.mark.parametrize("code", ["4006381333932", "400638133393", "", "40063813339３1", "abcdefgh", "123"])
def test_wrong_codes_are_not(code: str) -> None:
    assert not is_gtin(code)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits: str, place: int, other: int) -> None:
    code = digits + check_digit(digits)
    wrong = code[:place] + str((int(code[place]) + other) % 10) + code[place + 1 :]

    assert is_gtin(code)
    assert not is_gtin(wrong)


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("I.1.a", "rau"), ("I.1.b", "thit"), ("I.2.a", "gao"), ("I.2.b", "mat"), ("I.3.b", "gao"), ("I.3.d", "thit"),
        ("I.5.a", "che"), ("I.5.b", "che"), ("II.1.a", "uong"), ("II.2.b", "uong"), ("III.2", "duoc"), ("IV.1", "gom"),
        ("IV.2", "vai"), ("V.3", "canh"), ("VI.1", "canh"), (None, "canh"), ("IX", "canh"),
    ],
)  # fmt: skip
def test_kind_of_a_group(group: str | None, kind: str) -> None:
    assert kind_of_group(group) == kind


def a_certificate(stars: int, start: date, end: date, revoked: date | None = None) -> CertificateFacts:
    return CertificateFacts(stars, start, end, revoked)


def test_the_anniversary_is_the_last_valid_day() -> None:
    held = [a_certificate(4, date(2023, 12, 23), date(2026, 12, 23))]

    assert in_force(held, date(2026, 12, 23)) == held[0]
    assert in_force(held, date(2026, 12, 24)) is None
    assert in_force(held, date(2023, 12, 22)) is None


def test_a_revoked_certificate_shows_no_stars_from_that_day() -> None:
    held = [a_certificate(3, date(2025, 1, 1), date(2028, 1, 1), date(2026, 5, 1))]

    assert in_force(held, date(2026, 4, 30)) == held[0]
    assert in_force(held, date(2026, 5, 1)) is None
    assert held[0].until == date(2026, 4, 30)


def test_the_newest_decision_counts() -> None:
    old = a_certificate(3, date(2024, 1, 1), date(2027, 1, 1))
    new = a_certificate(4, date(2026, 1, 1), date(2029, 1, 1))

    assert in_force([new, old], date(2026, 6, 1)) == new


def test_the_narrowest_price_wins() -> None:
    day = timedelta(days=1)
    line = Timeline(
        {
            "operator": [(NOON, 100), (NOON + 9 * day, 120)],
            "fair": [(NOON + day, 90)],
            "site": [(NOON + 2 * day, 80)],
        },
        [],
    )

    assert [line.price_at(NOON + n * day) for n in (-1, 0, 1, 2, 9)] == [None, 100, 90, 80, 80]


def test_coming_changes_are_whole_and_real() -> None:
    later, last = NOON + timedelta(days=5), NOON + timedelta(days=40)
    vat = [(date(2026, 7, 1), 800, "standard"), (date(2026, 12, 1), 1000, "standard")]
    line = Timeline({"operator": [(NOON, 100), (later, 110), (last, 130)]}, vat)

    assert line.coming(NOON) == [
        Terms(later, 110, 800, "standard"),
        Terms(datetime(2026, 11, 30, 17, 0, tzinfo=UTC), 110, 1000, "standard"),
    ]


def test_a_price_covered_by_a_narrower_one_is_no_change() -> None:
    line = Timeline({"operator": [(NOON, 100), (NOON + timedelta(days=1), 110)], "site": [(NOON, 95)]}, [])

    assert line.coming(NOON) == []
