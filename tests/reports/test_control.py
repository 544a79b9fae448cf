"""The control report: sums by person, till and day, net; down to the event; the same queries for any size; as files."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from pos.kernel.clock import today
from pos.kernel.ids import new_id
from tests.counting import counted
from tests.reports.market import Market
from tests.reports.test_producer import read

HONEY = {"name": "Mật ong", "qty_milli": 1000, "price": 100_000, "gross": 100_000}


def remove(market: Market, place: str, who: str | None, times: int = 1, name: str = "Mật ong") -> list[str]:
    device = market.devices[place]
    device.staff = market.people[who] if who else None
    body = {"cart": new_id(), "amount": 100_000, "count": 1, "lines": [HONEY | {"name": name}]}
    events = [device.event("line.remove", body) for _ in range(times)]
    device.send(*events)
    return [str(event["id"]) for event in events]


def test_the_table_is_net_and_by_whom_it_is_asked(market: Market) -> None:
    [first, _second] = remove(market, "shop", "cashier", 2)
    shop = market.devices["shop"]
    shop.send(
        shop.event("line.remove", {"cart": new_id(), "amount": 100_000, "lines": [HONEY], "undo_of": first}),
        shop.event("drawer.open", {"reason": "đổi tiền"}),
    )
    remove(market, "booth one", "supervisor")

    page = read(market, "manager", "/office/control")

    assert "Đỗ Lan 1 100.000 1" in page
    assert "Phạm Mai 1 100.000 –" in page
    assert "Tổng cộng 2 200.000 1" in page
    assert "Quầy shop Cửa hàng Hàng Bồ 1 100.000 1" in read(market, "manager", "/office/control?by=till")
    assert f"{today():%d/%m/%Y} 2 200.000 1" in read(market, "manager", "/office/control?by=day")
    only = read(market, "manager", f"/office/control?site={market.ids['shop']}")
    assert "Phạm Mai" not in only


def test_a_supervisor_sees_only_the_site_and_the_other_operator_nothing(market: Market) -> None:
    remove(market, "shop", "cashier")
    remove(market, "booth one", "supervisor")

    assert "Tổng cộng 1 100.000" in read(market, "supervisor", "/office/control")
    assert "Không có gì trong những ngày này." in read(market, "other manager", "/office/control")


def test_a_figure_opens_its_notes_and_a_note_its_event(market: Market) -> None:
    [event_id] = remove(market, "shop", "cashier")
    remove(market, "shop", None, name="Chè búp")
    day = today().isoformat()

    notes = read(market, "manager", f"/office/control/notes?by=person&key={market.people['cashier']}&kind=line.remove")
    nobody = read(market, "manager", f"/office/control/notes?by=person&key=-&from={day}&to={day}")
    event = read(market, "manager", f"/office/control/event/{event_id}/1")

    assert ("Mật ong" in notes, "Chè búp" in notes) == (True, False)
    assert ("Chè búp" in nobody, "Chưa chọn tên" in nobody, "Mật ong" in nobody) == (True, True, False)
    assert "Mật ong 1 100.000 100.000" in event


@pytest.mark.parametrize("path", ["/office/control", "/office/control?by=till", "/office/control/notes"])
def test_the_number_of_queries_does_not_grow(market: Market, path: str) -> None:
    remove(market, "shop", "cashier")
    read(market, "manager", path)
    with counted() as few:
        read(market, "manager", path)
    remove(market, "shop", "cashier", 40)
    remove(market, "booth one", "supervisor", 10)
    with counted() as many:
        read(market, "manager", path)

    assert len(many) == len(few)


def test_as_csv_and_xlsx_without_formulas(market: Market) -> None:
    remove(market, "shop", "cashier", name="=1+1")
    browser = market.as_("manager")

    rows = list(csv.reader(StringIO(browser.get("/office/control.csv").get_data().decode("utf-8-sig"))))
    told = list(csv.reader(StringIO(browser.get("/office/control.csv?notes=1").get_data().decode("utf-8-sig"))))
    with ZipFile(BytesIO(browser.get("/office/control.xlsx?notes=1").get_data())) as book:
        sheet, strings = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()

    assert rows[0][:3] == ["Người", "Bỏ dòng", "Bỏ dòng, đồng"]
    assert rows[1][:3] == ["Đỗ Lan", "1", "100000"]
    assert told[1][2:6] == ["Bỏ dòng", "'=1+1", "1", "100000"]
    assert ("=1+1" in strings, "<f>" in sheet, "<v>100000</v>" in sheet) == (True, False, True)


@pytest.mark.parametrize(
    "query", ["from=x&to=y", "from=2026-12-31&to=2026-01-01", "by=day&key=x", "by=z&kind=q", "page=0"]
)
def test_nonsense_in_the_address_is_the_default(market: Market, query: str) -> None:
    remove(market, "shop", "cashier")

    assert market.as_("manager").get(f"/office/control?{query}").status_code == 200
    assert market.as_("manager").get(f"/office/control/notes?{query}").status_code == 200
