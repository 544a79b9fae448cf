"""A producer enters by card and PIN, without e-mail or script; a new card ends the old one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from pos.access.models import AccessKey, Lockout
from pos.access.rules import pin_trouble
from pos.access.service import grant, hash_of, issue_card, secrets
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.places.models import Operator
from tests import factories as f
from tests.reports.market import Market


def a_card(market: Market, who: str = "administrator", producer: str = "honey maker") -> tuple[str, str]:
    """(path of the QR's link, PIN) of a card issued in the office to somebody new."""
    made = market.as_(who).post(f"/cards/{market.ids[producer]}", data={"name": "Nguyễn Thị Hoa"})
    html = made.get_data(as_text=True)
    assert made.status_code == 200
    pin = re.search(r'key-pin">.*?<b class="num">(\d{6})<', html, re.S)
    assert pin is not None
    key = newest_key()
    return key, pin[1]


SECRETS: dict[str, str] = {}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The link stands in the QR only: remember the key as it is made."""
    real = secrets.random_key

    def remembered() -> str:
        SECRETS["last"] = real()
        return SECRETS["last"]

    monkeypatch.setattr("pos.access.service.cards.random_key", remembered)


def newest_key() -> str:
    return f"/p/{SECRETS['last']}"


def opened(market: Market, link: str, pin: str, own: str | None = "8025") -> FlaskClient:
    """A phone that scanned the card, typed the PIN and chose its own."""
    phone = market.app.test_client()
    assert phone.get(link).location == "/p"
    assert phone.post("/p", data={"pin": pin}).status_code == 303
    if own:
        assert phone.post("/p/pin", data={"pin": own, "again": own}).status_code == 303
    return phone


def test_a_card_opens_the_producers_page_and_nothing_else(market: Market) -> None:
    phone = opened(market, *a_card(market))

    assert phone.get("/producer").location == f"/producer/{market.ids['honey maker']}"
    assert phone.get(f"/producer/{market.ids['honey maker']}").status_code == 200
    assert phone.get(f"/producer/{market.ids['bowl maker']}").status_code == 404
    assert phone.get("/office").status_code == 403
    assert phone.get("/account").status_code == 404


def test_a_card_of_somebody_with_more_rights_still_opens_the_producers_page_only(market: Market) -> None:
    with unit_of_work() as session:
        person = market.people["manager"]
        grant(session, person, "producer", "producer", market.ids["honey maker"], at=now())
        issued = issue_card(session, person, by=person, at=now())
        link, pin = f"/p/{issued.key}", issued.pin

    phone = opened(market, link, pin)

    assert phone.get(f"/producer/{market.ids['honey maker']}").status_code == 200
    assert phone.get("/people/").status_code == 403


def test_the_key_is_gone_from_the_address_and_kept_as_a_hash(market: Market) -> None:
    link, _pin = a_card(market)
    phone = market.app.test_client()

    answer = phone.get(link)

    assert (answer.status_code, answer.location) == (302, "/p")
    assert answer.headers["Cache-Control"] == "no-store"
    kept = db.session.scalars(select(AccessKey)).one()
    assert kept.secret_hash == hash_of(link.removeprefix("/p/"))
    assert kept.pin_hash.startswith("$argon2id$")
    page = phone.get("/p").get_data(as_text=True)
    assert "<script" not in page
    assert link.removeprefix("/p/") not in page


def test_an_unknown_key_gets_the_same_answers(market: Market) -> None:
    phone = market.app.test_client()

    assert phone.get("/p/abcdefghjkmnpqrstuvwxyz234").location == "/p"
    assert "Gõ PIN của bạn" in phone.get("/p").get_data(as_text=True)
    assert phone.post("/p", data={"pin": "8025"}).status_code == 401


def test_the_first_pin_opens_only_the_page_that_changes_it(market: Market) -> None:
    link, pin = a_card(market)
    phone = opened(market, link, pin, own=None)
    home = f"/producer/{market.ids['honey maker']}"

    assert phone.get(home).location == "/p/pin"
    assert phone.get("/").location == "/p/pin"
    assert phone.get(home, headers={"HX-Request": "true"}).status_code == 403
    assert phone.post("/p/pin", data={"pin": pin, "again": pin}).status_code == 422
    assert phone.post("/p/pin", data={"pin": "1234", "again": "1234"}).status_code == 422
    assert phone.post("/p/pin", data={"pin": "8025", "again": "8026"}).status_code == 422
    assert phone.post("/p/pin", data={"pin": "80 25", "again": "8025"}).status_code == 303
    assert phone.get(home).status_code == 200


def test_a_session_lives_180_days_and_outlives_the_browser(market: Market) -> None:
    phone = opened(market, *a_card(market))

    cookie = phone.get_cookie("session")
    assert cookie is not None
    assert cookie.max_age is None
    assert cookie.expires is not None
    assert timedelta(days=179) < cookie.expires - now() <= timedelta(days=180)
    expires = db.session.scalar(select(AccessKey.expires_at))
    assert expires is not None
    assert timedelta(days=179) < expires - now() <= timedelta(days=180)


def test_an_expired_card_lets_nobody_in_and_out_again(market: Market) -> None:
    link, pin = a_card(market)
    phone = opened(market, link, pin)
    with unit_of_work() as session:
        past = now() - timedelta(days=181)
        session.execute(update(AccessKey).values(issued_at=past, expires_at=now() - timedelta(seconds=1)))

    assert phone.get("/producer").location.startswith("/p?next=")
    assert phone.post("/p", data={"pin": "8025"}).status_code == 401


def test_reissue_ends_the_old_card_and_its_sessions(market: Market) -> None:
    old, pin = a_card(market)
    phone = opened(market, old, pin)
    person = db.session.scalars(select(AccessKey.person_id)).one()

    answer = market.as_("administrator").post(f"/cards/{market.ids['honey maker']}", data={"person": person})

    assert answer.status_code == 200
    assert phone.get("/producer").status_code == 302
    assert phone.post("/p", data={"pin": "8025"}).status_code == 401
    states = db.session.execute(select(AccessKey.revoked_at.is_(None)).order_by(AccessKey.issued_at))
    assert [live for (live,) in states] == [False, True]


def test_a_lost_card_is_ended_by_any_operator_that_sells_for_the_producer(market: Market) -> None:
    phone = opened(market, *a_card(market))
    person = db.session.scalars(select(AccessKey.person_id)).one()

    assert market.as_("manager").post(f"/cards/{market.ids['honey maker']}/{person}/end").status_code == 303
    assert phone.get("/producer").status_code == 302


def test_wrong_pins_lock_the_card_for_everybody(market: Market) -> None:
    link, pin = a_card(market)
    phone = market.app.test_client()
    phone.get(link)

    answers = [phone.post("/p", data={"pin": "0007"}).status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]
    other = market.app.test_client()
    other.get(link)
    assert other.post("/p", data={"pin": pin}).status_code == 429


def test_one_address_cannot_try_many_cards(market: Market) -> None:
    phone = market.app.test_client()
    for n in range(30):
        phone.get(f"/p/unknown{n:020d}")
        assert phone.post("/p", data={"pin": "0007"}).status_code == 401
    phone.get("/p/another")

    assert phone.post("/p", data={"pin": "0007"}).status_code == 429
    with unit_of_work() as session:
        session.execute(update(Lockout).values(locked_until=now() - timedelta(seconds=1)))
    assert phone.post("/p", data={"pin": "0007"}).status_code == 401


def test_changing_the_pin_logs_the_other_phones_out(market: Market) -> None:
    link, pin = a_card(market)
    one = opened(market, link, pin)
    two = market.app.test_client()
    two.get(link)
    two.post("/p", data={"pin": "8025"})

    assert one.post("/p/pin", data={"pin": "730916", "again": "730916"}).status_code == 303

    assert one.get("/producer").location == f"/producer/{market.ids['honey maker']}"
    assert two.get("/producer").location.startswith("/p?next=")


def test_after_log_out_the_phone_asks_for_the_pin_only(market: Market) -> None:
    phone = opened(market, *a_card(market))

    assert phone.post("/logout").location == "/p"
    assert phone.get("/producer").location.startswith("/p?next=")
    assert phone.post("/p", data={"pin": "8025"}).status_code == 303


def test_who_answers_for_one_operator_makes_no_card_for_a_producer_of_two(market: Market) -> None:
    honey, page = market.ids["honey maker"], f"/cards/{market.ids['honey maker']}"

    assert market.as_("manager").get(page).status_code == 200
    assert market.as_("manager").post(page, data={"name": "Bà Hoa"}).status_code == 403
    with unit_of_work() as session:
        own = f.a_producer(session, "HTX Một Nhà")
        f.an_agreement(session, session.get_one(Operator, market.ids["gifts"]), own)
        stranger = f.a_producer(session, "HTX Không Quen").id
        own_id = own.id
    assert market.as_("manager").post(f"/cards/{own_id}", data={"name": "Bà Một"}).status_code == 200
    assert market.as_("other manager").post(f"/cards/{own_id}", data={"name": "Bà Một"}).status_code == 404
    assert market.as_("manager").get(f"/cards/{stranger}").status_code == 404
    assert honey in market.as_("manager").get("/cards/").get_data(as_text=True)
    assert own_id not in market.as_("other manager").get("/cards/").get_data(as_text=True)


def test_nobody_gets_a_card_of_a_producer_they_do_not_stand_for(market: Market) -> None:
    page = f"/cards/{market.ids['honey maker']}"

    assert market.as_("administrator").post(page, data={"person": market.people["manager"]}).status_code == 404
    assert market.as_("administrator").post(page, data={"person": market.people["bowl maker"]}).status_code == 404


@pytest.mark.parametrize("pin", ["0000", "111111", "1234", "654321", "1212", "121212", "1987", "2004", "89", "1234567",
                                 "12a4", "", "١٢٣٧"])  # fmt: skip
def test_guessed_pins_are_refused(pin: str) -> None:
    assert pin_trouble(pin) in ("pin.digits", "pin.weak")


@pytest.mark.parametrize("pin", ["8025", "73091", "730916", "0417"])
def test_other_pins_are_fine(pin: str) -> None:
    assert pin_trouble(pin) is None


def test_a_card_issued_anew_locks_the_account_for_a_day(market: Market) -> None:
    maker, holder = market.ids["honey maker"], market.people["honey maker"]
    account = {"bank_bin": "970405", "bank_name": "Agribank", "number": "1500204321", "holder": "BA HOA"}
    change, office = f"/producers/{maker}/accounts", market.as_("administrator")

    first = office.post(change, data=account)
    for _ in range(2):
        with unit_of_work() as session:
            issue_card(session, holder, by=market.people["administrator"], at=now())
    locked = office.post(change, data=account)
    with unit_of_work() as session:
        long_ago = now() - timedelta(hours=25)
        for n, key in enumerate(session.scalars(select(AccessKey).order_by(AccessKey.issued_at))):
            key.issued_at = long_ago + timedelta(seconds=n)
    later = office.post(change, data=account)

    assert (first.status_code, locked.status_code, later.status_code) == (303, 422, 303)
    assert "vừa được cấp lại: đổi tài khoản được từ" in locked.get_data(as_text=True)


def test_the_qr_on_paper_leads_to_the_right_producer_and_opens_nothing_by_itself(market: Market) -> None:
    maker, other = market.ids["honey maker"], market.ids["bowl maker"]
    key, pin = a_card(market)
    stranger, phone = market.app.test_client(), opened(market, key, pin)
    own = f"/producer/{maker}"

    assert phone.get(f"/p/to/{maker}").location == own
    phone.delete_cookie("session")
    phone.get(key)
    asked = phone.get(f"/p/to/{maker}").get_data(as_text=True)
    assert 'name="pin"' in asked
    assert f'name="next" value="{own}"' in asked
    assert phone.post("/p", data={"pin": "8025", "next": own}).location == own

    # Another producer's paper asks for that one's card, and a stranger learns nothing from any id.
    assert 'name="pin"' not in phone.get(f"/p/to/{other}").get_data(as_text=True)
    shown = [stranger.get(f"/p/to/{id_}").get_data(as_text=True) for id_ in (maker, other, "nobody")]
    assert all("Hãy quét mã QR trên thẻ của bạn." in html and 'name="pin"' not in html for html in shown)
    assert stranger.get(own).status_code == 302
