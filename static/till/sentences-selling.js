// Sentences about putting goods in: hampers, labels, certificates, lots, goods without a list. Vietnamese first.

/** @type {Record<string, [vi: string, en: string]>} */
export const SELLING_WORDS = {
  kind_hampers: ["Giỏ quà", "Hampers"],
  hamper_parts: ["giỏ {n} món", "hamper of {n} items"],
  hamper_missing: ["{name}: có món chưa bán được", "{name}: an item cannot be sold"],
  hamper_missing_text: ["Một món trong giỏ không còn trong danh mục hoặc chưa có giá. Bán lẻ từng món.", "An item of it has left the catalogue or has no price. Sell the items one by one."],
  label_read: ["Tem cân: {name} {sum} ₫", "Scale label: {name} {sum} ₫"],
  certificate_over: ["{name}: hết hạn chứng nhận", "{name}: certificate expired"],
  certificate_over_text: ["Hết hạn {day}: bán được, không ghi sao trên phiếu.", "Expired on {day}: it can be sold, no stars on the receipt."],
  certificate_over_why: ["{name} hết hạn chứng nhận {day}; đơn vị không bán hàng hết hạn chứng nhận.", "The certificate of {name} ended on {day}; the operator does not sell such goods."],
  lot_some_over: ["{name}: có lô đã hết hạn", "{name}: one lot has expired"],
  lot_some_over_text: ["Xem ngày trên món khách cầm trước khi bán.", "Look at the date on the item before selling it."],
  lot_over_why: ["{name}: lô ở đây hết hạn {day}. Hàng quá hạn không được bán.", "{name}: the lot here expired on {day}. Expired goods must not be sold."],
  open_item: ["Món không có trong danh mục", "Goods not in the catalogue"],
  open_name: ["Tên món", "What it is"],
  open_producer: ["Của chủ thể nào", "Whose goods"],
  open_unknown: ["Chưa rõ", "Not known"],
  open_price: ["Giá", "Price"],
};
