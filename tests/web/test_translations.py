"""Every text of the pages has its English, fit to be filled in, and the compiled file is the written one."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from babel.messages.catalog import Message
from flask import Flask
from flask.testing import FlaskClient

from scripts.translations import MO, compiled, kept, texts
from tests.reports.market import a_market
from tests.reports.test_producer import words_of

PLACES = re.compile(r"%\((\w+)\)")


Texts = dict[str | tuple[str, ...], list[str]]


@pytest.fixture(scope="module")
def collected() -> Texts:
    """Read out of every source once: some seconds."""
    return texts()


def test_every_text_has_its_english(collected: Texts) -> None:
    catalogue = kept()
    missing = []
    for message in collected:
        found = catalogue.get(message if isinstance(message, str) else message[0])
        if found is None or not all(en for _, en in pairs(found)):
            missing.append(message)

    assert missing == []  # write them: python -m scripts.translations lists them


def test_no_english_stands_for_a_text_that_is_gone(collected: Texts) -> None:
    wanted = {message if isinstance(message, str) else message[0] for message in collected}
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in kept() if m.id}

    assert known - wanted == set()


def pairs(message: Message) -> list[tuple[str, str]]:
    """(Vietnamese, English), for each form of a text that counts."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(str(vi), str(en)) for vi, en in zip(message.id, message.string or (), strict=True)]


def test_what_is_filled_in_is_the_same_in_both() -> None:
    both = [pair for message in kept() if message.id for pair in pairs(message)]

    assert [(vi, en) for vi, en in both if set(PLACES.findall(vi)) != set(PLACES.findall(en))] == []


def test_texts_of_templates_can_be_filled(collected: Texts) -> None:
    """Jinja fills every text, so a bare % would break the page."""
    catalogue = kept()
    facts: dict[str, str] = defaultdict(lambda: "x")
    for message, files in collected.items():
        if not any(file.startswith("templates/") for file in files):
            continue
        found = catalogue.get(message if isinstance(message, str) else message[0])
        assert found is not None
        for vi, en in pairs(found):
            assert vi % facts
            assert en % facts


def test_the_compiled_file_is_the_written_one() -> None:
    assert MO.read_bytes() == compiled(kept())


def test_pages_speak_english_when_asked(client: FlaskClient) -> None:
    client.get("/language/en?back=/login")

    page = words_of(client.get("/login").get_data(as_text=True))

    assert "Log-in name Password Enter" in page
    assert "Đăng nhập" not in page


VIETNAMESE = re.compile(r"[ăâêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
NAMES = re.compile(
    "Tiếng Việt|đồng|Quà Hà Nội|Cửa hàng Hàng Bồ|HTX Mật ong Ba Vì|Gốm Tây Hồ|Mật ong|Chè búp|Bát gốm|Ba Vì|"
    "Hội chợ OCOP Hồ Gươm|Hồ Gươm|Gian|Bát Tràng|Quầy (?:shop|booth one|booth two)|Trần Thu Hà|Quản trị|Bà Hoa|Vũ Long|"
    "hũ|gói|chiếc|Sở Công Thương|cái|Hà Nội|₫",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("manager", "/office"), ("manager", "/office/flags"), ("manager", "/office/sales"), ("manager", "/places/"),
        ("manager", "/places/new"), ("manager", "/products/"), ("manager", "/products/new"),
        ("manager", "/products/{honey}"), ("manager", "/certificates/"), ("manager", "/producers/"),
        ("manager", "/producers/new"), ("manager", "/stock/"), ("manager", "/stock/documents"),
        ("manager", "/stock/documents/new/intake?producer_id={honey maker}"), ("organizer", "/fairs/{fair}"),
        ("honey maker", "/producer/{honey maker}"), ("honey maker", "/producer/{honey maker}/why"),
        ("honey maker", "/producer/{honey maker}/sold"), ("honey maker", "/producer/{honey maker}/goods"),
    ],
)  # fmt: skip
def test_no_vietnamese_is_left_on_an_english_page(app: Flask, who: str, path: str) -> None:
    market = a_market(app)
    market.sell("shop", "honey", 2, 90_000)
    market.sell("booth one", "bowl", 1, 70_000, tender="vietqr")
    client = market.as_(who)
    client.get("/language/en")

    page = NAMES.sub("", words_of(client.get(path.format(**market.ids)).get_data(as_text=True)))

    assert VIETNAMESE.findall(page) == [], page
