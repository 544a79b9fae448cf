"""A frozen document as texts in Vietnamese or English: the one wording of the PDF, the page and the spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pos.kernel.clock import from_iso, local
from pos.kernel.text import dong, quantity

Body = Mapping[str, Any]
STEPS: dict[str, tuple[str, str]] = {
    "opening": ("Kỳ trước chuyển sang", "Carried from last time"),
    "gross": ("Bán hàng, đã trừ trả lại", "Sales less returns"),
    "agreed_cost": ("Tiền hàng theo giá thỏa thuận", "Goods at the agreed cost"),
    "discount_producer": ("Giảm giá chủ thể chịu", "Discounts borne by the producer"),
    "commission": ("Hoa hồng {bp}", "Commission {bp}"),
    "commission_vat": ("Thuế GTGT {bp} của hoa hồng, từng dòng", "VAT {bp} on commission, line by line"),
    "vat_rounding": ("Chênh làm tròn thuế", "Rounding of that VAT"),
    "fee": ("Phí", "Fees"),
    "payment_fee": ("Phí thanh toán", "Payment fees"),
    "compensation": ("Bồi thường hao hụt, hư hỏng", "Compensation for loss and damage"),
    "rebate": ("Thưởng doanh số", "Rebate"),
    "kept_takings": ("Chủ thể đã thu trực tiếp", "Takings already kept"),
    "adjustment": ("Điều chỉnh", "Adjustment"),
    "reserve_kept": ("Giữ dự phòng", "Reserve kept"),
    "reserve_used": ("Dùng dự phòng", "Reserve used"),
    "recouped": ("Thu hồi tạm ứng", "Advance recouped"),
}
TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Bảng kê hàng ký gửi", "Consignment statement"),
    "no": ("Số", "No."),
    "period": ("kỳ {a} đến {b}", "period {a} to {b}"),
    "cut": ("chốt {when}, sổ #{seq}", "frozen {when}, book #{seq}"),
    "operator": ("Bên nhận ký gửi", "Operator"),
    "producer": ("Chủ thể", "Producer"),
    "tax": ("MST {code}", "Tax code {code}"),
    "agreement": ("thỏa thuận bản {n}, từ {day}", "agreement version {n}, from {day}"),
    "pay": ("Chi trả kỳ này", "Paid this time"),
    "into": ("Chuyển vào {bank} {number}, tên {holder}, ngày {day}.", "Into {bank} {number}, {holder}, on {day}."),
    "no_account": ("Chưa có tài khoản: nhận tại điểm bán, từ ngày {day}.", "No account: collect in person from {day}."),
    "text": ("Nội dung:", "Reference:"),
    "nothing": ("Kỳ này không chi trả.", "Nothing is paid this time."),
    "carried": ("Chuyển sang kỳ sau: {amount}.", "Carried forward: {amount}."),
    "held": (
        "Đang giữ chờ hết hạn đổi trả, chưa vào kỳ này: {amount}, chắc dần đến {day}.",
        "Held until the return window ends, not in this period: {amount}, free by {day}.",
    ),
    "disputed": (
        "Đang khiếu nại, chờ trả lời, chưa vào kỳ này: {amount}.",
        "In dispute, waiting for an answer, not in this period: {amount}.",
    ),
    "end": ("Chi trả", "Payout"),
    "goods": ("Hàng đã bán, thuế suất hàng hóa {rate}", "Goods sold, VAT on goods {rate}"),
    "exempt": ("không chịu thuế", "exempt"),
    "total": ("Cộng", "Total"),
    "late": ("Dòng đến muộn, đúng ngày bán", "Late lines, with their true dates"),
    "others": ("Các khoản khác", "Other items"),
    "stock": ("Hàng hóa", "Stock"),
    "vat": ("Thuế GTGT trên hoa hồng, xuất hóa đơn một lần", "VAT on commission, invoiced once"),
    "dispute": ("Khiếu nại", "Disputes"),
    "dispute_text": (
        "Đến hết {day}, từng dòng, tại điểm bán hoặc qua điện thoại. Dòng bị khiếu nại dừng riêng, tiền khác vẫn chi.",
        "Until {day}, line by line, at the shop or by phone. Only the disputed line waits; the rest is paid.",
    ),
    "held_title": ("Tiền còn giữ", "Still held"),
    "held_none": ("Không giữ khoản nào.", "Nothing is held."),
    "check": ("Kiểm tra", "Verification"),
    "check_text": (
        "Quét mã góc trên: dấu vân của tờ này phải trùng với sổ.",
        "Scan the code above: the fingerprint of this sheet must match the books.",
    ),
    "maker": ("Người lập", "Prepared by"),
    "approver": ("Người duyệt", "Approved by"),
    "self": ("tự duyệt, đơn vị chỉ có một người có quyền", "self-approved: the only authorized person"),
    "console": ("duyệt bằng dòng lệnh", "approved on the command line"),
    "waiting": ("chưa duyệt", "not yet approved"),
    "sealed": (
        "Bảng kê đã niêm, không sửa; sai thì điều chỉnh ở kỳ sau.",
        "Sealed and not edited; mistakes are adjusted next time.",
    ),
    "head": ("đầu sổ", "chain head"),
    "void": ("ĐÃ HỦY", "VOID"),
    "demo": ("MẪU", "SAMPLE"),
}
GOODS_HEAD = (
    ("Sản phẩm", "Bán", "Trả lại", "Tiền hàng", "Giảm: chủ thể", "BTC chịu", "đơn vị chịu", "Hoa hồng"),
    ("Product", "Sold", "Returned", "Gross", "Disc.: producer", "organizer pays", "operator pays", "Commission"),
)
STOCK_HEAD = (
    ("Sản phẩm", "Đầu kỳ", "Nhận", "Bán ròng", "Trả chủ thể", "Hỏng, mất", "Còn"),
    ("Product", "Start", "Received", "Net sold", "To producer", "Written off", "On hand"),
)
VAT_HEAD = (
    ("Thuế suất", "Hoa hồng", "Thuế từng dòng", "Thuế trên hóa đơn"),
    ("Rate", "Commission", "VAT line by line", "VAT invoiced"),
)


def _place(language: str) -> int:
    return 1 if language == "en" else 0


def say(key: str, language: str, **facts: object) -> str:
    """One text with its facts."""
    return TEXTS[key][_place(language)].format(**facts)


def rate(bp: int | None) -> str:
    """`8 %`, `12,5 %`."""
    whole, rest = divmod(bp or 0, 100)
    return f"{whole},{rest:02d}".rstrip("0") + " %" if rest else f"{whole} %"


def step_label(code: str, bp: int | None, language: str) -> str:
    """The words of a rung."""
    return STEPS.get(code, (code, code))[_place(language)].format(bp=rate(bp))


def day(iso_day: str) -> str:
    """`2026-11-15` → `15/11/2026`."""
    return date.fromisoformat(iso_day).strftime("%d/%m/%Y")


def goods_tables(body: Body, language: str) -> list[dict[str, Any]]:
    """One table per VAT class and rate: title, head, rows and their total, all texts."""
    made = []
    keys = sorted({(row["vat_class"], row["vat_bp"]) for row in body["goods"]})
    for vat_class, bp in keys:
        rows = [row for row in body["goods"] if (row["vat_class"], row["vat_bp"]) == (vat_class, bp)]
        title = say("goods", language, rate=say("exempt", language) if vat_class == "KCT" else rate(bp))
        cells = [[f"{row['product']}" + (f" ({row['unit']})" if row["unit"] else ""), *_goods(row)] for row in rows]
        sums = {name: sum(row[name] for row in rows) for name in rows[0] if name.endswith(("_vnd", "_milli"))}
        made.append(
            {"title": title, "head": GOODS_HEAD[_place(language)], "rows": cells,
             "foot": [say("total", language), *_goods(sums)]}
        )  # fmt: skip
    return made


def _goods(row: Mapping[str, Any]) -> list[str]:
    return [
        quantity(row["sold_milli"]), quantity(row["returned_milli"]), dong(row["gross_vnd"]),
        dong(-row["discount_producer_vnd"]), dong(row["discount_organizer_vnd"]),
        dong(row["discount_operator_vnd"]), dong(row["commission_vnd"]),
    ]  # fmt: skip


def ladder(body: Body, language: str) -> list[list[str]]:
    """(words, amount) of each rung."""
    return [[step_label(s["code"], s["bp"], language), dong(s["amount_vnd"])] for s in body["steps"]]


def held_sum(body: Body) -> tuple[int, str | None]:
    """(what is held, the day the last of it is free)."""
    rows = [row for row in body["held"] if row["amount_vnd"]]
    return sum(row["amount_vnd"] for row in rows), rows[-1]["on"] if rows else None


def stock_table(body: Body, language: str) -> dict[str, Any]:
    """Goods of the period, per product."""
    names = ("start_milli", "received_milli", "sold_milli", "returned_milli", "lost_milli", "on_hand_milli")
    rows = [[row["product"], *(quantity(row[name]) for name in names)] for row in body["stock"]]
    return {"title": say("stock", language), "head": STOCK_HEAD[_place(language)], "rows": rows, "foot": []}


def vat_table(body: Body, language: str) -> dict[str, Any]:
    """The invoice on commission, one row per frozen rate."""
    rows = [
        [rate(row["bp"]), dong(row["commission_vnd"]), dong(row["accrued_vnd"]), dong(row["invoiced_vnd"])]
        for row in body["vat_on_commission"]
        if row["commission_vnd"] or row["accrued_vnd"]
    ]
    return {"title": say("vat", language), "head": VAT_HEAD[_place(language)], "rows": rows, "foot": []}


def late_texts(body: Body, language: str) -> list[str]:
    """`30/10/2026, phiếu 03-261030-112, Bánh chả × 1, 35.000`."""
    word = ("phiếu", "receipt")[_place(language)]
    back = ("trả lại", "return")[_place(language)]
    made = []
    for row in body["late"]:
        number = f", {word} {row['receipt_no']}" if row["receipt_no"] else ""
        kind = f", {back}" if row["kind"] == "return" else ""
        what = f"{row['product']} × {quantity(row['qty_milli'])}, {dong(row['gross_vnd'])}"
        made.append(f"{day(row['day'])}{number}{kind}, {what}")
    return made


def other_rows(body: Body, language: str) -> list[list[str]]:
    """(day, what, amount) of fees, compensation and the like."""
    return [
        [day(row["day"]), " · ".join(filter(None, (step_label(row["kind"], None, language), row["note"]))),
         dong(row["amount_vnd"])]
        for row in body["others"]
    ]  # fmt: skip


def party(who: Mapping[str, Any], place: str | None, language: str, more: Sequence[str] = ()) -> dict[str, str]:
    """(name, second line) of operator or producer."""
    tax = say("tax", language, code=who["tax_code"]) if who.get("tax_code") else ""
    return {"name": who["name"], "line": " · ".join(part for part in (tax, place or "", *more) if part)}


def paper_of(
    body: Body,
    language: str,
    *,
    sha256: str,
    void: bool,
    approver: str | None,
    approved: bool,
    self_approved: bool,
    demo: bool = False,
) -> dict[str, Any]:
    """Everything the A4 says, as texts."""
    frozen = local(from_iso(body["frozen_at"])).strftime("%d/%m/%Y %H:%M")
    account, terms, pay_on = body["account"], body["agreement"], day(body["pay_on"])
    held, until = held_sum(body)
    notes = [say("carried", language, amount=dong(body["carried_vnd"]))]
    if until:
        notes.append(say("held", language, amount=dong(held), day=day(until)))
    if body.get("disputed_vnd"):
        notes.append(say("disputed", language, amount=dong(body["disputed_vnd"])))
    where = say("into", language, day=pay_on, **account) if account else say("no_account", language, day=pay_on)
    more = [say("agreement", language, n=terms["version"], day=day(terms["starts_on"]))] if terms else []
    state = say(_approval(approved, approver, self_approved), language) if not approver or self_approved else ""
    tables = [*goods_tables(body, language), vat_table(body, language), stock_table(body, language)]
    return {
        "language": language, "title": say("title", language), "number": body["number"],
        "line": " · ".join(
            (
                f"{say('no', language)} {body['number']}",
                say("period", language, a=day(body["period_from"]), b=day(body["cutoff_on"])),
                say("cut", language, when=frozen, seq=dong(body["head"]["seq"])),
            )
        ),
        "operator_word": say("operator", language), "producer_word": say("producer", language),
        "operator": party(body["operator"], body["operator"]["address"], language),
        "producer": party(body["producer"], body["producer"]["place"], language, more),
        "pay_word": say("pay", language), "payout": dong(body["payout_vnd"]),
        "words": f"{body['payout_words']}." if language == "vi" else "",
        "where": where if body["payout_vnd"] else say("nothing", language),
        "text_word": say("text", language), "payment_text": body["payment_text"] if body["payout_vnd"] else "",
        "notes": notes, "ladder": ladder(body, language), "end": say("end", language),
        "tables": [table for table in tables if table["rows"]],
        "late_word": say("late", language), "late": late_texts(body, language),
        "others_word": say("others", language), "others": other_rows(body, language),
        "cards": [
            {"title": say("dispute", language), "text": say("dispute_text", language, day=day(body["dispute_until"]))},
            {"title": say("held_title", language), "text": _held_text(body, language)},
            {"title": say("check", language), "text": say("check_text", language)},
        ],
        "maker_word": say("maker", language), "maker": body["made_by"] or "",
        "approver_word": say("approver", language), "approver": approver or "", "approval": state,
        "producer_sign": say("producer", language),
        "sealed": say("sealed", language),
        "fingerprint": f"SHA-256 {spaced(sha256[:16])} · {say('head', language)} "
        f"#{dong(body['head']['seq'])} {spaced(body['head']['hash'][:8])}",
        "stamp": say("void", language) if void else say("demo", language) if demo else "",
    }  # fmt: skip


def _approval(approved: bool, approver: str | None, self_approved: bool) -> str:
    if not approved:
        return "waiting"
    return "self" if approver and self_approved else "console"


def _held_text(body: Body, language: str) -> str:
    rows = [f"{day(row['on'])}: {dong(row['amount_vnd'])}" for row in body["held"] if row["amount_vnd"]]
    shown = rows[:6] + (["…"] if len(rows) > 6 else [])
    return " · ".join(shown) if rows else say("held_none", language)


def spaced(text: str) -> str:
    """In groups of four, as people compare it."""
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))
