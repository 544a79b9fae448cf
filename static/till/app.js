// The verbs of a cashier, as the screens call them: put in, look for, pay, undo, print again, lock.
// Carts and money live in `desk.js`, who stands here in `crew.js`, where a person is in `page.js`.

import { readTicket } from "./announced.js";
import { isEmpty } from "./cart.js";
import { Crew } from "./crew.js";
import { beforePaying } from "./haggle.js";
import { findFor } from "./linking.js";
import { spokenChange } from "./prefs.js";
import { readReceipt, receiptCode } from "./receipts.js";
import { allowReturns } from "./refunds.js";
import { put, putCode } from "./putting.js";
import { removeLine } from "./removing.js";
import { readRescue } from "./rescuing.js";
import { Paper } from "./paper.js";
import { play } from "./sound.js";
import { say as speak, spoken } from "./speech.js";
import { listTiles } from "./tiles.js";
import { language, t } from "./words.js";

/** Where the code of a receipt opens it. */
const RECEIPTS = ["sell", "receipts", "receipt"];

export class App extends Crew {
  typing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingTimer;
  /** @type {string | null} */
  kind = null;
  unsent = { events: 0, sales: 0, oldest_at: /** @type {number | null} */ (null) };
  flash = 0;
  /** This tablet's own printer, where it has one. */
  paper = new Paper(this);
  /** Transfers shown here whose money nobody has seen. @type {{ row: any, tender: any }[]} */
  unseen = [];
  /** @type {import("./mending.js").Mending} */
  mending = /** @type {any} */ (null);

  /** Set when enrolled. @type {any} */
  enrolment = null;
  /** A code that waits for its goods. @type {string | null} */
  linking = null;
  /** @type {import("./fresh.js").Fresh} */
  newGoods = /** @type {any} */ (null);
  /** @type {import("./camera.js").Camera} */
  camera = /** @type {any} */ (null);
  /** @type {import("./goods.js").Goods} */
  goods = /** @type {any} */ (null);
  /** The customer's screen on another tablet. @type {import("./relay.js").Relay} */
  relay = /** @type {any} */ (null);
  /** @type {import("./control.js").Control} */
  control = /** @type {any} */ (null);
  /** @type {import("./lockout.js").Lockout} */
  lockout = /** @type {any} */ (null);
  /** The discount bar: closed, about the basket (key null) or a line. @type {{ key: number | null } | null} */
  haggling = null;
  /** A tap on the pay row came before the age question was answered. */
  age_missed = false;
  fetching = false;
  /** When the catalogue was last known to be right, by this device's clock. @type {number | null} */
  goodsAt = null;
  readyOpen = false;
  fetchFailed = false;

  /** @param {{ draw: (app: App) => void, clock: import("./clock.js").Clock, api: import("./api.js").Api,
   *   newId: () => string, store?: any }} ports */
  constructor({ draw, clock, api, newId }) {
    super(draw);
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
    return put(this, product, { barcode });
  }

  /** Goods came into the cart. */
  added() {
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
    if (!this.dialog && RECEIPTS.includes(this.view) && receiptCode(code)) return void readReceipt(this, code);
    if (this.view === "rescue") return void readRescue(this, code);
    if (!this.canSell) return;
    const ticket = readTicket(code);
    if (ticket) return void this.go("announced", { ticket, typed: [], id: this.newId() });
    const product = this.catalogue.findByCode(code);
    if (product) return this.add(product, code);
    if (putCode(this, code)) return;
    play("unknown");
    this.say({
      tone: "bad", icon: "scan-barcode", title: t("unknown_code", { code }), text: t("unknown_code_text"), stays: true,
      act: { label: t("find_by_name"), run: () => findFor(this, code) },
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
    this.added();
  }

  /**
   * @param {{ other?: any[], cash?: { received: number | null } | null }} paid @param {boolean} [sure]
   */
  async pay(paid, sure = false) {
    this.touch();
    if (sure && this.fresh) return;
    if (!sure && this.desk.cart.parts?.length) return; // some of it is paid: the rest is asked for beside the parts
    const first = this.desk.ready || sure ? beforePaying(this) : null;
    if (first) {
      if (!(await first)) return this.redraw();
      sure = true;
    }
    try {
      const returns = this.desk.cart.returns.length > 0 && (sure || this.desk.ready);
      const approvals = returns ? await allowReturns(this) : [];
      if (!approvals) return;
      const done = await this.desk.pay(paid, { language: language(), sure: sure || approvals.length > 0, approvals });
      if (!done) return;
      this.sheet = this.age_missed = false;
      this.strip = this.haggling = null;
      play("done");
      this.paper.sold(done.row);
      // The customer may already be the next one: then the change stays one tap away, the cart is not covered.
      this.practiceFor = null;
      if (isEmpty(this.desk.cart)) this.show("change");
      if (spokenChange() && done.change > 0) speak(t("change_aloud", { sum: spoken(done.change) }));
      this.sender.poke();
      await this.count();
    } catch (error) {
      if (error instanceof RangeError) return this.redraw();
      this.sayTrouble(error);
    }
    this.redrawWhenReady();
  }

  /** All of it by one way, one tap. @param {string} kind */
  payWith(kind) {
    return this.pay({ other: [{ kind, amount: this.desk.totals.total }] });
  }

  async openQr() {
    if (!this.settings.vietqr || !this.desk.ready || this.desk.totals.total <= 0 || this.desk.cart.parts?.length) return;
    if (this.desk.keeper) return; // that code pays the operator
    const content = await this.desk.transferContent();
    this.show("qr", { content, shown_at: this.clock.now(), sum: this.desk.totals.total });
  }

  /** The goods of the last sale come back into the hand. */
  async amend() {
    if (this.fresh && this.panel === "change") return;
    try {
      if (!(await this.desk.amend())) return;
      this.go("sell");
    } catch (error) {
      this.sayTrouble(error);
    }
    this.redrawWhenReady();
  }

  async undo() {
    if (this.fresh) return;
    try {
      const back = await this.desk.undo(language());
      if (!back) return;
      this.paper.sold(back);
      this.show("cart");
      this.say({ tone: "info", icon: "undo-2", title: t("undone"), text: t("undone_text") });
      this.sender.poke();
      await this.count();
    } catch (error) {
      this.sayTrouble(error);
    }
    this.redrawWhenReady();
  }

  /** @param {import("./cart.js").CartLine} line */
  removeLine(line) {
    removeLine(this, line);
  }

  hold() {
    this.desk.hold();
    this.sheet = false;
    this.haggling = null;
    this.show("cart");
  }

  // ── Paper ──────────────────────────────────────────────────────────

  /** @param {any} row */
  async reprint(row) {
    if (this.paper.choice) return this.paper.again(row);
    const { receipt_no } = row.event.body;
    try {
      const answer = await this.api.reprint(this.enrolment.token, receipt_no);
      if (answer.status === 202) this.control.reprinted(row.id, answer.body.copy, "network");
      if (answer.status === 202) await this.paper.counted(row.id, answer.body.copy);
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
}
