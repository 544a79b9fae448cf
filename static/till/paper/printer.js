// This tablet's own printer: what is chosen, how it is, and one sheet after another. Loaded only where there is one.
// A print never delays a sale: it begins when the sale is on disk, and what fails is told, not tried again by itself.

import { receiptLink } from "../screen/paid.js";
import { t } from "../words.js";
import { documentBytes, INIT, joined, PULSE } from "./bands.js";
import { drawDocument } from "./canvas.js";
import { asCopy, receiptDocument, testDocument, withoutDrawer } from "./document.js";
import { factsOf } from "./facts.js";
import { RawBt } from "./rawbt.js";
import * as serial from "./serial.js";
import { printPicture } from "./system.js";
import { Trouble } from "./trouble.js";
import * as usb from "./usb.js";
import { reportDocument } from "./zreport.js";

const DRAWER_LIVES_MS = 2 * 60_000; // nobody wants yesterday's drawer opening
const ON_THE_WAY = ["printing", "connecting"];

/**
 * @typedef {{ kind: "bluetooth" | "serial" | "usb" | "rawbt" | "system", marks?: string, name?: string | null, width: 384 | 576,
 *   drawer: boolean, baud?: number }} Choice
 * @typedef {import("./document.js").Document} Document
 */

/** Which ways this browser has. */
export const ways = () => ({
  bluetooth: serial.isThere(), usb: usb.isThere(), serial: serial.isThere(), rawbt: /Android/i.test(navigator.userAgent), system: true,
});

/** Ask the person for a device; must come straight from their tap. Null: none chosen. @param {Choice["kind"]} kind @returns {Promise<any>} */
export function ask(kind) {
  if (kind === "usb") return usb.choose();
  if (kind === "bluetooth" || kind === "serial") return serial.choose({ bluetooth: kind === "bluetooth" });
  return Promise.resolve({ kind });
}

/** @param {Choice} choice @param {{ changed: (there: boolean) => void }} ports */
function transportOf(choice, ports) {
  if (choice.kind === "usb") return new usb.UsbPrinter({ marks: choice.marks ?? "" }, ports);
  if (choice.kind === "rawbt") return new RawBt();
  if (choice.kind === "system") return null;
  return new serial.SerialPrinter({ marks: choice.marks ?? "", baud: choice.baud }, ports);
}

export class Printer {
  #app;
  #line = Promise.resolve();
  #transport;

  /** connecting · ready · printing · lost · trouble */
  state = "connecting";
  /** Why it does not print. @type {string | null} */
  why = null;

  /** @param {import("../app.js").App} app @param {Choice} choice */
  constructor(app, choice) {
    this.#app = app;
    this.choice = choice;
    this.#transport = transportOf(choice, { changed: (there) => (there ? this.connect() : this.#now("lost", "off")) });
  }

  /** @param {string} state @param {string | null} [why] */
  #now(state, why = null) {
    this.state = state;
    this.why = why;
    this.#app.redraw();
  }

  /** Without asking anybody: what was allowed before. */
  connect() {
    return this.#next(async () => {
      this.#now("connecting");
      await this.#transport?.open();
    }).catch(() => {});
  }

  /** One after another; the state says how it went. @param {() => Promise<void>} work */
  #next(work) {
    const done = this.#line.then(work).then(
      () => this.#now("ready"),
      (error) => {
        const trouble = error instanceof Trouble ? error : new Trouble("unknown", false, error);
        if (!(error instanceof Trouble)) console.error(error);
        this.#now(trouble.sent || trouble.why === "no_paper" ? "trouble" : "lost", trouble.why);
        throw trouble;
      },
    );
    this.#line = done.catch(() => {});
    return done;
  }

  get busy() {
    return ON_THE_WAY.includes(this.state);
  }

  /** A document on paper. @param {Document} document */
  print(document) {
    return this.#next(async () => {
      this.#now("printing");
      const picture = await drawDocument(document, this.choice.width);
      if (this.#transport) await this.#transport.print(documentBytes(document, picture, this.choice.drawer));
      else await printPicture(picture.canvas);
    });
  }

  /** The pulse alone. */
  kick() {
    if (!this.choice.drawer || !this.#transport || this.choice.kind === "system") return Promise.reject(new Trouble("unknown"));
    return this.#next(() => /** @type {any} */ (this.#transport).print(joined([INIT, PULSE])));
  }

  /**
   * The receipt of a sale: copy 0 is the original. The drawer opens only with the original, and only at once.
   * @param {any} row @param {number} copy
   */
  receipt(row, copy) {
    const { settings, till, catalogue, clock } = this.#app;
    const document = receiptDocument(factsOf({ settings, till, catalogue }, row, receiptLink(this.#app, row)));
    const late = clock.now() - Date.parse(row.event.at) > DRAWER_LIVES_MS;
    return this.print(copy ? asCopy(document, copy) : late ? withoutDrawer(document) : document);
  }

  /** What the printer can do: marks, stars, a code, the whole width. */
  test() {
    return this.print(testDocument(this.name, this.#app.clock.now(), `${this.#app.settings.origin ?? location.origin}/till/`));
  }

  /** A sealed drawer. @param {any} sealed */
  report(sealed) {
    return this.print(reportDocument(this.#app, sealed));
  }

  get name() {
    const { kind, name, width } = this.choice;
    return `${name ?? t(`printer_${kind}`)} · ${width === 384 ? 58 : 80} mm`;
  }

  /** @param {{ forget?: boolean }} [how] */
  close(how) {
    return Promise.resolve(this.#transport?.close(how)).catch(() => {});
  }
}

