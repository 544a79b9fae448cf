"""`pos import golive`: one workbook opens an operator's books, or a list of what to mend."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import click

from pos.catalogue.service.import_plan import Origin
from pos.cli.base import say
from pos.cli.imports import tell
from pos.consignment.golive.plan import Opening, plan_opening
from pos.consignment.golive.reading import read_workbook
from pos.consignment.golive.service import SOURCE, open_books
from pos.consignment.golive.sheets import CONTROL_TITLES
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.text import dong, quantity


def open_from(file: Path, operator_id: str, *, dry_run: bool) -> int:
    """All of a workbook in one unit of work, or nothing. Returns the exit code."""
    data = file.read_bytes()
    book = read_workbook(data, file.name)
    if book.problems:
        return tell(file, book.problems)
    if dry_run:
        plan = plan_opening(db.session(), book, operator_id=operator_id, at=now())
    else:
        with unit_of_work() as session:
            plan = plan_opening(session, book, operator_id=operator_id, at=now())
            if not plan.problems:
                open_books(session, plan, Origin(file.name, sha256(data).hexdigest(), None, SOURCE), by=None)
    if plan.problems:
        return tell(file, plan.problems)
    _show(plan)
    if dry_run:
        say(
            "Thử: khớp với trang Kiểm tra; chưa ghi gì",
            "dry run: it agrees with its control sheet; nothing was written",
        )
    else:
        day = plan.day.strftime("%d/%m/%Y")
        say(f"Đã mở sổ ngày {day}", f"the books are open from {day}")
    return 0


def _show(plan: Opening) -> None:
    totals = plan.totals()
    for code, title in CONTROL_TITLES.items():
        if totals.get(code):
            click.echo(f"  {title}: {quantity(totals[code]) if code == 'qty' else dong(totals[code])}")
    if plan.without_agreement:
        names = ", ".join(plan.without_agreement)
        say(f"Chưa có thỏa thuận: {names}", f"no agreement yet: {names}")
