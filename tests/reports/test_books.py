"""What a bookkeeper reads and takes away: pages of the books at a market that has sold."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, text

from pos.cli.package import package as package_command
from pos.kernel.clock import today
from pos.kernel.db import db, unit_of_work
from pos.ledger.models import JournalEntry
from pos.ledger.triggers import drop_triggers
from pos.reports.adapters.journal_files import Posted, maps, pairs_of
from pos.reports.adapters.packages import verify_package
from pos.reports.queries.books.chain import verify_stretch
from pos.reports.queries.books.journal import Asked, list_entries
from tests import factories as f
from tests.reports.market import Market


@pytest.fixture
def sold(market: Market) -> Market:
    with unit_of_work() as session:
        market.people["bookkeeper"] = f.a_person(session, "bookkeeper", "operator", market.ids["gifts"], "Kế toán").id
    for product, price in (("honey", 100_000), ("tea", 50_000), ("bowl", 70_000)):
        market.sell("shop", product, 1, price)
    return market


def test_the_books_open_from_the_balance_down_to_the_paper(sold: Market) -> None:
    office, maker = sold.as_("bookkeeper"), sold.ids["honey maker"]
    balance = office.get("/office/books").text
    assert "Sổ cân" in balance
    assert "220.000" in office.get("/office/books/accounts/drawer").text
    assert "Cửa hàng Hàng Bồ" in office.get("/office/books/accounts/drawer/parts").text
    ledger = office.get(f"/office/books/producers/{maker}").text
    assert "Đơn vị còn nợ" in ledger
    first = db.session().scalars(select(JournalEntry).where(JournalEntry.kind == "sale").limit(1)).one()
    page = office.get(f"/office/books/entries/{first.id}").text
    assert f"/office/sales/{first.source_id}" in page
    assert first.hash in page
    assert office.get("/office/books/accounts/nothing").status_code == 404


def test_the_journal_is_narrowed_and_paged_by_key(sold: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    session, gifts = db.session(), sold.ids["gifts"]
    day = today()
    everything = list_entries(session, gifts, Asked(day, day)).rows
    tea = [row for row in everything if row.amount_vnd == 50_000]
    assert list_entries(session, gifts, Asked(day, day, text="50.000")).rows == tea
    assert list_entries(session, gifts, Asked(day, day, text=str(tea[0].seq))).rows == tea
    assert [r.kind for r in list_entries(session, gifts, Asked(day, day, kind="sale")).rows] == ["sale"] * 3
    of_maker = list_entries(session, gifts, Asked(day, day, producer_id=sold.ids["honey maker"]), oldest_first=True)
    assert [row.seq for row in of_maker.rows] == sorted(row.seq for row in of_maker.rows)
    assert sum(row.amount_vnd for row in of_maker.rows) < 0

    for size, window in ((1, 3_000), (50, 1)):
        monkeypatch.setattr("pos.reports.queries.books.journal.SIZE", size)
        monkeypatch.setattr("pos.reports.queries.books.journal.WINDOW", window)
        walked: list[int]
        for asked in (Asked(day, day, kind="sale"), Asked(day, day)):
            walked, after = [], None
            while True:
                found = list_entries(session, gifts, asked, after=after)
                walked += [row.seq for row in found.rows]
                if (after := found.next) is None:
                    break
            assert walked == [row.seq for row in everything if asked.kind in ("", row.kind)]


def test_a_file_for_another_program_has_every_entry_in_pairs_that_sum_to_it(sold: Market) -> None:
    office, day = sold.as_("bookkeeper"), today().isoformat()
    said = office.get(f"/office/books/journal.csv?map=misa&from={day}&until={day}").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(said)))
    cash = sum(int(r["Số tiền (*)"]) for r in rows if r["TK Nợ (*)"] == "1111" and r["TK Có (*)"] != "1111")
    assert cash == 220_000
    assert {r["Số chứng từ (*)"][:2] for r in rows} == {"NK"}
    plain = office.get(f"/office/books/journal.xlsx?from={day}&until={day}")
    assert plain.get_data()[:2] == b"PK"
    assert set(maps()) == {"plain", "misa"}


def test_pairs_use_up_debits_and_credits() -> None:
    def line(account: str, vnd: int) -> Posted:
        return Posted(account, "", "", vnd, "", "")

    pairs = pairs_of(
        [line("drawer", 70), line("discount_expense", 30), line("unsettled", -80), line("vat_accrued", -20)]
    )
    assert [(d.account, c.account, vnd) for d, c, vnd in pairs] == [
        ("drawer", "unsettled", 70), ("discount_expense", "unsettled", 10), ("discount_expense", "vat_accrued", 20),
    ]  # fmt: skip


def test_the_chain_is_verified_stretch_by_stretch_and_says_where_it_breaks(sold: Market, app: Flask) -> None:
    session, gifts = db.session(), sold.ids["gifts"]
    first = verify_stretch(session, gifts, 0, 2)
    assert (first.upto, first.broken, first.whole) == (2, None, False)
    rest = verify_stretch(session, gifts, 2)
    assert (rest.upto, rest.broken, rest.whole) == (rest.head, None, True)
    session.rollback()
    with unit_of_work() as work:
        drop_triggers(work.connection())
        work.execute(text("UPDATE journal_entry SET kind = 'gift' WHERE operator_id = :of AND seq = 3"), {"of": gifts})
    broken = verify_stretch(session, gifts, 2)
    assert broken.broken is not None
    assert broken.broken[:2] == ("changed", 3)
    assert "Chuỗi đứt ở bút toán 3" in sold.as_("bookkeeper").get("/office/books/chain/stretch?after=2&start=0").text


def test_cash_slips_are_numbered_printed_and_a_month_sealed_by_page(sold: Market) -> None:
    office = sold.as_("bookkeeper")
    office.post(
        "/office/safe", data={"site_id": sold.ids["shop"], "amount": "500.000", "business_date": today().isoformat()}
    )
    assert office.post("/office/books/slips").status_code == 303
    page = office.get("/office/books/slips").text
    number = f"PT{today():%y}-000001"
    assert number in page
    paper = office.get(
        page.split('href="/office/books/slips/')[1].join(["/office/books/slips/", ""]).split('"')[0]
    ).text
    assert "Năm trăm nghìn đồng" in paper
    done = office.post("/office/books/seals", data={"kind": "month", "month": "2026-01"})
    assert done.status_code == 303
    assert "Niêm còn nguyên" in office.get(done.headers["Location"]).text
    assert office.post("/office/books/seals", data={"kind": "month", "month": "2026-01"}).status_code == 409


def test_a_package_is_verified_and_a_changed_byte_is_found(sold: Market, tmp_path: Path) -> None:
    day = today().isoformat()
    answer = sold.as_("bookkeeper").get(f"/office/books/package.zip?from={day}&until={day}")
    made = tmp_path / "goi.zip"
    made.write_bytes(answer.get_data())
    about, whole, wrong = verify_package(made)
    assert (about["operator"], whole, wrong) == ("Quà Hà Nội", 6, [])
    with ZipFile(made) as package:
        entries = package.read("but-toan.jsonl").decode().splitlines()
        mine = select(func.count()).select_from(JournalEntry).where(JournalEntry.operator_id == sold.ids["gifts"])
        assert len(entries) == db.session().scalar(mine)
        files = {name: package.read(name) for name in package.namelist()}
    files["but-toan.jsonl"] = files["but-toan.jsonl"].replace(b"100000", b"100001")
    del files["niem-so.json"]
    with ZipFile(made, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    assert [en for _, en in verify_package(made)[2]] == [
        "but-toan.jsonl: was changed", "niem-so.json: missing or there twice",
    ]  # fmt: skip
    told = CliRunner().invoke(package_command, ["verify", str(made)])
    assert (told.exit_code, "was changed" in told.output) == (1, True)
