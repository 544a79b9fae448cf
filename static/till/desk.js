// The counter itself: open carts, paying, taking back. A tap changes the state before anything is awaited.
// Knows no screen. A sale is finished when the log says so; two taps cannot pay twice.

import {
  addProduct, countOf, isEmpty, openCart, putBack, removeLine, saleBody, setQty, takeBack, tendersOf, totalsOf,
} from "./cart.js";
import { differenceOf, paidWithDifference, takenBack } from "./amend.js";
import { dayOf } from "./clock.js";
import { keeperBy, keeperOf } from "./drawers.js";
import { termsOn, withPromotions } from "./discounts.js";
import { FAR, tendersNow } from "./mending.js";
import { rememberBacks } from "./returns.js";
import { dayFor } from "./shift.js";
import { movedBetween, privateOf } from "./tenders.js";
import { transferContent } from "./vietqr.js";

/** The pay row is dead this long after its labels change: a finger may be on its way to another sum. */
export const DEAD_MS = 400;
export const UNDO_MS = 10_000;

export class Desk {
  #log; #store; #shifts; #clock; #catalogue; #newId; #tick; #settings; #prove; #printedBy;
  #tillCode;
  #changedAt = -Infinity;
  #label = "";

  /** @type {import("./cart.js").Cart[]} */
  carts = [];
  /** The sale that was just finished. @type {any} */
  last = null;
  paying = false;
  /** The last sale finished here, as long as it may be amended. @type {{ id: string, cart: import("./cart.js").Cart } | null} */
  latest = null;
  staff = /** @type {string | null} */ (null);

  /**
   * @param {{ log: import("./log.js").Log, store: any, shifts: import("./shift.js").Shifts, till_code: string,
   *   clock: { now(): number }, catalogue: import("./catalogue.js").Catalogue, newId: () => string,
   *   tick: () => number, settings: () => any,
   *   prove?: (sale: { sale: string, at: number, lines: import("./proof.js").ProofLine[] }) => Promise<string | null>,
   *   printedBy?: () => string | null }} ports
   *   tick: a clock that never jumps, in ms; prove: signs what the receipt's QR tells; printedBy: who prints, where not the server
   */
  constructor({ log, store, shifts, clock, catalogue, newId, tick, settings, till_code, prove = async () => null, printedBy = () => null }) {
    this.#prove = prove;
    this.#printedBy = printedBy;
    this.#log = log;
    this.#store = store;
    this.#shifts = shifts;
    this.#clock = clock;
    this.#catalogue = catalogue;
    this.#newId = newId;
    this.#tick = tick;
    this.#settings = settings;
    this.#tillCode = till_code;
    this.cart = this.#fresh();
  }

  #fresh() {
    return openCart(this.#newId(), this.#clock.now());
  }

  get step() {
    return this.#settings().cash_rounding ?? 500;
  }

  get totals() {
    return totalsOf(this.cart, this.step);
  }

