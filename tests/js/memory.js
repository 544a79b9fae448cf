// Ports in memory, with the same rules as the real ones: the log, carts and catalogue of `idb.js`, Web Locks, a clock.
// Everything goes in and out as a copy, as a disk would do it.

import { EMPTY_HEAD } from "../../static/till/log.js";

const copy = (value) => structuredClone(value);

export class Memory {
  rows = new Map();
  stores = { meta: new Map(), carts: new Map() };
  catalogue = { about: undefined, chunks: new Map() };
  logs = new Set();
  /** Set to throw inside the next append, after the checks and before anything is written. */
  failNext = null;
  /** Called between reading the head and writing: another page's chance. */
  beforeAppend = null;

  async head(device) {
    return copy(this.stores.meta.get(`head|${device}`) ?? EMPTY_HEAD);
  }

  async counter(device, day) {
    return this.stores.meta.get(`receipt|${device}|${day}`) ?? 0;
  }

  async find(id) {
    return copy(this.rows.get(id));
  }

  async append({ row, after, receipt, also }) {
    await this.beforeAppend?.(row);
    const head = this.stores.meta.get(`head|${row.device}`) ?? EMPTY_HEAD;
    if (this.rows.has(row.id)) return "known";
    if (head.seq !== after.seq || head.hash !== after.hash) return "moved";
    const counter = `receipt|${row.device}|${receipt?.day}`;
    if (receipt && (this.stores.meta.get(counter) ?? 0) !== receipt.n - 1) return "moved";
    if (this.failNext) {
      const error = this.failNext;
      this.failNext = null;
      throw error;
    }
    if (receipt) this.stores.meta.set(counter, receipt.n);
    this.rows.set(row.id, copy(row));
    this.logs.add(row.device);
    this.stores.meta.set(`head|${row.device}`, { seq: row.seq, hash: row.event.hash });
    for (const { store, key, value } of also) {
      if (value === undefined) this.stores[store].delete(key);
      else this.stores[store].set(key, copy(value));
    }
    return "written";
  }

  all(device) {
    return [...this.rows.values()].filter((row) => row.device === device).sort((a, b) => a.seq - b.seq);
  }

  async waiting(device, limit) {
    return copy(this.all(device).filter((row) => row.waiting).slice(0, limit));
  }

  async settle(device, { results, reopen, contact, at }) {
    for (const { id, status, flags } of results) {
      const row = this.rows.get(id);
      if (!row) continue;
      delete row.waiting;
      Object.assign(row, { status, flags, acked_at: at });
    }
    for (const row of this.all(device)) {
      if (reopen.some(([from, to]) => row.seq >= from && row.seq <= to)) row.waiting = device;
    }
    if (contact) this.stores.meta.set(`contact|${device}`, copy(contact));
  }

  async contact(device) {
    return copy(this.stores.meta.get(`contact|${device}`));
  }

  async unsent() {
    const rows = [...this.rows.values()].filter((row) => row.waiting);
    return {
      events: rows.length,
      sales: rows.filter((row) => row.kind === "sale").length,
      oldest_at: rows.length ? Math.min(...rows.map((row) => row.written_at)) : null,
    };
  }

  async ofShift(shift) {
    return copy([...this.rows.values()].filter((row) => row.shift === shift));
  }

  async latest(kind, limit) {
    const rows = [...this.rows.values()].filter((row) => row.kind === kind);
    return copy(rows.sort((a, b) => b.written_at - a.written_at).slice(0, limit));
  }

  async prune(before) {
    let gone = 0;
    for (const [id, row] of this.rows) {
      if (row.waiting || !(row.acked_at < before)) continue;
      this.rows.delete(id);
      gone += 1;
    }
    return gone;
  }

  async carts() {
    return copy([...this.stores.carts.values()]);
  }

  async saveCart(cart) {
    this.stores.carts.set(cart.id, copy(cart));
  }

  async dropCart(id) {
    this.stores.carts.delete(id);
  }

  async metas(prefix) {
    return [...this.stores.meta].filter(([key]) => key.startsWith(prefix)).map(([, value]) => copy(value));
  }

  async dropMeta(key) {
    this.stores.meta.delete(key);
  }

  async meta(key) {
    return copy(this.stores.meta.get(key));
  }

  async setMeta(key, value) {
    this.stores.meta.set(key, copy(value));
  }

  async next(key) {
    const n = (this.stores.meta.get(key) ?? 0) + 1;
    this.stores.meta.set(key, n);
    return n;
  }

  async loadCatalogue() {
    const { about, chunks } = this.catalogue;
    return copy({ about, chunks: [...chunks.entries()].sort(([a], [b]) => a - b).map(([, chunk]) => chunk) });
  }

  async saveCatalogue({ about, chunks, replace }) {
    if (replace) this.catalogue.chunks.clear();
    for (const [n, products] of chunks) this.catalogue.chunks.set(n, copy(products));
    this.catalogue.about = copy(about);
    this.written = [...chunks.keys()];
  }
}

/** Web Locks: one holder per name, the rest queue. */
export class Locks {
  #tails = new Map();

  request(name, run) {
    const before = this.#tails.get(name) ?? Promise.resolve();
    const mine = before.then(run, run);
    this.#tails.set(name, mine.catch(() => {}));
    return mine;
  }
}

/** A server that keeps events by id, as the contract says, and can lose its memory or the network. */
export class Server {
  events = new Map();
  requests = [];
  epoch = 1;
  reachable = true;
  /** Say something else to the next request: (body) => answer | undefined. */
  instead = null;
  /** The answer is lost after the work was done. */
  loseAnswers = 0;

  get through() {
    const seqs = new Set([...this.events.values()].map((event) => event.seq));
    let n = 0;
    while (seqs.has(n + 1)) n += 1;
    return n;
  }

  #said(body, status = 200) {
    return { status, body, etag: null, asked: 0, heard: 0 };
  }

  #contact() {
    return { received_through: this.through, missing: [], books: "b", epoch: this.epoch };
  }

  async sendEvents(token, body) {
    this.requests.push({ token, body: copy(body) });
    if (!this.reachable) throw new TypeError("network");
    const other = this.instead?.(body);
    if (other) return this.#said(other.body ?? {}, other.status);
    const results = body.events.map((event) => {
      const status = this.events.has(event.id) ? "repeated" : "recorded";
      this.events.set(event.id, copy(event));
      return { id: event.id, seq: event.seq, status, flags: [] };
    });
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw new TypeError("the answer was lost");
    }
    return this.#said({ results, ...this.#contact() });
  }

  async status(token) {
    this.requests.push({ token });
    if (!this.reachable) throw new TypeError("network");
    return this.#said(this.#contact());
  }
}
