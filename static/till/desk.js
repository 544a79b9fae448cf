// Paying at the counter: finish, undo, amend. A sale is finished when the log says so; two taps cannot pay twice.
// The carts are in `counter.js`. Knows no screen.

import { countOf, isEmpty, openCart, saleBody, tendersOf } from "./cart.js";
import { paidWithDifference, takenBack } from "./amend.js";
import { Counter } from "./counter.js";
import { keeperOf } from "./drawers.js";
import { FAR, tendersNow } from "./mending.js";
import { rememberBacks } from "./returns.js";
import { dayFor } from "./shift.js";
import { movedBetween, privateOf } from "./tenders.js";

export const UNDO_MS = 10_000;

export class Desk extends Counter {
  #prove; #printedBy;

  staff = /** @type {string | null} */ (null);

  /**
   * @param {import("./counter.js").Ports & {
   *   prove?: (sale: { sale: string, at: number, lines: import("./proof.js").ProofLine[] }) => Promise<string | null>,
   *   printedBy?: () => string | null }} ports
   *   prove: signs what the receipt's QR tells; printedBy: who prints, where not the server
   */
  constructor({ prove = async () => null, printedBy = () => null, ...ports }) {
    super(ports);
    this.#prove = prove;
    this.#printedBy = printedBy;
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
    const settled = tendersOf(total, this.step, kept ?? paid, this.ports.newId); // throws before anything changed
    this.paying = true;
    this.carts = this.carts.filter((other) => other.id !== cart.id);
    this.cart = this.fresh();
    this.touched();
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
        due: cash ? cash.amount : total, undo_until: may ? this.ports.tick() + UNDO_MS : 0,
        amended: amends?.receipt_no ?? null, moved: amends ? movedBetween(amends.tenders, settled.tenders) : [],
      };
      return this.last;
    } catch (error) {
      if (isEmpty(this.cart)) this.cart = cart; // not on disk: the cart is still on the counter
      this.carts = [...this.carts, cart];
      this.touched();
      throw error;
    } finally {
      this.paying = false;
    }
  }

  /** @param {import("./cart.js").Cart} cart @param {any} settled @param {any} about */
  async #write(cart, settled, { private: secret = null, latest, ...told }) {
    const about = { ...told, printed_by: this.#printedBy() };
    const by = { staff: this.staff, catalogue: this.ports.catalogue.version, keeper: keeperOf(cart, this.ports.shifts.kept, this.producerOf) };
    const shift = await this.ports.shifts.open(by);
    const at = this.ports.clock.now();
    const { lines } = saleBody(cart, settled, { receipt_no: "", ...about }, this.ports.newId);
    const proof = await this.#prove({
      sale: cart.id, at,
      lines: lines.map(({ product, qty_milli, paid }) => ({ number: this.#number(product), qty_milli, paid })),
    }).catch(() => null); // a sale never waits for its proof
    return this.ports.log.append({
      id: cart.id, kind: "sale", at, day: dayFor(shift, at), shift: shift.id, ...by, receipt: true,
      body: ({ receipt_no }) => ({ ...saleBody(cart, settled, { receipt_no, ...about }, this.ports.newId), ...(proof ? { proof } : {}) }),
      memo: { lines: cart.lines.map(({ name, unit }) => ({ name, unit })), returns: cart.returns.map(({ name }) => name) },
      ...(secret ? { private: secret } : {}),
      also: [
        { store: "carts", key: cart.id }, { store: "meta", key: this.latestKey, value: latest },
        ...(await rememberBacks(this.ports.store, cart, settled.tenders)),
      ],
    });
  }

  /** A product's short number in this operator's catalogue; 0 where it has none. @param {string | null} product */
  #number(product) {
    const sku = product ? this.ports.catalogue.find(product)?.sku : null;
    return /^\d{1,9}$/.test(sku ?? "") ? Number(sku) : 0;
  }

  /** Undo the sale just finished: all of it comes back, its goods lie on the counter again. @param {string} language */
  async undo(language) {
    const last = this.last;
    if (!last || last.undone || this.paying || this.ports.tick() > last.undo_until) return null;
    last.undone = true;
    this.paying = true;
    try {
      const amends = await this.#amending(last.row);
      const row = await this.#takeAllBack(amends, language, last.row);
      this.latest = null;
      this.put({ ...last.cart, id: this.ports.newId(), content: null, approvals: [], parts: [], amends: null });
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
    const tenders = tendersNow(row, await this.ports.store.latest("tender.correct", FAR));
    return { sale: row.id, undo: this.ports.newId(), receipt_no, paid: total + cash_rounding, tenders };
  }

  /** The undo of a sale, once: its id was minted before. @param {import("./amend.js").Amends} amends @param {string} language @param {any} [known] its row */
  async #takeAllBack(amends, language, known = null) {
    const row = known ?? (await this.ports.store.find(amends.sale));
    const names = (row.memo?.lines ?? []).map((/** @type {{ name: string }} */ line) => line.name);
    const { returns, settled } = takenBack(row, names, amends.tenders, this.ports.newId);
    const back = { ...openCart(amends.undo, this.ports.clock.now()), returns, keeper: row.event.keeper ?? null };
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
    const row = await this.ports.store.find(latest.id);
    if (!row || this.latest !== latest) return false;
    const amends = await this.#amending(row);
    this.put({ ...latest.cart, id: this.ports.newId(), opened_at: this.ports.clock.now(), content: null, approvals: [], parts: [], amends });
    return true;
  }

  /** Leave the sale as it was. Where a crash came between the undo and the mended sale, the goods stay on the counter. */
  async leaveAsItWas() {
    const { amends } = this.cart;
    if (!amends || this.paying) return;
    if (await this.ports.store.find(amends.undo)) this.put({ ...this.cart, amends: null });
    else await this.cancel();
  }
}
