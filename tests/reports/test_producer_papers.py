"""A producer's money down to its account, its statement on the phone, and its year against the threshold."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from pos.consignment.models import AgreementVersion, Dispute, Share, Statement
from pos.consignment.service.notes import give_advance
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.text import dong
from pos.producers.models import Producer
from pos.producers.service import add_account
from pos.reports.queries.producer_money import get_cards, get_money
from tests.databases import SECRET
from tests.reports.market import Market
from tests.reports.test_producer import read


def settled_today(market: Market) -> str:
    """Six jars sold at the shop, everything payable at once, a reserve and an advance agreed; the maker's id."""
    maker, gifts = market.ids["honey maker"], market.ids["gifts"]
    with unit_of_work() as session:
        session.execute(update(AgreementVersion).values(return_window_days=0, reserve_bp=500, recoup_bp=5000))
        add_account(
            session, maker, bank_bin="970405", bank_name="Agribank", number="1500204321", holder="BA HOA",
            secret=SECRET, at=now(), confirmed_at=now(),
        )  # fmt: skip
        give_advance(session, gifts, maker, amount_vnd=100_000, day=today(), at=now(), by=None, reason="vụ mới")
    market.sell("shop", "honey", 6, 100_000)
    return maker


def test_the_next_payment_is_what_a_settlement_would_pay(market: Market) -> None:
    maker = settled_today(market)
    money, payments = get_money(db.session(), maker, today())
    with unit_of_work() as session:
        id_ = freeze_statement(session, market.ids["gifts"], maker, today(), run_on=today(), at=now(), by=None)
        paid = session.scalars(select(Statement.payout_vnd).where(Statement.id == id_)).one()

    assert (money.available, money.advance, money.owed) == (502_800, -100_000, 402_800)
    assert (payments[0].vnd, payments[0].account, payments[0].certain) == (paid, "4321", False)


def test_why_tells_reserve_advance_and_where_the_money_lies_by_operator(market: Market) -> None:
    maker = settled_today(market)
    before = read(market, "honey maker", f"/producer/{maker}/why")
    with unit_of_work() as session:
        freeze_statement(session, market.ids["gifts"], maker, today(), run_on=today(), at=now(), by=None)

    page = read(market, "honey maker", f"/producer/{maker}/why")
    cards = get_cards(db.session(), maker, today())

    assert "Tiền đang ở: 502.800 trong ngăn kéo Cửa hàng Hàng Bồ" in before
    assert "Giữ lại dự phòng 30.000" in page
    assert "BK-0001 Quà Hà Nội" in read(market, "honey maker", f"/producer/{maker}/why/reserve")
    assert [card.operator_name for card in cards] == ["HTX Bát Tràng", "Quà Hà Nội"]
    owed = sum(card.money.owed for card in cards)
    assert f"Còn được nhận {dong(owed)}" in page
    assert "vào …4321" in page
    assert owed == 502_800 - 100_000  # the reserve comes back, the advance was had


def test_a_statement_opens_as_page_and_text_and_is_nobody_elses(market: Market) -> None:
    maker = settled_today(market)
    with unit_of_work() as session:
        id_ = freeze_statement(session, market.ids["gifts"], maker, today(), run_on=today(), at=now(), by=None)
    url = f"/producer/{maker}/statements/{id_}"

    page = read(market, "honey maker", url)

    assert "6 hũ Mật ong 600.000 phần của bạn 502.800" in page
    assert "Quà Hà Nội: bảng kê BK-0001" in page
    assert "Thu hồi tạm ứng −100.000" in page
    assert "Agribank ••••4321" in page
    assert market.as_("bowl maker").get(url).status_code == 404
    assert market.as_("honey maker").get(url.replace(maker, market.ids["bowl maker"])).status_code == 404
    assert market.as_("honey maker").get(f"{url}.png").data[:4] == b"\x89PNG"


def test_the_year_adds_up_over_operators_and_says_how_near_the_threshold_is(market: Market) -> None:
    market.sell("shop", "honey", 6, 100_000)
    market.sell("booth two", "honey", 4, 100_000)
    year, maker = today().year, market.ids["honey maker"]

    page = read(market, "honey maker", f"/producer/{maker}/year")
    past = read(market, "honey maker", f"/producer/{maker}/year?year={year - 1}")

    assert f"Doanh thu năm {year}" in page
    assert f"{today():%m/%Y} 400.000 600.000 1.000.000" in page
    assert "HTX Bát Tràng 400.000 Quà Hà Nội 600.000" in page
    assert f"Doanh thu năm {year - 1}" in past
    assert "chưa bán được món nào" in past


def test_a_household_reads_the_threshold_and_its_day(market: Market) -> None:
    maker = market.ids["honey maker"]
    with unit_of_work() as session:
        session.execute(update(Producer).where(Producer.id == maker).values(kind="household"))
    market.sell("shop", "honey", 20, 100_000)

    page = read(market, "honey maker", f"/producer/{maker}/year")

    assert "Bằng 0,2 % của ngưỡng 1 tỷ đồng một năm" in page
    assert f"chậm nhất ngày 31/01/{today().year + 1}" in page


def test_one_tap_says_what_is_wrong_and_only_that_line_waits(market: Market) -> None:
    market.sell("shop", "honey", 1, 100_000)
    sold = market.sell("shop", "tea", 1, 50_000)
    maker = market.ids["honey maker"]
    share = db.session.scalars(select(Share.id).where(Share.event_id == sold)).one()
    url, client = f"/producer/{maker}/line/{share}", market.as_("honey maker")

    said = client.post(f"{url}/dispute", data={"kind": "price", "words": "giá là 60.000"})
    again = read(market, "honey maker", client.post(f"{url}/dispute", data={"kind": "price"}).location)
    money, _ = get_money(db.session(), maker, today() + timedelta(days=30))
    others = market.as_("bowl maker").post(f"{url}/dispute", data={"kind": "price"})
    mine = read(market, "honey maker", f"/producer/{maker}/disputes")
    dispute = db.session.scalars(select(Dispute.id)).one()
    back = client.post(f"/producer/{maker}/disputes/{dispute}/withdraw")
    after, _ = get_money(db.session(), maker, today() + timedelta(days=30))

    assert (said.status_code, others.status_code, back.status_code) == (303, 404, 303)
    assert "KN-0001 · Sai giá : giá là 60.000" in mine
    assert "chờ trả lời" in again
    assert (money.available, money.disputed, money.owed) == (83_800, 41_900, 125_700)
    assert (after.available, after.disputed) == (125_700, 0)


def test_held_money_frees_by_its_day(market: Market) -> None:
    market.sell("shop", "honey", 1, 100_000)
    maker = market.ids["honey maker"]

    now_held, _ = get_money(db.session(), maker, today())
    later, _ = get_money(db.session(), maker, today() + timedelta(days=7))

    assert (now_held.held, now_held.available, now_held.held_until) == (83_800, 0, today() + timedelta(days=7))
    assert (later.held, later.available) == (0, 83_800)
