// What comes after a payment: a transfer seen later, a wrong tender mended. Each is a new event; the sale stays as it is.
// Only while the sale's shift is open. Knows no screen.

import { dayFor } from "./shift.js";

/** Rows of the log a list looks back over: more than any fair day sells. */
export const FAR = 2000;

/**
 * How a sale stands paid now: its tenders, each correction applied in the order they were made.
 * @param {any} sale a row @param {any[]} corrections rows of `tender.correct`
 * @returns {any[]}
 */
export function tendersNow(sale, corrections) {
  const mine = corrections.filter(({ event }) => event.body.sale === sale.id).sort((a, b) => a.seq - b.seq);
  return mine.reduce((/** @type {any[]} */ tenders, { event: { body } }) => {
    const at = tenders.findIndex((tender) => tender.id === body.from.id);
    return at < 0 ? tenders : [...tenders.slice(0, at), ...body.tenders, ...tenders.slice(at + 1)];
  }, sale.event.body.tenders);
}

/**
 * Transfers whose money nobody has seen yet, oldest first.
 * @param {any[]} sales @param {any[]} seen rows of `tender.seen` @param {any[]} corrections
 */
export function unseenOf(sales, seen, corrections) {
  const known = new Set(seen.map(({ event }) => event.body.tender));
  const undone = new Set(sales.map(({ event }) => event.body.undo_of).filter(Boolean));
  return sales
    .filter((row) => !undone.has(row.id) && !row.event.body.undo_of)
    .flatMap((row) => tendersNow(row, corrections)
      .filter((tender) => tender.state === "shown" && tender.amount > 0 && !known.has(tender.id))
      .map((tender) => ({ row, tender })))
    .sort((a, b) => a.row.written_at - b.row.written_at);
}

export class Mending {
  #log; #store; #shifts; #clock; #newId;
  #busy = new Set();

  /**
   * @param {{ log: import("./log.js").Log, store: any, shifts: import("./shift.js").Shifts,
   *   clock: { now(): number }, newId: () => string }} ports
   */
  constructor({ log, store, shifts, clock, newId }) {
    this.#log = log;
    this.#store = store;
    this.#shifts = shifts;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** @returns {Promise<{ row: any, tender: any }[]>} */
  async unseen() {
    const [sales, seen, corrections] = await Promise.all(
      ["sale", "tender.seen", "tender.correct"].map((kind) => this.#store.latest(kind, FAR)));
    return unseenOf(sales.filter((/** @type {any} */ row) => row.device === this.#log.device), seen, corrections);
  }

  /** @param {any} sale a row */
  async tendersOf(sale) {
    return tendersNow(sale, await this.#store.latest("tender.correct", FAR));
  }

  /** Whether a sale's tenders may still be mended here: its shift is open, it is not an undo. @param {any} sale */
  open(sale) {
    return sale.shift === this.#shifts.current?.id && !sale.event.body.undo_of;
  }

  /**
   * The money of a shown transfer came. Twice is once.
   * @param {any} sale @param {{ id: string }} tender @param {{ staff: string | null, catalogue: number }} by
   */
  async markSeen(sale, tender, by) {
    if (this.#busy.has(tender.id)) return null;
    this.#busy.add(tender.id);
    try {
      const at = this.#clock.now();
      return await this.#log.append({
        id: this.#newId(), kind: "tender.seen", at, day: dayFor(this.#shifts.current, at), shift: this.#shifts.current?.id ?? null, ...by,
        body: { sale: sale.id, tender: tender.id },
      });
    } catch (error) {
      this.#busy.delete(tender.id); // not on disk: the button works again
      throw error;
    }
  }

  /**
   * What was rung as one means was another, or several. The sums are equal: a drawer's difference is not made here.
   * @param {any} sale @param {any} wrong a tender of it as it stands now @param {any[]} tenders with their ids
   * @param {{ staff: string | null, catalogue: number, reason: string, approval?: any, private?: any }} about
   */
  async correct(sale, wrong, tenders, { staff, catalogue, reason, approval = null, private: secret = null }) {
    const sum = tenders.reduce((all, tender) => all + tender.amount, 0);
    if (sum !== wrong.amount) throw new RangeError(`${wrong.amount - sum} đồng are not told`);
    if (!this.open(sale)) throw new RangeError("the sale's shift is closed");
    if (this.#busy.has(wrong.id)) return null;
    this.#busy.add(wrong.id);
    const { id, kind, amount, payee, issuer, customer } = wrong;
    const at = this.#clock.now();
    try {
      return await this.#log.append({
        id: this.#newId(), kind: "tender.correct", at, day: dayFor(this.#shifts.current, at), shift: sale.shift, staff, catalogue,
        body: {
          sale: sale.id, sale_shift: sale.shift,
          from: { id, kind, amount, ...(payee ? { payee } : {}), ...(issuer ? { issuer } : {}), ...(customer ? { customer } : {}) },
          tenders, reason, ...(approval ? { approval } : {}),
        },
        ...(secret ? { private: secret } : {}),
      });
    } catch (error) {
      this.#busy.delete(wrong.id);
      throw error;
    }
  }
}
