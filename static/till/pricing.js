// The basket: gross → line discounts → basket discount shared over what remains → paid → VAT → cash.
// Pure. `tests/vectors/basket.json` binds it and the server to the same đồng.

import { allocate, cashPart, mulDiv, netOfVat, pct } from "./money.js";

/**
 * @typedef {{ price: number, qty_milli: number, vat_bp: number, discount?: number, discount_bp?: number,
 *             no_discount?: boolean }} Asked
 * @typedef {{ gross: number, line_discount: number, basket_discount: number, paid: number, net: number,
 *             vat: number }} Priced
 * @typedef {{ lines: Asked[], basket_discount?: number, returns?: number[], cash_rounding?: number,
 *             other_tenders?: number }} Basket
 */

/** round(price·qty/1000) @param {number} price @param {number} qtyMilli */
export const grossOf = (price, qtyMilli) => mulDiv(price, qtyMilli, 1000);

/**
 * @param {Basket} basket `returns` is what is given back, as positive sums
 * @returns {{ lines: Priced[], total: number, vat: number, cash: number, cash_rounding: number }}
 */
export function priceBasket(basket) {
  const before = basket.lines.map((line) => {
    const gross = grossOf(line.price, line.qty_milli);
    const asked = (line.discount_bp ? pct(gross, line.discount_bp) : 0) + (line.discount ?? 0);
    return { gross, line_discount: Math.min(asked, gross) };
  });
  const weights = before.map((line, i) =>
    basket.lines[i].no_discount ? 0 : line.gross - line.line_discount,
  );
  const shareable = weights.reduce((a, w) => a + w, 0);
  const shares = allocate(Math.min(basket.basket_discount ?? 0, shareable), weights);

  const lines = before.map((line, i) => {
    const paid = line.gross - line.line_discount - shares[i];
    return { ...line, basket_discount: shares[i], paid, ...netOfVat(paid, basket.lines[i].vat_bp) };
  });
  const sold = lines.reduce((sum, line) => sum + line.paid, 0);
  const returned = (basket.returns ?? []).reduce((sum, paid) => sum + paid, 0);
  const total = sold - returned;
  const { rounded, cash_rounding } = cashPart(total - (basket.other_tenders ?? 0), basket.cash_rounding ?? 0);
  return {
    lines, total, cash: rounded, cash_rounding,
    vat: lines.reduce((sum, line) => sum + line.vat, 0),
  };
}
