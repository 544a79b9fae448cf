// Where a person is: view, panel, dialog, strip. Knows no goods and no money.

import { DEAD_MS } from "./counter.js";
import { t } from "./words.js";

const STRIP_MS = 6_000;
const BEHIND = ["open", "close", "sealed", "cash", "rescue", "receipts", "about", "goods", "move", "fresh", "no-receipt", "invoice", "report", "drawers", "continue", "printer", "display"];

/** @typedef {{ tone: "bad" | "wait" | "ok" | "info", icon: string, title: string, text?: string,
 *              act?: { label: string, run: () => void }, stays?: boolean }} Strip */

export class Page {
  #draw;
  #queued = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stripTimer;
  #lastTouch = performance.now();
  #shownAt = -Infinity;

  /** starting · refused · other-tab · enrol · who · sell · open · close · sealed · cash · receipts · receipt · about */
  view = "starting";
  /** In the selling view: cart · change · qr · split · number */
  panel = "cart";
  /** What a view, a panel or a dialog is about. @type {any} */
  about = {};
  /** @type {string | null} */
  #dialog = null;
  /** What a dialog opened by `ask` is about. @type {any} */
  question = null;
  /** @type {((answer: any) => void) | null} */
  #answered = null;
  /** @type {Strip | null} */
  strip = null;
  words = "";
  /** The phone's cart sheet. */
  sheet = false;

  /** @param {(page: any) => void} draw */
  constructor(draw) {
    this.#draw = draw;
  }

  /** menu · pin · unsent · approve: the box over everything, or null. */
  get dialog() {
    return this.#dialog;
  }

  /** @param {string | null} name a question that was open is answered by null */
  set dialog(name) {
    this.#settle(null);
    this.#dialog = name;
  }

  /**
   * Open a dialog that answers. Null when it goes without an answer.
   * @param {string} dialog @param {any} question @returns {Promise<any>}
   */
  ask(dialog, question) {
    this.dialog = dialog;
    this.question = question;
    this.redraw();
    return new Promise((resolve) => { this.#answered = resolve; });
  }

  /** The dialog's word; it closes. @param {any} answer */
  answer(answer) {
    this.#settle(answer);
    this.#dialog = null;
    this.redraw();
  }

  /** @param {any} answer */
  #settle(answer) {
    const answered = this.#answered;
    this.#answered = this.question = null;
    answered?.(answer);
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

  /** @param {string} view @param {any} [about] */
  go(view, about = {}) {
    this.view = view;
    this.about = about;
    this.dialog = null;
    this.panel = "cart";
    this.redraw();
  }

  /** @param {string} panel @param {any} [about] */
  show(panel, about = {}) {
    this.panel = panel;
    this.about = about;
    this.#shownAt = performance.now();
    this.redraw();
    setTimeout(() => this.redraw(), DEAD_MS + 5);
  }

  /** The buttons under a finger just changed: they are dead for a moment, as if the panel came anew. */
  freshen() {
    this.#shownAt = performance.now();
    this.redraw();
    setTimeout(() => this.redraw(), DEAD_MS + 5);
  }

  /** A panel just came: the second tap of a double tap must not land on its money buttons. */
  get fresh() {
    return performance.now() - this.#shownAt < DEAD_MS;
  }

  /** One step out of wherever we are. */
  back() {
    if (this.dialog) this.dialog = null;
    else if (this.view === "move" && this.about.back === "goods") return this.go("goods", { words: "", rows: null });
    else if (this.view === "receipt") return this.go("receipts", this.about.list);
    else if (this.view === "install") return this.go(this.about.back, this.about.of);
    else if (this.view === "mend") return this.go("receipt", this.about.receipt);
    else if (BEHIND.includes(this.view)) return this.go("sell");
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

  /** A person was here. */
  touch() {
    this.#lastTouch = performance.now();
  }

  /** How long nobody was here, in ms. */
  get idle() {
    return performance.now() - this.#lastTouch;
  }
}
