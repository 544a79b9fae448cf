// The customer's screen on another tablet: what `display.js` says also goes to the server, for who scanned the till's QR.
// The last word only, never often, never in the way of a sale; without a network the screen says that the till is silent.

import { messageOf } from "./display.js";

/** A change goes out at once, but not two within this time. */
const APART_MS = 700;
/** A sign of life to a screen that listens; the screen calls the till silent after three of them. */
export const LIFE_MS = 8_000;
/** To nobody: only to learn whether a screen is there. */
const ALONE_MS = 20_000;
/** Somebody stands before the QR and waits to read that it worked. */
const PAIRING_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
const MOST_LINES = 100;

/** @param {any} message the server takes so many lines of so many letters @returns {import("./display.js").Message} */
const fitting = (message) => (message.lines
  ? { ...message, lines: message.lines.slice(-MOST_LINES).map((/** @type {any} */ line) => ({ ...line, name: line.name.slice(0, 200) })) }
  : message);

export class Relay {
  #store; #call; #device; #tick; #changed;
  #said = "";
  #sentAt = -Infinity;
  #failures = 0;
  #busy = false;
  /** What the QR opens; null where no screen is paired. @type {string | null} */
  key = null;
  /** Whether a screen asked within a minute; null before the server said. @type {boolean | null} */
  watched = null;
  /** Whether the server took the last word. @type {boolean | null} */
  reached = null;

  /**
   * @param {{ store: { meta(key: string): Promise<any>, setMeta(key: string, value: any): Promise<void>, dropMeta(key: string): Promise<void> },
   *   call: (method: "POST" | "PUT" | "DELETE", body?: any) => Promise<{ status: number, body: any }>, device: string,
   *   tick?: () => number, changed?: () => void }} ports call: a thrown error means "not reached"
   */
  constructor({ store, call, device, tick = () => performance.now(), changed = () => {} }) {
    this.#store = store;
    this.#call = call;
    this.#device = device;
    this.#tick = tick;
    this.#changed = changed;
  }

  get #name() {
    return `display|${this.#device}`;
  }

  /** A pairing outlives a reload of the till. */
  async load() {
    this.key = (await this.#store.meta(this.#name)) ?? null;
  }

  /** A new key; a screen with the old one says that it is over. False where the server gave none; throws where none was reached. */
  async pair() {
    const answer = await this.#call("POST");
    if (answer.status !== 200) return false;
    this.key = answer.body.key;
    this.watched = this.reached = null;
    this.#said = "";
    this.#sentAt = -Infinity;
    await this.#store.setMeta(this.#name, this.key);
    return true;
  }

  /** The till forgets at once; the server when it can be reached, or at the end of the day. */
  async end() {
    await this.#forget();
    await this.#call("DELETE").catch(() => null);
  }

  async #forget() {
    this.key = null;
    this.watched = null;
    await this.#store.dropMeta(this.#name);
  }

  /** @param {any} app */
  #wait(app) {
    if (this.#failures) return Math.min(LONGEST_WAIT_MS, 2_000 * 2 ** this.#failures);
    if (app.view === "display" && !this.watched) return PAIRING_MS;
    return this.watched === false ? ALONE_MS : LIFE_MS;
  }

  /** Called at every drawing: says it when it changed, or as a sign of life. @param {any} app */
  tell(app) {
    if (!this.key || this.#busy) return null;
    const since = this.#tick() - this.#sentAt;
    if (since < APART_MS) return null;
    const message = fitting(messageOf(app));
    const said = JSON.stringify(message);
    if (since < this.#wait(app) && (said === this.#said || this.#failures)) return null;
    return this.#say(message, said);
  }

  /** @param {any} message @param {string} said */
  async #say(message, said) {
    const { key } = this;
    this.#busy = true;
    this.#sentAt = this.#tick();
    try {
      const { status, body } = await this.#call("PUT", message);
      if (key !== this.key) return; // paired anew or ended meanwhile
      if (status === 401 || status === 404) await this.#forget(); // over: a day has gone, or this tablet's right
      const taken = status === 200;
      this.#note(taken, taken ? Boolean(body?.watched) : this.watched);
      if (taken) this.#said = said;
    } catch {
      this.#note(false, this.watched);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {boolean} reached @param {boolean | null} watched */
  #note(reached, watched) {
    const news = reached !== this.reached || watched !== this.watched;
    this.#failures = reached ? 0 : this.#failures + 1;
    this.reached = reached;
    this.watched = watched;
    if (news) this.#changed();
  }
}
