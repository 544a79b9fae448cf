// Labels of scales: an EAN-13 of the shop's own with a price or a weight inside, read by the operator's patterns.
// Pure. A pattern is thirteen signs: digits that must be there, I the item's number, P the price, W the weight,
// x anything, K the check digit: "21IIIIIPPPPPK".

/** @typedef {{ mask: string, scale: number }} Pattern  scale: đồng per step of P, grams per step of W */
/** @typedef {{ item: string, gross?: number, grams?: number }} Label */

/** The check digit of an EAN-13. @param {string} digits the first twelve */
export function checkDigit(digits) {
  const sum = [...digits].reduce((all, digit, i) => all + Number(digit) * (i % 2 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

/** @param {string} code @param {Pattern[]} patterns the first that fits @returns {Label | null} */
export function readLabel(code, patterns) {
  if (!/^\d{13}$/.test(code) || checkDigit(code.slice(0, 12)) !== code[12]) return null;
  for (const { mask, scale } of patterns) {
    if (mask.length !== 13 || ![...mask].every((sign, i) => !/\d/.test(sign) || sign === code[i])) continue;
    const of = (/** @type {string} */ sign) => [...mask].map((one, i) => (one === sign ? code[i] : "")).join("");
    const [item, price, weight] = ["I", "P", "W"].map(of);
    if (!item || !(Number(price) || Number(weight))) continue;
    return price ? { item, gross: Number(price) * scale } : { item, grams: Number(weight) * scale };
  }
  return null;
}

/** The product of a label: its number as it is, or without the zeros before it. @param {string} item @param {{ findByCode(code: string): any }} catalogue */
export function itemOf(item, catalogue) {
  const bare = item.replace(/^0+/, "");
  for (const code of [item, bare, ...[3, 4, 5, 6].map((length) => bare.padStart(length, "0"))]) {
    const found = code && catalogue.findByCode(code);
    if (found) return found;
  }
  return undefined;
}
