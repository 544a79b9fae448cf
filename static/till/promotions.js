// Which promotion a line gets, how much, and who pays for it. Pure; `tests/till/promotions.json` binds it and
// `pos/till/rules/promotions.py` to the same đồng. One promotion per line: the one that gives most, the first of two
// alike. Strong alcohol gets none, goods of a hamper neither.

import { mulDiv, pct } from "./money.js";

export const STRONG_BP = 1500;
const HANOI_MS = 7 * 3600_000;
const DAY_MS = 86_400_000;

/**
 * @typedef {{ who: "producer" | "operator" | "organizer", bp: number }} Funder
 * @typedef {{ discount_producer_bp: number, discount_max_bp: number }} Terms
 *   what a producer pays of a discount, as long as it is not more than so much of the line
 * @typedef {{ id: string, name: string, kind: "percent" | "amount" | "x_get_y", value: number, get?: number,
 *   products?: string[], groups?: string[], producers?: string[], starts_on: string, ends_on: string,
 *   from_minute?: number, to_minute?: number, weekdays?: number, producer_bp?: number, organizer_bp?: number }} Promotion
 *   value: basis points, đồng off a unit, or how many are paid for; get: how many come with them;
 *   weekdays: bit 0 Monday … bit 6 Sunday; minutes of the day in Hanoi, half-open
 * @typedef {{ product: string | null, producer?: string | null, group?: string | null, alcohol_bp?: number,
 *   weighed?: boolean, price: number, qty_milli: number, gross: number, bundle?: any, terms?: Terms | null }} Goods
 * @typedef {{ amount: number, promotion: string | null, reason: string, funders: Funder[] }} LineDiscount
 */

/** @param {{ alcohol_bp?: number }} goods */
export const isStrong = (goods) => (goods.alcohol_bp ?? 0) >= STRONG_BP;

/** Whether a promotion runs at an instant, by the clock of Hanoi. @param {Promotion} promotion @param {number} at ms */
export function runs(promotion, at) {
  const local = at + HANOI_MS;
  const day = new Date(local).toISOString().slice(0, 10);
  const minute = Math.floor((local % DAY_MS) / 60_000);
  const weekday = (Math.floor(local / DAY_MS) + 3) % 7; // 1970-01-01 was a Thursday
  return promotion.starts_on <= day && day <= promotion.ends_on
    && ((promotion.weekdays ?? 127) >> weekday) % 2 === 1
    && minute >= (promotion.from_minute ?? 0) && minute < (promotion.to_minute ?? 1440);
}

/** @param {Promotion} promotion @param {Goods} goods */
function isAbout({ products, groups, producers }, goods) {
  if (!products?.length && !groups?.length && !producers?.length) return true;
  return Boolean(products?.includes(goods.product ?? "") || producers?.includes(goods.producer ?? "")
    || groups?.includes(goods.group ?? ""));
}

/** What a promotion takes off a line. @param {Promotion} promotion @param {Goods} goods */
export function offOf({ kind, value, get = 0 }, { price, qty_milli, gross, weighed }) {
  if (kind === "percent") return pct(gross, value);
  if (kind === "amount") return Math.min(gross, mulDiv(value, qty_milli, 1000));
  if (weighed) return 0;
  const sets = Math.floor(qty_milli / 1000 / (value + get));
  return Math.min(gross, sets * get * price);
}

/**
 * Who pays: the producer no more than the agreement says, and nothing of a discount beyond the agreement's limit;
 * the operator pays the rest.
 * @param {{ producer_bp?: number, organizer_bp?: number }} wanted @param {Terms | null | undefined} terms
 * @param {number} amount @param {number} gross @returns {Funder[]}
 */
export function fundersFor({ producer_bp = 0, organizer_bp = 0 }, terms, amount, gross) {
  const within = terms && amount <= pct(gross, terms.discount_max_bp);
  const producer = within ? Math.min(producer_bp, terms.discount_producer_bp) : 0;
  const organizer = Math.min(organizer_bp, 10_000 - producer);
  const all = /** @type {Funder[]} */ ([
    { who: "producer", bp: producer }, { who: "organizer", bp: organizer },
    { who: "operator", bp: 10_000 - producer - organizer },
  ]);
  return all.filter(({ bp }) => bp > 0);
}

/**
 * The promotion of each line, or null.
 * @param {Promotion[]} promotions in the server's order @param {Goods[]} lines @param {number} at ms
 * @returns {(LineDiscount | null)[]}
 */
export function promote(promotions, lines, at) {
  const running = promotions.filter((promotion) => runs(promotion, at));
  return lines.map((line) => {
    if (isStrong(line) || line.bundle || !line.product) return null;
    let best = null;
    let most = 0;
    for (const promotion of running) {
      const off = isAbout(promotion, line) ? offOf(promotion, line) : 0;
      if (off > most) [best, most] = [promotion, off];
    }
    return best && {
      amount: most, promotion: best.id, reason: best.name, funders: fundersFor(best, line.terms, most, line.gross),
    };
  });
}
