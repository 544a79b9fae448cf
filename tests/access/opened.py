"""Files taken in, for the world of addresses: an import of goods, books opened, a workbook between its two steps."""

from __future__ import annotations

from pathlib import Path

from pos.catalogue.adapters import uploads
from pos.catalogue.imports import read_file
from pos.catalogue.service.import_plan import Origin
from pos.catalogue.service.imports import carry_out, plan_import
from pos.consignment.golive.jobs import GOLIVE
from pos.consignment.golive.plan import plan_opening
from pos.consignment.golive.reading import read_workbook
from pos.consignment.golive.service import open_books
from pos.kernel.clock import now, today
from pos.kernel.db import unit_of_work
from tests.consignment.golive import workbook

OLD_FILE = "Tên sản phẩm,Chủ thể\nSáp ong,HTX Mật ong Ba Vì\n"


def some_files(instance: Path, operator_id: str, by: str) -> dict[str, str]:
    """Their ids."""
    about = {"name": "sai.xlsx", "operator": operator_id, "by": by, "of": GOLIVE}
    return {
        "import": an_import(operator_id),
        "golive": a_golive(operator_id),
        "workbook": uploads.keep(instance / "imports", b"?", about),
    }


def an_import(operator_id: str) -> str:
    """A file taken in; the id of the import."""
    rows = read_file(OLD_FILE.encode(), "cũ.csv").good
    with unit_of_work() as session:
        plan = plan_import(session, rows, operator_id=operator_id, at=now())
        return str(carry_out(session, plan, origin=Origin("cũ.csv", "0" * 64, None)).run_id)


def a_golive(operator_id: str) -> str:
    """Books opened by a sheet with nothing but cash on it."""
    rows = [("Khoản", "Số tiền"), ("Ngân hàng, tiền của đơn vị", 1_000_000)]
    control = [("Mục", "Giá trị"), ("Ngày mở sổ", today().strftime("%d/%m/%Y")), ("Tổng tiền ngân hàng", 1_000_000)]
    with unit_of_work() as session:
        book = read_workbook(workbook({"Tiền": rows, "Kiểm tra": control}), "cũ.xlsx")
        plan = plan_opening(session, book, operator_id=operator_id, at=now())
        return open_books(session, plan, Origin("cũ.xlsx", "0" * 64, None, "golive"), by=None)
