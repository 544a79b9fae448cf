// The carts of a counter: which are open, which is in hand, what lies in it. A tap changes the state before anything is
// awaited. Between the verbs of a cart (`cart.js`) and paying (`desk.js`); knows no screen.

import { addProduct, isEmpty, openCart, putBack, removeLine, setQty, takeBack, totalsOf } from "./cart.js";
import { differenceOf } from "./amend.js";
import { dayOf } from "./clock.js";
import { keeperBy, keeperOf } from "./drawers.js";
import { termsOn, withPromotions } from "./discounts.js";
import { transferContent } from "./vietqr.js";

/** The pay row is dead this long after its labels change: a finger may be on its way to another sum. */
export const DEAD_MS = 400;

/**
 * @typedef {{ log: import("./log.js").Log, store: any, shifts: import("./shift.js").Shifts, till_code: string,
 *   clock: { now(): number }, catalogue: import("./catalogue.js").Catalogue, newId: () => string,
 *   tick: () => number, settings: () => any }} Ports  tick: a clock that never jumps, in ms
 */

export class Counter {
  #changedAt = -Infinity;
  #label = "";

  /** @type {import("./cart.js").Cart[]} */
  carts = [];
  /** The sale that was just finished. @type {any} */
  last = null;
  paying = false;
  /** The last sale finished here, as long as it may be amended. @type {{ id: string, cart: import("./cart.js").Cart } | null} */
  latest = null;

  /** @param {Ports} ports */
  constructor(ports) {
    this.ports = ports;
    this.cart = this.fresh();
  }

  /** An empty cart. */
  fresh() {
    return openCart(this.ports.newId(), this.ports.clock.now());
  }

  get step() {
    return this.ports.settings().cash_rounding ?? 500;
  }

  get totals() {
    return totalsOf(this.cart, this.step);
  }

  /** Where the last sale is remembered. */
  get latestKey() {
    return `latest|${this.ports.log.device}`;
  }

  /** What the customer hands over in cash now: of a sale being amended only the difference, below 0 it goes back. */
  get due() {
    const { total, cash } = this.totals;
    return this.cart.amends ? differenceOf(this.cart.amends, total, this.step) : cash;
  }

  /** Carts that wait beside the one in hand. */
  get held() {
    return this.carts.filter((cart) => cart.id !== this.cart.id);
  }

  /** Carts come back after a crash; one whose sale is in the log is already paid. */
  async load() {
    const kept = [];
    for (const cart of await this.ports.store.carts()) {
      if (isEmpty(cart) || (await this.ports.store.find(cart.id))) await this.ports.store.dropCart(cart.id);
      else kept.push(cart);
    }
    this.latest = (await this.ports.store.meta(this.latestKey)) ?? null;
    this.carts = kept.sort((a, b) => a.opened_at - b.opened_at);
    if (this.carts.length) this.cart = this.carts[this.carts.length - 1];
    this.touched();
  }

  // ── Putting goods in ───────────────────────────────────────────────

  /** How goods go into a cart at this moment. @param {any} product */
  howNow(product) {
    const at = this.ports.clock.now();
    const day = dayOf(at);
    return { at, day, terms: termsOn(this.ports.catalogue.about.terms ?? [], product.producer, day) };
  }

  /** @param {any} product @param {{ qty_milli?: number, barcode?: string | null, gross?: number }} [how] */
  add(product, how = {}) {
    this.put(addProduct(this.cart, product, { ...this.howNow(product), ...how }));
  }

  /** Any other verb of the cart in hand. @param {(cart: import("./cart.js").Cart) => import("./cart.js").Cart} verb */
  change(verb) {
    this.put(verb(this.cart));
  }

  /** @param {number} key @param {number} qtyMilli */
  setQty(key, qtyMilli) {
    this.put(setQty(this.cart, key, qtyMilli));
  }

  /** @param {number} key */
  remove(key) {
    this.put(removeLine(this.cart, key));
  }

  /**
   * A line removed is back in its place; false where its cart is no longer open.
   * @param {string} id of the cart @param {import("./cart.js").CartLine} line @param {number} at
   */
  insert(id, line, at) {
    return this.changeOf(id, (cart) => putBack(cart, line, at));
  }

  /** A verb of a cart, in hand or not; false where it is no longer open. @param {string} id @param {(cart: import("./cart.js").Cart) => import("./cart.js").Cart} verb */
  changeOf(id, verb) {
    const cart = id === this.cart.id ? this.cart : this.carts.find((each) => each.id === id);
    if (!cart || this.paying) return false;
    this.put(verb(cart));
    return true;
  }

