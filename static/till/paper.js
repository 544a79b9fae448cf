// Who prints: this tablet's own printer where one is chosen, else the server's, never both for one receipt.
// Small and always there; the printer itself (paper/) is fetched only when one is chosen or looked for.

import { t } from "./words.js";

const KEY = "printer";
const NOT_LONG_AGO_MS = 10 * 60_000;

export class Paper {
  #app;
  /** @type {import("./paper/printer.js").Printer | null} */
  printer = null;
  /** @type {import("./paper/printer.js").Choice | null} */
  choice = null;
  /** How the sheet of a sale went: printing · printed · failed. @type {Map<string, string>} */
  sheets = new Map();
  /** The screen, when it has come. @type {((app: import("./app.js").App) => any) | null} */
  screen = null;

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.#app = app;
  }

  /** Every sale prints here by itself; the server is told not to. */
  get here() {
    return this.choice !== null && this.choice.kind !== "system";
  }

  /** Some printer prints the sales of this till. */
  get any() {
    return this.here || Boolean(this.#app.settings.printer);
  }

  /** What the event of a sale says about it. */
  get printedBy() {
    return this.here ? "tablet" : null;
  }

  /** After the start: what was chosen before is there again without a question. */
  async load() {
    const choice = (await this.#app.store.meta(KEY)) ?? null;
    if (!choice) return;
    this.choice = choice;
    await this.#use(choice).catch((error) => console.warn("the printer's part of the till did not come", error));
    await this.#unprinted();
  }

  /** @param {import("./paper/printer.js").Choice} choice */
  async #use(choice) {
    const { Printer } = await import("./paper/printer.js");
    await this.printer?.close();
    this.printer = new Printer(this.#app, choice);
    await this.printer.connect();
  }

  /** @param {import("./paper/printer.js").Choice} choice */
  async choose(choice) {
    this.choice = choice;
    await this.#app.store.setMeta(KEY, choice);
    await this.#use(choice);
  }

  async forget() {
    const { printer } = this;
    this.printer = this.choice = null;
    await this.#app.store.setMeta(KEY, null);
    await printer?.close({ forget: true });
    this.#app.redraw();
  }

  /** The page of the printer, with its part of the till. */
  async open() {
    const app = this.#app;
    app.go("printer", {});
    try {
      const [{ printerScreen }] = await Promise.all([import("./screen/printer.js"), import("./paper/printer.js")]);
      this.screen = printerScreen;
    } catch (error) {
      app.go("sell");
      return app.say({ tone: "wait", icon: "cloud-off", title: t("printer_not_here"), text: t("printer_not_here_text") });
    }
    app.redraw();
  }

  // ── Sheets ─────────────────────────────────────────────────────────

  /** A sale is on disk: its paper follows, nobody waits for it. @param {any} row */
  sold(row) {
    if (this.here) this.last = this.#sheet(row, 0);
  }

  /** Settles when the newest sheet is out or given up. @type {Promise<void>} */
  last = Promise.resolve();

  /** @param {any} row @param {number} copy */
  async #sheet(row, copy) {
    const app = this.#app;
    const key = `sheets|${row.id}`;
    this.#mark(row, "printing");
    try {
      if (!this.printer && this.choice) await this.#use(this.choice);
      if (!this.printer) throw new Error("no printer");
      await this.printer.receipt(row, copy);
    } catch (error) {
      const { why = "unknown", sent = false } = /** @type {any} */ (error);
      if (sent) await app.store.setMeta(key, copy); // it may be on the paper: the next one is a copy
      this.#mark(row, "failed");
      return this.#sayFailed(row, why);
    }
    if (row.kind === "sale") {
      app.control.reprinted(row.id, copy, this.printer.choice.kind);
      await app.store.setMeta(key, copy);
    }
    this.#mark(row, "printed");
    if (copy) app.say({ tone: "ok", icon: "printer", title: t("copy_printed", { n: copy }), text: row.event.body.receipt_no });
  }

  /** @param {any} row @param {string} state */
  #mark(row, state) {
    if (this.sheets.size > 50) this.sheets.clear();
    this.sheets.set(row.id, state);
    this.#app.redraw();
  }

  /** @param {any} row @param {string} why */
  #sayFailed(row, why) {
    this.#app.say({
      tone: "bad", icon: "printer", title: t("not_printed", { no: row.event.body.receipt_no }), text: t(`printer_why_${why}`), stays: true,
      act: { label: t("reprint"), run: () => this.again(row) },
    });
  }

  /** Once more: the original where certainly nothing came out, else the next copy. @param {any} row */
  async again(row) {
    if (this.sheets.get(row.id) === "printing") return;
    this.#app.hush();
    const known = await this.#app.store.meta(`sheets|${row.id}`);
    const first = row.event.body.printed_by === "tablet" || !this.#app.settings.printer || row.kind !== "sale" ? 0 : 1;
    this.last = this.#sheet(row, row.kind === "sale" ? (known === undefined ? first : known + 1) : 0);
    return this.last;
  }

  /** A copy the server printed counts too. @param {string} sale @param {number} copy */
  async counted(sale, copy) {
    await this.#app.store.setMeta(`sheets|${sale}`, copy);
  }

  /** The tab was killed between a sale and its paper: say so. */
  async #unprinted() {
    const [row] = await this.#app.store.latest("sale", 1);
    if (!row || row.event.body.printed_by !== "tablet" || (await this.#app.store.meta(`sheets|${row.id}`)) !== undefined) return;
    if (this.#app.clock.now() - Date.parse(row.event.at) < NOT_LONG_AGO_MS) this.#sayFailed(row, "interrupted");
  }

  // ── Anything else ──────────────────────────────────────────────────

  /** The drawer alone. @returns {Promise<boolean>} whether this tablet's printer opened it */
  async kick() {
    if (!this.here || !this.printer?.choice.drawer) return false;
    return this.printer.kick().then(() => true, () => false);
  }

  /** The report of a sealed drawer, on the printer here or by the browser's dialog. @param {any} sealed */
  async report(sealed) {
    if (!this.here || !this.printer) return window.print();
    await this.printer.report(sealed).catch((error) => this.#app.say({
      tone: "bad", icon: "printer", title: t("z_not_printed"), text: t(`printer_why_${error.why ?? "unknown"}`),
    }));
  }
}
