// The drawers of this device: the operator's, and those of producers who keep their own takings. Each is opened by
// hand or by its first sale, counted blind, sealed once. Sums come from the log. No missing shift stops a sale.

import { dayOf } from "./clock.js";
import { cleanCount, FLOAT, sumOf, tally } from "./tally.js";

export { cleanCount, sumOf, tally };

/**
 * @typedef {{ id: string, day: string, opened_at: number, float: number, counted: boolean,
 *   keeper?: string | null, keeper_name?: string, known?: Known | null }} Open
 *   keeper: the producer whose takings these are; known: of a shift this device goes on with
 * @typedef {{ drawer: number, sales: number, till: string, devices: { device: string, seq: number }[] }} Known
 * @typedef {{ staff: string | null, catalogue: number }} By
 */

/** After this a shift no longer dates a sale, and the till proposes to close it. */
export const STALE_MS = 20 * 3600_000;
/** So long after the opening an uncounted float may still be counted: later it would only hide a difference. */
export const FLOAT_MS = 3600_000;
/** A difference beyond this is counted once more, where the office has set nothing else. */
export const CLOSE_LIMIT = 50_000;

/** @param {Open} shift @param {number} at */
export const isStale = (shift, at) => at - shift.opened_at > STALE_MS;

/** The business date of something that happens at `at`. @param {Open | null} shift @param {number} at */
export const dayFor = (shift, at) => (shift && !isStale(shift, at) ? shift.day : dayOf(at));

export class Shifts {
  #log; #store; #clock; #newId;
  /** The operator's drawer. @type {Open | null} */
  current = null;
  /** Drawers of producers. @type {Open[]} */
  kept = [];
  /** @type {Map<string | null, Promise<Open>>} */
  #opening = new Map();

  /**
   * @param {{ log: import("./log.js").Log, clock: { now(): number }, newId: () => string,
   *   store: import("./log.js").LogStore & { meta(key: string): Promise<any>, setMeta(key: string, value: any): Promise<void> } }} ports
   */
  constructor({ log, store, clock, newId }) {
    this.#log = log;
    this.#store = store;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** @param {string} name */
  #key(name) {
    return `${name}|${this.#log.device}`;
  }

