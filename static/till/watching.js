// The customer's screen on another tablet asks the server what its till says. Plain asking: often while something is on
// the screen, seldom while nothing is, and less when nobody answers. It comes back by itself.

const BUSY_MS = 1_500;
const IDLE_MS = 3_000;
const LONGEST_WAIT_MS = 20_000;
const LIMIT_MS = 8_000;
/** Three signs of life of a till (relay.js). */
export const SILENT_MS = 25_000;
/** So long a hiccup of the network is not worth a word. */
const HICCUP_MS = 6_000;
const KEY = "till.display.key";

/** The key a till's QR carries, or null. @param {string} hash */
export function keyInHash(hash) {
  const found = /^#k=([\w-]{16,64})$/.exec(hash);
  return found ? found[1] : null;
}

/**
 * The key in the address, kept for the next time, else the one kept.
 * @param {{ hash: string, pathname: string }} where @param {Storage} kept @param {History} history
 */
export function takeKey(where, kept, history) {
  const given = keyInHash(where.hash);
  if (!given) return kept.getItem(KEY);
  kept.setItem(KEY, given);
  history.replaceState(null, "", where.pathname); // nobody photographs it off this screen
  return given;
}

/** @param {Storage} kept */
export const forgetKey = (kept) => kept.removeItem(KEY);

export class Watcher {
  #ask; #hear; #tick; #n = 0;
  #failures = 0;
  #heardAt = -Infinity;
  /** "" · offline (this screen reaches nothing) · silent (the till says nothing) · ended (the pairing is over) */
  why = "";

  /**
   * @param {{ ask: (since: number) => Promise<{ status: number, body: any }>, hear: (message: import("./display.js").Message) => void,
   *   tick?: () => number }} ports ask: a thrown error means "not reached"
   */
  constructor({ ask, hear, tick = () => performance.now() }) {
    this.#ask = ask;
    this.#hear = hear;
    this.#tick = tick;
  }

  /** One question. @returns {Promise<number | null>} in how many ms the next one is due; null when it is over */
  async round() {
    /** @type {{ status: number, body: any } | null} */
    let answer = null;
    try {
      answer = await this.#ask(this.#n);
    } catch {
      // told below
    }
    if (answer?.status === 401) {
      this.why = "ended";
      return null;
    }
    if (answer?.status !== 200 || !Number.isInteger(answer.body?.n)) return this.#nothing();
    this.#failures = 0;
    const { n, age_ms, message } = answer.body;
    const quiet = age_ms === null || age_ms > SILENT_MS;
    this.why = quiet ? "silent" : "";
    this.#heardAt = this.#tick();
    if (message) {
      this.#n = n;
      this.#state = message.state;
      this.#hear(message);
    }
    return quiet || this.#state === "idle" ? IDLE_MS : BUSY_MS;
  }

  #state = "idle";

  #nothing() {
    this.#failures += 1;
    if (this.#tick() - this.#heardAt > HICCUP_MS) this.why = "offline";
    return Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** Math.min(this.#failures, 5));
  }
}

/** The question over the network. @param {string} key @returns {(since: number) => Promise<{ status: number, body: any }>} */
export const asker = (key) => async (since) => {
  const answer = await fetch(`/api/till/display?since=${since}`, {
    headers: { Authorization: `Bearer ${key}`, Accept: "application/json" },
    signal: AbortSignal.timeout(LIMIT_MS), credentials: "omit", redirect: "error", cache: "no-store",
  });
  return { status: answer.status, body: await answer.json() };
};
