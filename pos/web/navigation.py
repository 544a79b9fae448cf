"""What the rail of the office offers: pages that exist and that this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class Door:
    """One entry of the rail: who may, which endpoint, icon, words; `part` marks the pages behind it."""

    action: str
    endpoint: str
    icon: str
    words: Any
    part: str | tuple[str, ...]


GOODS = ("catalogue.product", "catalogue.label", "catalogue.code", "catalogue.vat")
DOORS = (
    Door("home.operator", "reports.operator_home", "house", _("Hôm nay"), "reports.operator"),
    Door("sale.read", "reports.sales", "receipt-text", _("Phiếu bán"), "reports.sale"),
    Door("sale.read", "reports.shifts", "clock", _("Ca bán"), "reports.shift"),
    Door("flag.read", "reports.flags", "bell", _("Cần xem"), "reports.flag"),
    Door("owner.read", "till.owners", "package-plus", _("Hàng chờ chủ"), ("till.owner", "till.goods")),
    Door("invoice.read", "till.invoices", "file-text", _("Xin hóa đơn"), "till.invoice"),
    Door("control.read", "reports.control", "eye", _("Kiểm soát"), "reports.control"),
    Door("product.read", "catalogue.products", "package", _("Hàng hóa"), GOODS),
    Door("product.read", "catalogue.promotions", "badge-percent", _("Khuyến mãi"), "catalogue.promotion"),
    Door("certificate.read", "catalogue.certificates", "badge-check", _("Chứng nhận"), "catalogue.certificate"),
    Door("stock.read", "stock.levels", "truck", _("Nhập, tồn"), "stock."),
    Door("producer.read", "producers.producers", "users", _("Chủ thể"), "producers."),
    Door("statement.read", "consignment.statements", "file-text", _("Bảng kê"), "consignment."),
    Door("ledger.read", "ledger.safes", "wallet", _("Két sắt"), "ledger."),
    Door("owed.read", "money.owed", "hand-coins", _("Tiền chờ về"), "money."),
    Door("fair.read", "fairs.choose", "store", _("Hội chợ"), "fairs."),
    Door("place.read", "places.sites", "door-open", _("Điểm bán"), ("places.", "printers.")),
    Door("place.read", "till.devices", "tablet", _("Máy bán"), ("till.device", "till.held", "till.quarantine")),
    Door("producer.card", "access.cards", "qr-code", _("Thẻ chủ thể"), "access.card"),
    Door("person.read", "access.people", "id-card", _("Người dùng"), "access.people"),
)


def page_exists(endpoint: str) -> bool:
    """True when some blueprint serves it."""
    return endpoint in current_app.view_functions


def doors(viewer: object) -> list[Door]:
    """The entries for this person, in order. Anybody without rights gets none."""
    may = getattr(viewer, "may", None)
    if may is None:
        return []
    return [door for door in DOORS if page_exists(door.endpoint) and may(door.action)]


def is_here(door: Door) -> bool:
    """True on the door's own page and those behind it."""
    return (request.endpoint or "").startswith(door.part)


def init_app(app: Flask) -> None:
    """Give templates `doors`, `is_here`, `page_exists`."""
    app.jinja_env.globals.update(doors=doors, is_here=is_here, page_exists=page_exists)