  get #latestKey() {
    return `latest|${this.#log.device}`;
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
    for (const cart of await this.#store.carts()) {
      if (isEmpty(cart) || (await this.#store.find(cart.id))) await this.#store.dropCart(cart.id);
      else kept.push(cart);
    }
    this.latest = (await this.#store.meta(this.#latestKey)) ?? null;
    this.carts = kept.sort((a, b) => a.opened_at - b.opened_at);
    if (this.carts.length) this.cart = this.carts[this.carts.length - 1];
    this.#touched();
  }

  // ── Putting goods in ───────────────────────────────────────────────

  /** How goods go into a cart at this moment. @param {any} product */
  howNow(product) {
    const at = this.#clock.now();
    const day = dayOf(at);
    return { at, day, terms: termsOn(this.#catalogue.about.terms ?? [], product.producer, day) };
  }

  /** @param {any} product @param {{ qty_milli?: number, barcode?: string | null, gross?: number }} [how] */
  add(product, how = {}) {
    this.#put(addProduct(this.cart, product, { ...this.howNow(product), ...how }));
  }

  /** Any other verb of the cart in hand. @param {(cart: import("./cart.js").Cart) => import("./cart.js").Cart} verb */
  change(verb) {
    this.#put(verb(this.cart));
  }

  /** @param {number} key @param {number} qtyMilli */
  setQty(key, qtyMilli) {
    this.#put(setQty(this.cart, key, qtyMilli));
  }

  /** @param {number} key */
  remove(key) {
    this.#put(removeLine(this.cart, key));
  }

  /**
   * A line removed is back in its place; false where its cart is no longer open.
   * @param {string} id of the cart @param {import("./cart.js").CartLine} line @param {number} at
   */
  insert(id, line, at) {
    const cart = id === this.cart.id ? this.cart : this.carts.find((each) => each.id === id);
    if (!cart || this.paying) return false;
    this.#put(putBack(cart, line, at));
    return true;
  }

  /** A cart thrown away is back on the counter, in hand. @param {import("./cart.js").Cart} cart */
  restore(cart) {
    this.#put(cart);
  }

  /** @param {number | null} key */
  choose(key) {
    this.cart = { ...this.cart, on: key };
  }

  /** @param {any} back */
  takeBack(back) {
    this.#put(takeBack(this.cart, back));
  }

  /** @param {any} back */
  keepSold(back) {
    this.#put({ ...this.cart, returns: this.cart.returns.filter((r) => r !== back) });
  }

  /** @param {string} sale @param {number} line */
  keepSoldLine(sale, line) {
    const back = this.cart.returns.find((r) => r.sale === sale && r.line === line);
    if (back) this.keepSold(back);
  }

  /** @param {import("./cart.js").Cart} changed */
  #put(changed) {
    const cart = withPromotions(changed, this.#catalogue.about.promotions ?? [], this.#clock.now());
    this.last = null;
    this.cart = cart;
    const others = this.carts.filter((other) => other.id !== cart.id);
    if (isEmpty(cart)) {
      this.carts = others;
      this.#store.dropCart(cart.id);
    } else {
      this.carts = this.carts.some((other) => other.id === cart.id)
        ? this.carts.map((other) => (other.id === cart.id ? cart : other))
        : [...this.carts, cart];
      this.#store.saveCart(cart);
    }
    this.#touched();
  }

  /** Put the cart aside; the next one is empty. */
  hold() {
    if (isEmpty(this.cart)) return;
    this.cart = this.#fresh();
    this.last = null;
    this.#touched();
  }

  /** @param {string} id */
  pick(id) {
    this.cart = this.carts.find((cart) => cart.id === id) ?? this.cart;
    this.last = null;
    this.#touched();
  }

  /** Throw the cart in hand away; it was never a sale. */
  async cancel() {
    const { id } = this.cart;
    this.carts = this.carts.filter((cart) => cart.id !== id);
    this.cart = this.carts[this.carts.length - 1] ?? this.#fresh();
    this.#touched();
    await this.#store.dropCart(id);
  }

  #producerOf = (/** @type {string | null} */ id) => (id ? this.#catalogue.find(id)?.producer ?? null : null);

  /** Whose drawer the cart in hand is paid into: a producer's, or null for the operator's. */
  get keeper() {
    return keeperOf(this.cart, this.#shifts.kept, this.#producerOf);
  }

  /** Whose drawer could take it. */
  get fits() {
    return keeperBy(this.cart, this.#producerOf);
  }

  /** @param {string | null} keeper */
  payInto(keeper) {
    this.change((cart) => ({ ...cart, keeper }));
  }

  // ── Paying ─────────────────────────────────────────────────────────

  #touched() {
    const { total, cash } = this.totals;
    const label = `${this.cart.id} ${total} ${cash} ${isEmpty(this.cart)} ${this.keeper}`;
    if (label === this.#label) return;
    this.#label = label;
    this.#changedAt = this.#tick();
  }

  /** Whether the pay row takes a tap. */
  get ready() {
    return !this.paying && !isEmpty(this.cart) && this.#tick() - this.#changedAt >= DEAD_MS;
  }

  /** When the row will be ready, in ms from now. */
  get readyIn() {
    return Math.max(0, DEAD_MS - (this.#tick() - this.#changedAt));
  }

  /**
   * Finish the sale in hand. Null when the row is dead or another tap was first.
   * @param {{ other?: any[], cash?: { received: number | null } | null }} paid
   * @param {{ language: string, sure?: boolean, approvals?: import("./approval.js").Approval[] }} about
   *   sure: a button of its own panel, not the pay row
   */
  async pay(paid, { language, sure = false, approvals = [] }) {
    if (this.paying || isEmpty(this.cart) || (!sure && !this.ready)) return null;
    const cart = this.cart;
    const { amends } = cart;
    const { total } = this.totals;
    const kept = amends && !paid.other ? paidWithDifference(amends, total, this.step, paid.cash?.received ?? null) : null;
    const settled = tendersOf(total, this.step, kept ?? paid, this.#newId); // throws before anything changed
    this.paying = true;
    this.carts = this.carts.filter((other) => other.id !== cart.id);
    this.cart = this.#fresh();
    this.#touched();
    try {
      if (amends) await this.#takeAllBack(amends, language);
      const may = cart.returns.length === 0;
      const row = await this.#write(cart, settled, {
        language, seller: this.staff, approvals, private: privateOf(paid.other ?? []), latest: may ? { id: cart.id, cart } : undefined,
      });
      const cash = settled.tenders.find((tender) => tender.kind === "cash");
      this.latest = may ? { id: cart.id, cart } : null;
      this.last = {
        id: cart.id, row, receipt_no: row.event.body.receipt_no, total, count: countOf(cart), cart,
        tenders: settled.tenders, change: kept?.change ?? settled.change, received: cash?.received ?? null,
        due: cash ? cash.amount : total, undo_until: may ? this.#tick() + UNDO_MS : 0,
        amended: amends?.receipt_no ?? null, moved: amends ? movedBetween(amends.tenders, settled.tenders) : [],
      };
      return this.last;
    } catch (error) {
      if (isEmpty(this.cart)) this.cart = cart; // not on disk: the cart is still on the counter
      this.carts = [...this.carts, cart];
      this.#touched();
      throw error;
    } finally {
      this.paying = false;
    }
  }

  /** @param {import("./cart.js").Cart} cart @param {any} settled @param {any} about */
  async #write(cart, settled, { private: secret = null, latest, ...told }) {
    const about = { ...told, printed_by: this.#printedBy() };
    const by = { staff: this.staff, catalogue: this.#catalogue.version, keeper: keeperOf(cart, this.#shifts.kept, this.#producerOf) };
    const shift = await this.#shifts.open(by);
    const at = this.#clock.now();
    const { lines } = saleBody(cart, settled, { receipt_no: "", ...about }, this.#newId);
    const proof = await this.#prove({
      sale: cart.id, at,
      lines: lines.map(({ product, qty_milli, paid }) => ({ number: this.#number(product), qty_milli, paid })),
    }).catch(() => null); // a sale never waits for its proof
    return this.#log.append({
      id: cart.id, kind: "sale", at, day: dayFor(shift, at), shift: shift.id, ...by, receipt: true,
      body: ({ receipt_no }) => ({ ...saleBody(cart, settled, { receipt_no, ...about }, this.#newId), ...(proof ? { proof } : {}) }),
      memo: { lines: cart.lines.map(({ name, unit }) => ({ name, unit })), returns: cart.returns.map(({ name }) => name) },
      ...(secret ? { private: secret } : {}),
      also: [
        { store: "carts", key: cart.id }, { store: "meta", key: this.#latestKey, value: latest },
        ...(await rememberBacks(this.#store, cart, settled.tenders)),
      ],
    });
  }

  /** A product's short number in this operator's catalogue; 0 where it has none. @param {string | null} product */
  #number(product) {
    const sku = product ? this.#catalogue.find(product)?.sku : null;
    return /^\d{1,9}$/.test(sku ?? "") ? Number(sku) : 0;
  }

  /** Undo the sale just finished: all of it comes back, its goods lie on the counter again. @param {string} language */
  async undo(language) {
    const last = this.last;
    if (!last || last.undone || this.paying || this.#tick() > last.undo_until) return null;
    last.undone = true;
    this.paying = true;
    try {
      const amends = await this.#amending(last.row);
      const row = await this.#takeAllBack(amends, language, last.row);
      this.latest = null;
      this.#put({ ...last.cart, id: this.#newId(), content: null, approvals: [], parts: [], amends: null });
      return row;
    } catch (error) {
      last.undone = false;
      throw error;
    } finally {
      this.paying = false;
    }
  }

  // ── Amending the last sale ─────────────────────────────────────────

  /** @param {any} row a sale @returns {Promise<import("./amend.js").Amends>} */
  async #amending(row) {
    const { receipt_no, total, cash_rounding } = row.event.body;
    const tenders = tendersNow(row, await this.#store.latest("tender.correct", FAR));
    return { sale: row.id, undo: this.#newId(), receipt_no, paid: total + cash_rounding, tenders };
  }

  /** The undo of a sale, once: its id was minted before. @param {import("./amend.js").Amends} amends @param {string} language @param {any} [known] its row */
  async #takeAllBack(amends, language, known = null) {
    const row = known ?? (await this.#store.find(amends.sale));
    const names = (row.memo?.lines ?? []).map((/** @type {{ name: string }} */ line) => line.name);
    const { returns, settled } = takenBack(row, names, amends.tenders, this.#newId);
    const back = { ...openCart(amends.undo, this.#clock.now()), returns, keeper: row.event.keeper ?? null };
    return this.#write(back, settled, { language, seller: this.staff, undo_of: amends.sale });
  }

  /** Whether the last sale may still be amended: none was finished after it. */
  get amendable() {
    return this.latest !== null && !this.paying;
  }

  /** The goods of the last sale come back into the hand; the sale stands until the mended one is paid. */
  async amend() {
    const { latest } = this;
    if (!latest || this.paying) return false;
    const open = this.carts.find(({ amends }) => amends?.sale === latest.id);
    if (open) {
      this.pick(open.id);
      return true;
    }
    const row = await this.#store.find(latest.id);
    if (!row || this.latest !== latest) return false;
    const amends = await this.#amending(row);
    this.#put({ ...latest.cart, id: this.#newId(), opened_at: this.#clock.now(), content: null, approvals: [], parts: [], amends });
    return true;
  }

  /** Leave the sale as it was. Where a crash came between the undo and the mended sale, the goods stay on the counter. */
  async leaveAsItWas() {
    const { amends } = this.cart;
    if (!amends || this.paying) return;
    if (await this.#store.find(amends.undo)) this.#put({ ...this.cart, amends: null });
    else await this.cancel();
  }

  /** Parts of a split payment stay with the cart, also after a crash. @param {import("./tenders.js").Part[]} parts */
  keepParts(parts) {
    this.#put({ ...this.cart, parts });
  }

  /** Somebody said yes to something of this cart. @param {any} approval */
  keepApproval(approval) {
    this.#put({ ...this.cart, approvals: [...(this.cart.approvals ?? []), approval] });
  }

  /** The content of this sale's transfer: minted once per cart, kept with it. @returns {Promise<string>} */
  async transferContent() {
    if (this.cart.content) return this.cart.content;
    const { id } = this.cart;
    const day = dayOf(this.#clock.now());
    const n = await this.#store.next(`qr|${this.#log.device}|${day}`);
    const content = transferContent(this.#tillCode, day, n);
    if (this.cart.id === id) {
      this.cart = { ...this.cart, content };
      this.carts = this.carts.map((cart) => (cart.id === id ? this.cart : cart));
      this.#store.saveCart(this.cart);
    }
    return content;
  }
}
