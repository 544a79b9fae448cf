"""Messages to producers: once each, in their words, and by e-mail through a real server."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from pos.access.models import DeviceLog
from pos.catalogue.service.prices import ask_price
from pos.consignment.models import AgreementVersion
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.notices.adapters.smtp import server_of
from pos.notices.jobs import MOST_TRIES, send_notice
from pos.notices.models import Notice, NoticeSending
from pos.notices.service import SEND, add_email, end_address
from pos.outbox.models import Job
from pos.outbox.service import do_one
from pos.producers.service import add_account
from pos.reports.notices import EVENING, LOOK, evening, keep_noticing, look, tell_evening, tell_occasions
from tests.databases import SECRET
from tests.notices.mailbox import a_mailbox
from tests.reports.market import Market, a_market
from tests.reports.test_producer import words_of


@pytest.fixture
def market(app: Flask) -> Market:
    """Two jars of honey sold at the shop, out of the twenty that came."""
    made = a_market(app)
    with unit_of_work() as session:
        session.execute(update(AgreementVersion).values(return_window_days=60))  # whatever the weekday, nothing is due
    made.sell("shop", "honey", 2, 100_000)
    return made


def texts(kind: str) -> list[str]:
    return list(db.session.scalars(select(Notice.vi).where(Notice.kind == kind).order_by(Notice.id)))


def test_the_evening_tells_the_three_lines_once_a_day(market: Market) -> None:
    first = tell_evening(db.session(), today(), at=now())
    market.sell("shop", "honey", 1, 100_000)
    again = tell_evening(db.session(), today(), at=now())

    (text,) = texts("evening")
    english = db.session.scalars(select(Notice.en)).one()
    assert (first, again) == (1, 0)
    lines = text.split("\n")
    assert lines[1:4] == [
        "Hôm nay bán 2 hũ mật ong · 200.000 đ",
        "Chưa có tiền đến ngày trả; 167.600 đ còn chờ",
        "Còn ở các điểm: 18 hũ, 5 gói",
    ]
    assert lines[4].startswith("Đủ đến ")
    assert lines[-1].endswith(f"/producer/{market.ids['honey maker']}")
    assert english.split("\n")[1] == "Sold today: 2 hũ mật ong · 200.000 đ"


def test_who_sold_nothing_hears_nothing_and_unsent_sales_are_named(market: Market) -> None:
    with unit_of_work() as session:
        session.execute(update(DeviceLog).where(DeviceLog.site_id == market.ids["shop"]).values(unsent_told=3))

    tell_evening(db.session(), today(), at=now())

    makers = set(db.session.scalars(select(Notice.producer_id)))
    assert makers == {market.ids["honey maker"]}
    assert "; Quầy shop còn 3 đơn chưa gửi" in texts("evening")[0]


def test_tastings_and_breakage_stand_in_it_with_who_bears_them(market: Market) -> None:
    device = market.devices["shop"]
    gone = [("sample", 1000), ("broken", 2000)]
    device.send(
        *(
            device.event("goods.out", {"reason": reason, "lines": [{"product": market.ids["honey"], "qty_milli": n}]})
            for reason, n in gone
        )
    )

    tell_evening(db.session(), today(), at=now())
    page = words_of(market.as_("honey maker").get(f"/producer/{market.ids['honey maker']}/sold").get_data(as_text=True))

    lines = texts("evening")[0].split("\n")
    assert lines[4:6] == ["Vỡ, hỏng 2 hũ mật ong: đang xem ai chịu", "Nếm thử 1 hũ mật ong: bạn chịu"]
    assert "Nếm thử 1 hũ Mật ong Cửa hàng Hàng Bồ: bạn chịu" in page


def test_occasions_are_told_once_each(market: Market) -> None:
    maker, gifts = market.ids["honey maker"], market.ids["gifts"]
    market.sell("shop", "tea", 5, 50_000)
    with unit_of_work() as session:
        for number in ("111122223333", "1500204321"):
            add_account(
                session, maker, bank_bin="970405", bank_name="Agribank", number=number, holder="BA HOA", secret=SECRET,
                at=now(),
            )  # fmt: skip
            session.flush()
        ask_price(
            session, operator_id=gifts, product_id=market.ids["honey"], price_vnd=120_000,
            starts_at=now() + timedelta(days=2), at=now(), by=None,
        )  # fmt: skip

    told = tell_occasions(db.session(), at=now())
    again = tell_occasions(db.session(), at=now())

    assert (told, again) == (3, 0)
    assert texts("out")[0].startswith("Chè búp đã hết ở Cửa hàng Hàng Bồ.\n")
    assert texts("account")[0].startswith("Tài khoản nhận tiền của bạn vừa đổi thành Agribank …4321.")
    assert "hỏi giá mới của mật ong: 120.000 đ (đang 100.000) từ" in texts("price")[0]


def test_the_looking_promises_itself_and_the_evening_and_both_may_run_twice(market: Market) -> None:
    with unit_of_work() as session:
        keep_noticing(session, at=now())
        keep_noticing(session, at=now())

    work = {LOOK: look, EVENING: evening, SEND: send_notice}
    with unit_of_work() as session:
        session.execute(update(Job).where(Job.kind.not_in(work)).values(done_at=now()))
    do_one(work, now())
    due = db.session.scalars(select(Job).where(Job.kind == EVENING)).one()
    evening(json.loads(due.payload))
    do_one({**work, LOOK: lambda _: due.not_before}, due.not_before)  # the look stands first in the row
    do_one(work, due.not_before + timedelta(hours=1))

    kinds = sorted(db.session.scalars(select(Job.kind).where(Job.kind.in_((LOOK, EVENING)))))
    assert kinds == [EVENING, LOOK]
    assert len(texts("evening")) == 1


def test_a_message_goes_by_mail_in_its_language_and_only_once(market: Market, app: Flask) -> None:
    maker = market.ids["honey maker"]
    with a_mailbox() as box:
        app.config.update(POS_SMTP_URL=box.url, POS_SMTP_FROM="ocop@example.vn")
        with unit_of_work() as session:
            add_email(session, maker, "ba.hoa@example.vn", language="vi", at=now(), by=None)
        tell_evening(db.session(), today(), at=now())
        payload = {
            "notice": db.session.scalars(select(Notice.id)).one(),
            "address": db.session.scalars(select(NoticeSending.address_id)).one(),
        }
        first, second = send_notice(payload), send_notice(payload)

    (mail,) = box.mails
    assert (first, second) == (None, None)
    assert (mail["To"], mail["From"]) == ("ba.hoa@example.vn", "ocop@example.vn")
    assert mail["Subject"].startswith("HTX Mật ong Ba Vì")
    assert "Hôm nay bán 2 hũ mật ong · 200.000 đ" in mail.get_content()
    assert db.session.scalars(select(NoticeSending.state)).one() == "sent"


def test_a_mail_that_does_not_go_waits_and_one_refused_is_given_up(market: Market, app: Flask) -> None:
    maker = market.ids["honey maker"]
    with a_mailbox() as box:
        box.answers = {"nobody@example.vn": "550 no such mailbox", "full@example.vn": "451 later"}
        app.config.update(POS_SMTP_URL=box.url, POS_SMTP_FROM="ocop@example.vn")
        with unit_of_work() as session:
            for address in box.answers:
                add_email(session, maker, address, language="vi", at=now(), by=None)
        tell_evening(db.session(), today(), at=now())
        rows = db.session.execute(select(NoticeSending.notice_id, NoticeSending.address_id)).all()
        later = [send_notice({"notice": notice, "address": address}) for notice, address in rows]
    app.config.update(POS_SMTP_URL="smtp://127.0.0.1:1")
    for _ in range(MOST_TRIES):
        for notice, address in rows:
            send_notice({"notice": notice, "address": address})

    assert sorted(moment is None for moment in later) == [False, True]
    assert box.mails == []
    ends = sorted((row.state, row.tries) for row in db.session.scalars(select(NoticeSending)))
    assert ends == [("failed", 1), ("failed", MOST_TRIES)]


def test_a_bad_address_is_refused(market: Market) -> None:
    maker = market.ids["honey maker"]
    bad = ("", "hoa", "a@b", "a b@c.vn", "a@c.vn\nBcc: x@y.vn", "a@c.vn,d@e.vn", "x" * 250 + "@c.vn")
    for address in bad:
        with pytest.raises(Invalid, match=r"notice\.email"), unit_of_work() as session:
            add_email(session, maker, address, language="vi", at=now(), by=None)


def test_addresses_end_and_are_not_doubled(market: Market) -> None:
    maker = market.ids["honey maker"]
    with unit_of_work() as session:
        made = add_email(session, maker, "a@example.vn", language="vi", at=now(), by=None).id
    with pytest.raises(Conflict, match=r"notice\.known"), unit_of_work() as session:
        add_email(session, maker, "a@example.vn", language="vi", at=now(), by=None)
    with unit_of_work() as session:
        end_address(session, maker, made, at=now())

    tell_evening(db.session(), today(), at=now())

    assert db.session.scalars(select(NoticeSending.state)).all() == []


def test_the_page_shows_texts_to_copy_without_javascript(market: Market, app: Flask) -> None:
    app.config.update(POS_SMTP_URL="smtp://127.0.0.1:1")
    tell_evening(db.session(), today(), at=now())
    client, url = market.as_("honey maker"), f"/producer/{market.ids['honey maker']}/notices"

    wrong = client.post(f"{url}/email", data={"address": "hoa"})
    right = client.post(f"{url}/email", data={"address": "hoa@example.vn"})
    html = client.get(url).get_data(as_text=True)

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "Hôm nay bán 2 hũ mật ong · 200.000 đ" in html.partition("<textarea")[2].partition("</textarea>")[0]
    assert "hoa@example.vn" in html
    assert "2 tin" not in html
    assert "1 tin" in client.get(f"/producer/{market.ids['honey maker']}").get_data(as_text=True)


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "smtp://x"])
def test_half_a_setting_says_which(url: str) -> None:
    with pytest.raises(ValueError, match="POS_SMTP_URL"):
        server_of(url, "" if url == "smtp://x" else "a@b.vn")
