// What the customer sees: said by the till to a second tab or screen of the same device, over a BroadcastChannel.
// Needs no network. Only goods, sums and the VietQR: nothing of a person, nothing of the shift.

import { isEmpty, lineSum } from "./cart.js";
import { sumOfParts } from "./tenders.js";
import { vietqr } from "./vietqr.js";
import { language } from "./words.js";

export const CHANNEL = "till-display";
/** The till says that it is there; a screen that hears nothing for three of these says so. */
export const BEAT_MS = 5_000;
/** How long the thanks stay. */
export const THANKS_MS = 3_000;

/**
 * @typedef {{ name: string, qty_milli: number, unit: string, sum: number }} Row
 * @typedef {{ state: "idle" | "cart" | "qr" | "thanks", language: string, place: string, sample: string | null,
 *   id?: string, lines?: Row[], total?: number, left?: number | null, change?: number,
 *   qr?: { text: string, sum: number, to: string, name: string } }} Message
 */

/** @param {any} app @returns {Message} */
export function messageOf(app) {
  const base = { language: language(), place: app.settings.site ?? app.till?.site?.name ?? "", sample: app.settings.watermark ?? null };
  const idle = /** @type {Message} */ ({ ...base, state: "idle" });
  const { desk } = app;
  if (!desk || app.view !== "sell") return idle;
  if (app.panel === "qr" && app.settings.vietqr) {
    const { bin, account, name, bank } = app.settings.vietqr;
    const { sum, content } = app.about;
    return { ...base, state: "qr", qr: { text: vietqr({ bin, account, amount: sum, purpose: content }), sum, to: `${bank ? `${bank} · ` : ""}${account}`, name } };
  }
  if (app.panel === "change" && desk.last && !desk.last.undone) {
    const { id, total, due, change } = desk.last;
    return { ...base, state: "thanks", id, total: Math.abs(due), change: total < 0 ? Math.abs(due) : change };
  }
  if (isEmpty(desk.cart)) return idle;
  const { total, cash } = desk.totals;
  const parts = desk.cart.parts ?? [];
  return {
    ...base, state: "cart",
    lines: [
      ...desk.cart.returns.map((/** @type {any} */ back) => ({ name: back.name, qty_milli: -back.qty_milli, unit: "", sum: -back.paid })),
      ...desk.cart.lines.map((/** @type {any} */ line) => ({ name: line.name, qty_milli: line.qty_milli, unit: line.weighed ? line.unit || "kg" : "", sum: lineSum(line) })),
    ],
    total: cash, left: parts.length ? total - sumOfParts(parts) : null,
  };
}

export class Display {
  #channel; #tick;
  #said = "";
  #saidAt = -Infinity;
  #last = /** @type {Message | null} */ (null);

  /** @param {{ channel: { postMessage(message: any): void, onmessage: any } | null, tick?: () => number }} ports */
  constructor({ channel, tick = () => performance.now() }) {
    this.#channel = channel;
    this.#tick = tick;
    if (channel) channel.onmessage = (/** @type {any} */ event) => { if (event.data === "hello") this.#say(); };
  }

  #say() {
    if (!this.#last) return;
    this.#saidAt = this.#tick();
    this.#channel?.postMessage(this.#last);
  }

  /** Called at every drawing: says it only when it changed, or when the screens should hear that the till is there. @param {any} app */
  tell(app) {
    if (!this.#channel) return;
    const message = messageOf(app);
    const said = JSON.stringify(message);
    if (said === this.#said && this.#tick() - this.#saidAt < BEAT_MS) return;
    this.#said = said;
    this.#last = message;
    this.#say();
  }
}
