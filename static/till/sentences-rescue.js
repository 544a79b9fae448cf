// Sentences about unsent sales that leave by another way. Vietnamese first, English complete.

/** @type {Record<string, [vi: string, en: string]>} */
export const RESCUE_WORDS = {
  rescue_title: ["Gửi nhờ máy khác", "Send through another tablet"],
  rescue_open: ["Gửi nhờ", "Send another way"],
  rescue_propose: ["Đã lâu không gửi được. Hãy gửi nhờ máy bên cạnh: đơn vẫn ở trong máy này, không mất và không tính hai lần.", "Nothing could be sent for long. Send through a neighbour: the sales stay on this tablet, none is lost or counted twice."],
  rescue_text: ["Đơn được niêm kín cho máy chủ: người chuyển giúp không đọc và không sửa được.", "The sales are sealed for the server: whoever carries them can neither read nor change them."],
  rescue_busy: ["Đang niêm đơn…", "Sealing…"],
  rescue_nothing: ["Không còn đơn nào chưa gửi.", "Nothing is unsent."],
  rescue_no_key: ["Máy này chưa có chìa khóa của máy chủ. Cần mạng một lần.", "This tablet has no key of the server yet. It needs the network once."],
  rescue_show: ["Máy bên cạnh mở Gửi nhờ, chạm Đọc giúp, rồi quét các mã này.", "The neighbour opens Send another way, taps Read for a neighbour, and scans these codes."],
  rescue_code: ["Mã {i} / {n}", "Code {i} of {n}"],
  rescue_next: ["Mã sau", "Next code"],
  rescue_file: ["Lưu thành tệp", "Save as a file"],
  rescue_file_text: ["Chép tệp cho văn phòng: Máy bán, mở máy này, Nhận đơn cứu.", "Give the file to the office: Tablets, open this one, Take rescued sales."],
  rescue_read: ["Đọc giúp máy khác", "Read for a neighbour"],
  rescue_have: ["Đã đọc {have} / {of} mã", "{have} of {of} codes read"],
  rescue_kept: ["Đã nhận đủ. Máy này sẽ gửi lên khi có mạng.", "All read. This tablet sends it when it has a network."],
  rescue_waits: ["{n} gói của máy khác chờ gửi lên", "{n} parcels of other tablets wait to be sent"],
};
