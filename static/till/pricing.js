// The basket: gross → line discounts → basket discounts shared over what remains → paid → VAT → cash.
// Pure. `tests/vectors/basket.json` binds it and the server to the same đồng.

import { allocate, cashPart, mulDiv, netOfVat, pct } from "./money.js";

/**
 * @typedef {{ price: number, qty_milli: number, vat_bp: number, gross?: number, discount?: number,
 *             discount_bp?: number, no_discount?: boolean }} Asked  gross: a label's, which is not price × quantity
 * @typedef {{ gross: number, line_discount: number, basket_discount: number, paid: number, net: number,
 *             vat: number }} Priced
 * @typedef {{ amount: number, takes?: (line: number) => boolean }} Shared  over the lines it takes, all if not said
 * @typedef {{ lines: Asked[], basket_discount?: number, basket_discounts?: Shared[], returns?: number[],
 *             cash_rounding?: number, other_tenders?: number }} Basket
 */

/** round(price·qty/1000) @param {number} price @param {number} qtyMilli */
export const grossOf = (price, qtyMilli) => mulDiv(price, qtyMilli, 1000);

/** The quantity a price-embedded label stands for. @param {number} gross @param {number} price */
export const qtyOfGross = (gross, price) => mulDiv(gross, 1000, price);

/** @param {Basket} basket `returns` is what is given back, as positive sums; `shares` are per basket discount */
export function priceBasket(basket) {
  const before = basket.lines.map((line) => {
    const gross = line.gross ?? grossOf(line.price, line.qty_milli);
    const asked = line.no_discount ? 0 : (line.discount_bp ? pct(gross, line.discount_bp) : 0) + (line.discount ?? 0);
    return { gross, line_discount: Math.min(asked, gross) };
  });
  const rest = before.map((line) => line.gross - line.line_discount);
  const asked = basket.basket_discounts ?? (basket.basket_discount ? [{ amount: basket.basket_discount }] : []);
  const shares = asked.map(({ amount, takes = () => true }) => {
    const weights = rest.map((left, i) => (basket.lines[i].no_discount || !takes(i) ? 0 : left));
    const shareable = weights.reduce((a, w) => a + w, 0);
    const own = allocate(Math.min(amount, shareable), weights);
    own.forEach((share, i) => { rest[i] -= share; });
    return own;
  });

  const lines = before.map((line, i) => {
    const basket_discount = shares.reduce((sum, own) => sum + own[i], 0);
    const paid = line.gross - line.line_discount - basket_discount;
    return { ...line, basket_discount, paid, ...netOfVat(paid, basket.lines[i].vat_bp) };
  });
  const sold = lines.reduce((sum, line) => sum + line.paid, 0);
  const returned = (basket.returns ?? []).reduce((sum, paid) => sum + paid, 0);
  const total = sold - returned;
  const { rounded, cash_rounding } = cashPart(total - (basket.other_tenders ?? 0), basket.cash_rounding ?? 0);
  return {
    lines, total, cash: rounded, cash_rounding, shares,
    vat: lines.reduce((sum, line) => sum + line.vat, 0),
  };
}
