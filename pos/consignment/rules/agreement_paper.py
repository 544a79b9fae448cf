"""The agreement as a paper to sign: one version's terms in plain sentences, Vietnamese or English.

Says only what the version says: what is not agreed (no reserve, no tier, no fee) is not mentioned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pos.consignment.rules.agreements import worked_example
from pos.consignment.rules.paper import rate
from pos.consignment.rules.settlement import DISPUTE_DAYS
from pos.consignment.rules.shares import COMMISSION, MARGIN
from pos.kernel.text import dong

Pair = tuple[str, str]
WEEKDAYS: tuple[Pair, ...] = (
    ("thứ Hai", "Monday"), ("thứ Ba", "Tuesday"), ("thứ Tư", "Wednesday"), ("thứ Năm", "Thursday"),
    ("thứ Sáu", "Friday"), ("thứ Bảy", "Saturday"), ("Chủ nhật", "Sunday"),
)  # fmt: skip
TEXTS: dict[str, Pair] = {
    "title": ("Thỏa thuận ký gửi hàng hóa", "Consignment agreement"),
    "line": ("Bản {n}, áp dụng từ ngày {day}", "Version {n}, in force from {day}"),
    "a": ("Bên A, bên bán", "Party A, the seller"),
    "b": ("Bên B, chủ thể", "Party B, the producer"),
    "tax": ("MST {code}", "tax code {code}"),
    "goods": ("Hàng và cách bán", "Goods and how they are sold"),
    "commission_mode": (
        "Bên B gửi hàng, Bên A bán hộ theo giá Bên B đã đồng ý. Hàng chưa bán vẫn là của Bên B; Bên B lấy lại lúc nào "
        "cũng được.",
        "B leaves goods, A sells them at the price B agreed to. Unsold goods remain B's, to be taken back any time.",
    ),
    "margin_mode": (
        "Khi khách mua, Bên A mua món đó của Bên B theo giá mua đã ghi cho từng mặt hàng (đã có thuế), rồi bán lại. "
        "Trước đó hàng vẫn là của Bên B.",
        "When a customer buys, A buys that item from B at the cost agreed for it (tax included) and resells it. Until "
        "then the goods remain B's.",
    ),
    "own_mode": (
        "Bên A mua đứt hàng của Bên B; hàng thuộc Bên A từ khi nhận.",
        "A buys the goods outright; they are A's once received.",
    ),
    "price": (
        "Giá bán chỉ đổi khi Bên B đồng ý. Bên B không trả lời thì giữ giá cũ.",
        "The price changes only with B's consent. Without an answer the old price stays.",
    ),
    "fee_title": ("Hoa hồng", "Commission"),
    "rate": (
        "Bên A hưởng {rate} giá bán (sau phần giảm giá Bên B chịu). Thuế GTGT của hoa hồng: {vat}. Tỷ lệ được ghi cố "
        "định vào từng dòng bán theo ngày bán; hàng trả lại thì hoàn đúng số đã ghi.",
        "A keeps {rate} of the price (less the part of a discount B bears). VAT on the commission: {vat}. The rate is "
        "fixed on each line by the day of sale; a return reverses exactly what was fixed.",
    ),
    "tier": (
        "Trong một tháng, phần bán vượt {from_vnd} đồng chỉ tính {bp}; chênh lệch trả lại ở bảng kê.",
        "Of what is sold beyond {from_vnd} đồng in a month A keeps only {bp}; the difference is given back.",
    ),
    "guarantee": (
        "Mỗi tháng trọn Bên B nhận ít nhất {vnd} đồng; thiếu thì Bên A bù.",
        "In each whole month B receives at least {vnd} đồng; A makes up the rest.",
    ),
    "discounts": ("Giảm giá cho khách", "Discounts"),
    "discount_none": ("Bên A chịu mọi khoản giảm giá.", "A bears every discount."),
    "discount_some": (
        "Khi giảm không quá {most} giá, Bên B chịu {part} số tiền giảm; giảm hơn thì Bên A chịu hết.",
        "Of a discount of at most {most} of the price B bears {part}; of a larger one A bears all.",
    ),
    "pay": ("Chi trả", "Payment"),
    "window": (
        "Tiền bán chờ {n} ngày cho khách đổi trả rồi mới chi.",
        "The money of a sale waits {n} days, while customers may bring goods back.",
    ),
    "weekday": (
        "Chi vào {day} hằng tuần, vào tài khoản Bên B đã đăng ký, kèm bảng kê từng mặt hàng.",
        "Paid every {day} into the account B has registered, with a statement of each product.",
    ),
    "least": (
        "Dưới {vnd} đồng thì dồn sang kỳ sau.", "Less than {vnd} đồng waits for the next time.",
    ),
    "reserve": (
        "Mỗi kỳ giữ lại {bp} tiền bán làm dự phòng, trả lại bằng phiếu.",
        "Each time {bp} of the sales is kept as a reserve and released by a paper.",
    ),
    "recoup": (
        "Nếu đã tạm ứng, mỗi kỳ thu hồi nhiều nhất {bp} số tiền còn lại.",
        "An advance is taken back by at most {bp} of what is left each time.",
    ),
    "fees": ("Phí", "Fees"),
    "booth": (
        "Phí gian hàng {vnd} đồng mỗi ngày, chưa thuế GTGT.", "A booth costs {vnd} đồng a day, before VAT.",
    ),
    "card": ("Bên B chịu phí thẻ của phần hàng mình.", "B bears the card fee of its own goods."),
    "losses": ("Hao hụt, hư hỏng, nếm thử", "Loss, damage, tasting"),
    "allowance": (
        "Hao hụt đến {bp} số hàng nhận trong năm thỏa thuận do Bên B chịu; thiếu hơn, Bên A bồi thường mỗi đơn vị "
        "{basis}.",
        "Loss up to {bp} of what was received in the agreement year is B's; beyond it A pays for each unit {basis}.",
    ),
    "no_allowance": (
        "Hàng thiếu, hỏng khi Bên A giữ: Bên A bồi thường mỗi đơn vị {basis}.",
        "For goods lost or broken in A's keeping A pays for each unit {basis}.",
    ),
    "net_proceeds": ("bằng tiền Bên B được nhận nếu bán được", "what B would have received for it"),
    "declared_cost": ("bằng giá mua đã khai", "its declared cost"),
    "percent": ("bằng {bp} giá bán", "{bp} of its price"),
    "samples_producer": ("Hàng nếm thử do Bên B chịu.", "Tastings are B's."),
    "samples_operator": ("Hàng nếm thử do Bên A chịu.", "Tastings are A's."),
    "trust": ("Kiểm tra và thay đổi", "Checking and changing"),
    "dispute": (
        "Bên B xem từng dòng bán bằng điện thoại và khiếu nại từng dòng trong {n} ngày sau bảng kê; chỉ dòng đó chờ.",
        "B sees every line on the phone and may dispute each within {n} days of its statement; only that line waits.",
    ),
    "change": (
        "Điều khoản mới là một bản mới hai bên ký, áp dụng sớm nhất từ ngày hôm sau; hàng đã bán giữ điều khoản cũ.",
        "New terms are a new version both sign, in force from the next day at the earliest; goods sold keep theirs.",
    ),
    "example": ("Ví dụ: bán 100.000 đồng", "Example: a sale of 100,000 đồng"),
    "customer": ("Khách trả", "The customer pays"),
    "ex_commission": ("Hoa hồng {bp}, Bên A", "Commission {bp}, A"),
    "ex_vat": ("Thuế GTGT của hoa hồng", "VAT on the commission"),
    "ex_producer": ("Bên B nhận", "B receives"),
    "costs": ("Giá mua từng mặt hàng", "Cost of each product"),
    "cost_head": ("Mặt hàng|Giá mua|Từ ngày", "Product|Cost|From"),
    "sign_a": ("Đại diện Bên A", "For A"),
    "sign_b": ("Bên B", "B"),
    "sign": ("ký, ghi rõ họ tên", "signature and name"),
    "place": ("Ngày …… tháng …… năm ……", "Date …………"),
    "qr": ("Bên B quét để xem trang của mình", "B scans this for its own page"),
    "demo": ("MẪU", "SAMPLE"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """A side of the agreement, as it stands in the books."""

    name: str
    tax_code: str | None
    address: str | None
    phone: str | None


def agreement_paper(
    terms: Mapping[str, Any], operator: Party, producer: Party, *, n: int, language: str,
    costs: Sequence[tuple[str, int, date]] = (), demo: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Everything the A4 says. `terms` has the members of an agreement version; `costs` (product, đồng, from)."""
    place = 1 if language == "en" else 0

    def say(key: str, **facts: object) -> str:
        return TEXTS[key][place].format(**facts)

    def side(who: Party) -> dict[str, str]:
        tax = say("tax", code=who.tax_code) if who.tax_code else None
        return {"name": who.name, "line": " · ".join(part for part in (tax, who.address, who.phone) if part)}

    return {
        "language": language, "title": say("title"), "line": say("line", n=n, day=_day(terms["starts_on"])),
        "a_word": say("a"), "b_word": say("b"), "a": side(operator), "b": side(producer),
        "articles": [{"title": title, "texts": texts} for title, texts in _articles(terms, say, place) if texts],
        "example": _example(terms, say), "example_word": say("example"),
        "costs": [[name, dong(vnd), _day(since)] for name, vnd, since in costs], "costs_word": say("costs"),
        "cost_head": say("cost_head").split("|"),
        "signs": [say("sign_a"), say("sign_b")], "sign": say("sign"), "place": say("place"),
        "qr_word": say("qr"),
        "stamp": say("demo") if demo else "",
    }  # fmt: skip


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _articles(terms: Mapping[str, Any], say: Any, place: int) -> list[tuple[str, list[str]]]:
    mode = terms["mode"]
    part, most = terms["discount_producer_bp"], terms["discount_max_bp"]
    earned = [say("rate", rate=rate(terms["commission_bp"]), vat=rate(terms["vat_on_commission_bp"]))]
    if terms["tier_from_vnd"]:
        earned.append(say("tier", from_vnd=dong(terms["tier_from_vnd"]), bp=rate(terms["tier_bp"])))
    paid = [say("window", n=terms["return_window_days"])] if terms["return_window_days"] else []
    paid.append(say("weekday", day=WEEKDAYS[terms["pay_weekday"]][place]))
    if terms["min_payout_vnd"]:
        paid.append(say("least", vnd=dong(terms["min_payout_vnd"])))
    if terms["guarantee_vnd"]:
        paid.append(say("guarantee", vnd=dong(terms["guarantee_vnd"])))
    if terms["reserve_bp"]:
        paid.append(say("reserve", bp=rate(terms["reserve_bp"])))
    paid.append(say("recoup", bp=rate(terms["recoup_bp"])))
    fees = [say("booth", vnd=dong(terms["booth_day_vnd"]))] if terms["booth_day_vnd"] else []
    fees += [say("card")] if terms["card_fee_on"] == "producer" else []
    shared = say("discount_some", most=rate(most), part=rate(part)) if part else say("discount_none")
    return [
        (say("goods"), [say(f"{mode}_mode"), say("price")]),
        (say("fee_title"), earned if mode == COMMISSION else []),
        (say("discounts"), [shared] if mode in (COMMISSION, MARGIN) else []),
        (say("pay"), paid if mode in (COMMISSION, MARGIN) else []),
        (say("fees"), fees),
        (say("losses"), _losses(terms, say) if mode in (COMMISSION, MARGIN) else []),
        (say("trust"), [say("dispute", n=DISPUTE_DAYS), say("change")]),
    ]


def _losses(terms: Mapping[str, Any], say: Any) -> list[str]:
    basis = say(terms["loss_basis"], bp=rate(terms["loss_bp"]))
    some = terms["shrinkage_bp"]
    first = say("allowance", bp=rate(some), basis=basis) if some else say("no_allowance", basis=basis)
    return [first, say(f"samples_{terms['samples_borne_by']}")]


def _example(terms: Mapping[str, Any], say: Any) -> list[list[str]]:
    if terms["mode"] != COMMISSION:
        return []
    made = worked_example(terms["commission_bp"], terms["vat_on_commission_bp"])
    return [
        [say("customer"), dong(made.price_vnd)],
        [say("ex_commission", bp=rate(terms["commission_bp"])), dong(-made.commission_vnd)],
        [say("ex_vat"), dong(-made.commission_vat_vnd)],
        [say("ex_producer"), dong(made.producer_vnd)],
    ]
