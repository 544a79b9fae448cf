"""Members behind a co-op's statement: each one's part, and the co-op's own list to pay by; as a page and CSV."""

from __future__ import annotations

from flask import make_response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pos.access.guards import here, requires
from pos.consignment.queries.members import Annex, members_of
from pos.consignment.queries.statements import Detail, get_detail
from pos.consignment.views.blueprint import bp
from pos.kernel.db import db
from pos.web.pages import page
from pos.web.tables import TYPES, Cell, table_file


def _detail(statement_id: str) -> Detail:
    found = get_detail(db.session(), statement_id)
    here("statement.read", operator=found.statement.operator_id)
    return found


@bp.get("/statements/<statement_id>/members")
@requires("statement.read")
def members(statement_id: str) -> ResponseReturnValue:
    """Whose goods a statement settles."""
    found = _detail(statement_id)
    annex = members_of(db.session(), found.statement)
    return page("consignment/members.html", row=found.statement, body=found.body, annex=annex)


@bp.get("/statements/<statement_id>/members-<any(parts, payouts):which>.csv")
@requires("statement.read")
def members_file(statement_id: str, which: str) -> ResponseReturnValue:
    """The annex or the list to pay by, for Excel."""
    return csv_of(_detail(statement_id), which)


def csv_of(found: Detail, which: str) -> ResponseReturnValue:
    """`parts` or `payouts` of a statement its reader may see."""
    heads, rows = _table(members_of(db.session(), found.statement), which)
    made = make_response(table_file("csv", heads, rows, title=which))
    made.headers["Content-Type"] = TYPES["csv"]
    name = {"parts": "thanh-vien", "payouts": "chi-thanh-vien"}[which]
    made.headers["Content-Disposition"] = f'attachment; filename="{found.body["number"]}-{name}.csv"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


def _table(annex: Annex, which: str) -> tuple[list[str], list[list[Cell]]]:
    nobody = _("Chung của hợp tác xã")
    if which == "payouts":
        paid: list[list[Cell]] = [[member or nobody, goods, vnd] for member, goods, vnd in annex.payouts]
        return [_("Thành viên"), _("Tiền hàng"), _("Được nhận")], [
            *paid, [_("Cộng"), annex.goods_vnd, annex.payout_vnd]
        ]  # fmt: skip
    rows: list[list[Cell]] = []
    for part in annex.parts:
        name, unit = annex.products.get(part.product_id, ("—", ""))
        rows.append([part.member or nobody, name, _plain(part.qty_milli), unit, part.vnd])
    heads = [_("Thành viên"), _("Hàng"), _("Số lượng"), _("Đơn vị tính"), _("Tiền hàng")]
    return heads, [*rows, [_("Cộng"), None, None, None, annex.goods_vnd]]


def _plain(milli: int) -> Cell:
    whole, rest = divmod(abs(milli), 1000)
    sign = -1 if milli < 0 else 1
    return sign * whole if not rest else f"{'−' if sign < 0 else ''}{whole},{rest:03d}".rstrip("0")
