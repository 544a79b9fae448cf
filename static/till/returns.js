// Taking back: what of a sale can still come back, and what is paid for it. Pure; the counter is `desk.js`.

import { part } from "./money.js";

/**
 * What of a sale of this tablet can still come back, by line.
 * @param {any} row the sale @param {any[]} sales rows that may hold returns of it
 */
export function returnable(row, sales) {
  /** @type {Map<number, number>} */
  const before = new Map();
  for (const { event } of sales) {
    for (const back of event.body.returns) {
      if (back.sale === row.id) before.set(back.line, (before.get(back.line) ?? 0) + back.qty_milli);
    }
  }
  return row.event.body.lines.map((/** @type {any} */ line, /** @type {number} */ i) => {
    const gone = before.get(line.line) ?? 0;
    return { ...line, name: row.memo?.lines[i]?.name ?? line.name ?? "", returned: gone, left: line.qty_milli - gone };
  });
}

/**
 * So much of a line, as a cart takes it back.
 * @param {string} sale @param {any} line of `returnable` @param {number} qtyMilli @param {string} disposition
 * @returns {import("./cart.js").CartReturn}
 */
export function backOf(sale, line, qtyMilli, disposition) {
  const of = (/** @type {number} */ amount) => part(amount, line.qty_milli, line.returned, qtyMilli);
  const discounts = line.line_discounts.reduce((/** @type {number} */ sum, /** @type {any} */ d) => sum + of(d.amount), 0);
  const paid = of(line.gross) - discounts - of(line.basket_discount);
  return { sale, line: line.line, product: line.product, name: line.name, qty_milli: qtyMilli, paid, disposition };
}
