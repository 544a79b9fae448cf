"""Pictures sent apart from the log, made anew; codes nobody knew, proposed from what was sold, linked by one tap."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from pos.catalogue.models import Barcode
from pos.catalogue.rules import check_digit
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.till.models import Photo
from pos.till.service.newcomers import merge
from tests.reports.conftest import market  # noqa: F401 - a fixture
from tests.reports.market import Market
from tests.tablet.device import Device


def a_picture(size: tuple[int, int] = (2000, 1000), form: str = "JPEG") -> bytes:
    """Red above, green below, with a place in its metadata."""
    picture = Image.new("RGB", size, "red")
    picture.paste("green", (0, size[1] // 2, *size))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    exif[0x010E] = "Gian 07, 0912345678"
    out = io.BytesIO()
    picture.save(out, form, **({"exif": exif} if form == "JPEG" else {}))
    return out.getvalue()


def sent(device: Device, data: bytes, *, sha256: str = "", mimetype: str = "image/jpeg") -> int:
    name = sha256 or hashlib.sha256(data).hexdigest()
    answer = device.client.post(f"/api/till/photos/{name}", data=data, headers=device.headers, content_type=mimetype)
    return answer.status_code


def test_a_picture_is_kept_once_upright_small_and_without_metadata(market: Market) -> None:  # noqa: F811
    device, data = market.devices["shop"], a_picture()
    assert [sent(device, data), sent(device, data)] == [201, 200]
    kept = db.session().scalars(select(Photo)).one()
    with Image.open(io.BytesIO(kept.jpeg)) as picture:
        assert picture.size == (1280, 640)
        assert not picture.getexif()
        red, green, _ = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert green > red
    assert b"0912345678" not in kept.jpeg

    path = f"/office/photos/{market.ids['gifts']}/{kept.sha256}"
    seen = market.as_("manager").get(path)
    assert (seen.status_code, seen.mimetype, seen.data) == (200, "image/jpeg", kept.jpeg)
    assert market.as_("other manager").get(path).status_code == 404


@pytest.mark.parametrize(
    ("data", "more", "status"),
    [
        (b"<svg onload=alert(1)>", {}, 422),
        (a_picture((30, 20), "GIF"), {}, 422),
        (a_picture((30, 20))[:200], {}, 422),
        (a_picture((30, 20), "PNG"), {"mimetype": "text/html"}, 415),
        (a_picture((30, 20)), {"sha256": "0" * 64}, 400),
        (b"\xff" * (3 * 1024 * 1024 + 1), {}, 413),
    ],
    ids=["text", "gif", "cut", "type", "hash", "large"],
)
def test_what_is_no_picture_is_refused(market: Market, data: bytes, more: dict[str, Any], status: int) -> None:  # noqa: F811
    assert sent(market.devices["shop"], data, **more) == status
    assert db.session().scalars(select(Photo)).all() == []


def scanned(device: Device, product: str, barcode: str) -> None:
    """A sale of one piece whose line carries a code."""
    event = device.sale((product, 1000, 100_000))
    event["body"]["lines"][0]["barcode"] = barcode
    device.seq, device.prev, device.receipts = device.seq - 1, event["prev"], device.receipts
    again = device.event("sale", event["body"])
    [result] = device.send(again)["results"]
    assert result["status"] in ("recorded", "flagged")


def test_a_code_nobody_knew_is_proposed_and_linked_by_one_tap(market: Market) -> None:  # noqa: F811
    code, label, honey = "893850000123" + check_digit("893850000123"), "2912345012347", market.ids["honey"]
    for barcode in (code, code, label):
        scanned(market.devices["shop"], honey, barcode)
    manager = market.as_("manager")
    page = manager.get("/office/codes").get_data(as_text=True)
    assert code in page
    assert label not in page
    assert code not in market.as_("other manager").get("/office/codes").get_data(as_text=True)

    form = {"operator": market.ids["gifts"], "product": honey, "code": code}
    assert market.as_("other manager").post("/office/codes", data=form).status_code == 404
    assert manager.post("/office/codes", data=form | {"code": "8930000000000"}).status_code == 404
    assert manager.post("/office/codes", data=form).status_code == 303
    db.session.remove()
    linked = db.session().scalars(select(Barcode).where(Barcode.code == code)).one()
    assert (linked.product_id, linked.operator_id) == (honey, None)
    assert code not in manager.get("/office/codes").get_data(as_text=True)
    device = market.devices["shop"]
    goods = device.client.get("/api/till/catalogue?since=1", headers=device.headers).get_json()["products"]
    assert [code in p.get("barcodes", []) for p in goods if p["id"] == honey] == [True]


def test_a_code_that_finds_other_goods_is_shown_but_not_linked(market: Market) -> None:  # noqa: F811
    code = "893850000124" + check_digit("893850000124")
    scanned(market.devices["shop"], market.ids["honey"], code)
    scanned(market.devices["shop"], market.ids["tea"], code)
    manager, gifts = market.as_("manager"), market.ids["gifts"]
    assert (
        manager.post("/office/codes", data={"operator": gifts, "product": market.ids["tea"], "code": code}).status_code
        == 303
    )
    again = manager.post("/office/codes", data={"operator": gifts, "product": market.ids["honey"], "code": code})
    assert again.status_code == 422
    assert "mã đang là món khác" in again.get_data(as_text=True)


def test_a_tablet_hears_which_known_goods_its_new_ones_were(market: Market) -> None:  # noqa: F811
    device, named = market.devices["shop"], new_id()
    device.send(device.event("product.new", {"id": named, "name": "Mật ong hũ to", "price": 120_000, "producer": None}))
    with unit_of_work() as session:
        merge(session, named, market.ids["honey"], by=None, at=now())
    told = {
        place: market.devices[place]
        .client.get("/api/till/catalogue?since=0", headers=market.devices[place].headers)
        .get_json()["settings"]["merged"]
        for place in ("shop", "booth two")
    }
    assert told == {"shop": {named: market.ids["honey"]}, "booth two": {}}
