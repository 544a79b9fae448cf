"""The tills of a site: a pairing code is shown once, with the QR a tablet scans."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from flask import Flask
from PIL import Image, ImageDraw

from tests.reports.market import Market, a_market


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def scanned(page: str) -> str:
    """What the QR on the page says, drawn eight pixels a module."""
    found = re.search(r'class="enrol-qr" viewBox="0 0 (\d+) \d+".*?<path d="([^"]+)"', page)
    assert found
    side = int(found[1])
    image = Image.new("L", (side * 8, side * 8), 255)
    draw = ImageDraw.Draw(image)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", found[2]):
        draw.rectangle((int(x) * 8, int(y) * 8, (int(x) + int(width)) * 8 - 1, int(y) * 8 + 7), fill=0)
    return str(zxingcpp.read_barcodes(image)[0].text)


def test_a_pairing_code_comes_with_its_qr(market: Market) -> None:
    till = market.devices["shop"].till["id"]

    page = market.as_("manager").post(f"/places/tills/{till}/code").get_data(as_text=True)

    code = re.search(r'<b class="num">([2-9A-Z]{4}-[2-9A-Z]{4})</b>', page)
    assert code
    assert scanned(page) == f"http://localhost/till/#enrol={code[1]}"
    assert "style=" not in page
