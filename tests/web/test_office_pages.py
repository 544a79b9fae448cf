"""Lists and forms of the office: they find without accents, come back with words, and stay in scope."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pos.access.models import EnrolCode
from pos.access.service import hash_of
from pos.catalogue.models import Certificate, Offer, Price, Product
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.places.models import Operator, Site
from pos.producers.models import BankAccount, Producer
from pos.stock.models import Document, Level
from tests import factories as f
from tests.counting import counted
from tests.reports.market import Market, a_market
from tests.reports.test_producer import read, words_of


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


LISTS = {
    "/places/": ("manager", "auditor", "cashier"),
    "/producers/": ("manager", "auditor", "organizer"),
    "/products/": ("manager", "auditor", "cashier"),
    "/certificates/": ("manager", "auditor", "cashier"),
    "/stock/": ("manager", "supervisor", "cashier"),
    "/stock/documents": ("manager", "supervisor", "cashier"),
}


@pytest.mark.parametrize("path", LISTS)
def test_lists_open_for_those_who_may_read(market: Market, path: str) -> None:
    may, reads_too, may_not = LISTS[path]

    assert market.as_(may).get(path).status_code == 200
    assert market.as_(reads_too).get(path).status_code == 200
    assert market.as_(may_not).get(path).status_code == 403
    assert market.app.test_client().get(path).location.startswith("/login?next=/")


@pytest.mark.parametrize("path", ["/places/new", "/producers/new", "/products/new", "/certificates/new",
                                  "/stock/documents/new/intake"])  # fmt: skip
def test_forms_are_for_those_who_may_write(market: Market, path: str) -> None:
    assert market.as_("manager").get(path).status_code == 200
    assert market.as_("auditor").get(path).status_code == 403
    assert market.as_("auditor").post(path, data={}).status_code == 403


def test_products_are_found_without_accents_by_name_maker_or_commune(market: Market) -> None:
    for q in ("mat ong", "MẬT", "ba vi", "htx mat"):
        assert "Mật ong" in read(market, "manager", f"/products/?q={q}")
    assert "Không tìm thấy món nào." in read(market, "manager", "/products/?q=khongco")


def test_an_operator_sees_its_own_prices_only(market: Market) -> None:
    with unit_of_work() as session:
        dear = f.a_product(
            session, session.get_one(Producer, market.ids["honey maker"]),
            session.get_one(Operator, market.ids["village"]), name="Mật ong rừng", price_vnd=987_000,
        )  # fmt: skip

    page = read(market, "manager", f"/products/{dear.id}?operator={market.ids['village']}")

    assert "987.000" not in page
    assert "Bán ở Quà Hà Nội chưa có giá" in page


def test_offering_pricing_and_taxing_a_product(market: Market) -> None:
    url = f"/products/{market.ids['tea']}/offer"
    form = {"operator": market.ids["gifts"], "offered": "1", "pinned": "1", "price": "55.000", "vat_class": "standard",
            "vat": "8", "barcode": "CHE01", "own_code": "1"}  # fmt: skip

    answer = market.as_("manager").post(url, data=form)

    assert answer.status_code == 303
    offer = db.session.get_one(Offer, (market.ids["gifts"], market.ids["tea"]))
    newest = select(Price.price_vnd).where(Price.product_id == offer.product_id).order_by(Price.starts_at.desc())
    assert (offer.pinned, db.session.scalars(newest).first()) == (True, 55_000)
    page = read(market, "manager", f"/products/{market.ids['tea']}")
    assert "55.000 ₫" in page
    assert "CHE01" in page


def test_a_price_that_is_no_number_comes_back_with_words(market: Market) -> None:
    url = f"/products/{market.ids['tea']}/price"
    form = {"operator": market.ids["gifts"], "price": "mười nghìn", "place": "operator", "consent": "own"}

    answer = market.as_("manager").post(url, data=form)

    page = words_of(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Còn một chỗ cần sửa: giá : Hãy nhập một số nguyên, ví dụ 125.000." in page
    assert 'value="mười nghìn"' in answer.get_data(as_text=True)


def test_another_operators_offer_cannot_be_changed(market: Market) -> None:
    form = {"operator": market.ids["village"], "offered": "1", "price": "1"}

    market.as_("manager").post(f"/products/{market.ids['honey']}/offer", data=form)

    prices = select(Price.price_vnd).where(
        Price.product_id == market.ids["honey"], Price.operator_id == market.ids["village"]
    )
    assert list(db.session.scalars(prices)) == [100_000]


def test_a_new_product_is_registered_once(market: Market) -> None:
    form = {"producer_id": market.ids["bowl maker"], "name": "Ấm gốm", "unit": "chiếc", "kind": "gom"}
    client = market.as_("manager")

    first = client.post("/products/new", data=form)
    second = client.post("/products/new", data=form)

    assert first.status_code == 303
    assert second.status_code == 422
    assert "đã có sản phẩm tên như vậy" in second.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).where(Product.name == "Ấm gốm")) == 1


def test_a_certificate_runs_thirty_six_months_unless_told(market: Market) -> None:
    form = {"product_id": market.ids["tea"], "stars": "4", "decision_no": "377/QĐ-UBND", "valid_from": "22/11/2026"}

    assert market.as_("administrator").post("/certificates/new", data=form).status_code == 303

    made = db.session.scalars(select(Certificate).where(Certificate.product_id == market.ids["tea"])).one()
    assert made.valid_to.isoformat() == "2029-11-22"
    assert "377/QĐ-UBND" in read(market, "manager", "/certificates/?q=che bup")


def test_certificates_are_sorted_into_states(market: Market) -> None:
    with unit_of_work() as session:
        maker = session.get_one(Producer, market.ids["bowl maker"])
        for name, days in (("Chén hết hạn", -3), ("Chén ba mươi", 20), ("Chén sáu mươi", 50), ("Chén còn lâu", 500)):
            f.a_product(session, maker, name=name, unit="chiếc", stars=3, until=today() + timedelta(days=days))

    past, month, two = (read(market, "manager", f"/certificates/?state={s}") for s in ("past", "30", "60"))

    assert ("Chén hết hạn" in past, "Chén ba mươi" in past) == (True, False)
    assert ("Chén ba mươi" in month, "Chén sáu mươi" in month) == (True, False)
    assert ("Chén ba mươi" in two, "Chén sáu mươi" in two, "Chén còn lâu" in two) == (True, True, False)


def test_a_site_is_opened_and_changed(market: Market) -> None:
    client = market.as_("manager")
    form = {"operator_id": market.ids["gifts"], "kind": "shop", "code": "xt1", "name": "Cửa hàng Xuân Thủy"}

    answer = client.post("/places/new", data=form)
    site = db.session.scalars(select(Site).where(Site.code == "XT1")).one()
    client.post(answer.location, data={"name": "Cửa hàng Xuân Thủy 2", "address": "144 Xuân Thủy", "active": "1"})

    db.session.expire_all()
    assert answer.location == f"/places/{site.id}"
    assert (site.name, site.address, site.active) == ("Cửa hàng Xuân Thủy 2", "144 Xuân Thủy", True)


def test_a_site_of_another_operator_is_not_found(market: Market) -> None:
    client = market.as_("manager")
    form = {"operator_id": market.ids["village"], "kind": "shop", "code": "ZZ1", "name": "Không phải của tôi"}

    assert client.get(f"/places/{market.ids['booth two']}").status_code == 404
    assert client.post(f"/places/{market.ids['booth two']}", data={"name": "X"}).status_code == 404
    assert client.post("/places/new", data=form).status_code == 404


def test_a_booth_without_its_fair_comes_back_with_words(market: Market) -> None:
    form = {"operator_id": market.ids["gifts"], "kind": "booth", "code": "B9", "name": "Gian 9"}

    answer = market.as_("manager").post("/places/new", data=form)

    assert answer.status_code == 422
    assert "Gian hội chợ phải chọn hội chợ" in answer.get_data(as_text=True)


def test_an_enrolment_code_is_shown_once(market: Market) -> None:
    till = market.devices["shop"].till["id"]
    client = market.as_("manager")

    shown = words_of(client.post(f"/places/tills/{till}/code", headers={"HX-Request": "true"}).get_data(as_text=True))

    hashes = set(db.session.scalars(select(EnrolCode.code_hash)))
    codes = [word for word in shown.split() if len(word) == 9 and word[4] == "-"]
    assert [hash_of(code.replace("-", "")) in hashes for code in codes] == [True]
    assert market.as_("other manager").post(f"/places/tills/{till}/code").status_code == 404
    assert market.as_("supervisor").post(f"/places/tills/{till}/code").status_code == 403


def test_an_account_number_is_sealed_and_shown_masked(market: Market) -> None:
    url = f"/producers/{market.ids['honey maker']}"
    form = {"bank_name": "Agribank", "bank_bin": "970405", "number": "1234567894417", "holder": "HTX BA VI"}

    assert market.as_("manager").post(f"{url}/accounts", data=form).status_code == 303

    account = db.session.scalars(select(BankAccount)).one()
    page = market.as_("manager").get(url).get_data(as_text=True)
    assert "1234567894417" not in account.number_sealed
    assert "••4417" in page
    assert "1234567894417" not in page


def test_a_renamed_producer_is_found_by_its_products(market: Market) -> None:
    form = {"name": "HTX Ong Vàng", "kind": "coop", "tax_method": "direct", "commune": "Ba Vì"}

    assert market.as_("manager").post(f"/producers/{market.ids['honey maker']}", data=form).status_code == 303

    assert "Mật ong" in read(market, "manager", "/products/?q=ong vang")


def test_an_intake_raises_the_level(market: Market) -> None:
    form = {
        "operator_id": market.ids["gifts"], "producer_id": market.ids["honey maker"], "site_id": market.ids["shop"],
        "business_date": today().isoformat(), "p-0": market.ids["honey"], "q-0": "12", "note": "PG-01",
    }  # fmt: skip

    answer = market.as_("manager").post("/stock/documents/new/intake", data=form)

    assert answer.status_code == 303
    page = words_of(market.as_("manager").get(answer.location).get_data(as_text=True))
    assert "Mật ong 4★ hũ 12" in page
    level = select(Level.on_hand_milli).where(
        Level.place_id == market.ids["shop"], Level.product_id == market.ids["honey"]
    )
    assert db.session.scalar(level) == 32_000
    assert "Cửa hàng Hàng Bồ 32" in read(market, "manager", "/stock/?q=mat ong")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("q", "mười", "Hãy nhập số lượng như 12"),
        ("q", "0", "Số lượng phải lớn hơn 0."),
        ("q", "1,5", "hãy nhập số nguyên"),
        ("x", "2020-01-01", "Hạn dùng trước ngày nhập."),
        ("q", "", "Phiếu chưa có dòng nào."),
    ],
)
def test_a_wrong_intake_is_not_half_recorded(market: Market, field: str, value: str, words: str) -> None:
    form = {
        "operator_id": market.ids["gifts"], "producer_id": market.ids["honey maker"], "site_id": market.ids["shop"],
        "business_date": today().isoformat(), "p-0": market.ids["tea"], "q-0": "" if value == "" else "3",
        "p-1": market.ids["honey"], f"{field}-1": value,
    }  # fmt: skip
    before = db.session.scalar(select(func.count(Document.id)))

    answer = market.as_("manager").post("/stock/documents/new/intake", data=form)

    assert answer.status_code == 422
    assert words in words_of(answer.get_data(as_text=True))
    assert db.session.scalar(select(func.count(Document.id))) == before


def test_an_intake_at_another_operators_site_is_refused(market: Market) -> None:
    form = {
        "operator_id": market.ids["gifts"], "producer_id": market.ids["honey maker"],
        "site_id": market.ids["booth two"], "business_date": today().isoformat(), "p-0": market.ids["honey"],
        "q-0": "1",
    }  # fmt: skip

    assert market.as_("manager").post("/stock/documents/new/intake", data=form).status_code == 422
    assert market.as_("manager").post(
        "/stock/documents/new/intake", data=form | {"operator_id": market.ids["village"]}
    ).status_code == 404  # fmt: skip


def many_of(market: Market, count: int) -> None:
    """So many more producers, products, certificates, sites, levels and notes."""
    from pos.stock.commands import Receive
    from pos.stock.service import receive

    with unit_of_work() as session:
        operator = session.get_one(Operator, market.ids["gifts"])
        for n in range(count):
            maker = f.a_producer(session, f"HTX số {n}")
            product = f.a_product(session, maker, operator, name=f"Hàng {n}", stars=3)
            site = f.a_site(session, operator, f"Cửa hàng {n}") if n < 40 else session.get_one(Site, market.ids["shop"])
            lines = ((product.id, 5_000, None),)
            receive(session, Receive(operator.id, maker.id, site.id, today(), lines), at=now(), by=None)


def test_lists_ask_as_much_for_one_row_as_for_three_hundred(market: Market) -> None:
    client: FlaskClient = market.as_("manager")
    paths = list(LISTS)
    few, many = {}, {}
    for path in paths:
        with counted() as asked:
            client.get(path)
        few[path] = len(asked)
    many_of(market, 300)

    for path in paths:
        with counted() as asked:
            client.get(path)
        many[path] = len(asked)

    assert many == few


@pytest.mark.parametrize(
    "path",
    ["/office", "/products/{honey}", "/producers/{honey maker}", "/places/{shop}", "/certificates/new?product={tea}",
     "/stock/documents/new/intake?producer_id={honey maker}", "/products/", "/office/sales"],
)  # fmt: skip
def test_no_id_stands_twice_and_every_label_finds_its_field(market: Market, path: str) -> None:
    market.sell("shop", "honey", 1, 90_000)

    html = market.as_("manager").get(path.format(**market.ids)).get_data(as_text=True)

    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', html)) - set(ids) == set()


def test_a_till_is_added_or_comes_back_with_words(market: Market) -> None:
    client, url = market.as_("manager"), f"/places/{market.ids['shop']}/tills"

    wrong = client.post(url, data={"till_code": "!!", "till_name": "Quầy 2"}, headers={"HX-Request": "true"})
    right = client.post(url, data={"till_code": "hb2", "till_name": "Quầy 2"})

    assert "Mã gồm 2 đến 12 chữ cái" in wrong.get_data(as_text=True)
    assert right.status_code == 303
    assert "HB2" in read(market, "manager", f"/places/{market.ids['shop']}")


def test_search_as_you_type_sends_the_typed_box(market: Market) -> None:
    """The trigger listens to the whole form: an input named first in it may be a hidden one."""
    html = market.as_("manager").get("/products/?show=all").get_data(as_text=True)

    assert 'hx-trigger="input delay:180ms, submit"' in html
