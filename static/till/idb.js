// The disk: IndexedDB behind the log, the carts and the catalogue. Later versions add stores, never drop `events`.
// A transaction that matters is `durability: "strict"` and holds nothing but IndexedDB requests.

import { openDB } from "../vendor/idb-8.0.4/index.js";
import { EMPTY_HEAD } from "./log.js";

const NAME = "ocop-till";
const STRICT = { durability: /** @type {const} */ ("strict") };

/** @implements {import("./log.js").LogStore} */
export class Disk {
  /** @param {import("../vendor/idb-8.0.4/index.js").IDBPDatabase} db */
  constructor(db) {
    this.db = db;
  }

  /** @param {{ blocked?: () => void, closed?: () => void }} [on] */
  static async open({ blocked = () => {}, closed = () => {} } = {}) {
    const db = await openDB(NAME, 1, {
      upgrade(made) {
        made.createObjectStore("logs", { keyPath: "device" }); // enrolments, with their keys and tokens
        const events = made.createObjectStore("events", { keyPath: ["device", "seq"] });
        events.createIndex("id", "id", { unique: true });
        events.createIndex("waiting", ["waiting", "seq"]); // only rows that still have the member
        events.createIndex("waiting_kind", ["waiting", "kind"]);
        events.createIndex("shift", "shift");
        events.createIndex("kind", ["kind", "written_at"]);
        events.createIndex("acked", "acked_at");
        made.createObjectStore("meta");
        made.createObjectStore("carts");
        made.createObjectStore("chunks");
      },
      blocked,
      blocking: () => {
        db.close();
        closed();
      },
      terminated: closed,
    });
    return new Disk(db);
  }

  /** Whether what is written here can be read back: a private window may pretend. */
  async holds() {
    const mark = `${Date.now()}-${Math.random()}`;
    await this.db.put("meta", mark, "mark");
    return (await this.db.get("meta", "mark")) === mark;
  }

  // ── Enrolments ─────────────────────────────────────────────────────

  /** The current one first. @returns {Promise<any[]>} */
  async enrolments() {
    const all = await this.db.getAll("logs");
    return all.sort((a, b) => b.enrolled_at - a.enrolled_at);
  }

  /** @param {any} enrolment */
  async saveEnrolment(enrolment) {
    const tx = this.db.transaction("logs", "readwrite", STRICT);
    tx.store.put(enrolment);
    await tx.done;
  }

  // ── The log ────────────────────────────────────────────────────────

  /** @param {string} device */
  async head(device) {
    return (await this.db.get("meta", `head|${device}`)) ?? EMPTY_HEAD;
  }

  /** @param {string} device @param {string} day */
  async counter(device, day) {
    return (await this.db.get("meta", `receipt|${device}|${day}`)) ?? 0;
  }

  /** @param {string} id */
  find(id) {
    return this.db.getFromIndex("events", "id", id);
  }

  /** @type {import("./log.js").LogStore["append"]} */
  async append({ row, after, receipt, also }) {
    const tx = this.db.transaction(["events", "meta", "carts"], "readwrite", STRICT);
    const events = tx.objectStore("events");
    const meta = tx.objectStore("meta");
    const head = (await meta.get(`head|${row.device}`)) ?? EMPTY_HEAD;
    if (await events.index("id").getKey(row.id)) return "known";
    if (head.seq !== after.seq || head.hash !== after.hash) return "moved";
    if (receipt) {
      const key = `receipt|${row.device}|${receipt.day}`;
      if (((await meta.get(key)) ?? 0) !== receipt.n - 1) return "moved";
      meta.put(receipt.n, key);
    }
    events.add(row);
    meta.put({ seq: row.seq, hash: row.event.hash }, `head|${row.device}`);
    for (const { store, key, value } of also) {
      if (value === undefined) tx.objectStore(store).delete(key);
      else tx.objectStore(store).put(value, key);
    }
    await tx.done;
    return "written";
  }

  /** @param {string} device @param {number} limit */
  waiting(device, limit) {
    return this.db.getAllFromIndex("events", "waiting", IDBKeyRange.bound([device, 0], [device, Infinity]), limit);
  }

