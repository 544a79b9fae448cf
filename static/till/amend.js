// "Sửa đơn vừa rồi": the goods of the last sale lie on the counter again, the sale itself stands until the mended one
// is paid; then an undo and the new sale are written, in this order. What was paid counts as handed over. Pure.

import { cashPart } from "./money.js";
import { extrasOf } from "./tenders.js";

/**
 * @typedef {{ sale: string, undo: string, receipt_no: string, paid: number, tenders: any[] }} Amends
 *   undo: the id of the event that will take the sale back, minted now so that a crash cannot make two
 */

/**
 * Everything of a sale comes back, its money the way it came.
 * @param {any} row the sale @param {string[]} names of its lines @param {any[]} tenders as they stand now @param {() => string} newId
 */
export function takenBack(row, names, tenders, newId) {
  const sold = row.event.body;
  const returns = sold.lines.map((/** @type {any} */ line, /** @type {number} */ i) => ({
    sale: row.id, line: line.line, product: line.product, name: names[i] ?? "", qty_milli: line.qty_milli, paid: line.paid,
    disposition: "shelf", from: null,
  }));
  const back = tenders.map(({ kind, amount, state, ...more }) => ({ id: newId(), kind, amount: -amount, state, ...extrasOf(more) }));
  return { returns, settled: { tenders: back, cash_rounding: sold.cash_rounding ? -sold.cash_rounding : 0 } };
}

/** What is in the drawer of the old sale, and what came otherwise. @param {any[]} tenders */
export function keptOf(tenders) {
  const other = tenders.filter(({ kind }) => kind !== "cash");
  return {
    cash: tenders.reduce((sum, { kind, amount }) => sum + (kind === "cash" ? amount : 0), 0),
    other, others: other.reduce((sum, { amount }) => sum + amount, 0),
  };
}

/**
 * What changes hands in cash when all that was not cash stays: above 0 the customer adds, below 0 it goes back.
 * @param {Amends} amends @param {number} total of the mended sale @param {number} step
 */
export function differenceOf(amends, total, step) {
  const { cash, others } = keptOf(amends.tenders);
  return cashPart(total - others, step).rounded - cash;
}

/**
 * The mended sale paid by what is here already and the difference in cash.
 * @param {Amends} amends @param {number} total @param {number} step @param {number | null} given now; null: exactly
 */
export function paidWithDifference(amends, total, step, given) {
  const { cash, other, others } = keptOf(amends.tenders);
  const { rounded } = cashPart(total - others, step);
  const handed = given === null ? Math.max(cash, rounded) : cash + given;
  return {
    other: other.map(({ kind, amount, state, ...more }) => ({ kind, amount, state, ...extrasOf(more) })),
    cash: { received: rounded > 0 ? handed : null },
    change: Math.max(0, handed - rounded),
  };
}
