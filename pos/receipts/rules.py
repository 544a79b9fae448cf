"""From a stored sale to the receipt document: every word and every sum on the paper is decided here.

The document is versioned JSON (docs/algorithms/receipt.md). What draws it adds nothing up.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from pos.kernel.clock import local
from pos.kernel.money import net_of_vat
from pos.kernel.text import dong, nfc, quantity
from pos.receipts.commands import ReceiptData, ReceiptLine, ReceiptTender

VERSION = 1
RECEIPT_LIVES = timedelta(minutes=30)
DRAWER_LIVES = timedelta(minutes=2)  # nobody wants yesterday's drawer opening
SENDING_TAKES_AT_MOST = timedelta(seconds=90)
PATIENCE = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
GUESSES = 3
GUESSES_FROM_ONE_PLACE = 20  # a fair's visitors share an address
GUESS_WAIT = timedelta(minutes=10)

Document = dict[str, Any]
Block = dict[str, Any]

WORDS = {
    "vi": {
        "sample": "MẪU · KHÔNG CÓ GIÁ TRỊ",
        "training": "BÁN THỬ · KHÔNG CÓ GIÁ TRỊ",
        "copy": "BẢN SAO {n}",
        "tax_code": "MST {code}",
        "sale": "PHIẾU TÍNH TIỀN",
        "refund": "PHIẾU TRẢ HÀNG",
        "exchange": "PHIẾU ĐỔI HÀNG",
        "till": "Quầy {code}",
        "buyer": "Bán cho người tiêu dùng",
        "discount": "Giảm giá",
        "discount_back": "Phần đã giảm giá",
        "bought": "HÀNG MUA",
        "returned": "HÀNG TRẢ LẠI",
        "goods": "Cộng tiền hàng",
        "rounding": "Làm tròn tiền mặt",
        "due": "PHẢI THU",
        "due_back": "HOÀN LẠI KHÁCH",
        "cash": "Tiền mặt",
        "vietqr": "Chuyển khoản QR",
        "transfer": "Chuyển khoản",
        "card": "Thẻ",
        "voucher": "Phiếu mua hàng",
        "owed": "Ghi nợ, khách trả sau",
        "producer": "Trả thẳng cho chủ thể",
        "not_seen": "chờ tiền về",
        "paid_back": "Hoàn lại: {how}",
        "cash_given": "Tiền mặt khách đưa",
        "change": "Trả lại",
        "reference": "Mã {reference}",
        "vat_all": "Đã gồm thuế GTGT {rate}",
        "vat_some": "Thuế GTGT {rate} trong {base}",
        "KCT": "Không chịu thuế GTGT: {base}",
        "KKKNT": "Không kê khai thuế GTGT: {base}",
        "scan": "Quét mã này để",
        "scan_for": "xem lại phiếu và nơi làm ra từng món.",
        "thanks": "Cảm ơn quý khách",
        "makers": "Quý khách vừa mua hàng của {n} nhà sản xuất.",
        "not_invoice": "Phiếu này không phải hóa đơn thuế. Cần hóa đơn điện tử, xin báo người bán.",
    },
    "en": {
        "sample": "SAMPLE · NO VALUE",
        "training": "PRACTICE · NO VALUE",
        "copy": "COPY {n}",
        "tax_code": "Tax code {code}",
        "sale": "RECEIPT",
        "refund": "REFUND",
        "exchange": "EXCHANGE",
        "till": "Till {code}",
        "buyer": "Sold to a consumer",
        "discount": "Discount",
        "discount_back": "Discount taken back",
        "bought": "BOUGHT",
        "returned": "RETURNED",
        "goods": "Goods",
        "rounding": "Cash rounding",
        "due": "TOTAL ₫",
        "due_back": "REFUND ₫",
        "cash": "Cash",
        "vietqr": "VietQR transfer",
        "transfer": "Bank transfer",
        "card": "Card",
        "voucher": "Voucher",
        "owed": "On account, to be paid",
        "producer": "Paid to the producer",
        "not_seen": "awaiting the transfer",
        "paid_back": "Paid back: {how}",
        "cash_given": "Cash given",
        "change": "Change",
        "reference": "Ref. {reference}",
        "vat_all": "VAT {rate} included",
        "vat_some": "VAT {rate} in {base}",
        "KCT": "Not subject to VAT: {base}",
        "KKKNT": "VAT not declared: {base}",
        "scan": "Scan this code to",
        "scan_for": "see this receipt again, and who made what you bought.",
        "thanks": "Thank you",
        "makers": "You have just bought from {n} producers.",
        "not_invoice": "This is not a tax invoice. Ask the seller if you need an e-invoice.",
    },
}
OTHER_POINT = str.maketrans(",.", ".,")


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


class _Speech:
    """Words and figures of one language: English swaps the points of a number."""

    def __init__(self, language: str) -> None:
        self.words = WORDS[language]
        self.foreign = language != "vi"

    def say(self, word: str, **facts: object) -> str:
        return self.words[word].format(**facts)

    def _figure(self, text: str) -> str:
        return text.translate(OTHER_POINT) if self.foreign else text

    def dong(self, amount: int) -> str:
        return self._figure(dong(amount))

    def quantity(self, milli: int) -> str:
        return self._figure(quantity(milli))

    def rate(self, bp: int) -> str:
        return self._figure(quantity(bp * 10)) + " %"


def _text(words: str, size: str = "normal", align: str = "left") -> Block:
    return {"t": "text", "s": nfc(words), "size": size, "align": align}


def _row(left: str, right: str, size: str = "normal") -> Block:
    return {"t": "row", "l": nfc(left), "r": nfc(right), "size": size}


def _pair(left: str, right: str, size: str) -> Block:
    return {"t": "pair", "l": nfc(left), "r": nfc(right), "size": size}


def _rule(kind: str) -> Block:
    return {"t": "rule", "k": kind}


def _head(data: ReceiptData, speech: _Speech) -> list[Block]:
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


def _item(line: ReceiptLine, sign: int, speech: _Speech) -> list[Block]:
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


def _items(data: ReceiptData, speech: _Speech) -> list[Block]:
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


def _tender(tender: ReceiptTender, speech: _Speech) -> list[Block]:
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


def _money(data: ReceiptData, speech: _Speech) -> list[Block]:
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


def _vat(data: ReceiptData, speech: _Speech) -> list[Block]:
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


def _foot(data: ReceiptData, speech: _Speech) -> list[Block]:
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
    speech = _Speech(data.language)
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


def link_of(origin: str, receipt_no: str, sale_id: str, proof: str | None = None) -> str:
    """The address behind the QR. What follows # stays in the customer's browser: the tablet's signed proof
    of this sale, or the sale's id alone."""
    key = base64.urlsafe_b64encode(uuid.UUID(sale_id).bytes).rstrip(b"=").decode()
    if proof and sale_id_of(proof) == sale_id:
        key = proof
    return f"{origin.rstrip('/')}/r/{receipt_no}#{key}"


