// The way to the server as a fair has it: what is sent may be lost, late, cut, doubled, out of order, answered by others.
// Faults come from a seeded random. After `heal()` everything goes through.

const HTML = "<!doctype html><title>Wi-Fi</title><form action=/login>Xin chào</form>";

/** @param {number} ms */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What `fetch` gives back, as far as the till looks at it. */
const answer = (status, text, headers = {}) =>
  ({ status, text: async () => text, headers: { get: (name) => headers[name] ?? null } });

export class Network {
  healed = false;
  /** How often what happened. @type {Record<string, number>} */
  seen = {};
  /** Requests that are still on their way to nobody. @type {Set<Promise<any>>} */
  #stray = new Set();

  /** @param {string} origin @param {() => number} random @param {(url: string, how: any) => Promise<any>} real */
  constructor(origin, random, real = globalThis.fetch) {
    this.origin = origin;
    this.random = random;
    this.real = real;
  }

  /** A device's own `fetch`: it may be without any network for a while. */
  wayOf(way = { offUntil: 0 }) {
    return (url, how) => this.#carry(way, url, how);
  }

  heal() {
    this.healed = true;
  }

  async quiet() {
    while (this.#stray.size) await Promise.all(this.#stray);
  }

  async #real(url, how) {
    const { signal: _ours, ...rest } = how;
    return this.real(this.origin + url, { ...rest, redirect: "manual" });
  }

  /** Delivered when nobody waits for it any more. */
  #later(ms, url, how) {
    const stray = after(ms)
      .then(() => this.#real(url, how))
      .then((response) => response.text())
      .catch(() => {});
    this.#stray.add(stray);
    stray.finally(() => this.#stray.delete(stray));
  }

  async #carry(way, url, how) {
    if (this.healed) return this.#real(url, how);
    if (way.offUntil > Date.now()) {
      this.#note("no network");
      throw new TypeError("Failed to fetch");
    }
    const fault = this.#fault();
    this.#note(fault);
    const wait = this.random() * 15;
    const odds = this.random();
    switch (fault) {
      case "off for a while":
        way.offUntil = Date.now() + odds * 900;
        throw new TypeError("Failed to fetch");
      case "lost on the way":
        await after(wait);
        throw new TypeError("Failed to fetch");
      case "answer lost":
        await this.#real(url, how).then((response) => response.text());
        throw new TypeError("Failed to fetch");
      case "late, nobody waits":
        this.#later(odds * 1500, url, how);
        await after(wait);
        throw new DOMException("timed out", "TimeoutError");
      case "doubled": {
        const both = [this.#real(url, how), after(wait).then(() => this.#real(url, how))];
        const got = await Promise.allSettled(both);
        const chosen = got[odds < 0.5 ? 0 : 1];
        if (chosen.status === "rejected") throw chosen.reason;
        return chosen.value;
      }
      case "doubled, the second much later":
        this.#later(200 + odds * 2500, url, how);
        return this.#real(url, how);
      case "request cut":
        if (how.body === undefined) return this.#real(url, how);
        return this.#real(url, { ...how, body: cut(how.body, odds) });
      case "answer cut": {
        const response = await this.#real(url, how);
        const text = await response.text();
        return answer(response.status, text.slice(0, Math.floor(text.length * odds)));
      }
      case "500 before":
        return answer([500, 502, 503, 504, 429][Math.floor(odds * 5)], odds < 0.3 ? HTML : '{"error":"x"}');
      case "500 after":
        await this.#real(url, how).then((response) => response.text());
        return answer(odds < 0.5 ? 500 : 502, odds < 0.5 ? "" : HTML);
      case "too large":
        return answer(odds < 0.5 ? 413 : 400, odds < 0.3 ? HTML : '{"error":"x"}');
      case "captive portal":
        return [
          answer(200, HTML), answer(200, "{}"), answer(200, "[]"), answer(200, '"ok"'), answer(200, "null"), answer(204, ""),
          answer(200, '{"results":[]}'), answer(302, "", { Location: "http://wifi.example/" }), answer(511, HTML),
          answer(200, '{"status":"success","epoch":99,"received_through":"all"}'),
        ][Math.floor(odds * 10)];
      default:
        await after(wait);
        return this.#real(url, how);
    }
  }

  #fault() {
    const n = this.random();
    const some = FAULTS.find(([odds]) => n < odds);
    return some ? some[1] : "through";
  }

  /** @param {string} what */
  #note(what) {
    this.seen[what] = (this.seen[what] ?? 0) + 1;
  }
}

/** Which part of the requests meets what, up to the number. @type {[number, string][]} */
const FAULTS = [
  [0.03, "off for a while"], [0.09, "lost on the way"], [0.17, "answer lost"], [0.22, "late, nobody waits"], [0.28, "doubled"],
  [0.33, "doubled, the second much later"], [0.37, "request cut"], [0.41, "answer cut"], [0.45, "500 before"],
  [0.48, "500 after"], [0.51, "too large"], [0.56, "captive portal"],
];

/** @param {any} body text or bytes @param {number} odds */
function cut(body, odds) {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  return bytes.slice(0, Math.floor(bytes.length * odds));
}
