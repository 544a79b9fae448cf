// The shift: opened by hand or by the first sale, counted blind, sealed once. Sums come from the log, never a cache.
// Never stops a sale: without a shift the first sale opens one, its float uncounted.

import { dayOf } from "./clock.js";
import { NOTES } from "./money.js";

/** @typedef {{ id: string, day: string, opened_at: number, float: number, counted: boolean }} Open */

/** After this a shift no longer dates a sale, and the till proposes to close it. */
export const STALE_MS = 20 * 3600_000;

/** @param {Open} shift @param {number} at */
export const isStale = (shift, at) => at - shift.opened_at > STALE_MS;

/** The business date of something that happens at `at`. @param {Open | null} shift @param {number} at */
export const dayFor = (shift, at) => (shift && !isStale(shift, at) ? shift.day : dayOf(at));

/** { "100000": 3 } → 300000 @param {Record<string, number>} count */
export const sumOf = (count) => Object.entries(count).reduce((sum, [note, n]) => sum + Number(note) * n, 0);

/** Only notes that are there. @param {Record<string, number>} count */
export const cleanCount = (count) =>
  Object.fromEntries(NOTES.filter((note) => count[note] > 0).map((note) => [String(note), count[note]]));

/**
 * What the events of a shift say should be there.
 * @param {import("./log.js").Row[]} rows
 */
export function tally(rows) {
  /** @type {Record<string, number>} */
  const tenders = {};
  const sum = { cash: 0, sales: 0, refunds: 0, takings: 0, tenders };
  const add = (/** @type {{ kind: string, amount: number, payee?: string }} */ tender) => {
    if (tender.kind === "cash" && !tender.payee) sum.cash += tender.amount;
    else tenders[tender.kind] = (tenders[tender.kind] ?? 0) + tender.amount;
  };
  for (const { kind, event: { body } } of rows) {
    if (kind === "shift.open") sum.cash += body.float;
    if (kind === "cash.move") sum.cash += body.direction === "in" ? body.amount : -body.amount;
    if (kind === "tender.correct") {
      for (const tender of [{ ...body.from, amount: -body.from.amount }, ...body.tenders]) add(tender);
    }
    if (kind !== "sale") continue;
    if (body.total < 0) sum.refunds += 1;
    else sum.sales += 1;
    sum.takings += body.total + body.cash_rounding;
    for (const tender of body.tenders) add(tender);
  }
  return sum;
}

export class Shifts {
  #log; #store; #clock; #newId;
  /** @type {Open | null} */
  current = null;
  /** @type {Promise<Open> | null} */
  #opening = null;

  /**
   * @param {{ log: import("./log.js").Log, clock: { now(): number }, newId: () => string,
   *   store: import("./log.js").LogStore & { meta(key: string): Promise<any> } }} ports
   */
  constructor({ log, store, clock, newId }) {
    this.#log = log;
    this.#store = store;
    this.#clock = clock;
    this.#newId = newId;
  }

  get #key() {
    return `shift|${this.#log.device}`;
  }

  async load() {
    this.current = (await this.#store.meta(this.#key)) ?? null;
  }

  isStale() {
    return this.current !== null && isStale(this.current, this.#clock.now());
  }

  /**
   * @param {{ staff: string | null, catalogue: number, count?: Record<string, number> | null }} by  no count: float 0
   * @returns {Promise<Open>}
   */
  open(by) {
    this.#opening ??= this.#open(by).finally(() => (this.#opening = null));
    return this.#opening;
  }

  /** @param {{ staff: string | null, catalogue: number, count?: Record<string, number> | null }} by */
  async #open({ staff, catalogue, count = null }) {
    if (this.current) return this.current;
    const at = this.#clock.now();
    const counted = count && cleanCount(count);
    const shift = {
      id: this.#newId(), day: dayOf(at), opened_at: at, float: counted ? sumOf(counted) : 0, counted: counted !== null,
    };
    await this.#log.append({
      id: this.#newId(), kind: "shift.open", at, day: shift.day, shift: shift.id, staff, catalogue,
      body: { float: shift.float, count: counted, keeper: null },
      also: [{ store: "meta", key: this.#key, value: shift }],
    });
    this.current = shift;
    return shift;
  }

  /**
   * @param {{ staff: string | null, catalogue: number, direction: "in" | "out" | "drop", amount: number,
   *   reason: string | null, carrier?: string | null, bag?: string | null }} move
   */
  async moveCash({ staff, catalogue, direction, amount, reason, carrier = null, bag = null }) {
    const shift = await this.open({ staff, catalogue });
    const at = this.#clock.now();
    return this.#log.append({
      id: this.#newId(), kind: "cash.move", at, day: dayFor(shift, at), shift: shift.id, staff, catalogue,
      body: { direction, amount, reason, carrier, bag },
    });
  }

  /**
   * Seals the shift. Expected and difference are computed after the seal, never before.
   * @param {{ id: string, staff: string | null, catalogue: number, count: Record<string, number> }} by
   *   id: minted when the count begins, so that two taps seal once
   */
  async close({ id, staff, catalogue, count }) {
    const shift = this.current;
    if (!shift) throw new Error("no shift is open");
    const at = this.#clock.now();
    const notes = cleanCount(count);
    const all = tally(await this.#store.ofShift(shift.id)).tenders;
    const tenders = Object.fromEntries(Object.entries(all).filter(([, sum]) => sum !== 0));
    const row = await this.#log.append({
      id, kind: "shift.close", at, day: shift.day, shift: shift.id, staff, catalogue,
      body: ({ seq }) => ({
        count: notes, counted: sumOf(notes), tenders, devices: [{ device: this.#log.device, seq }],
      }),
      also: [{ store: "meta", key: this.#key }],
    });
    this.current = null;
    const sums = tally(await this.#store.ofShift(shift.id));
    const counted = row.event.body.counted;
    return { shift, counted, expected: sums.cash, difference: counted - sums.cash, sums, hash: row.event.hash };
  }
}
