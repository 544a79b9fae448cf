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