  /** @type {import("./log.js").LogStore["settle"]} */
  async settle(device, { results, reopen, contact, at }) {
    const tx = this.db.transaction(["events", "meta"], "readwrite", STRICT);
    const events = tx.objectStore("events");
    for (const { id, status, flags } of results) {
      const row = await events.index("id").get(id);
      if (!row) continue;
      const { waiting: _sent, ...rest } = row;
      events.put({ ...rest, status, flags, acked_at: at });
    }
    for (const [from, to] of reopen) {
      let cursor = await events.openCursor(IDBKeyRange.bound([device, from], [device, to]));
      while (cursor) {
        if (!cursor.value.waiting) cursor.update({ ...cursor.value, waiting: device });
        cursor = await cursor.continue();
      }
    }
    if (contact) tx.objectStore("meta").put(contact, `contact|${device}`);
    await tx.done;
  }

  /** @param {string} device */
  contact(device) {
    return this.db.get("meta", `contact|${device}`);
  }

  async unsent() {
    const tx = this.db.transaction(["events", "logs"]);
    const events = tx.objectStore("events");
    const sum = { events: 0, sales: 0, oldest_at: /** @type {number | null} */ (null) };
    for (const device of await tx.objectStore("logs").getAllKeys()) {
      const of = IDBKeyRange.bound([device, 0], [device, Infinity]);
      sum.events += await events.index("waiting").count(of);
      sum.sales += await events.index("waiting_kind").count(IDBKeyRange.only([device, "sale"]));
      const first = await events.index("waiting").get(of);
      if (first && (sum.oldest_at === null || first.written_at < sum.oldest_at)) sum.oldest_at = first.written_at;
    }
    return sum;
  }

  /** @param {string} shift */
  ofShift(shift) {
    return this.db.getAllFromIndex("events", "shift", shift);
  }

  /** The newest of a kind, newest first. @param {string} kind @param {number} limit */
  async latest(kind, limit) {
    const rows = [];
    const index = this.db.transaction("events").store.index("kind");
    let cursor = await index.openCursor(IDBKeyRange.bound([kind, 0], [kind, Infinity]), "prev");
    while (cursor && rows.length < limit) {
      rows.push(cursor.value);
      cursor = await cursor.continue();
    }
    return rows;
  }

  /** Forget what was acknowledged before an instant; what waits is never touched. @param {number} before */
  async prune(before) {
    const tx = this.db.transaction("events", "readwrite");
    let gone = 0;
    let cursor = await tx.store.index("acked").openCursor(IDBKeyRange.upperBound(before, true));
    while (cursor) {
      if (!cursor.value.waiting) {
        await cursor.delete();
        gone += 1;
      }
      cursor = await cursor.continue();
    }
    await tx.done;
    return gone;
  }

  // ── Carts and small things ─────────────────────────────────────────

  /** @returns {Promise<any[]>} */
  carts() {
    return this.db.getAll("carts");
  }

  /** @param {any} cart */
  async saveCart(cart) {
    await this.db.put("carts", cart, cart.id);
  }

  /** @param {string} id */
  async dropCart(id) {
    await this.db.delete("carts", id);
  }

  /** @param {string} key */
  meta(key) {
    return this.db.get("meta", key);
  }

  /** @param {string} key @param {any} value */
  async setMeta(key, value) {
    await this.db.put("meta", value, key);
  }

  /** The values whose keys begin so. @param {string} prefix @returns {Promise<any[]>} */
  metas(prefix) {
    return this.db.getAll("meta", IDBKeyRange.bound(prefix, `${prefix}\uffff`));
  }

  /** @param {string} key */
  async dropMeta(key) {
    await this.db.delete("meta", key);
  }

  /** A number that was not given before. @param {string} key */
  async next(key) {
    const tx = this.db.transaction("meta", "readwrite", STRICT);
    const n = ((await tx.store.get(key)) ?? 0) + 1;
    tx.store.put(n, key);
    await tx.done;
    return n;
  }

  // ── The catalogue ──────────────────────────────────────────────────

  async loadCatalogue() {
    const tx = this.db.transaction(["chunks", "meta"]);
    const [about, chunks] = await Promise.all([
      tx.objectStore("meta").get("catalogue"), tx.objectStore("chunks").getAll(),
    ]);
    return { about, chunks };
  }

  /** @type {import("./catalogue.js").Shelf["saveCatalogue"]} */
  async saveCatalogue({ about, chunks, replace }) {
    const tx = this.db.transaction(["chunks", "meta"], "readwrite");
    if (replace) tx.objectStore("chunks").clear();
    for (const [n, products] of chunks) tx.objectStore("chunks").put(products, n);
    tx.objectStore("meta").put(about, "catalogue");
    await tx.done;
  }
}
