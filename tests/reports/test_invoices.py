"""The invoice desk: what of the sales and of the statements has no invoice yet, and what becomes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pos.catalogue.adapters.tables import read_tables
from pos.consignment.queries.producer_invoices import goods_by_rate, list_invoices
from pos.consignment.service.producer_invoices import receive_invoice
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.reports.adapters.invoice_files import rate_of
from pos.till.models import Sale, SaleInvoice
from tests import factories as f
from tests.access.world import sold_long_ago
from tests.reports.market import Market


def test_a_sale_leaves_the_desk_when_its_number_is_pasted_back(market: Market) -> None:
    ids, day = market.ids, today().isoformat()
    with unit_of_work() as session:
        market.people["bookkeeper"] = f.a_person(session, "bookkeeper", "operator", ids["gifts"], "Kế toán").id
    first, second = market.sell("shop", "honey", 1, 100_000), market.sell("shop", "tea", 2, 50_000)
    numbers = {row[0]: row[1] for row in db.session().execute(select(Sale.id, Sale.receipt_no))}
    db.session().rollback()
    office = market.as_("bookkeeper")
    assert numbers[first] in office.get("/office/books/invoices").text
    (sheet,) = read_tables(office.get(f"/office/books/invoices.xlsx?from={day}").get_data())
    rows = [cells for _, cells in sheet.rows[1:]]
    assert [row[0] for row in rows] == [numbers[first], numbers[second]]
    assert (rows[0][2], rows[1][7], rows[1][13]) == ("Bán cho người tiêu dùng", "2", "100000")

    pasted = f"{numbers[first]}\t1C26MYY-1\nX-0 1C26MYY-2\n"
    for told in ("Đã ghi 1 số", "Đã ghi 0 số"):  # the same paste again changes nothing
        answer = office.post("/office/books/invoices", data={"numbers": pasted}).text
        assert told in answer
        assert "Không có phiếu: X-0" in answer
    assert db.session().scalars(select(SaleInvoice.sale_id)).all() == [first]
    db.session().rollback()
    page = office.get("/office/books/invoices").text
    assert numbers[first] not in page
    assert numbers[second] in page


def test_what_a_producer_has_not_invoiced_is_missing_by_rate(market: Market) -> None:
    gifts, maker = market.ids["gifts"], market.ids["bowl maker"]
    sold_long_ago(market)
    with unit_of_work() as session:
        made = freeze_statement(session, gifts, maker, today(), run_on=today(), at=now(), by=None)
    ((rate, due),) = goods_by_rate(db.session(), [made])[made].items()
    assert due == 70_000
    db.session().rollback()
    with unit_of_work() as session:

        def comes(number: str, vat_bp: int) -> None:
            receive_invoice(
                session, made, vat_class=rate[0], vat_bp=vat_bp, symbol="1C26TAA", number=number, issued_on=today(),
                amount_vnd=50_000, at=now(), by=None,
            )  # fmt: skip

        comes("1", rate[1])
        with pytest.raises(Conflict, match=r"invoice\.received"):
            comes("1", rate[1])
        with pytest.raises(Invalid, match=r"invoice\.rate"):
            comes("2", 777)
    (paper,), following = list_invoices(db.session(), gifts, today(), today())
    assert (paper.missing, following, [r.missing_vnd for r in paper.rates]) == (True, None, [20_000])


@pytest.mark.parametrize(
    ("class_", "bp", "told"),
    [("standard", 800, "8%"), ("standard", 1000, "10%"), ("zero", 0, "0%"), ("KCT", 0, "KCT"), ("direct", 0, "")],
)
def test_a_rate_is_written_as_invoices_have_it(class_: str, bp: int, told: str) -> None:
    assert rate_of(class_, bp) == told
