"""From a stored sale to the receipt document: every word and every sum on the paper is decided here.

The document is versioned JSON (docs/algorithms/receipt.md). What draws it adds nothing up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pos.kernel.clock import local
from pos.kernel.money import net_of_vat
from pos.kernel.text import nfc
from pos.receipts.commands import ReceiptData, ReceiptLine, ReceiptTender
from pos.receipts.rules.wording import WORDS, Speech

VERSION = 1
Document = dict[str, Any]
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class VatRow:
    """The VAT of all lines of one class and rate: what they came to, and the tax inside it."""

    vat_class: str
    vat_bp: int
    paid_vnd: int
    vat_vnd: int


def vat_by_rate(lines: Iterable[ReceiptLine], returns: Iterable[ReceiptLine]) -> list[VatRow]:
    """Sum the VAT of the lines, never the VAT of the sum (money.md); highest rate first.

    Sellers on the direct method have no VAT line. Returns count down.
    """
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for sign, group in ((1, lines), (-1, returns)):
        for line in group:
            if line.vat_class == "direct":
                continue
            bp = line.vat_bp if line.vat_class == "standard" else 0
            paid, vat = found.get((bp, line.vat_class), (0, 0))
            found[bp, line.vat_class] = (
                paid + sign * line.paid_vnd,
                vat + sign * net_of_vat(line.paid_vnd, bp)[1],
            )
    order = sorted(found, key=lambda key: (-key[0], key[1]))
    return [VatRow(vat_class, bp, *found[bp, vat_class]) for bp, vat_class in order]


def _text(words: str, size: str = "normal", align: str = "left") -> Block:
    return {"t": "text", "s": nfc(words), "size": size, "align": align}


def _row(left: str, right: str, size: str = "normal") -> Block:
    return {"t": "row", "l": nfc(left), "r": nfc(right), "size": size}


def _pair(left: str, right: str, size: str) -> Block:
    return {"t": "pair", "l": nfc(left), "r": nfc(right), "size": size}


def _rule(kind: str) -> Block:
    return {"t": "rule", "k": kind}


def _head(data: ReceiptData, speech: Speech) -> list[Block]:
    tax_code = data.operator_tax_code
    seller = [data.fair_name, data.address, data.operator_name]
    seller += [speech.say("tax_code", code=tax_code)] if tax_code else []
    kind = "sale" if not data.returns else "exchange" if data.lines else "refund"
    who = speech.say("till", code=data.till_code) + (f" · {data.cashier}" if data.cashier else "")
    blocks = [{"t": "mark"}, _text(data.site_name.upper(), "title", "center")]
    blocks += [_text(words, "small", "center") for words in seller if words]
    return [
        *blocks,
        _rule("thick"),
        _pair(speech.say(kind), data.receipt_no, "big"),
        _pair(f"{local(data.sold_at):%d/%m/%Y %H:%M}", who, "small"),
        _text(speech.say("buyer"), "small"),
        _rule("thin"),
    ]


def _item(line: ReceiptLine, sign: int, speech: Speech) -> list[Block]:
    english = line.name_en if speech.foreign else None
    blocks = [{"t": "gap"}, _text(english or line.name, "big")]
    if english:
        blocks.append(_text(line.name, "small"))
    sum_of = f"{speech.quantity(line.qty_milli)} {line.unit} × {speech.dong(line.price_vnd)}"
    blocks.append(_row(sum_of, speech.dong(sign * line.gross_vnd)))
    if line.discount_vnd:
        word = "discount" if sign > 0 else "discount_back"
        said = speech.say(word) + (f": {line.discount_words}" if line.discount_words else "")
        blocks.append(_row(said, speech.dong(-sign * line.discount_vnd)))
    if line.producer or line.stars:
        blocks.append({"t": "maker", "stars": line.stars or 0, "s": nfc(line.producer or "")})
    return blocks


def _items(data: ReceiptData, speech: Speech) -> list[Block]:
    blocks: list[Block] = []
    if data.lines and data.returns:
        blocks += [{"t": "gap"}, _text(speech.say("bought"), "small")]
    for line in data.lines:
        blocks += _item(line, 1, speech)
    if data.lines and data.returns:
        blocks += [{"t": "gap"}, _rule("thin"), {"t": "gap"}, _text(speech.say("returned"), "small")]
    for line in data.returns:
        blocks += _item(line, -1, speech)
    return [*blocks, {"t": "gap"}]


def _tender(tender: ReceiptTender, speech: Speech) -> list[Block]:
    how = (speech.foreign and tender.name_en) or tender.name or speech.words.get(tender.kind, tender.kind)
    how += f" · {tender.of}" if tender.of else ""
    how += f" ({speech.say('not_seen')})" if tender.state == "shown" else ""
    blocks: list[Block]
    if tender.amount_vnd < 0:
        blocks = [_row(speech.say("paid_back", how=how), speech.dong(-tender.amount_vnd))]
    elif tender.received_vnd is not None and (tender.kind == "cash" or tender.change_vnd):
        given = speech.say("cash_given") if tender.kind == "cash" else how
        blocks = [_row(given, speech.dong(tender.received_vnd))]
        blocks += [_row(speech.say("change"), speech.dong(tender.change_vnd or 0), "big")]
    else:
        blocks = [_row(how, speech.dong(tender.amount_vnd))]
    if tender.reference:
        blocks.append(_text(speech.say("reference", reference=tender.reference), "small"))
    return blocks


def _money(data: ReceiptData, speech: Speech) -> list[Block]:
    payable = payable_vnd(data)
    blocks: list[Block] = []
    if data.cash_rounding_vnd:
        blocks += [
            _rule("thin"),
            _row(speech.say("goods"), speech.dong(data.total_vnd)),
            _row(speech.say("rounding"), speech.dong(data.cash_rounding_vnd)),
        ]
    blocks += [
        _rule("thick"),
        _row(speech.say("due_back" if payable < 0 else "due"), speech.dong(abs(payable)), "total"),
        _rule("thick"),
    ]
    for tender in data.tenders:
        blocks += _tender(tender, speech)
    return blocks


def _vat(data: ReceiptData, speech: Speech) -> list[Block]:
    rows = vat_by_rate(data.lines, data.returns)
    if len(rows) == 1 and rows[0].vat_class == "standard":
        words = speech.say("vat_all", rate=speech.rate(rows[0].vat_bp))
        return [_row(words, speech.dong(rows[0].vat_vnd), "small")]
    blocks = []
    for row in rows:
        word = row.vat_class if row.vat_class in ("KCT", "KKKNT") else "vat_some"
        words = speech.say(word, rate=speech.rate(row.vat_bp), base=speech.dong(row.paid_vnd))
        blocks.append(_row(words, speech.dong(row.vat_vnd), "small"))
    return blocks


def _foot(data: ReceiptData, speech: Speech) -> list[Block]:
    code = {"t": "qr", "data": data.link, "l": speech.say("scan"), "s": speech.say("scan_for")}
    blocks = [_rule("dots")] + ([] if data.training else [code, _rule("dots")])
    blocks.append(_text(speech.say("thanks"), "big", "center"))
    makers = {line.producer for line in data.lines if line.producer}
    if len(makers) > 1:
        blocks.append(_text(speech.say("makers", n=len(makers)), "small", "center"))
    return [*blocks, {"t": "gap"}, _text(speech.say("not_invoice"), "small", "center")]


def payable_vnd(data: ReceiptData) -> int:
    """What was to be paid after cash rounding; below 0 it was paid back."""
    return data.total_vnd + data.cash_rounding_vnd


def receipt_document(data: ReceiptData) -> Document:
    """The document of a sale: `{v, locale, receipt_no, payable_vnd, copy, blocks}`.

    A demo's and a practice sale's paper says so at both ends. The drawer opens for cash, in either direction;
    not for practice, whose code would open nothing either.
    """
    speech = Speech(data.language)
    blocks = _head(data, speech) + _items(data, speech) + _money(data, speech)
    blocks += _vat(data, speech) + _foot(data, speech)
    mark = "training" if data.training else "sample" if data.demo else None
    if mark:
        band = {"t": "band", "k": mark, "s": speech.say(mark)}
        blocks = [band, *blocks, band]
    if not data.training and any(tender.kind == "cash" for tender in data.tenders):
        blocks = [{"t": "drawer"}, *blocks]
    return {
        "v": VERSION,
        "locale": data.language,
        "receipt_no": data.receipt_no,
        "payable_vnd": payable_vnd(data),
        "copy": 0,
        "blocks": [*blocks, {"t": "cut"}],
    }


def test_document(name: str, at: datetime) -> Document:
    """A sheet that says which printer it is and shows all marks and the whole width."""
    lines = [
        {"t": "mark"}, _text("IN THỬ · TEST", "title", "center"), _text(name, "big", "center"), _rule("thick"),
        _row(f"{local(at):%d/%m/%Y %H:%M}", "OCOP POS"), _row("Mật ong hoa nhãn 500 ml", "125.000"),
        _text("Ă Â Đ Ê Ô Ơ Ư ă â đ ê ô ơ ư", "normal", "center"),
        _text("Ằ Ẳ Ẵ Ắ Ặ Ề Ể Ễ Ế Ệ Ờ Ở Ỡ Ớ Ợ Ừ Ử Ữ Ứ Ự", "normal", "center"), _rule("thin"),
        _text("Đọc rõ mọi dấu, không mất mép là máy in tốt.", "small", "center"), {"t": "cut"},
    ]  # fmt: skip
    return {"v": VERSION, "locale": "vi", "receipt_no": "", "payable_vnd": 0, "copy": 0, "blocks": lines}


def without_drawer(document: Document) -> Document:
    """The same paper that leaves the drawer shut."""
    return {**document, "blocks": [block for block in document["blocks"] if block["t"] != "drawer"]}


def as_copy(document: Document, n: int) -> Document:
    """The n-th reprint: says BẢN SAO on top and leaves the drawer shut. n counts from 1."""
    if n < 1:
        raise ValueError("the original is no copy; copies count from 1")
    blocks = [
        block
        for block in document["blocks"]
        if block["t"] != "drawer" and not (block["t"] == "band" and block["k"] == "copy")
    ]
    at = 1 if blocks and blocks[0]["t"] == "band" else 0
    words = WORDS[document["locale"]]["copy"].format(n=n)
    blocks.insert(at, {"t": "band", "k": "copy", "s": words})
    return {**document, "copy": n, "blocks": blocks}
