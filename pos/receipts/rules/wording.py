"""Every word of the paper in its languages, and how a figure is written in each."""

from __future__ import annotations

from pos.kernel.text import dong, quantity

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


class Speech:
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
