// Goods that come and go without a sale: counted in, tasted, given, broken, lost, handed back. Works without a network.
// A movement is an event like a sale; what was written by mistake is undone by its mirror, never rubbed out.

import { dayFor } from "./shift.js";

export const OUT = ["sample", "gift", "broken", "lost", "theft", "own_use", "to_producer", "to_site"];
/** From here on a drink is strong alcohol: no gift, no promotion (till.md). */
export const STRONG_BP = 1500;
const MOST = 300;

/**
 * @typedef {{ id: string, way: string, product: any, qty_milli: number, other?: string | null, lot?: string | null,
 *   expires?: string | null, staff: string | null, catalogue: number }} Movement
 *   way: "in" or a reason of OUT; other: the producer or site it comes from or goes to
 */

/** Whether these goods may go this way; the reason why not as a sentence's name. @param {any} product @param {string} way */
export function refusal(product, way) {
  if (way === "gift" && (product.alcohol_bp ?? 0) >= STRONG_BP) return "goods_no_gift";
  if ((way === "to_producer") && !product.producer) return "goods_no_producer";
  return null;
}

/** The body of a movement. @param {Movement} move */
export function bodyOf({ way, product, qty_milli, other = null, lot = null, expires = null }) {
  const line = { product: product.id, qty_milli, ...(lot ? { lot } : {}), ...(expires ? { expires } : {}) };
  if (way === "in") return { from: other ?? product.producer, announced: null, lines: [line] };
  const to = way === "to_producer" ? other ?? product.producer ?? null : way === "to_site" ? other : null;
  return { reason: way, to, lines: [line] };
}

export class Goods {
  #log; #store; #clock; #newId; #shifts;

  /**
   * @param {{ log: import("./log.js").Log, clock: { now(): number }, newId: () => string,
   *   store: { latest(kind: string, limit: number): Promise<import("./log.js").Row[]> },
   *   shifts: { current: import("./shift.js").Open | null } }} ports
   */
  constructor({ log, store, clock, newId, shifts }) {
    this.#log = log;
    this.#store = store;
    this.#clock = clock;
    this.#newId = newId;
    this.#shifts = shifts;
  }

  /**
   * @param {{ id: string, kind: string, body: any, memo: any, staff: string | null, catalogue: number }} event
   */
  #write(event) {
    const at = this.#clock.now();
    const shift = this.#shifts.current;
    return this.#log.append({ ...event, at, day: dayFor(shift, at), shift: shift?.id ?? null });
  }

  /** Write one movement down. The id is minted when its page opens: two taps write it once. @param {Movement} move */
  write(move) {
    const why = refusal(move.product, move.way);
    if (why) throw new RangeError(why);
    if (!(move.qty_milli > 0)) throw new RangeError("nothing moves");
    const body = bodyOf(move);
    if (move.way === "in" && !body.from) throw new RangeError("goods_no_producer");
    if (move.way === "to_site" && !body.to) throw new RangeError("goods_which_site");
    const { name, unit = "", weighed = false } = move.product;
    const { id, staff, catalogue } = move;
    return this.#write({ id, kind: move.way === "in" ? "goods.in" : "goods.out", staff, catalogue, body, memo: { name, unit, weighed: Boolean(weighed) } });
  }

  /**
   * Count a delivery in, all of it by one event.
   * @param {{ id: string, from: string, announced: string | null, lines: { product: string, qty_milli: number }[], memo: any, staff: string | null, catalogue: number }} told
   */
  count({ id, from, announced, lines, memo, staff, catalogue }) {
    if (!lines.length) throw new RangeError("nothing moves");
    return this.#write({ id, kind: "goods.in", staff, catalogue, body: { from, announced, lines }, memo });
  }

  /** The mirror of a movement of this tablet. Once only. @param {import("./log.js").Row} row @param {{ staff: string | null, catalogue: number }} by */
  async undo(row, by) {
    const { event: { body }, kind, memo } = row;
    if (body.undo_of || (await this.list()).some((other) => other.undone && other.row.id === row.id)) return null;
    return this.#write({ id: this.#newId(), kind, body: { ...body, undo_of: row.id }, memo, ...by });
  }

  /** Movements of this tablet, newest first, each with whether it was undone. @param {string | null} [day] */
  async list(day = null) {
    const rows = (await Promise.all(["goods.in", "goods.out"].map((kind) => this.#store.latest(kind, MOST)))).flat();
    const undone = new Set(rows.map(({ event }) => event.body.undo_of).filter(Boolean));
    return rows
      .filter(({ event }) => !event.body.undo_of && (day === null || event.day === day))
      .sort((a, b) => b.seq - a.seq)
      .map((row) => ({ row, way: row.kind === "goods.in" ? "in" : row.event.body.reason, undone: undone.has(row.id) }));
  }
}
