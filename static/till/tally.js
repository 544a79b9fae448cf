// What the events of a shift say, added up. Pure; the log's rows are the only source, never a cache.

import { NOTES } from "./money.js";

/** Why cash comes and goes, as the office knows it (pos/till/rules/cash.py). */
export const REASONS = Object.freeze({
  in: ["change", "other"],
  out: ["supplies", "transport", "food", "staff_advance", "theft", "other"],
  drop: [],
});
export const FLOAT = "float";

/** Why a count may not fit, told before anybody knows by how much. */
export const CLOSE_REASONS = ["change_error", "forgot", "theft", "unknown"];

/** { "100000": 3 } → 300000 @param {Record<string, number>} count */
export const sumOf = (count) => Object.entries(count).reduce((sum, [note, n]) => sum + Number(note) * n, 0);

/** Only notes that are there. @param {Record<string, number>} count */
export const cleanCount = (count) =>
  Object.fromEntries(NOTES.filter((note) => count[note] > 0).map((note) => [String(note), count[note]]));

/**
 * What the events of a shift say should be there.
 * @param {{ kind: string, event: any }[]} rows
 * @param {{ drawer: number, sales: number } | null} [known] what a lost tablet had brought, of a shift gone on with
 */
export function tally(rows, known = null) {
  /** @type {Record<string, number>} */
  const tenders = {};
  /** @type {{ at: string, direction: string, amount: number, reason: string | null, note: string | null, bag: string | null }[]} */
  const moves = [];
  const sum = {
    cash: known?.drawer ?? 0, float: 0, sales: known?.sales ?? 0, refunds: 0, takings: 0, tenders, moves,
  };
  const take = (/** @type {any} */ tender, sign = 1) => {
    if (tender.kind === "cash" && !tender.payee) sum.cash += sign * tender.amount;
    else tenders[tender.kind] = (tenders[tender.kind] ?? 0) + sign * tender.amount;
  };
  for (const { kind, event: { body, at } } of rows) {
    if (kind === "shift.open") {
      sum.cash += body.float;
      sum.float += body.float;
    } else if (kind === "cash.move") {
      sum.cash += body.direction === "in" ? body.amount : -body.amount;
      if (body.reason === FLOAT) sum.float += body.amount;
      else moves.push({ at, direction: body.direction, amount: body.amount, reason: body.reason, note: body.note ?? null, bag: body.bag ?? null });
    } else if (kind === "tender.correct") {
      take(body.from, -1);
      for (const tender of body.tenders) take(tender);
    } else if (kind === "sale") {
      if (body.total < 0) sum.refunds += 1;
      else sum.sales += 1;
      sum.takings += body.total + body.cash_rounding;
      for (const tender of body.tenders) take(tender);
    }
  }
  return sum;
}