def sale_id_of(key: str) -> str | None:
    """The sale id at the head of a QR's key; None when it is no key. What may follow is not ours."""
    try:
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except (binascii.Error, ValueError):
        return None
    return str(uuid.UUID(bytes=raw[:16])) if len(raw) >= 16 else None


def held_pass(secret: str, receipt_id: str) -> str:
    """What a page gives to somebody who has shown that they hold this paper, for the next page."""
    return str(URLSafeSerializer(secret, salt="receipt held").dumps(receipt_id))


def held_receipt(secret: str, text: str) -> str | None:
    """The receipt whose paper the bearer holds; None for anything else."""
    try:
        told = URLSafeSerializer(secret, salt="receipt held").loads(text)
    except BadSignature:
        return None
    return told if isinstance(told, str) else None


def printed_sum_of(text: str) -> int | None:
    """The sum a person reads off the paper (`185.000`, `185,000 đ`); None when it is none."""
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    rest = "".join(c for c in text if not c.isdigit()).strip(" .,₫đĐdDvVnN−-\u00a0")
    return int(digits) if 0 < len(digits) <= 13 and not rest else None


def patience(attempts: int) -> timedelta:
    """How long to leave a printer alone after its n-th failure (n from 1)."""
    return PATIENCE[min(attempts, len(PATIENCE)) - 1]