  /** A cart thrown away is back on the counter, in hand. @param {import("./cart.js").Cart} cart */
  restore(cart) {
    this.put(cart);
  }

  /** @param {number | null} key */
  choose(key) {
    this.cart = { ...this.cart, on: key };
  }

  /** @param {any} back */
  takeBack(back) {
    this.put(takeBack(this.cart, back));
  }

  /** @param {any} back */
  keepSold(back) {
    this.put({ ...this.cart, returns: this.cart.returns.filter((r) => r !== back) });
  }

  /** @param {string} sale @param {number} line */
  keepSoldLine(sale, line) {
    const back = this.cart.returns.find((r) => r.sale === sale && r.line === line);
    if (back) this.keepSold(back);
  }

  /** @param {import("./cart.js").Cart} changed */
  put(changed) {
    const cart = withPromotions(changed, this.ports.catalogue.about.promotions ?? [], this.ports.clock.now());
    this.last = null;
    this.cart = cart;
    const others = this.carts.filter((other) => other.id !== cart.id);
    if (isEmpty(cart)) {
      this.carts = others;
      this.ports.store.dropCart(cart.id);
    } else {
      this.carts = this.carts.some((other) => other.id === cart.id)
        ? this.carts.map((other) => (other.id === cart.id ? cart : other))
        : [...this.carts, cart];
      this.ports.store.saveCart(cart);
    }
    this.touched();
  }

  /** Put the cart aside; the next one is empty. */
  hold() {
    if (isEmpty(this.cart)) return;
    this.cart = this.fresh();
    this.last = null;
    this.touched();
  }

  /** @param {string} id */
  pick(id) {
    this.cart = this.carts.find((cart) => cart.id === id) ?? this.cart;
    this.last = null;
    this.touched();
  }

  /** Throw the cart in hand away; it was never a sale. */
  async cancel() {
    const { id } = this.cart;
    this.carts = this.carts.filter((cart) => cart.id !== id);
    this.cart = this.carts[this.carts.length - 1] ?? this.fresh();
    this.touched();
    await this.ports.store.dropCart(id);
  }

  /** Whose goods these are; null where it is not known. */
  producerOf = (/** @type {string | null} */ id) => (id ? this.ports.catalogue.find(id)?.producer ?? null : null);

  /** Whose drawer the cart in hand is paid into: a producer's, or null for the operator's. */
  get keeper() {
    return keeperOf(this.cart, this.ports.shifts.kept, this.producerOf);
  }

  /** Whose drawer could take it. */
  get fits() {
    return keeperBy(this.cart, this.producerOf);
  }

  /** @param {string | null} keeper */
  payInto(keeper) {
    this.change((cart) => ({ ...cart, keeper }));
  }

  // ── The pay row ────────────────────────────────────────────────────

  /** The labels of the pay row may have changed: a finger on its way must not meet another sum. */
  touched() {
    const { total, cash } = this.totals;
    const label = `${this.cart.id} ${total} ${cash} ${isEmpty(this.cart)} ${this.keeper}`;
    if (label === this.#label) return;
    this.#label = label;
    this.#changedAt = this.ports.tick();
  }

  /** Whether the pay row takes a tap. */
  get ready() {
    return !this.paying && !isEmpty(this.cart) && this.ports.tick() - this.#changedAt >= DEAD_MS;
  }

  /** When the row will be ready, in ms from now. */
  get readyIn() {
    return Math.max(0, DEAD_MS - (this.ports.tick() - this.#changedAt));
  }

  // ── Kept with the cart ─────────────────────────────────────────────

  /** Parts of a split payment stay with the cart, also after a crash. @param {import("./tenders.js").Part[]} parts */
  keepParts(parts) {
    this.put({ ...this.cart, parts });
  }

  /** Somebody said yes to something of this cart. @param {any} approval */
  keepApproval(approval) {
    this.put({ ...this.cart, approvals: [...(this.cart.approvals ?? []), approval] });
  }

  /** The content of this sale's transfer: minted once per cart, kept with it. @returns {Promise<string>} */
  async transferContent() {
    if (this.cart.content) return this.cart.content;
    const { id } = this.cart;
    const day = dayOf(this.ports.clock.now());
    const n = await this.ports.store.next(`qr|${this.ports.log.device}|${day}`);
    const content = transferContent(this.ports.till_code, day, n);
    if (this.cart.id === id) {
      this.cart = { ...this.cart, content };
      this.carts = this.carts.map((cart) => (cart.id === id ? this.cart : cart));
      this.ports.store.saveCart(this.cart);
    }
    return content;
  }
}
