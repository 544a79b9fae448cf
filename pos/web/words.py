"""Codes in people's words: roles, tenders, kinds, states. Templates say `words("tender", code)`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

from pos.kernel.clock import local
from pos.web.pictures import millions

WORDS: dict[str, dict[str, Any]] = {
    "moved": {
        "goods_in": _("Nhập hàng"),
        "sample": _("Nếm thử"),
        "gift": _("Quà tặng"),
        "broken": _("Vỡ, hỏng"),
        "lost": _("Mất"),
        "theft": _("Bị lấy cắp"),
        "own_use": _("Tự dùng"),
        "to_producer": _("Trả chủ thể"),
        "to_site": _("Chuyển điểm khác"),
        "expired": _("Hết hạn"),
        "recalled": _("Thu hồi"),
        "intake": _("Nhập ký gửi"),
        "received": _("Nhận hàng chuyển"),
        "correction": _("Điều chỉnh"),
        "stocktake": _("Kiểm kê"),
        "opening": _("Đầu kỳ"),
        "sale": _("Bán"),
        "return": _("Khách trả"),
        "return_excess": _("Khách trả quá số bán"),
    },
    "document": {
        "intake": _("Nhập ký gửi"),
        "transfer": _("Chuyển kho"),
        "receipt": _("Nhận hàng chuyển"),
        "return": _("Trả chủ thể"),
        "write_off": _("Xuất hủy"),
        "correction": _("Điều chỉnh"),
        "stocktake": _("Kiểm kê"),
        "opening": _("Đầu kỳ"),
    },
    "document_title": {
        "intake": _("Phiếu nhập hàng ký gửi"),
        "transfer": _("Phiếu chuyển kho"),
        "receipt": _("Phiếu nhận hàng chuyển"),
        "return": _("Phiếu trả hàng chủ thể"),
        "write_off": _("Phiếu xuất hủy"),
        "correction": _("Phiếu điều chỉnh"),
        "stocktake": _("Phiếu kiểm kê"),
        "opening": _("Phiếu tồn đầu kỳ"),
    },
    "place": {
        "site": _("Điểm bán, kho"),
        "quarantine": _("Khu chờ xử lý"),
        "transit": _("Đang trên đường đến"),
        "producer": _("Chủ thể"),
        "customer": _("Khách hàng"),
        "consumed": _("Đã dùng"),
        "written_off": _("Đã hủy"),
        "lost": _("Thiếu, mất"),
    },
    "column": {
        "opening": _("Đầu kỳ"),
        "delivered": _("Chủ thể giao"),
        "found": _("Tìm lại, thừa"),
        "moved_in": _("Nơi khác chuyển đến"),
        "sold": _("Bán"),
        "returned": _("Khách trả"),
        "to_producer": _("Trả chủ thể"),
        "consumed": _("Nếm thử, tặng, dùng"),
        "written_off": _("Xuất hủy"),
        "lost": _("Thiếu, mất"),
        "moved_out": _("Chuyển đi nơi khác"),
        "site": _("Còn ở quầy, kho"),
        "quarantine": _("Chờ xử lý"),
        "transit": _("Trên đường"),
    },
    "difference": {
        "under_way": _("Còn trên đường"),
        "lost": _("Mất trên đường"),
        "not_sent": _("Nơi gửi chưa gửi"),
        "sent_more": _("Nơi gửi gửi thừa"),
    },
    "borne": {
        "agreement": _("Theo hợp đồng: hết mức hao hụt thì đơn vị đền"),
        "operator": _("Đơn vị chịu"),
        "producer": _("Chủ thể chịu"),
    },
    "role": {
        "administrator": _("Quản trị hệ thống"),
        "manager": _("Quản lý đơn vị"),
        "bookkeeper": _("Kế toán"),
        "supervisor": _("Trưởng quầy"),
        "cashier": _("Thu ngân"),
        "producer": _("Chủ thể OCOP"),
        "organizer": _("Ban tổ chức hội chợ"),
        "city_office": _("Văn phòng thành phố"),
        "auditor": _("Kiểm toán, chỉ xem"),
    },
    "scope": {
        "all": _("toàn hệ thống"),
        "operator": _("đơn vị"),
        "site": _("điểm bán"),
        "fair": _("hội chợ"),
        "organizer": _("ban tổ chức"),
        "producer": _("chủ thể"),
    },
    "access": {
        "grant.give": _("Giao vai"),
        "grant.take": _("Thu vai"),
        "person.invite": _("Thêm người"),
        "helper.add": _("Thêm người phụ bán ở quầy"),
        "person.rename": _("Sửa tên"),
        "person.on": _("Cho dùng lại"),
        "person.off": _("Ngừng tài khoản"),
        "person.out": _("Đăng xuất mọi nơi"),
        "password.change": _("Tự đổi mật khẩu"),
        "password.reset": _("Cấp mật khẩu một lần"),
        "bank.set": _("Đổi tài khoản VietQR"),
        "pin.set": _("Đặt PIN quầy"),
        "pin.remove": _("Bỏ PIN quầy"),
        "card.issue": _("Phát thẻ chủ thể"),
        "card.reissue": _("Phát lại thẻ chủ thể"),
        "card.revoke": _("Ngừng thẻ chủ thể"),
        "card.pin": _("Tự đổi PIN thẻ"),
        "read.owed": _("Xem số điện thoại khách nợ"),
        "read.account": _("Xem đủ số tài khoản"),
        "read.buyer": _("Xem người mua của hóa đơn"),
        "buyer.erase": _("Xóa người mua của hóa đơn"),
        "device.revoke": _("Thu quyền máy bán"),
        "device.stolen": _("Báo mất cắp máy bán"),
        "shift.seal": _("Chốt ca thiếu"),
        "quarantine.read": _("Đọc tin trong cách ly"),
        "quarantine.repair": _("Sửa và ghi tin trong cách ly"),
    },
    "quarantine": {
        "hash": _("Nội dung không khớp mã băm: có chữ hay số đã bị đổi"),
        "clash": _("Mã của tin này đã thuộc về tin khác nội dung"),
        "unexpected": _("Máy chủ gặp lỗi khi ghi tin này"),
        "json": _("Không phải JSON, hoặc lồng quá sâu"),
        "size": _("Tin dài quá 64 KiB"),
        "kind": _("Loại tin chưa biết"),
        "field": _("Có trường sai hoặc thiếu"),
    },
    "event": {
        "sale": _("Đơn bán"),
        "shift.open": _("Mở ca"),
        "shift.close": _("Chốt ca"),
        "shift.continue": _("Tiếp ca của máy khác"),
        "cash.move": _("Thu, chi tiền mặt"),
        "tender.correct": _("Sửa cách trả tiền"),
        "tender.seen": _("Đã thấy tiền về"),
        "goods.in": _("Nhận hàng"),
        "goods.out": _("Xuất hàng"),
        "product.new": _("Hàng mới đặt tên ở quầy"),
        "invoice.request": _("Khách xin hóa đơn"),
        "training.sale": _("Đơn tập"),
        "staff.switch": _("Đổi người bán"),
        "drawer.open": _("Mở ngăn kéo"),
        "line.remove": _("Bỏ dòng"),
        "cart.cancel": _("Hủy đơn"),
        "receipt.printed": _("In phiếu"),
    },
    "tender": {
        "cash": _("Tiền mặt"),
        "vietqr": _("Chuyển khoản QR"),
        "card": _("Thẻ"),
        "voucher": _("Phiếu mua hàng"),
        "owed": _("Ghi nợ"),
        "producer": _("Chủ thể thu"),
        "other": _("Khác"),
    },
    "tender_help": {
        "cash": _("vào ngăn kéo của ca"),
        "vietqr": _("vào tài khoản của đơn vị; chờ ngân hàng báo có"),
        "card": _("chờ ngân hàng của máy quẹt thẻ trả về"),
        "voucher": _("chờ nơi phát hành trả; chọn nơi phát hành ở dưới"),
        "owed": _("khách trả sau; phải có người duyệt bằng PIN"),
        "producer": _("tiền vào thẳng tay chủ thể, trừ vào bảng kê của họ"),
    },
    "tender_place": {"row": _("Nút chính"), "more": _("Sau nút Khác"), "off": _("Không dùng")},
    "tender_state": {"shown": _("đã đưa mã"), "seen": _("đã thấy báo có"), "matched": _("đã khớp sao kê")},
    "site": {
        "shop": _("Cửa hàng"),
        "design_centre": _("Trung tâm thiết kế"),
        "booth": _("Gian hội chợ"),
        "warehouse": _("Kho"),
        "van": _("Xe bán hàng"),
    },
    "producer": {
        "household": _("Hộ kinh doanh"),
        "coop": _("Hợp tác xã"),
        "company": _("Công ty"),
        "group": _("Tổ hợp tác"),
    },
    "tax_method": {
        "deduction": _("Khấu trừ"),
        "direct": _("Trực tiếp"),
        "exempt": _("Không phải nộp"),
    },
    "vat_class": {
        "standard": _("Chịu thuế"),
        "zero": _("Thuế suất 0 %"),
        "KCT": _("Không chịu thuế (KCT)"),
        "KKKNT": _("Không kê khai (KKKNT)"),
        "direct": _("Nộp trực tiếp, không tách thuế"),
    },
    "kind": {
        "rau": _("Rau, củ, quả"),
        "che": _("Chè, trà"),
        "gao": _("Gạo, bánh, ngũ cốc"),
        "mat": _("Mật ong, đồ ngọt"),
        "thit": _("Thịt, trứng, sữa"),
        "uong": _("Đồ uống"),
        "duoc": _("Dược liệu"),
        "gom": _("Gốm, thủ công"),
        "vai": _("Vải, may mặc"),
        "canh": _("Hoa, cây cảnh, khác"),
    },
    "mode": {"commission": _("Ký gửi, hưởng hoa hồng"), "margin": _("Mua bán tại quầy"), "own": _("Hàng của đơn vị")},
    "account": {
        "unidentified_receipts": _("Tiền chưa rõ của ai"),
        "unsettled": _("Phải trả chủ thể, chưa lên bảng kê"),
        "commission_income": _("Doanh thu hoa hồng"),
        "vat_accrued": _("Thuế GTGT của hoa hồng"),
        "vat_output": _("Thuế GTGT đầu ra"),
        "discount_expense": _("Giảm giá đơn vị chịu"),
        "organizer_receivable": _("Phải thu ban tổ chức"),
        "goods_income": _("Doanh thu bán hàng"),
        "cost_of_goods": _("Giá vốn hàng bán"),
        "inventory": _("Hàng tồn của đơn vị"),
    },
    "shift": {"open": _("đang mở"), "closing": _("chờ đủ đơn"), "closed": _("đã chốt")},
    "cash_reason": {
        "float": _("đếm tiền đầu ca"),
        "change": _("tiền lẻ"),
        "supplies": _("mua đồ dùng"),
        "transport": _("xe cộ"),
        "food": _("ăn uống"),
        "staff_advance": _("ứng cho người bán"),
        "theft": _("mất trộm"),
        "other": _("việc khác"),
    },
    "cash_direction": {"in": _("Thu vào"), "out": _("Chi ra"), "drop": _("Gửi két")},
    "close_reason": {
        "change_error": _("thối nhầm"),
        "forgot": _("quên ghi một khoản"),
        "theft": _("mất trộm"),
        "unknown": _("không rõ"),
    },
    "invoice_source": {"till": _("tại quầy"), "customer": _("khách tự gửi")},
    "control": {
        "line.remove": _("Bỏ dòng"),
        "cart.cancel": _("Hủy đơn"),
        "drawer.open": _("Mở ngăn kéo"),
        "reprint": _("In lại"),
        "training": _("Đơn tập"),
        "undo": _("Hoàn tác"),
        "correct": _("Sửa cách trả"),
        "approval": _("Duyệt PIN"),
    },
    "till_printer": {
        "network": _("máy in mạng"),
        "bluetooth": _("máy in Bluetooth của quầy"),
        "serial": _("máy in cắm dây của quầy"),
        "usb": _("máy in USB của quầy"),
        "rawbt": _("ứng dụng RawBT của quầy"),
        "system": _("hộp in của máy quầy"),
    },
    "control_by": {"person": _("Người"), "till": _("Quầy"), "day": _("Ngày")},
    "disposition": {"shelf": _("lên kệ lại"), "damaged": _("hỏng"), "producer": _("trả chủ thể")},
    "flag": {
        "unknown_product": _("Hàng chưa có trong danh mục"),
        "no_agreement": _("Chưa có thỏa thuận với chủ thể"),
        "foreign_goods": _("Hàng của đơn vị khác"),
        "price_differs": _("Giá bán khác giá niêm yết"),
        "total_differs": _("Tiền không khớp với dòng hàng"),
        "negative_stock": _("Bán quá số tồn"),
        "certificate_expired": _("Giấy chứng nhận đã hết hạn"),
        "lot_expired": _("Lô hàng đã hết hạn"),
        "clock_skew": _("Đồng hồ máy lệch"),
        "stale_shift": _("Ca mở quá 20 giờ"),
        "late": _("Đơn đến sau khi chốt ca"),
        "second_close": _("Chốt ca lần thứ hai"),
        "second_open": _("Mở ca lần thứ hai"),
        "discount_not_allowed": _("Chủ thể không thể chịu giảm giá của hàng đơn vị"),
        "unknown_tender": _("Cách trả tiền chưa biết"),
        "chain_broken": _("Chuỗi nhật ký của máy bị đứt"),
        "returned_too_much": _("Trả lại nhiều hơn đã bán"),
        "unknown_sale": _("Trả lại đơn chưa đến"),
        "receipt_no_reused": _("Số phiếu dùng hai lần"),
        "unknown_staff": _("Người bán chưa biết"),
        "unknown_shift": _("Ca chưa biết"),
        "approved_offline": _("Duyệt lúc mất mạng hoặc quá quyền"),
        "under_age_unchecked": _("Bán rượu chưa hỏi tuổi"),
    },
    "approval": {
        "offline": _("lúc mất mạng"),
        "nobody": _("bởi người chưa biết"),
        "no_right": _("bởi người không có quyền ở đây"),
        "over_limit": _("quá mức của người duyệt"),
    },
    "approved": {
        "discount": _("giảm giá"),
        "refund": _("hoàn tiền"),
        "return_without_receipt": _("trả hàng không phiếu"),
        "owed": _("bán chịu"),
        "certificate": _("bán khi giấy chứng nhận hết hạn"),
        "lot": _("bán lô hết hạn"),
        "drawer": _("mở ngăn kéo"),
        "recount": _("đếm lại"),
        "continue": _("nối ca của máy khác"),
        "helper": _("thêm người phụ"),
        "cash": _("thu chi tiền mặt"),
    },
    "statement": {
        "draft": _("nháp"),
        "frozen": _("đã chốt, chờ duyệt"),
        "approved": _("đã duyệt, chờ chi"),
        "paying": _("đang chi"),
        "closed": _("đã trả"),
        "void": _("đã hủy"),
    },
    "liability": {
        "agreement": _("theo thỏa thuận"),
        "operator": _("đơn vị (nhân viên làm mất, làm hỏng)"),
        "producer": _("chủ thể"),
    },
    "loss_basis": {
        "net_proceeds": _("tiền chủ thể được nhận khi bán"),
        "declared_cost": _("giá mua đã khai"),
        "percent": _("phần của giá bán"),
    },
    "weekday": {
        "0": _("Thứ Hai"),
        "1": _("Thứ Ba"),
        "2": _("Thứ Tư"),
        "3": _("Thứ Năm"),
        "4": _("Thứ Sáu"),
        "5": _("Thứ Bảy"),
        "6": _("Chủ nhật"),
    },
}


def words(kind: str, code: object) -> str:
    """The words for a code; a code nobody has worded yet stands for itself."""
    found = WORDS[kind].get(str(code))
    return str(code) if found is None else str(found)


def options(kind: str) -> list[tuple[str, str]]:
    """(code, words) for a select."""
    return [(code, str(text)) for code, text in WORDS[kind].items()]


def pairs(things: Iterable[Any]) -> list[tuple[str, str]]:
    """(id, name) of anything that has both, for a select."""
    return [(thing.id, thing.name) for thing in things]


def weekday(value: date | datetime) -> str:
    """`Chủ nhật 22/11`; an instant becomes its day in Hanoi."""
    day = local(value).date() if isinstance(value, datetime) else value
    return f"{words('weekday', day.weekday())} {day:%d/%m}"


def init_app(app: Flask) -> None:
    """Give templates `words`, `options` and the filter `weekday`."""
    app.jinja_env.globals.update(words=words, options=options, pairs=pairs)
    app.jinja_env.filters["millions"] = millions
    app.jinja_env.filters["weekday"] = weekday
