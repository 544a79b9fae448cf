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
    "books.no_account": ("Không có tài khoản này.", "There is no such account."),
    "books.no_map": ("Không có mẫu cột này.", "There is no such map of columns."),
    "books.no_entry": ("Không có bút toán này.", "There is no such entry."),
    "books.sealed": (
        "Kỳ {from_:%d/%m/%Y} – {until:%d/%m/%Y} đã niêm. Hãy ghi vào ngày hôm nay và nói ngày thật ở ghi chú.",
        "The period {from_:%d/%m/%Y} – {until:%d/%m/%Y} is sealed. Write it today, its true day in the note.",
    ),
    "seal.done": ("Kỳ này đã niêm rồi.", "This period is sealed already."),
    "seal.not_over": (
        "Kỳ chưa hết (đến {until:%d/%m/%Y}). Niêm được từ ngày hôm sau.",
        "The period is not over (it lasts until {until:%d/%m/%Y}). It can be sealed from the next day on.",
    ),
    "seal.period": (
        "Ngày của kỳ chưa đúng: một ngày, hoặc trọn một tháng.",
        "These are not the dates of such a period: one day, or a whole month.",
    ),
    "invoice.no_map": ("Không có mẫu cột này.", "There is no such map of columns."),
    "invoice.rate": (
        "Bảng kê này không có hàng của thuế suất ấy.",
        "This statement has no goods of that rate.",
    ),
    "invoice.future": (
        "Ngày hóa đơn không sau hôm nay, và số tiền khác 0.",
        "The invoice's day is not after today, and its amount is not 0.",
    ),
    "invoice.received": ("Hóa đơn số này đã ghi rồi.", "This invoice is written down already."),
    "seal.unknown": ("Không có niêm này.", "There is no such seal."),
    "slip.unknown": ("Không có phiếu này.", "There is no such slip."),
    "slip.written": ("Chứng từ này đã có phiếu.", "This document has its slip already."),
    "place.label_pattern": (
        "Mẫu tem có 13 dấu như 21IIIIIPPPPPK: bắt đầu bằng 2, có I và một trong P hay W, cuối cùng là K.",
        "A label pattern has 13 signs such as 21IIIIIPPPPPK: first 2, then I and one of P or W, last K.",
    ),
    "golive.unknown": ("Không có bảng mở sổ này.", "There is no such go-live sheet."),
    "golive.already": (
        "Đơn vị đã mở sổ từ ngày {day}. Muốn nhập bảng khác thì gỡ bảng cũ trước.",
        "The books were opened on {day}. Take that sheet back before another one.",
    ),
    "golive.undone_already": ("Bảng mở sổ này đã được gỡ.", "This sheet was already taken back."),
    "golive.sold_since": (
        "Không gỡ được: đã bán hàng từ khi mở sổ. Chỗ sai thì sửa bằng phiếu điều chỉnh.",
        "It cannot be taken back: goods were sold since. Mend what is wrong by corrections.",
    ),
    "golive.moved_since": (
        "Không gỡ được: hàng của bảng đã có phiếu kho khác từ khi mở sổ. Chỗ sai thì sửa bằng phiếu điều chỉnh.",
        "It cannot be taken back: its goods have moved by other documents since. Mend what is wrong by corrections.",
    ),
    "golive.settled_since": (
        "Không gỡ được: đã chốt bảng kê từ khi mở sổ. Hủy bảng kê trước.",
        "It cannot be taken back: a statement was frozen since. Void that first.",
    ),
    "import.unknown": ("Không có lần nhập này.", "There is no such import."),
    "import.undone_already": ("Lần nhập này đã được gỡ lại.", "This import was already taken back."),
    "import.of_golive": (
        "Hàng này vào cùng bảng mở sổ: chỉ gỡ lại được cùng cả bảng đó.",
        "These goods came with a go-live sheet and are taken back only with all of it.",
    ),
    "import.sold_since": (
        "Không gỡ lại được: {count} món của tệp đã bán hoặc đã có phiếu kho từ khi nhập ({names}…). Hãy sửa từng món.",
        "It cannot be taken back: {count} of its goods were sold or moved since ({names}…). Change them one by one.",
    ),
    "import.changed_since": (
        "Không gỡ lại được: {count} món của tệp đã được sửa sau khi nhập ({names}…). Hãy sửa từng món.",
        "It cannot be taken back: {count} of its goods were changed since ({names}…). Change them one by one.",
    ),
    "promotion.unknown": ("Không có khuyến mãi này.", "There is no such promotion."),
    "promotion.value": (
        "Mức giảm chưa hợp lệ. Hãy nhập số lớn hơn 0, phần trăm không quá 100.",
        "The amount is not valid. Give a number above 0, a percentage of at most 100.",
    ),
    "promotion.dates": (
        "Ngày bắt đầu sớm nhất là hôm nay, và ngày cuối không trước ngày đầu.",
        "It starts today at the earliest and does not end before it starts.",
    ),
    "promotion.hours": (
        "Giờ bắt đầu phải trước giờ kết thúc.",
        "The first hour must come before the last.",
    ),
    "promotion.funders": (
        "Phần chủ thể và ban tổ chức chịu cộng lại không quá 100 %.",
        "What the producer and the organizer pay together is at most 100 %.",
    ),
    "promotion.number": (
        "Đơn vị không bán món có số {numbers}. Xem số ở trang Hàng hóa.",
        "The operator sells no item with the number {numbers}. See the numbers on the goods page.",
    ),
    "bundle.unknown": ("Không có giỏ quà này.", "There is no such hamper."),
    "bundle.parts": ("Giỏ quà có từ hai món và một giá.", "A hamper has two items or more, and a price."),
    "bundle.strong": (
        "{name}: rượu từ 15 độ không được ghép vào giỏ bán kèm.",
        "{name}: drinks of 15 % and more may not be part of a hamper.",
    ),
    "bundle.code_taken": ("Mã {taken} đã có giỏ khác dùng.", "The code {taken} belongs to another hamper."),
    "bundle.line": (
        "Mỗi dòng một món: số trên ô hàng, rồi x và số lượng, ví dụ 0012 x 2.",
        "One item per line: the number on its tile, then x and how many, such as 0012 x 2.",
    ),
    "field.clock": ("Hãy nhập giờ như 17:30.", "Give an hour such as 17:30."),
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
    "rescue.not_opened": (
        "Gói cứu đơn này không mở được ở đây: không đúng máy chủ, không đúng máy, hoặc còn thiếu phần.",
        "This rescue parcel cannot be opened here: of another server, of another tablet, or not whole.",
    ),
    "rescue.not_a_file": (
        "Đây không phải tệp cứu đơn. Hãy chọn tệp do máy bán lưu ở màn hình Gửi nhờ.",
        "This is no rescue file. Choose the one the tablet saved on its page Send another way.",
    ),
    "rescue.other_device": (
        "Tệp này là của máy {till}. Hãy mở trang của máy đó.",
        "This file is of tablet {till}. Open that tablet's page.",
    ),
    "rescue.unknown_device": (
        "Không có máy bán nào như vậy ở đơn vị này.",
        "There is no such tablet at this operator.",
    ),
    "backup.exists": ("Tệp {file} đã có. Hãy chọn tên khác.", "{file} is there already. Choose another name."),
    "backup.missing": ("Không có tệp {file}.", "There is no file {file}."),
    "backup.damaged": (
        "Bản sao hỏng hoặc không phải sổ của OCOP POS: {what}. Chưa thay gì cả.",
        "The copy is damaged or no books of OCOP POS: {what}. Nothing was changed.",
    ),
    "backup.failed": ("Không làm được: {what}", "It could not be done: {what}"),
    "backup.no_tool": (
        "Thiếu {tool}: hãy cài gói postgresql-client cùng đời với máy chủ.",
        "{tool} is missing: install the postgresql-client of the server's release.",
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
    "agreement.tomorrow": ("Sớm nhất là ngày mai.", "Tomorrow at the earliest."),
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
    "producer.account_locked": (
        "Thẻ của chủ thể vừa được cấp lại: đổi tài khoản được từ {until}. Hãy gọi chủ thể trước.",
        "A card of this producer was issued anew: the account can be changed from {until}. Call the producer first.",
    ),
    "notice.email": (
        "Đây chưa phải một địa chỉ e-mail, ví dụ ba.hoa@gmail.com.",
        "This is not an e-mail address, such as ba.hoa@gmail.com.",
    ),
    "notice.known": ("Tin đã được gửi đến địa chỉ này rồi.", "Messages go to this address already."),
    "notice.many": (
        "Nhiều nhất {most} địa chỉ; hãy thôi gửi một địa chỉ cũ.",
        "At most {most} addresses; end an old one.",
    ),
    "dispute.unknown": ("Không có khiếu nại này.", "There is no such dispute."),
    "dispute.line": ("Không có dòng này.", "There is no such line."),
    "dispute.open": (
        "Dòng này đang có một khiếu nại chờ trả lời.",
        "This line has a dispute that waits for an answer already.",
    ),
    "dispute.too_late": (
        "Bảng kê có dòng này nhận khiếu nại đến hết ngày {last}. Hãy gọi điểm bán.",
        "Lines of this statement could be disputed until {last}. Please call the shop.",
    ),
    "dispute.answered": (
        "Khiếu nại này đã được trả lời. Hãy tải lại trang.",
        "This dispute has been answered already. Reload the page.",
    ),
    "note.unknown": ("Không có phiếu này.", "There is no such paper."),
    "note.amount": ("Hãy nhập số tiền từ 1 đến 10 tỷ đồng.", "Give an amount from 1 to 10 billion đồng."),
    "note.fee": (
        "Hãy chọn loại phí, số lần từ 1 đến 1.000 và thuế suất từ 0 đến 100.",
        "Choose the fee, 1 to 1,000 times, and a VAT rate from 0 to 100.",
    ),
    "note.reserve": (
        "Dự phòng đang giữ là {kept} đ; không trả lại nhiều hơn.",
        "The reserve kept is {kept} đ; no more can be released.",
    ),
    "note.undone": (
        "Phiếu này đã hủy, hoặc chính nó là phiếu hủy.",
        "This paper was undone already, or undoes another.",
    ),
    "note.recouped": (
        "Tạm ứng này đã thu lại một phần ở bảng kê, chỉ còn {left} đ. Hãy ghi điều chỉnh.",
        "Statements have taken part of this advance back; {left} đ is left. Write an adjustment instead.",
    ),
    "bank.known": ("Tệp sao kê này đã nhập rồi.", "This statement was imported already."),
    "bank.unreadable": (
        "Không đọc được tệp này. Hãy tải lại sao kê dạng Excel (.xlsx) hoặc CSV.",
        "This file cannot be read. Download the statement as Excel (.xlsx) or CSV.",
    ),
    "bank.rows": (
        "Chưa đọc được dòng {rows}: cần cột ngày, nội dung và số tiền. Chưa dòng nào được nhập.",
        "Row {rows} cannot be read: a day, a text and an amount are needed. Nothing was taken in.",
    ),
    "bank.unknown": ("Không có dòng sao kê này.", "There is no such line of the bank."),
    "bank.matched": ("Dòng này đã được xác định.", "This line has been decided already."),
    "bank.amount": (
        "Số tiền của dòng ({line} đ) không khớp khoản này ({wanted} đ).",
        "The line's amount ({line} đ) is not that of what you chose ({wanted} đ).",
    ),
    "bank.not_open": ("Khoản chuyển này không còn chờ tiền về.", "This transfer no longer waits for its money."),
    "bank.way": ("Tiền vào và tiền ra không khớp với khoản đã chọn.", "Money in and money out do not fit your choice."),
    "card.amount": (
        "Hãy nhập tiền thẻ và phí; phí nhỏ hơn tiền thẻ.",
        "Give the card takings and the fee; the fee is less than the takings.",
    ),
    "card.days": ("Ngày đầu không sau ngày cuối.", "The first day is not after the last."),
    "money.unknown": ("Không có phiếu này.", "There is no such paper."),
    "money.bag_credited": ("Ngân hàng đã ghi có túi tiền này.", "The bank has credited this bag already."),
    "money.no_variance": ("Ca này không còn thừa thiếu chờ xử lý.", "Nothing is left to decide about this shift."),
    "money.not_covered": (
        "Chỉ rút được đến {free} đ: phần còn lại đang nợ chủ thể.",
        "At most {free} đ may be taken out: the rest is owed to producers.",
    ),
    "safe.empty": ("Két chỉ còn {held} đ.", "The safe holds only {held} đ."),
    "payout.unknown": ("Không có khoản chi trả này.", "There is no such payout."),
    "payout.taken": (
        "Khoản này đang trên đường, đã trả hoặc đã hủy. Hãy tải lại trang.",
        "This payout is on its way, paid or void. Reload the page.",
    ),
    "payout.state": (
        "Lần chi này không còn chờ ngân hàng ({state}). Hãy tải lại trang.",
        "This attempt no longer waits for the bank ({state}). Reload the page.",
    ),
    "payout.fee": ("Phí ngân hàng từ 0 đến 10 triệu đồng.", "The bank's fee is from 0 to 10 million đồng."),
    "payout.no_account": (
        "Bảng kê BK-{no:04d}: chủ thể chưa có tài khoản. Trả tiền mặt, hoặc ghi tài khoản rồi chọn cho khoản này.",
        "Statement BK-{no:04d}: the producer has no account. Pay in cash, or enter one and choose it for this payout.",
    ),
    "payout.account_unchecked": (
        "Bảng kê BK-{no:04d}: chủ thể đã đổi tài khoản, chưa ai ở đơn vị xác nhận. Hãy gọi cho họ rồi xác nhận.",
        "Statement BK-{no:04d}: the account was changed and nobody here has confirmed it. Call them, then confirm.",
    ),
    "payout.account_waits": (
        "Bảng kê BK-{no:04d}: tài khoản mới đổi, chờ đủ 24 giờ mới chi lần đầu.",
        "Statement BK-{no:04d}: the account was changed; the first payment waits 24 hours.",
    ),
    "payout.second_person": (
        "Bảng kê BK-{no:04d}: bạn đã xác nhận tài khoản mới; người khác phải gửi lần chi đầu.",
        "Statement BK-{no:04d}: you confirmed the new account; somebody else sends the first payment to it.",
    ),
    "payout.checked": ("Đơn vị đã xác nhận tài khoản này.", "This account is confirmed already."),
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
    "form.invalid": ("Còn chỗ cần sửa trong biểu mẫu.", "Some fields need another look."),
    "field.too_long": ("Dài quá. Hãy viết ngắn lại.", "Too long. Make it shorter."),
    "field.choice": ("Hãy chọn một mục trong danh sách.", "Choose one of the list."),
    "field.quantity": (
        "Hãy nhập số lượng như 12 hoặc 1,5 (tối đa ba số lẻ).",
        "Enter a quantity such as 12 or 1.5 (three decimals at most).",
    ),
    "field.percent": (
        "Hãy nhập phần trăm từ 0 đến 100, như 8 hoặc 12,5.",
        "Enter a percentage from 0 to 100, such as 8 or 12.5.",
    ),
    "access.refused": (
        "Bạn không có quyền làm việc này. Hãy hỏi người quản lý.",
        "You may not do this. Ask a manager.",
    ),
    "access.not_here": (
        "Không tìm thấy. Có thể địa chỉ sai hoặc bạn không có quyền xem.",
        "Not found: the address may be wrong, or it is not yours to see.",
    ),
    "login.needed": ("Phiên đăng nhập đã hết. Hãy đăng nhập lại.", "You are no longer logged in. Log in again."),
    "page.unknown": ("Không có trang này.", "There is no such page."),
    "fair.unknown": ("Không có hội chợ này.", "There is no such fair."),
    "fair.dates": ("Hội chợ phải kết thúc sau ngày bắt đầu.", "A fair ends after it starts."),
    "invoice.unknown": ("Không có yêu cầu hóa đơn này.", "There is no such request for an invoice."),
    "invoice.too_late": ("Đã hết ngày bán hàng.", "The business day is over."),
    "invoice.too_often": ("Phiếu này đã được xin hóa đơn nhiều lần.", "An invoice was asked for too often."),
    "invoice.too_many": (
        "Quá nhiều yêu cầu. Thử lại sau {minutes} phút.",
        "Too many requests. Try again in {minutes} minutes.",
    ),
    "buyer.code": (
        "Mã số thuế có 10 hoặc 13 chữ số, số định danh cá nhân có 12.",
        "A tax code has 10 or 13 digits, a personal number 12.",
    ),
    "buyer.check": (
        "Chữ số kiểm tra không khớp. Xem lại; nếu đúng như trên giấy, bấm Gửi lần nữa.",
        "The check digit does not fit. Look again; if it is as on the paper, press Send once more.",
    ),
    "buyer.email": ("Địa chỉ thư chưa đúng.", "This is not an e-mail address."),
    "buyer.agreed": ("Cần đánh dấu đồng ý.", "Please tick to agree."),
    "control.unknown": ("Không có lần này trong báo cáo.", "There is no such note in the report."),
    "sale.unknown": ("Không có phiếu bán này.", "There is no such sale."),
    "shift.not_found": ("Không có ca này.", "There is no such shift."),
    "shift.seal_reason": (
        "Hãy ghi vì sao chốt khi còn thiếu, ví dụ: mất máy, không cứu được.",
        "Say why it is sealed over a gap, such as: tablet lost.",
    ),
    "shift.not_waiting": ("Ca này không còn chờ.", "This shift does not wait any more."),
    "shift.gap_changed": (
        "Chỗ thiếu vừa đổi: có tin vừa đến. Xem lại rồi chốt.",
        "What is missing has just changed: something came. Look again, then seal.",
    ),
    "line.unknown": ("Không có dòng bán này.", "There is no such line."),
    "flag.not_found": ("Mục này không còn.", "This item is gone."),
    "flag.owner": (
        "Người này không đóng được mục ở nơi đó. Hãy chọn người khác.",
        "This person may not close such items there. Choose somebody else.",
    ),
    "flag.done": ("Mục này vừa được đóng. Hãy tải lại trang.", "This has just been closed. Reload the page."),
    "flag.because_needed": ("Hãy ghi vì sao đã xong, vài chữ là đủ.", "Say why it is done; a few words will do."),
    "printer.none": (
        "Quầy này chưa có máy in. Khách có thể quét QR trên phiếu.",
        "No printer serves this till. The customer can scan the QR.",
    ),
    "place.code": (
        "Mã gồm 2 đến 12 chữ cái không dấu và số, ví dụ HB01.",
        "A code is 2 to 12 plain letters and digits, such as HB01.",
    ),
    "place.code_taken": ("Mã {taken} đã có nơi khác dùng.", "The code {taken} is already used."),
    "place.bank": (
        "Mã ngân hàng (BIN) gồm 6 chữ số, số tài khoản chỉ gồm chữ và số.",
        "A bank's BIN has six digits, an account only letters and digits.",
    ),
    "place.bank_bin": ("Mã ngân hàng (BIN) gồm 6 chữ số.", "A bank's BIN has six digits."),
    "place.bank_account": (
        "Số tài khoản gồm 4 đến 19 chữ và số, không dấu.",
        "An account number is 4 to 19 letters and digits.",
    ),
    "operator.tax_code": (
        "Mã số thuế gồm 10 số, hoặc 10 số và 3 số của chi nhánh.",
        "A tax code has 10 digits, or 10 and 3 of the branch; 12 of a person.",
    ),
    "printer.host": (
        "Địa chỉ như 192.168.1.50 hoặc tên máy, không có http.",
        "An address like 192.168.1.50 or a host name, without http.",
    ),
    "printer.port": ("Cổng là số từ 1 đến 65535, thường là 9100.", "A port is 1 to 65535, usually 9100."),
    "printer.unknown": ("Không có máy in này.", "There is no such printer."),
    "owed.unknown": ("Không có khách nợ này.", "There is no such customer on account."),
    "owed.too_much": ("Khách chỉ còn nợ {owed} đ.", "The customer owes only {owed} đ."),
    "place.unknown": ("Không có đơn vị này.", "There is no such operator."),
    "place.issuer_taken": ("Đã có {name} trong danh sách.", "{name} is on the list already."),
    "place.tenders": ("Hãy chọn ít nhất một cách trả tiền trong danh sách.", "Choose at least one known tender."),
    "site.kind": (
        "Gian hội chợ phải chọn hội chợ; loại khác thì không.",
        "A booth needs its fair; nothing else has one.",
    ),
    "safe.amount": ("Hãy nhập số tiền từ 1 đến 10 tỷ đồng.", "Give an amount from 1 to 10 billion đồng."),
    "assign.no_line": ("Phiếu không có dòng số {line}.", "The ticket has no line {line}."),
    "assign.no_version": (
        "Không có bản thỏa thuận này ở đơn vị bạn. Hãy chọn trong danh sách.",
        "Your operator has no such agreement. Choose one of the list.",
    ),
    "assign.has_owner": (
        "Dòng {line} đã có chủ. Hãy tải lại trang để xem ai đã gán.",
        "Line {line} has an owner already. Reload the page to see it.",
    ),
    "assign.version_needed": (
        "Hãy chọn thỏa thuận của chủ thể, hoặc ghi là hàng của đơn vị kèm giá vốn.",
        "Choose the producer's agreement, or say it is your own goods and their cost.",
    ),
    "assign.cost_needed": (
        "Dòng {line} cần giá mua đã thỏa thuận (hoặc giá vốn). Hãy nhập giá của một đơn vị.",
        "Line {line} needs the agreed (or stock) cost. Give the cost of one unit.",
    ),
    "product.same": ("Đây chính là mặt hàng đó. Hãy chọn mặt hàng khác.", "That is the very product. Choose another."),
    "product.other_producer": (
        "Mặt hàng kia là của chủ thể khác; hàng này đã bán cho chủ thể của nó.",
        "The other product is another producer's; this one was sold for its own.",
    ),
    "product.done_already": ("Hàng này đã được xử lý rồi.", "Somebody has dealt with these goods already."),
    "assign.reason_needed": ("Hãy ghi vì sao biết hàng của ai.", "Say how you know whose it is."),
    "assign.nothing": ("Hãy chọn ít nhất một dòng.", "Choose at least one line."),
    "assign.none_wait": (
        "Không còn dòng nào của hàng này chờ chủ ở đơn vị bạn.",
        "No line of these goods waits for its owner at your operator.",
    ),
    "site.unknown": ("Không có điểm bán này.", "There is no such site."),
    "barcode.not_proposed": ("Mã này không còn chờ gắn.", "This code no longer waits to be linked."),
    "pin.too_many": (
        "Điểm này đã ghim {most} món. Bỏ bớt rồi ghim tiếp.",
        "This site has {most} pins. Take some off first.",
    ),
    "photo.not_a_picture": (
        "Tệp này không phải ảnh JPEG, PNG hay WebP đọc được.",
        "This is not a readable JPEG, PNG or WebP picture.",
    ),
    "photo.too_large": ("Ảnh lớn hơn 3 MB.", "The picture is larger than 3 MB."),
    "photo.other_hash": ("Ảnh không khớp mã băm của nó.", "The picture is not the one its hash names."),
    "photo.too_many": (
        "Máy này đã gửi quá nhiều ảnh hôm nay.",
        "This device has sent too many pictures today.",
    ),
    "photo.not_found": ("Ảnh chưa gửi tới.", "The picture has not arrived yet."),
    "till.unknown": ("Không có quầy này.", "There is no such till."),
    "producer.known": (
        "Mã số thuế hoặc số điện thoại này đã là của một chủ thể có sẵn.",
        "This tax code or phone already names a producer.",
    ),
    "producer.account": (
        "Số tài khoản gồm 4 đến 19 chữ số hoặc chữ cái.",
        "An account number is 4 to 19 digits or letters.",
    ),
    "producer.bank": ("Mã ngân hàng (BIN) gồm 6 chữ số.", "A bank code (BIN) has six digits."),
    "product.known": (
        "Chủ thể này đã có sản phẩm tên như vậy.",
        "This producer already has a product of that name.",
    ),
    "product.unknown": ("Không có sản phẩm này.", "There is no such product."),
    "product.group": ("Không có nhóm sản phẩm này.", "There is no such group."),
    "product.kind": ("Hãy chọn loại hàng trong danh sách.", "Choose a kind from the list."),
    "product.alcohol": ("Độ cồn từ 0 đến 100 %.", "Alcohol is between 0 and 100 %."),
    "barcode.text": (
        "Mã vạch chỉ gồm chữ, số không dấu, không có khoảng trắng.",
        "A barcode is plain text without blanks.",
    ),
    "barcode.check_digit": (
        "Số kiểm tra của mã vạch chưa đúng. Hãy quét lại.",
        "The barcode's check digit is wrong. Scan it again.",
    ),
    "barcode.in_store": (
        "Mã 20–29 là mã riêng của cửa hàng: hãy đánh dấu Mã riêng của đơn vị.",
        "Codes from 20 to 29 are a shop's own: tick Own code of the operator.",
    ),
    "field.link": ("Đường dẫn bắt đầu bằng https://", "A link starts with https://"),
    "field.time": ("Giờ viết như 07:30.", "A time such as 07:30."),
    "price.how_told": (
        "Hãy ghi chủ thể đồng ý khi nào, bằng cách nào (gọi điện, giấy, tin nhắn).",
        "Write when and how the producer agreed (by phone, paper, message).",
    ),
    "price.ask_later": (
        "Giá hỏi chủ thể phải bắt đầu sau này, để chủ thể còn kịp trả lời.",
        "A price one asks about begins later: the producer needs time to answer.",
    ),
    "price.too_late": (
        "Đã đến giờ mà chưa có trả lời: giá cũ giữ nguyên. Điểm bán có thể hỏi lại.",
        "The time has come without an answer: the old price stays. The shop may ask again.",
    ),
    "price.answered": ("Giá này đã được trả lời hoặc rút lại.", "This price has been answered or withdrawn."),
    "price.begun": (
        "Giá này đã bắt đầu, không rút lại được. Hãy đặt giá mới.",
        "This price has begun and cannot be taken back. Set a new one.",
    ),
    "price.unknown": ("Không có giá này.", "There is no such price."),
    "merge.unit": (
        "Hai món tính theo đơn vị khác nhau ({old} và {into}): số lượng sẽ sai. Hãy sửa đơn vị trước.",
        "The two are counted in different units ({old} and {into}): quantities would be wrong. Mend the unit first.",
    ),
    "merge.done": ("Một trong hai món đã được gộp rồi.", "One of the two has been merged already."),
    "picture.none": ("Hãy chọn một tệp.", "Choose a file."),
    "picture.too_large": (
        "Ảnh lớn hơn 8 MB. Hãy gửi ảnh nhỏ hơn.",
        "The picture is larger than 8 MB. Send a smaller one.",
    ),
    "picture.too_many": (
        "Mỗi món tối đa {most} ảnh. Bỏ bớt rồi thêm tiếp.",
        "{most} pictures at most. Take one off first.",
    ),
    "picture.unknown": ("Không có ảnh này.", "There is no such picture."),
    "paper.too_large": (
        "Tệp quá lớn: PDF đến 5 MB, ảnh đến 8 MB.",
        "The file is too large: PDF up to 5 MB, pictures up to 8 MB.",
    ),
    "paper.kind": (
        "Bản chụp phải là tệp PDF hoặc ảnh JPEG, PNG, WebP đọc được.",
        "The paper must be a PDF or a readable JPEG, PNG or WebP picture.",
    ),
    "certificate.no_paper": ("Giấy này chưa có bản chụp.", "No paper is attached to this certificate."),
    "change.unknown": ("Không có đề nghị này.", "There is no such request."),
    "change.decided": ("Đề nghị này đã có người trả lời.", "Somebody has answered this request already."),
    "change.moved": (
        "Thông tin đã đổi khác từ lúc đề nghị. Hãy xem lại sản phẩm rồi sửa ở đó.",
        "The product has changed since. Look at it and change it there.",
    ),
    "change.reason": ("Hãy ghi vì sao không nhận.", "Say why it is not accepted."),
    "codes.count": ("Mỗi lần in từ 1 đến {most} mã.", "Print 1 to {most} codes at a time."),
    "codes.used_up": ("Đã hết mã riêng 20–29.", "All own codes from 20 to 29 are used."),
    "codes.unknown": ("Không có tờ mã này.", "There is no such sheet of codes."),
    "labels.many": ("Mỗi lần in tối đa {most} nhãn.", "Print {most} labels at most at a time."),
    "labels.none": ("Hãy chọn ít nhất một món và số nhãn.", "Choose at least one product and how many labels."),
    "barcode.taken": ("Mã vạch này đã là của sản phẩm khác.", "Another product has this barcode."),
    "certificate.stars": ("Hạng sao là 3, 4 hoặc 5.", "Stars are 3, 4 or 5."),
    "certificate.dates": ("Ngày hết hạn phải sau ngày bắt đầu.", "It ends after it starts."),
    "certificate.unknown": ("Không có giấy chứng nhận này.", "There is no such certificate."),
    "price.negative": ("Giá không được âm.", "A price is not negative."),
    "price.scope": (
        "Giá phải gắn với đơn vị, hội chợ hoặc điểm bán.",
        "A price belongs to an operator, a fair or a site.",
    ),
    "price.past": ("Giá mới không thể bắt đầu trong quá khứ.", "A new price cannot start in the past."),
    "vat.class": ("Chỉ hàng chịu thuế mới có thuế suất.", "Only taxed goods have a rate."),
    "vat.past": (
        "Hôm nay đã bán theo thuế cũ: thuế mới bắt đầu sớm nhất từ ngày mai.",
        "Today has sold at the old rate: a new one starts tomorrow at the earliest.",
    ),
    "vat.cut_over": (
        "Ngày đó không còn được giảm thuế: hãy ghi thuế suất đủ, hoặc nhờ quản trị thêm thời gian giảm thuế.",
        "The lower rate no longer holds that day: write the full rate, or have the administrator add a period.",
    ),
    "vat.alcohol": (
        "Rượu, bia chịu thuế tiêu thụ đặc biệt nên không được giảm còn 8 %: thuế suất là 10 %.",
        "Drinks with alcohol are under excise tax and never at 8 %: their rate is 10 %.",
    ),
    "cut.dates": (
        "Ngày cuối không trước ngày đầu, và thuế suất giảm phải thấp hơn thuế suất đủ.",
        "It ends after it starts, and the lower rate is below the full one.",
    ),
    "cut.past": (
        "Thời gian giảm thuế bắt đầu sớm nhất từ ngày mai: hôm nay đã bán rồi.",
        "A period starts tomorrow at the earliest: today has sold already.",
    ),
    "cut.overlaps": (
        "Đã có thời gian giảm thuế trong những ngày này. Hãy xem danh sách bên cạnh.",
        "These days have a period already. See the list beside.",
    ),
    "offer.unknown": ("Đơn vị chưa bán sản phẩm này.", "The operator does not sell this product."),
    "intake.empty": ("Hãy nhập số lượng của ít nhất một món.", "Enter the quantity of at least one product."),
    "intake.quantity": ("Số lượng phải lớn hơn 0.", "A quantity is above 0."),
    "intake.expired": ("Hạn dùng trước ngày nhập.", "It expires before it arrives."),
    "intake.future": ("Ngày nhập không thể ở tương lai.", "Goods cannot arrive in the future."),
    "intake.whole": ("Món này bán theo chiếc: hãy nhập số nguyên.", "This is counted in whole units."),
    "catalogue.since": ("`since` phải là một số nguyên không âm.", "`since` is a whole number from 0."),
    "enrol.which_till": (
        "Hãy nêu mã quầy (ví dụ HK03), hoặc --any để lấy một quầy trống.",
        "Name a till (such as HK03), or --any for a free one.",
    ),
    "till.none_free": ("Không còn quầy nào trống.", "No till is free."),
    "grant.unknown": ("Không có vai {role} ở phạm vi {scope}.", "There is no role {role} in scope {scope}."),
    "operator.which": (
        "Có nhiều đơn vị ({codes}): hãy chọn một bằng --operator.",
        "There are several operators ({codes}): choose one with --operator.",
    ),
    "operator.unknown": ("Không có đơn vị {given}.", "There is no operator {given}."),
    "password.short": ("Mật khẩu cần ít nhất {least} chữ.", "A password has at least {least} characters."),
    "password.wrong": ("Mật khẩu hiện tại chưa đúng.", "The current password is wrong."),
    "password.same": (
        "Mật khẩu mới phải khác mật khẩu cũ và khác tên đăng nhập.",
        "The new password must differ from the old one and from the login.",
    ),
    "password.again": ("Hai lần gõ mật khẩu mới chưa giống nhau.", "The two new passwords differ."),
    "login.change_first": (
        "Hãy đặt mật khẩu hoặc PIN của riêng mình trước.",
        "Choose a password or PIN of your own first.",
    ),
    "pin.digits": ("PIN gồm 4 đến 6 chữ số.", "A PIN is 4 to 6 digits."),
    "pin.weak": (
        "PIN này dễ đoán (số lặp, số liền nhau, năm sinh). Hãy chọn số khác.",
        "This PIN is guessed first (a repeat, a run, a year). Choose another.",
    ),
    "pin.same": ("PIN mới phải khác PIN đang dùng.", "The new PIN must differ from the present one."),
    "pin.again": ("Hai lần gõ PIN chưa giống nhau.", "The two PINs differ."),
    "card.wrong": (
        "PIN chưa đúng, hoặc thẻ đã được thay. Hãy thử lại hay hỏi điểm bán.",
        "The PIN is wrong, or the card was replaced. Try again or ask the sales point.",
    ),
    "card.locked": (
        "Đã sai nhiều lần. Hãy thử lại sau {minutes} phút.",
        "Too many wrong tries. Try again in {minutes} minutes.",
    ),
    "card.elsewhere": (
        "Chủ thể này còn bán ở đơn vị khác: thẻ của họ do quản trị hệ thống phát.",
        "This producer sells at other operators too: the administrator issues its cards.",
    ),
    "person.unknown": ("Không có người này.", "There is no such person."),
    "person.login": (
        "Tên đăng nhập gồm 3 đến 40 chữ thường không dấu, số, dấu chấm hoặc gạch.",
        "A login is 3 to 40 plain small letters, digits, points or dashes.",
    ),
    "person.login_needed": (
        "Vai này làm việc ở văn phòng nên cần tên đăng nhập.",
        "This role works in the office and needs a login.",
    ),
    "person.login_taken": ("Tên đăng nhập này đã có người dùng.", "Somebody has this login already."),
    "person.no_login": (
        "Người này không có tên đăng nhập; họ chỉ bán bằng PIN hoặc vào bằng thẻ.",
        "This person has no login; they sell by PIN or enter by card.",
    ),
    "grant.own": (
        "Không ai tự đổi quyền của chính mình. Hãy nhờ người quản trị khác.",
        "Nobody changes their own rights. Ask another administrator.",
    ),
    "grant.beyond": (
        "Bạn chỉ giao hoặc đổi được những quyền bạn đang có, ở nơi bạn quản lý.",
        "You can give or change only rights you have, where you have them.",
    ),
    "grant.where": (
        "Vai này không dùng cho loại nơi đó. Hãy chọn nơi khác.",
        "This role does not hold in such a place. Choose another.",
    ),
    "grant.gone": ("Quyền này không còn.", "This right is gone."),
    "receipt.no_printer": ("Quầy này không có máy in mạng.", "This till has no network printer."),
    "receipt.unknown": ("Không có biên lai này.", "There is no such receipt."),
    "start.already": ("Bản thật đã được khởi tạo.", "The real database has begun already."),
    "statement.none_frozen": ("Không có bảng kê nào đã chốt chờ duyệt.", "No frozen statement waits for approval."),
    "quarantine.unknown": ("Không có mục này trong khu cách ly.", "There is no such item in quarantine."),
    "quarantine.repaired": ("Mục này đã được sửa và ghi rồi.", "This has been repaired and booked already."),
    "quarantine.still_wrong": ("Vẫn chưa đọc được: {why}.", "It still cannot be read: {why}."),
    "quarantine.id_taken": (
        "Mã {event_id} đã thuộc về một sự kiện khác.",
        "The id {event_id} belongs to another event.",
    ),
    "device.unknown": ("Không có máy bán này.", "There is no such device."),
    "display.ended": (
        "Màn hình khách này hết ghép với quầy. Quét lại mã trên máy bán.",
        "This screen is no longer paired with the till. Scan the till's code again.",
    ),
    "display.too_large": ("Màn hình khách không nhận nhiều chữ đến thế.", "That is too much for a customer's screen."),
    "display.bad_message": (
        "Màn hình khách chỉ nhận hàng, tiền và mã VietQR: {what}.",
        "A customer's screen takes goods, sums and the VietQR only: {what}.",
    ),
    "device.reason_needed": (
        "Hãy ghi vì sao thu quyền, ví dụ: mất máy.",
        "Say why its right is taken, such as: lost.",
    ),
    "delivery.unknown": ("Không có lần báo giao hàng này.", "There is no such announced delivery."),
    "delivery.counted": (
        "Hàng này đã được đếm khi đến, không rút lại được nữa.",
        "It was counted already and cannot be taken back.",
    ),
    "delivery.cancelled": ("Lần báo giao này đã rút lại rồi.", "This announcement was taken back already."),
    "delivery.past": ("Ngày giao phải từ hôm nay.", "It comes today at the earliest."),
    "lot.cost": ("Hãy nhập giá mua một đơn vị, đã có thuế.", "Enter the cost of one unit, VAT included."),
    "lot.nothing_left": (
        "Lô này không còn hàng rời để theo dõi riêng.",
        "Nothing loose is left of this lot to keep apart.",
    ),
    "lot.unknown": ("Không có lô này.", "There is no such lot."),
    "document.unknown": ("Không có phiếu này.", "There is no such document."),
    "document.kind": ("Không có loại phiếu này.", "There is no such kind of document."),
    "document.empty": ("Phiếu chưa có dòng nào. Hãy nhập ít nhất một món.", "Nothing is on it. Enter one product."),
    "document.reason": ("Hãy chọn lý do.", "Choose a reason."),
    "document.same_place": ("Nơi đi và nơi đến phải khác nhau.", "From and to must be two places."),
    "document.changed": (
        "Có người vừa sửa phiếu này. Hãy tải lại trang, xem lại rồi xác nhận.",
        "Somebody has just changed it. Reload, look again, then confirm.",
    ),
    "document.confirmed": (
        "Phiếu này đã được xác nhận thành {number}. Hàng chỉ chuyển một lần.",
        "It is already confirmed as {number}. The goods moved once.",
    ),
    "document.count_it": (
        "Hãy nhập số đếm được; không có thì nhập 0.",
        "Enter what you counted; 0 if there is none.",
    ),
    "document.explain": (
        "Số nhận khác số gửi: hãy chọn phần còn lại ở đâu.",
        "Received differs from sent: say where the rest is.",
    ),
    "correction.of_what": (
        "Phiếu điều chỉnh phải sửa một phiếu đã xác nhận.",
        "A correction corrects a confirmed document.",
    ),
    "correction.why": ("Hãy viết lý do điều chỉnh.", "Write why it is corrected."),
    "correction.stale": (
        "Phiếu gốc vừa được điều chỉnh thêm. Hãy mở lại từ phiếu gốc để thấy số mới.",
        "The document was corrected again meanwhile. Open it anew to see today's figures.",
    ),
    "correction.not_this": (
        "Loại phiếu này không điều chỉnh được. Hãy lập phiếu chuyển, phiếu hủy hoặc kiểm kê.",
        "This kind cannot be corrected. Make a transfer, a write-off or a count.",
    ),
    "loss.decided": ("Phiếu này đã có người quyết định ai chịu.", "Who bears this was decided already."),
    "loss.liability": ("Hãy chọn ai chịu phần mất.", "Choose who bears the loss."),
    "transfer.received": (
        "Phiếu chuyển này đã nhận rồi, theo phiếu {number}. Không nhận lần nữa.",
        "This transfer was received already, by {number}. It is not received again.",
    ),
    "supply.unknown": ("Không có lần xin hàng này.", "There is no such request."),
    "supply.quantity": ("Hãy nhập số lượng lớn hơn 0.", "Give a quantity above 0."),
    "supply.same_place": ("Không xin hàng của chính điểm này.", "A place does not ask itself for goods."),
    "supply.empty": ("Chưa nhập số lượng món nào.", "No quantity is given."),
    "supply.past": ("Ngày hẹn sớm nhất là hôm nay.", "The promised day is today at the earliest."),
    "supply.over": (
        "Lần xin hàng này đã xong hoặc đã bỏ. Hãy tải lại trang.",
        "This request is done or dropped already. Reload the page.",
    ),
    "count.unknown": ("Không có phiếu kiểm kê này.", "There is no such count."),
    "count.already_open": (
        "Điểm này đang có phiếu kiểm kê {number} cho cùng số hàng. Đếm tiếp phiếu đó, hoặc bỏ nó trước.",
        "This place has count {number} of the same goods going on. Go on with it, or drop it first.",
    ),
    "count.quantity": ("Hãy nhập số đếm được từ 0 trở lên.", "Give what you counted, 0 or more."),
    "count.whole": (
        "Món này đếm từng cái: hãy nhập số nguyên.",
        "This item is counted in whole units: give a whole number.",
    ),
    "count.entry": (
        "Không tìm thấy dòng đếm này. Hãy tải lại trang.",
        "This entry is not there. Reload the page.",
    ),
    "count.not_open": (
        "Phiếu {number} không nhận số đếm nữa. Hãy tải lại trang để xem phiếu đang ở đâu.",
        "Count {number} takes no more entries. Reload the page to see where it stands.",
    ),
    "count.not_asked": (
        "Món này không cần đếm lại. Chỉ đếm lại những món trong danh sách.",
        "Nobody asked for this item again. Count again only what is on the list.",
    ),
    "count.same_person": (
        "Bạn đã đếm món này rồi: người khác phải đếm lại.",
        "You counted this item before: somebody else counts it again.",
    ),
    "count.not_yours": (
        "Chỉ người đếm mới bỏ được dòng của mình.",
        "Only who counted may take an entry back.",
    ),
    "count.empty": ("Chưa đếm món nào.", "Nothing has been counted yet."),
    "count.not_in_review": (
        "Phiếu {number} chưa đến bước này, hoặc người khác đã làm rồi. Hãy tải lại trang.",
        "Count {number} is not at this step, or somebody did it already. Reload the page.",
    ),
    "count.again_first": (
        "Còn món lệch mới đếm một lần. Nhờ người khác đếm lại, hoặc ghi lý do xác nhận luôn.",
        "Some differences were counted only once. Let somebody count again, or say why you confirm without it.",
    ),
    "count.liability": ("Hãy chọn ai chịu trong danh sách.", "Choose from the list who bears it."),
    "intake.unknown": ("Không có phiếu nhập này.", "There is no such intake note."),
}


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def phrase(code: str, kind: str, facts: dict[str, object]) -> tuple[str, str]:
    """(Vietnamese, English) for a code with its facts filled in."""
    vi, en = PHRASES.get(code) or KINDS.get(kind) or KINDS["Invalid"]
    filled = _Facts(facts)
    return vi.format_map(filled), en.format_map(filled)
