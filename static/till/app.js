// The page's state and its verbs: which view, which panel, what the strip says. Screens read it and call it.
// Goods, carts and money live in `desk.js`; this file only knows what a person is looking at.

import { isEmpty } from "./cart.js";
import { listTiles } from "./tiles.js";
import { isStale } from "./shift.js";
import { play } from "./sound.js";
import { language, t } from "./words.js";

const STRIP_MS = 6_000;
const IDLE_MS = 3 * 60_000;

/** @typedef {{ tone: "bad" | "wait" | "ok" | "info", icon: string, title: string, text?: string,
 *              act?: { label: string, run: () => void }, stays?: boolean }} Strip */

export class App {
  #draw;
  #queued = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stripTimer;
  #lastTouch = performance.now();

  /** starting · refused · other-tab · enrol · who · sell · open · close · sealed · cash · receipts · receipt · about */
  view = "starting";
  /** In the selling view: cart · change · qr · split · number */
  panel = "cart";
  /** What a view or panel is about. @type {any} */
  about = {};
  /** @type {"menu" | "pin" | "unsent" | null} */
  dialog = null;
  /** @type {Strip | null} */
  strip = null;
  words = "";
  typing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingTimer;
  /** @type {string | null} */
  kind = null;
  /** The phone's cart sheet. */
  sheet = false;
  unsent = { events: 0, sales: 0, oldest_at: /** @type {number | null} */ (null) };
  /** @type {any} */
  staff = null;
  flash = 0;

  /** Set when enrolled. @type {any} */
  enrolment = null;
  /** @type {import("./desk.js").Desk} */
  desk = /** @type {any} */ (null);
  /** @type {import("./catalogue.js").Catalogue} */
  catalogue = /** @type {any} */ (null);
  /** @type {import("./shift.js").Shifts} */
  shifts = /** @type {any} */ (null);
  /** @type {import("./sender.js").Sender} */
  sender = /** @type {any} */ (null);
  fetching = false;
  fetchFailed = false;

  /** @param {{ draw: (app: App) => void, clock: import("./clock.js").Clock, api: import("./api.js").Api,
   *   newId: () => string, store?: any }} ports */
  constructor({ draw, clock, api, newId }) {
    this.#draw = draw;
    this.clock = clock;
    this.api = api;
    this.newId = newId;
    /** @type {import("./idb.js").Disk} */
    this.store = /** @type {any} */ (null);
  }

  get settings() {
    return this.catalogue?.about.settings ?? {};
  }

  get till() {
    return this.enrolment?.till;
  }

