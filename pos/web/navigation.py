"""What the rail of the office offers: pages that exist and that this person may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class Door:
    """One entry of the rail: who may, which endpoint, icon, words; `part` marks the pages behind it."""

    action: str
    endpoint: str
    icon: str
    words: Any
    part: str | tuple[str, ...]


GOODS = ("catalogue.product", "catalogue.label", "catalogue.code", "catalogue.vat", "reports.code")
# The rail in order; a string opens a group with its name. What stands before the first is always in sight.
RAIL: tuple[Door | LazyString, ...] = (
    Door("home.operator", "reports.operator_home", "house", _("Hôm nay"), "reports.operator"),
    Door("flag.read", "reports.flags", "bell", _("Cần xem"), "reports.flag"),
    _("Bán hàng"),
    Door("sale.read", "reports.sales", "receipt-text", _("Phiếu bán"), "reports.sale"),
    Door("sale.read", "reports.shifts", "clock", _("Ca bán"), "reports.shift"),
    Door("invoice.read", "till.invoices", "file-text", _("Xin hóa đơn"), "till.invoice"),
    Door("control.read", "reports.control", "eye", _("Kiểm soát"), "reports.control"),
    _("Hàng và tồn"),
    Door("product.read", "catalogue.products", "package", _("Hàng hóa"), GOODS),
    Door("stock.read", "stock.levels", "truck", _("Nhập, tồn"), ("stock.", "reports.movement")),
    Door("product.read", "catalogue.promotions", "badge-percent", _("Khuyến mãi"), "catalogue.promotion"),
    Door("certificate.read", "catalogue.certificates", "badge-check", _("Chứng nhận"), "catalogue.certificate"),
    Door("stock.count", "counts.home", "scan-barcode", _("Kiểm kê"), "counts."),
    Door("owner.read", "till.owners", "package-plus", _("Hàng chờ chủ"), ("till.owner", "till.goods")),
    _("Chủ thể và tiền"),
    Door("producer.read", "producers.producers", "users", _("Chủ thể"), "producers."),
    Door("statement.read", "consignment.statements", "file-text", _("Bảng kê"), "consignment."),
    Door("ledger.read", "books.trial", "list", _("Sổ sách"), "books."),
    Door("ledger.read", "ledger.safes", "wallet", _("Két sắt"), "ledger."),
    Door("golive.write", "consignment.golive", "landmark", _("Mở sổ"), "consignment.golive"),
    Door("ledger.read", "bank.lines", "landmark", _("Ngân hàng"), "bank."),
    Door("owed.read", "money.owed", "hand-coins", _("Tiền chờ về"), "money."),
    Door("producer.card", "access.cards", "qr-code", _("Thẻ chủ thể"), "access.card"),
    _("Nơi bán và người"),
    Door("fair.read", "fairs.choose", "store", _("Hội chợ"), "fairs."),
    Door("place.read", "places.sites", "door-open", _("Điểm bán"), ("places.", "printers.")),
    Door("place.read", "till.devices", "tablet", _("Máy bán"), ("till.device", "till.held", "till.quarantine")),
    Door("person.read", "access.people", "id-card", _("Người dùng"), "access.people"),
)
FEW = 9  # so many need no groups


@dataclass(frozen=True)
class Group:
    """Doors under one name; without a name they are always in sight."""

    words: Any
    doors: list[Door]

    @property
    def here(self) -> bool:
        """True when one of its doors leads to this page."""
        return any(is_here(door) for door in self.doors)


def page_exists(endpoint: str) -> bool:
    """True when some blueprint serves it."""
    return endpoint in current_app.view_functions


def rail(viewer: object) -> list[Group]:
    """The doors of this person, in order and in groups; a few stand without. Anybody without rights gets none."""
    may: Callable[[str], bool] = getattr(viewer, "may", lambda _action: False)
    groups = [Group(None, [])]
    for each in RAIL:
        if not isinstance(each, Door):
            groups.append(Group(each, []))
        elif page_exists(each.endpoint) and may(each.action):
            groups[-1].doors.append(each)
    doors = [door for group in groups for door in group.doors]
    return [Group(None, doors)] if len(doors) <= FEW else [group for group in groups if group.doors]


def _fit(door: Door, endpoint: str) -> int:
    parts = (door.part,) if isinstance(door.part, str) else door.part
    return max((len(part) for part in parts if endpoint.startswith(part)), default=0)


def is_here(door: Door) -> bool:
    """True on the door's own page and those behind it; of two doors that fit, behind the one that says more."""
    endpoint = request.endpoint or ""
    fit = _fit(door, endpoint)
    return fit > 0 and fit == max(_fit(other, endpoint) for other in RAIL if isinstance(other, Door))


def init_app(app: Flask) -> None:
    """Give templates `rail`, `is_here`, `page_exists`."""
    app.jinja_env.globals.update(rail=rail, is_here=is_here, page_exists=page_exists)
