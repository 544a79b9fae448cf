"""The queue of doubts: by cause, money first, whose they are, where; each act leaves its row of history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pos.access.reach import EVERYWHERE
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.reports.queries.flags import NOBODY, Wanted, list_causes, list_doubts
from pos.till.models import Flag, FlagChange
from pos.till.service.flags import cause_gone, close_flag, give_flag
from tests.counting import counted
from tests.reports.market import Market
from tests.reports.test_producer import read


def doubted(market: Market, price: int = 90_000, place: str = "shop") -> str:
    """A sale under the list price; the id of its doubt."""
    sale = market.sell(place, "honey", 1, price)
    return str(db.session.scalar(select(Flag.id).where(Flag.event_id == sale, Flag.code == "price_differs")))


def owner_of(flag_id: str) -> str | None:
    db.session.rollback()
    return db.session.scalar(select(Flag.owner_id).where(Flag.id == flag_id))


def history() -> list[tuple[Any, ...]]:
    db.session.rollback()
    rows = db.session.execute(
        select(FlagChange.what, FlagChange.owner_id, FlagChange.because).order_by(FlagChange.at, FlagChange.id)
    )
    return [tuple(row) for row in rows]


def test_somebody_takes_it_hands_it_on_and_lays_it_down(market: Market) -> None:
    flag_id, people = doubted(market), market.people
    client, url = market.as_("manager"), f"/office/flags/{flag_id}/owner"

    mine = client.post(url, data={"owner": "me"}, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "Bạn lo" in mine
    assert "<html" not in mine
    assert owner_of(flag_id) == people["manager"]
    client.post(url, data={"owner": people["administrator"]}, headers={"HX-Request": "true"})
    assert owner_of(flag_id) == people["administrator"]
    assert "Quản trị lo" in read(market, "manager", "/office/flags")
    plain = client.post(url, data={"owner": "", "back": "/office/flags?code=price_differs"})
    assert (plain.status_code, plain.location) == (303, "/office/flags?code=price_differs")

    assert owner_of(flag_id) is None
    assert history() == [("owner", people["manager"], None), ("owner", people["administrator"], None),
                         ("owner", None, None)]  # fmt: skip


@pytest.mark.parametrize("who", ["cashier", "supervisor", "other manager", "honey maker", "nobody at all"])
def test_only_who_may_close_it_can_be_given_it(market: Market, who: str) -> None:
    flag_id = doubted(market)

    answer = market.as_("manager").post(
        f"/office/flags/{flag_id}/owner", data={"owner": market.people.get(who, "x")}, headers={"HX-Request": "true"}
    )

    assert "Hãy chọn người khác" in answer.get_data(as_text=True)
    assert owner_of(flag_id) is None
    assert history() == []


def test_what_is_done_is_not_given_nor_done_again(market: Market) -> None:
    flag_id, manager = doubted(market), market.people["manager"]
    with unit_of_work() as work:
        close_flag(work, flag_id, " giá cũ ", by=manager, at=now())
    with unit_of_work() as work:
        close_flag(work, flag_id, "lần nữa", by=manager, at=now())

    with pytest.raises(Conflict, match=r"flag\.done"), unit_of_work() as work:
        give_flag(work, flag_id, manager, by=manager, at=now())
    with pytest.raises(NotFound), unit_of_work() as work:
        give_flag(work, "none", None, by=manager, at=now())
    with pytest.raises(Invalid), unit_of_work() as work:
        close_flag(work, flag_id, "", by=manager, at=now())

    assert history() == [("closed", None, "giá cũ")]


def test_history_cannot_be_changed(market: Market) -> None:
    flag_id, manager = doubted(market), market.people["manager"]
    with unit_of_work() as work:
        give_flag(work, flag_id, manager, by=manager, at=now())

    for statement in ("UPDATE flag_change SET because = 'x'", "DELETE FROM flag_change"):
        with pytest.raises(DBAPIError), unit_of_work() as work:
            work.execute(text(statement))


def test_causes_by_money_and_within_them_money_then_age(market: Market) -> None:
    small, big = doubted(market, 99_000), doubted(market, 10_000)
    old, young = doubted(market, 50_000), doubted(market, 50_000)
    with unit_of_work() as work:
        work.get_one(Flag, old).raised_at = now() - timedelta(days=3)
    market.sell("shop", "bowl", 1, 70_000)  # no money in question: stock below zero

    causes = [cause.code for cause in list_causes(db.session(), EVERYWHERE)]
    found, more = list_doubts(db.session(), EVERYWHERE, Wanted(), causes=causes, page=1)

    assert causes == ["price_differs", "negative_stock"]
    assert [d.id for d in found if d.code == "price_differs"] == [big, old, young, small]
    assert [d.code for d in found] == ["price_differs"] * 4 + ["negative_stock"]
    assert not more
    page = read(market, "manager", "/office/flags")
    assert "Giá bán khác giá niêm yết 4 mục · cũ nhất 3 ngày 191.000" in page
    assert page.index("cũ nhất 3 ngày") < page.index("Bán quá số tồn 1 mục")


def test_the_queue_of_one_site_and_of_one_person(market: Market) -> None:
    here, there = doubted(market), doubted(market, 80_000, "booth one")
    manager = market.people["manager"]
    with unit_of_work() as work:
        give_flag(work, there, manager, by=manager, at=now())

    def queue(**wanted: Any) -> set[str]:
        causes = list_causes(db.session(), EVERYWHERE, Wanted(**wanted))
        found, _ = list_doubts(db.session(), EVERYWHERE, Wanted(**wanted), page=1)
        assert sum(cause.count for cause in causes) == len(found)
        return {d.id for d in found if d.code == "price_differs"}

    assert queue(site_id=market.ids["shop"]) == {here}
    assert queue(owner=manager) == {there}
    assert queue(owner=NOBODY) == {here}
    assert queue(site_id=market.ids["shop"], owner=manager) == set()
    shop = read(market, "manager", f"/office/flags?site={market.ids['shop']}")
    mine = read(market, "manager", "/office/flags?owner=me")
    assert "10.000" in shop
    assert "20.000" not in shop
    assert "20.000" in mine
    assert "10.000" not in mine
    assert "Thử bỏ bớt điều kiện lọc." in read(market, "administrator", "/office/flags?owner=me")


def test_an_owner_stays_on_what_closes_by_itself(market: Market) -> None:
    flag_id, manager = doubted(market), market.people["manager"]
    with unit_of_work() as work:
        give_flag(work, flag_id, manager, by=manager, at=now())
        cause_gone(work, [(work.get_one(Flag, flag_id).event_id, "price_differs")], at=now())

    assert owner_of(flag_id) == manager
    assert "Nguyên nhân đã hết." in read(market, "manager", "/office/flags?state=closed&owner=me")


def test_who_only_reads_gets_no_buttons(market: Market) -> None:
    doubted(market)

    page = market.as_("auditor").get("/office/flags").get_data(as_text=True)

    assert "Chưa ai lo" in page
    assert "Để tôi lo" not in page
    assert "/close" not in page


@pytest.mark.parametrize("path", ["/office/flags", "/office/flags?owner=me", "/office/flags?state=closed"])
def test_as_many_questions_for_one_doubt_as_for_3000(market: Market, path: str) -> None:
    client, manager = market.as_("manager"), market.people["manager"]
    template = doubted(market)

    def fill(numbers: range) -> None:
        """Rows as the intake would leave them, straight into the table: so many sales would take minutes."""
        with unit_of_work() as work:
            base = work.get_one(Flag, template)
            work.add_all(
                Flag(
                    id=f"{n:08x}{template[8:]}", event_id=base.event_id, operator_id=base.operator_id,
                    site_id=base.site_id, code=f"code {n}", amount_vnd=n, facts="{}", raised_at=now(),
                    owner_id=manager, done_because="xong" if n % 2 else None, closed_at=now() if n % 2 else None,
                )
                for n in numbers
            )  # fmt: skip

    fill(range(2))
    with counted() as few:
        client.get(path)
    fill(range(2, 3000))
    with counted() as many:
        assert client.get(path).status_code == 200

    assert len(many) == len(few)
