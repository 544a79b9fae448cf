// Text as search sees it: no accents, no case. The server folds the same way.

/** "Chè Đinh" → "che dinh" @param {string} text */
export const fold = (text) => ascii(text).toLowerCase();

/** "Chuyển Khoản" → "Chuyen Khoan" @param {string} text */
export const ascii = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("đ", "d").replaceAll("Đ", "D");