  async load() {
    this.current = (await this.#store.meta(this.#key("shift"))) ?? null;
    this.kept = (await this.#store.meta(this.#key("kept"))) ?? [];
  }

  isStale() {
    return this.current !== null && isStale(this.current, this.#clock.now());
  }

  /** The open drawer of a keeper, null the operator's. @param {string | null} [keeper] @returns {Open | null} */
  of(keeper = null) {
    return keeper === null ? this.current : this.kept.find((shift) => shift.keeper === keeper) ?? null;
  }

  /** All that are open, the operator's first. */
  get open_ones() {
    return this.current ? [this.current, ...this.kept] : this.kept;
  }

  /** What the disk must hold when a drawer is now so (null: closed). @param {string | null} keeper @param {Open | null} shift */
  #also(keeper, shift) {
    if (keeper === null) return { store: /** @type {const} */ ("meta"), key: this.#key("shift"), ...(shift ? { value: shift } : {}) };
    const others = this.kept.filter((each) => each.keeper !== keeper);
    return { store: /** @type {const} */ ("meta"), key: this.#key("kept"), value: shift ? [...others, shift] : others };
  }

  /** @param {string | null} keeper @param {Open | null} shift */
  #now(keeper, shift) {
    if (keeper === null) this.current = shift;
    else this.kept = [...this.kept.filter((each) => each.keeper !== keeper), ...(shift ? [shift] : [])];
  }

  /**
   * @param {By & { count?: Record<string, number> | null, keeper?: string | null, keeper_name?: string }} by  no count: float 0
   * @returns {Promise<Open>}
   */
  open(by) {
    const keeper = by.keeper ?? null;
    const opening = this.#opening.get(keeper) ?? this.#open(by, keeper).finally(() => this.#opening.delete(keeper));
    this.#opening.set(keeper, opening);
    return opening;
  }

  /** @param {By & { count?: Record<string, number> | null, keeper_name?: string }} by @param {string | null} keeper */
  async #open({ staff, catalogue, count = null, keeper_name }, keeper) {
    const open = this.of(keeper);
    if (open) return open;
    const at = this.#clock.now();
    const counted = count && cleanCount(count);
    /** @type {Open} */
    const shift = {
      id: this.#newId(), day: dayOf(at), opened_at: at, float: counted ? sumOf(counted) : 0, counted: counted !== null,
      ...(keeper ? { keeper, keeper_name } : {}),
    };
    await this.#log.append({
      id: this.#newId(), kind: "shift.open", at, day: shift.day, shift: shift.id, staff, catalogue, keeper,
      body: { float: shift.float, count: counted, keeper },
      also: [this.#also(keeper, shift), ...(counted && keeper === null ? [this.#remember("float", counted)] : [])],
    });
    this.#now(keeper, shift);
    return shift;
  }

  // ── The float, counted later ───────────────────────────────────────

  /** Whether the operator's float can still be counted. */
  get uncounted() {
    const shift = this.current;
    return shift !== null && !shift.counted && !shift.known && this.#clock.now() - shift.opened_at < FLOAT_MS;
  }

  /** @param {"float" | "closed"} name @param {Record<string, number>} count */
  #remember(name, count) {
    return { store: /** @type {const} */ ("meta"), key: this.#key(name), value: count };
  }

  /** The counts this till knows from before: its last float, its last close. */
  async lastCounts() {
    const [float, closed] = await Promise.all([this.#store.meta(this.#key("float")), this.#store.meta(this.#key("closed"))]);
    return { float: float ?? null, closed: closed ?? null };
  }

  /**
   * Give an uncounted shift its float: the drawer as it lies there, less the cash taken since; or, `whole`, just so.
   * docs/decisions/0015-float-counted-later.md
   * @param {By & { id: string, count: Record<string, number>, whole?: boolean }} by
   */
  async countFloat({ id, staff, catalogue, count, whole = false }) {
    const shift = this.current;
    if (!shift || !this.uncounted) return null;
    const notes = cleanCount(count);
    const since = whole ? 0 : tally(await this.#store.ofShift(shift.id)).cash;
    const float = Math.max(0, sumOf(notes) - since);
    const counted = { ...shift, float, counted: true };
    const also = [this.#also(null, counted), this.#remember("float", notes)];
    if (float) {
      const at = this.#clock.now();
      await this.#log.append({
        id, kind: "cash.move", at, day: dayFor(shift, at), shift: shift.id, staff, catalogue,
        body: { direction: "in", amount: float, reason: FLOAT, count: notes }, also: whole || !since ? also : also.slice(0, 1),
      });
    } else await this.#store.setMeta(this.#key("shift"), counted);
    this.#now(null, counted);
    return counted;
  }

  // ── Cash in, out, drop ─────────────────────────────────────────────

  /**
   * @param {By & { id?: string, direction: "in" | "out" | "drop", amount: number, reason: string | null, note?: string | null,
   *   carrier?: string | null, bag?: string | null, keeper?: string | null, approval?: any }} move
   */
  async moveCash({ id, staff, catalogue, direction, amount, reason, note = null, carrier = null, bag = null, keeper = null, approval = null }) {
    const shift = await this.open({ staff, catalogue, keeper });
    const at = this.#clock.now();
    return this.#log.append({
      id: id ?? this.#newId(), kind: "cash.move", at, day: dayFor(shift, at), shift: shift.id, staff, catalogue, keeper,
      body: { direction, amount, reason, carrier, bag, ...(note ? { note } : {}), ...(approval ? { approval } : {}) },
    });
  }

  /** The drawer opened without a sale: for the control report. @param {By & { approval: any }} by */
  async openDrawer({ staff, catalogue, approval }) {
    const at = this.#clock.now();
    return this.#log.append({
      id: this.#newId(), kind: "drawer.open", at, day: dayFor(this.current, at), shift: this.current?.id ?? null, staff, catalogue,
      body: { reason: "no_sale", ...(approval ? { approval } : {}) },
    });
  }

  // ── Going on with a lost tablet's shift ────────────────────────────

  /**
   * @param {By & { offer: any, reason: string | null, approval: any }} by  offer: one of the server's `others`
   * @returns {Promise<Open>}
   */
  async goOn({ staff, catalogue, offer, reason, approval }) {
    const keeper = offer.keeper ?? null;
    if (this.of(keeper)) throw new Error("a shift is open here");
    /** @type {Open} */
    const shift = {
      id: offer.id, day: offer.day, opened_at: Date.parse(offer.opened_at), float: offer.float, counted: offer.counted,
      ...(keeper ? { keeper } : {}),
      known: { drawer: offer.drawer, sales: offer.sales, till: offer.till, devices: offer.devices },
    };
    const at = this.#clock.now();
    await this.#log.append({
      id: this.#newId(), kind: "shift.continue", at, day: dayFor(shift, at), shift: shift.id, staff, catalogue, keeper,
      body: { from_device: offer.device, reason, approval }, also: [this.#also(keeper, shift)],
    });
    this.#now(keeper, shift);
    return shift;
  }

  // ── Report and close ───────────────────────────────────────────────

  /** What the log says of an open drawer; `cash` is what should be in it. @param {Open} shift */
  async report(shift) {
    return tally(await this.#store.ofShift(shift.id), shift.known ?? null);
  }

  /** Whether a count is further from what should be there than allowed. Never says by how much. @param {Open} shift @param {Record<string, number>} count @param {number} limit */
  async tooFar(shift, count, limit) {
    return Math.abs(sumOf(cleanCount(count)) - (await this.report(shift)).cash) > limit;
  }

  /**
   * Seals a drawer. Expected and difference are computed after the seal, never before.
   * @param {By & { id: string, count: Record<string, number>, keeper?: string | null, first?: number | null,
   *   reason?: string | null, approval?: any }} by
   *   id: minted when the count begins, so that two taps seal once; first: what was counted before the recount
   */
  async close({ id, staff, catalogue, count, keeper = null, first = null, reason = null, approval = null }) {
    const shift = this.of(keeper);
    if (!shift) throw new Error("no shift is open");
    const at = this.#clock.now();
    const notes = cleanCount(count);
    const tenders = Object.fromEntries(Object.entries((await this.report(shift)).tenders).filter(([, sum]) => sum !== 0));
    const n = ((await this.#store.meta(this.#key("z"))) ?? 0) + 1;
    const row = await this.#log.append({
      id, kind: "shift.close", at, day: shift.day, shift: shift.id, staff, catalogue, keeper,
      body: ({ seq }) => ({
        count: notes, counted: sumOf(notes), tenders, z: `${this.#log.till_code}-Z${n}`,
        devices: [...(shift.known?.devices ?? []), { device: this.#log.device, seq }],
        ...(first === null ? {} : { first }), ...(reason ? { reason } : {}), ...(approval ? { approval } : {}),
      }),
      memo: { shift },
      also: [
        this.#also(keeper, null), { store: "meta", key: this.#key("z"), value: n },
        ...(keeper === null ? [this.#remember("closed", notes)] : []),
      ],
    });
    this.#now(keeper, null);
    return this.sealed(row);
  }

  /**
   * A sealed drawer as its report shows it, from the log alone.
   * @param {import("./log.js").Row} row of a `shift.close`
   */
  async sealed(row) {
    const { event } = row;
    /** @type {Open} */
    const shift = row.memo.shift;
    const sums = tally(await this.#store.ofShift(shift.id), shift.known ?? null);
    const { counted, z, reason = null, first = null } = event.body;
    return {
      shift, z, counted, first, reason, expected: sums.cash, difference: counted - sums.cash, sums, hash: event.hash,
      seq: row.seq, closed_at: Date.parse(event.at), staff: event.staff,
    };
  }

  /** This device's sealed drawers, newest first. @param {number} [limit] */
  async closed(limit = 60) {
    const rows = await this.#store.latest("shift.close", limit);
    return rows.filter((row) => row.memo?.shift);
  }
}
