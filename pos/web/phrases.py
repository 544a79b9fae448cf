"""Every sentence for every error code, Vietnamese and English: what, where and how to mend it.

A code without a phrase falls back to its kind's; a test finds codes raised without one.
"""

from __future__ import annotations

KINDS: dict[str, tuple[str, str]] = {
    "Invalid": (
        "Dữ liệu chưa đúng. Hãy xem lại các ô và thử lại.",
        "The data is not right. Check the fields and try again.",
    ),
    "NotFound": (
        "Không tìm thấy. Có thể địa chỉ sai hoặc bạn không có quyền xem.",
        "Not found: the address may be wrong, or it is not yours to see.",
    ),
    "Refused": (
        "Bạn không có quyền làm việc này. Hãy hỏi người quản lý.",
        "You may not do this. Ask a manager.",
    ),
    "Conflict": (
        "Việc này trái với điều đã ghi. Hãy tải lại trang và xem lại.",
        "This contradicts what is recorded. Reload the page and look again.",
    ),
}

PHRASES: dict[str, tuple[str, str]] = {
    "login.wrong": ("Tên đăng nhập hoặc mật khẩu chưa đúng.", "The name or the password is wrong."),
    "login.locked": (
        "Đã sai nhiều lần. Hãy thử lại sau {minutes} phút.",
        "Too many wrong tries. Try again in {minutes} minutes.",
    ),
    "csrf": (
        "Trang đã mở quá lâu. Hãy tải lại trang rồi gửi lại.",
        "The page was open too long. Reload it and send again.",
    ),
    "till.no_token": (
        "Máy chưa được ghép với quầy. Hãy ghép lại bằng mã mới.",
        "This device is not enrolled. Enrol it again with a new code.",
    ),
    "till.revoked": (
        "Máy này đã bị thu quyền. Hãy báo người quản lý.",
        "This device was revoked. Tell the manager.",
    ),
    "enrol.bad_code": (
        "Mã ghép máy không đúng hoặc đã hết hạn. Hãy xin mã mới.",
        "The code is wrong or has expired. Ask for a new one.",
    ),
    "enrol.bad_request": (
        "Yêu cầu ghép máy thiếu hoặc sai: {what}.",
        "The enrolment request is incomplete: {what}.",
    ),
    "enrol.too_many": (
        "Đã thử sai nhiều lần. Hãy chờ {minutes} phút rồi nhập mã mới.",
        "Too many wrong codes. Wait {minutes} minutes.",
    ),
    "events.not_json": (
        "Gói dữ liệu không đọc được: {what}. Chưa ghi gì cả, máy sẽ tự chia nhỏ và gửi lại.",
        "The batch cannot be read: {what}. Nothing was recorded; the device will halve it and send again.",
    ),
    "events.too_large": (
        "Gói dữ liệu quá lớn (tối đa 1 MiB, 500 sự kiện). Máy sẽ tự chia nhỏ.",
        "The batch is too large (1 MiB, 500 events at most). The device will halve it.",
    ),
    "events.unavailable": (
        "Máy chủ đang bận. Đơn vẫn an toàn trên máy và sẽ được gửi lại.",
        "The server is busy. The sales are safe on the device and will be sent again.",
    ),
    "receipt.not_found": ("Không có biên lai số {receipt_no}.", "There is no receipt {receipt_no}."),
    "agreement.too_soon": (
        "Điều khoản mới bắt đầu sớm nhất là ngày mai ({earliest}).",
        "New terms start tomorrow at the earliest ({earliest}).",
    ),
    "statement.unknown": ("Không có bảng kê này.", "There is no such statement."),
    "statement.nothing": (
        "Chưa có dòng nào đến hạn chi. Đang giữ chờ hết hạn đổi trả: {held} đ; sau ngày chốt: {after_cutoff} đ.",
        "Nothing is payable yet. Held for the return window: {held} đ; after the cut-off: {after_cutoff} đ.",
    ),
    "statement.zero": (
        "Các dòng đến hạn bù trừ hết, không còn đồng nào để chốt. Chúng sẽ vào kỳ sau.",
        "What is payable cancels out to 0. It will be on the next statement.",
    ),
    "statement.below_minimum": (
        "Số tiền {payout} đ dưới mức chi tối thiểu {minimum} đ, nên dồn sang kỳ sau. Chưa ghi gì.",
        "{payout} đ is below the minimum payout of {minimum} đ and waits for the next time. Nothing was recorded.",
    ),
    "statement.second_person": (
        "Bạn đã chốt bảng kê này, nên một người khác có quyền phải duyệt.",
        "You froze this statement, so another authorized person must approve it.",
    ),
    "statement.state": (
        "Bảng kê này vừa được người khác xử lý. Hãy tải lại trang.",
        "Somebody else has just moved this statement on. Reload the page.",
    ),
    "statement.not_newest": (
        "Chỉ hủy được bảng kê mới nhất của chủ thể. Hãy hủy bảng kê sau nó trước.",
        "Only the newest statement of a producer can be voided. Void the later one first.",
    ),
    "statement.paid": (
        "Bảng kê này đã chi tiền nên không hủy được; hãy điều chỉnh ở kỳ sau.",
        "This statement has been paid and cannot be voided; adjust it on the next one.",
    ),
    "payout.channel": ("Hãy chọn chuyển khoản hoặc tiền mặt.", "Choose transfer or cash."),
    "payout.site": (
        "Hãy chọn điểm bán có két chi tiền mặt.",
        "Choose the sales point whose safe pays the cash.",
    ),
    "payout.future": ("Ngày trả không thể sau hôm nay.", "The day of payment cannot be after today."),
    "payout.cash_limit": (
        "Tiền mặt cho một chủ thể trong ngày từ 5.000.000 đ: hãy chuyển khoản, hoặc ghi lý do.",
        "Cash to one producer reaches 5,000,000 đ that day: transfer it, or give a reason.",
    ),
    "agreement.day_taken": (
        "Đã có điều khoản từ ngày {starts_on} hoặc sau đó. Hãy chọn ngày muộn hơn.",
        "There are terms from {starts_on} or later already. Choose a later day.",
    ),
    "agreement.terms": (
        "Điều khoản có số ngoài giới hạn: hoa hồng và thuế 0–100 %, đổi trả 0–60 ngày.",
        "A figure is out of bounds: commission and VAT 0–100 %, returns 0–60 days.",
    ),
    "producer.unknown": ("Không có chủ thể này.", "There is no such producer."),
    "agreement.unknown": (
        "Không có đơn vị hoặc chủ thể này.",
        "There is no such operator or producer.",
    ),
    "field.required": ("Ô này không được để trống.", "This field cannot be empty."),
    "field.number": ("Hãy nhập một số nguyên, ví dụ 125.000.", "Enter a whole number, such as 125,000."),
    "field.date": ("Hãy nhập ngày như 22/11/2026.", "Enter a date such as 22/11/2026."),
}


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def phrase(code: str, kind: str, facts: dict[str, object]) -> tuple[str, str]:
    """(Vietnamese, English) for a code with its facts filled in."""
    vi, en = PHRASES.get(code) or KINDS.get(kind) or KINDS["Invalid"]
    filled = _Facts(facts)
    return vi.format_map(filled), en.format_map(filled)
