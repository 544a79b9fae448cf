"""The fair's board: every cut adds up, silence is loud, and only those who may watch see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from pos.access.models import DeviceLog
from pos.fairs.queries import get_board
from pos.fairs.rules import Word, complete_until, loudest
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.places.models import Fair
from tests.counting import counted
from tests.factories import NOON
from tests.reports.market import Market, a_market
from tests.reports.test_producer import read


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def a_word(seen: int | None, *, unsent: int = 0, selling: bool = True) -> Word:
    at = None if seen is None else NOON - timedelta(minutes=seen)
    return Word("l", "o", "s", "B01", "Gian", "Q1A", "Quầy 1", at, at, unsent, selling)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        (a_word(0), "fresh"),
        (a_word(4), "fresh"),
        (a_word(5), "slow"),
        (a_word(1, unsent=3), "slow"),
        (a_word(14), "slow"),
        (a_word(15), "silent"),
        (a_word(None), "silent"),
        (a_word(None, selling=False), "closed"),
        (a_word(600, selling=False), "closed"),
        (a_word(600, selling=False, unsent=2), "silent"),
    ],
)
def test_the_state_of_a_word_is_its_age(word: Word, state: str) -> None:
    assert word.state(NOON) == state


def test_the_loudest_word_is_the_one_longest_silent() -> None:
    fresh, slow, silent, longest = a_word(0), a_word(7), a_word(20), a_word(40)

    assert loudest([fresh, slow, silent, longest], NOON) is longest
    assert loudest([fresh, slow], NOON) is slow
    assert loudest([], NOON) is None


def test_takings_are_complete_until_the_slowest_selling_tablet() -> None:
    assert complete_until([a_word(0), a_word(7), a_word(600, selling=False)], NOON) == NOON - timedelta(minutes=7)
    assert complete_until([a_word(0), a_word(None)], NOON) is None
    assert complete_until([], NOON) == NOON


def test_every_cut_adds_up(market: Market) -> None:
    market.sell("booth one", "honey", 2, 100_000)
    market.sell("booth two", "bowl", 1, 70_000, tender="vietqr")
    market.sell("booth two", "honey", 1, 100_000, tender="card")
    market.sell("shop", "honey", 9, 100_000)  # not at the fair
    fair = db.session.get_one(Fair, market.ids["fair"])

    board = get_board(db.session(), fair, today())

    assert board.takings_vnd == 370_000
    assert board.tickets == 3
    assert sorted((b.name, b.takings_vnd) for b in board.booths) == [
        ("Gian Bát Tràng", 170_000),
        ("Gian Quà Hà Nội", 200_000),
    ]
    assert sum(board.hours.values()) == 370_000
    assert board.tenders == [("cash", 200_000), ("card", 100_000), ("vietqr", 70_000)]
    assert sum(vnd for _, vnd, _ in board.best) == 370_000


def test_the_organizer_sees_the_takings_of_all_booths(market: Market) -> None:
    market.sell("booth one", "honey", 2, 100_000)
    market.sell("booth two", "bowl", 1, 70_000, tender="vietqr")

    page = read(market, "organizer", f"/fairs/{market.ids['fair']}")

    assert "Doanh thu hôm nay 270.000 ₫" in page
    assert "Gian Quà Hà Nội 200.000 1 vừa xong" in page
    assert "Chuyển khoản QR 70.000" in page
    assert "Cộng 2 gian 270.000 2" in page


def test_a_silent_tablet_is_loud(market: Market) -> None:
    with unit_of_work() as session:
        session.execute(
            update(DeviceLog)
            .where(DeviceLog.site_id == market.ids["booth two"])
            .values(last_seen_at=now() - timedelta(minutes=31), unsent_told=4)
        )

    page = read(market, "organizer", f"/fairs/{market.ids['fair']}")

    assert "im lặng 31 phút" in page
    assert "Im lặng 31 phút · 4 đơn" in page
    assert "1 / 2 quầy có tin mới" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("organizer", 200), ("administrator", 200), ("other organizer", 404), ("manager", 403), ("cashier", 403)],
)
def test_the_board_is_for_those_who_may_watch_this_fair(market: Market, who: str, status: int) -> None:
    assert market.as_(who).get(f"/fairs/{market.ids['fair']}").status_code == status


def test_the_board_refreshes_itself_with_and_without_scripts(market: Market) -> None:
    html = market.as_("organizer").get(f"/fairs/{market.ids['fair']}").get_data(as_text=True)

    assert f'hx-get="/fairs/{market.ids["fair"]}" hx-trigger="every 10s"' in html
    assert '<noscript><meta http-equiv="refresh"' in html


def test_an_organizer_of_one_fair_is_led_to_it(market: Market) -> None:
    assert market.as_("organizer").get("/fairs/").location == f"/fairs/{market.ids['fair']}"


def test_the_board_asks_as_much_for_one_sale_as_for_three_hundred(market: Market) -> None:
    client, url = market.as_("organizer"), f"/fairs/{market.ids['fair']}"
    market.sell("booth one", "honey", 1, 100_000)
    with counted() as few:
        client.get(url)
    device = market.devices["booth two"]
    device.send(*(device.sale((market.ids["bowl"], 1000, 70_000)) for _ in range(300)))

    with counted() as many:
        page = client.get(url).get_data(as_text=True)

    assert len(many) == len(few)
    assert "21.100.000" in page
