"""The producer's three lines as sentences, in the language of the moment: for its first screen and its messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from pos.kernel.text import dong, quantity
from pos.reports.queries.producer import Shelf, Sold
from pos.reports.queries.producer_money import Money, Payment
from pos.web.words import weekday

MOST = 3  # goods named in a line


def small(name: str) -> str:
    """A product's name inside a sentence: `Mật ong` → `mật ong`; `OCOP 5 sao` stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] == " " else name


def goods_words(sold: Sequence[Sold]) -> str:
    """`6 hũ mật ong, 2 gói chè và 3 món khác`; empty when nothing was sold."""
    named = ", ".join(f"{quantity(s.qty_milli)} {s.unit} {small(s.name)}".replace("  ", " ") for s in sold[:MOST])
    more = _("và %(n)s món khác", n=len(sold) - MOST)
    return f"{named} {more}" if len(sold) > MOST else named


def sold_line(sold: Sequence[Sold]) -> str:
    """`Hôm nay bán 6 hũ mật ong, 2 gói chè · 871.000 đ`."""
    if not sold:
        return str(_("Hôm nay chưa bán được món nào"))
    return str(_("Hôm nay bán %(goods)s · %(vnd)s đ", goods=goods_words(sold), vnd=dong(sum(s.paid_vnd for s in sold))))


def pay_line(money: Money, payments: Sequence[Payment]) -> str:
    """`Thứ Hai 30/11 chuyển 3.214.000 đ vào …4321`, or why nothing is sent yet."""
    first = payments[0] if payments else None
    if first is None or not first.vnd:
        if money.owed > 0:
            return str(_("Chưa có tiền đến ngày trả; %(vnd)s đ còn chờ", vnd=dong(money.owed)))
        return str(_("Chưa có tiền chờ trả"))
    vnd, to, day = dong(first.vnd), first.account, weekday(first.on)
    if not first.certain and first.vnd < first.min_vnd:
        return str(_("Còn %(vnd)s đ, chưa đủ mức trả %(min)s đ", vnd=vnd, min=dong(first.min_vnd)))
    if first.sent:
        return str(_("Đang chuyển %(vnd)s đ vào …%(to)s", vnd=vnd, to=to) if to else _("Đang trả %(vnd)s đ", vnd=vnd))
    if to is None:
        return str(_("%(day)s trả %(vnd)s đ, nhận tại điểm bán", day=day, vnd=vnd))
    return str(_("%(day)s chuyển %(vnd)s đ vào …%(to)s", day=day, vnd=vnd, to=to))


def left_units(shelves: Sequence[Shelf]) -> list[tuple[str, int]]:
    """What is left over all points by unit, most first; below zero counts as what it is."""
    sums: dict[str, int] = defaultdict(int)
    for shelf in shelves:
        for _name, unit, milli in shelf.goods:
            sums[unit] += milli
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def left_line(shelves: Sequence[Shelf]) -> str:
    """`Còn ở các điểm: 71 hũ, 12 gói`."""
    units = left_units(shelves)
    if not units:
        return str(_("Chưa có hàng ở điểm nào"))
    told = ", ".join(f"{quantity(milli)} {unit}" for unit, milli in units[:MOST])
    return str(_("Còn ở các điểm: %(units)s", units=told)) + ("…" if len(units) > MOST else "")


def statement_text(body: Mapping[str, Any], state: str, link: str) -> str:
    """A frozen statement as plain text to send on."""
    first, last = date.fromisoformat(body["period_from"]), date.fromisoformat(body["cutoff_on"])
    lines = [
        _("%(operator)s: bảng kê %(no)s, %(a)s – %(b)s", operator=body["operator"]["name"], no=body["number"],
          a=f"{first:%d/%m}", b=f"{last:%d/%m/%Y}"),
        *(
            f"{quantity(row['sold_milli'] - row['returned_milli'])} {row['unit']} {row['product']}: "
            f"{dong(row['gross_vnd'])}"
            for row in body["goods"]
        ),
    ]  # fmt: skip
    if body["payout_vnd"]:
        where = f" · {body['account']['bank']} {body['account']['number']}" if body["account"] else ""
        done = _("đã trả") if state == "closed" else _("trả %(day)s", day=weekday(date.fromisoformat(body["pay_on"])))
        lines.append(_("Bạn được %(vnd)s đ, %(done)s", vnd=dong(body["payout_vnd"]), done=done) + where)
    else:
        lines.append(_("Kỳ này không chi trả"))
    return "\n".join([*map(str, lines), _("Kiểm tra: %(link)s", link=link)])