  /** Draw soon; many changes in one turn draw once. */
  redraw() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#draw(this);
    });
  }

  // ── Where we are ───────────────────────────────────────────────────

  /** @param {string} view @param {any} [about] */
  go(view, about = {}) {
    this.view = view;
    this.about = about;
    this.dialog = null;
    this.panel = view === "sell" && this.panel === "change" && this.desk?.last ? "change" : "cart";
    this.redraw();
  }

  /** @param {string} panel @param {any} [about] */
  show(panel, about = {}) {
    this.panel = panel;
    this.about = about;
    this.redraw();
  }

  /** One step out of wherever we are. */
  back() {
    if (this.dialog) this.dialog = null;
    else if (this.view === "receipt") return this.go("receipts");
    else if (["open", "close", "cash", "receipts", "about", "sealed"].includes(this.view)) return this.go("sell");
    else if (this.panel !== "cart") this.panel = "cart";
    else if (this.words) this.words = "";
    else if (this.sheet) this.sheet = false;
    this.redraw();
  }

  /** @param {Strip} strip */
  say(strip) {
    clearTimeout(this.#stripTimer);
    this.strip = strip;
    if (!strip.stays) this.#stripTimer = setTimeout(() => this.hush(), STRIP_MS);
    this.redraw();
  }

  hush() {
    clearTimeout(this.#stripTimer);
    this.strip = null;
    this.redraw();
  }

  /** Something failed that should not have. The words are for the cashier, the cause for the office. @param {unknown} error */
  sayTrouble(error) {
    console.error(error);
    this.say({ tone: "bad", icon: "triangle-alert", title: t("trouble"), text: String(/** @type {any} */ (error)?.message ?? error) });
  }

  // ── Selling ────────────────────────────────────────────────────────

  get canSell() {
    return this.view === "sell" && !this.dialog;
  }

  tiles() {
    return listTiles(this);
  }

  /** @param {string} words in the search box */
  look(words) {
    this.words = words;
    this.typing = true;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => {
      this.typing = false;
      this.redraw();
    }, 160);
    this.redraw();
  }

  /** @param {any} product @param {string | null} [barcode] */
  add(product, barcode = null) {
    this.touch();
    if (product.price === null || product.price === undefined) {
      return this.say({ tone: "wait", icon: "badge-percent", title: t("no_price_title", { name: product.name }), text: t("no_price_text") });
    }
    if (this.panel === "qr" || this.panel === "split") {
      this.desk.hold(); // the customer is paying: the next goods are the next customer's
    }
    this.strip = null;
    if (product.weighed) return this.show("number", { for: "weigh", product, barcode, digits: "" });
    this.desk.add(product, { barcode });
    this.#added();
  }

  #added() {
    this.panel = "cart";
    this.flash += 1;
    play("added");
    this.redrawWhenReady();
  }

  /** The pay row comes alive a moment after its labels changed: draw then too. */
  redrawWhenReady() {
    this.redraw();
    setTimeout(() => this.redraw(), this.desk.readyIn + 5);
  }

  /** @param {string} code */
  scanned(code) {
    if (!this.canSell) return;
    const product = this.catalogue.findByCode(code);
    if (product) return this.add(product, code);
    play("unknown");
    this.say({
      tone: "bad", icon: "scan-barcode", title: t("unknown_code", { code }), text: t("unknown_code_text"), stays: true,
      act: { label: t("find_by_name"), run: () => this.find() },
    });
  }

  find() {
    this.hush();
    if (this.panel !== "cart" && this.panel !== "change") this.panel = "cart";
    this.redraw();
    queueMicrotask(() => /** @type {HTMLInputElement | null} */ (document.querySelector("[data-testid=search]"))?.focus());
  }

  /** The number pad's answer. */
  typed() {
    const { for: what, product, barcode, digits, key } = this.about;
    const n = Number(digits);
    if (!n) return;
    if (what === "weigh") this.desk.add(product, { qty_milli: n, barcode });
    else this.desk.setQty(key, this.about.weighed ? n : n * 1000);
    this.#added();
  }

  /**
   * @param {{ other?: any[], cash?: { received: number | null } | null }} paid @param {boolean} [sure]
   */
  async pay(paid, sure = false) {
    this.touch();
    try {
      const done = await this.desk.pay(paid, { language: language(), sure });
      if (!done) return;
      this.sheet = false;
      this.strip = null;
      play("done");
      // The customer may already be the next one: then the change stays one tap away, the cart is not covered.
      if (isEmpty(this.desk.cart)) this.show("change");
      this.sender.poke();
      await this.count();
    } catch (error) {
      if (error instanceof RangeError) return this.redraw();
      this.sayTrouble(error);
    }
    this.redrawWhenReady();
  }

  payTransfer() {
    return this.pay({ other: [{ kind: "vietqr", amount: this.desk.totals.total }] });
  }

  payCard() {
    return this.pay({ other: [{ kind: "card", amount: this.desk.totals.total }] });
  }

  async openQr() {
    if (!this.settings.vietqr || !this.desk.ready || this.desk.totals.total <= 0) return;
    const content = await this.desk.transferContent();
    this.show("qr", { content, shown_at: this.clock.now() });
  }

  /** Notes and QR belong to a moment: the customer says it is paid. */
  qrSeen() {
    return this.pay({ other: [{ kind: "vietqr", amount: this.desk.totals.total, reference: this.about.content }] }, true);
  }

  async undo() {
    try {
      if (!(await this.desk.undo(language()))) return;
      this.show("cart");
      this.say({ tone: "info", icon: "undo-2", title: t("undone"), text: t("undone_text") });
      this.sender.poke();
      await this.count();
    } catch (error) {
      this.sayTrouble(error);
    }
    this.redrawWhenReady();
  }

  hold() {
    this.desk.hold();
    this.sheet = false;
    this.show("cart");
  }

  // ── Who, shift, paper ──────────────────────────────────────────────

  get by() {
    return { staff: this.staff?.id ?? null, catalogue: this.catalogue.version };
  }

  /** @param {any} person null: nobody of the list */
  sellAs(person) {
    this.staff = person;
    this.desk.staff = person?.id ?? null;
    this.touch();
    this.go("sell");
    if (this.shifts.isStale()) this.sayStale();
  }

  sayStale() {
    const shift = this.shifts.current;
    if (!shift || !isStale(shift, this.clock.now())) return;
    this.say({
      tone: "wait", icon: "clock", title: t("stale_title"), text: t("stale_text"), stays: true,
      act: { label: t("close_shift"), run: () => this.startClose() },
    });
  }

  startClose() {
    this.hush();
    this.go("close", { id: this.newId(), count: {}, note: 500_000 });
  }

  /** @param {any} row */
  async reprint(row) {
    const { receipt_no } = row.event.body;
    try {
      const answer = await this.api.reprint(this.enrolment.token, receipt_no);
      if (answer.status === 202) return this.say({ tone: "ok", icon: "printer", title: t("reprinting"), text: receipt_no });
      const words = answer.body?.[`message_${language()}`] ?? t("reprint_failed");
      this.say({ tone: "wait", icon: "printer", title: t("reprint_failed"), text: words });
    } catch {
      this.say({ tone: "wait", icon: "cloud-off", title: t("reprint_offline"), text: t("reprint_offline_text") });
    }
  }

  async count() {
    this.unsent = await this.store.unsent();
    this.redraw();
  }

  /** A person was here. */
  touch() {
    this.#lastTouch = performance.now();
  }

  /** Three idle minutes lock the till, unless goods lie on the counter. */
  lockIfIdle() {
    const idle = performance.now() - this.#lastTouch > IDLE_MS;
    if (!idle || this.view !== "sell" || !this.staff?.pin || !isEmpty(this.desk.cart)) return;
    this.lock();
  }

  lock() {
    this.staff = null;
    this.desk.staff = null;
    this.desk.last = null;
    this.go("who");
  }
}
