// A tab that can die at any await: its ports stop answering, its open transaction is rolled back, its locks are free.
// The disk is IndexedDB in memory, one per device, and outlives every tab.

import "../vendor/fake-indexeddb-6.2.8/fakeIndexedDB.js"; // first: its modules import each other in a ring
import FDBCursor from "../vendor/fake-indexeddb-6.2.8/FDBCursor.js";
import FDBDatabase from "../vendor/fake-indexeddb-6.2.8/FDBDatabase.js";
import FDBFactory from "../vendor/fake-indexeddb-6.2.8/FDBFactory.js";
import FDBIndex from "../vendor/fake-indexeddb-6.2.8/FDBIndex.js";
import FDBKeyRange from "../vendor/fake-indexeddb-6.2.8/FDBKeyRange.js";
import FDBObjectStore from "../vendor/fake-indexeddb-6.2.8/FDBObjectStore.js";
import FDBOpenDBRequest from "../vendor/fake-indexeddb-6.2.8/FDBOpenDBRequest.js";
import FDBRequest from "../vendor/fake-indexeddb-6.2.8/FDBRequest.js";
import FDBTransaction from "../vendor/fake-indexeddb-6.2.8/FDBTransaction.js";
import closeConnection from "../vendor/fake-indexeddb-6.2.8/lib/closeConnection.js";

Object.assign(globalThis, {
  IDBCursor: FDBCursor, IDBDatabase: FDBDatabase, IDBIndex: FDBIndex, IDBKeyRange: FDBKeyRange,
  IDBObjectStore: FDBObjectStore, IDBOpenDBRequest: FDBOpenDBRequest, IDBRequest: FDBRequest, IDBTransaction: FDBTransaction,
});
const { Disk } = await import("../../../static/till/idb.js");
const { unwrap } = await import("../../../static/vendor/idb-8.0.4/index.js");

/** What is thrown into the code of a tab at the moment it dies. */
export class Killed extends Error {}

const never = new Promise(() => {});
/** Which tab holds a connection. @type {WeakMap<object, Tab>} */
const tabOf = new WeakMap();

// Every request of a transaction is a moment to die.
const asked = FDBTransaction.prototype._execRequestAsync;
FDBTransaction.prototype._execRequestAsync = function (about) {
  tabOf.get(this.db)?.step();
  return asked.call(this, about);
};

/** Web Locks of one device: one holder per name, the rest queue; a dead tab holds nothing. */
export class Locks {
  /** @type {Map<string, { tab: Tab, go: () => void }[]>} */
  #queues = new Map();

  /** @param {Tab} tab @param {string} name @param {() => Promise<any>} run */
  async request(tab, name, run) {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    const mine = { tab, go: () => {} };
    const turn = new Promise((resolve) => (mine.go = () => resolve(undefined)));
    queue.push(mine);
    if (queue[0] === mine) mine.go();
    await turn;
    try {
      return await run();
    } finally {
      if (tab.alive) this.#leave(name, mine);
    }
  }

  #leave(name, mine) {
    const queue = this.#queues.get(name);
    const first = queue[0];
    queue.splice(queue.indexOf(mine), 1);
    if (queue.length && queue[0] !== first) queue[0].go();
  }

  /** @param {Tab} tab */
  free(tab) {
    for (const [name, queue] of this.#queues) {
      for (const held of queue.filter((entry) => entry.tab === tab)) this.#leave(name, held);
    }
  }
}

export class Tab {
  alive = true;
  steps = 0;
  db = null;

  /** @param {{ factory: FDBFactory, locks: Locks }} device @param {number} diesAt  at which await, counted from opening */
  constructor(device, diesAt) {
    this.device = device;
    this.diesAt = diesAt;
    this.death = new Promise((resolve) => (this.dying = resolve));
  }

  /** An await begins or ends. */
  step() {
    if (this.alive && ++this.steps >= this.diesAt) this.kill();
    if (!this.alive) throw new Killed("the tab is gone");
  }

  kill() {
    this.alive = false;
    for (const transaction of this.db?._rawDatabase.transactions ?? []) {
      if (transaction.db === this.db && transaction._state !== "finished") transaction._abort("AbortError");
    }
    if (this.db) closeConnection(this.db);
    this.device.locks.free(this);
    this.dying();
  }

  /** A port of this tab: it answers only while the tab lives. */
  port(run) {
    return async (...given) => {
      if (!this.alive) return never;
      try {
        this.step();
        const answer = await run(...given);
        this.step();
        return answer;
      } catch (error) {
        if (!this.alive) return never;
        throw error;
      }
    };
  }

  /** The real `idb.js` on this device's disk. */
  async open() {
    globalThis.indexedDB = this.device.factory; // read at once by `Disk.open`
    const disk = await Disk.open();
    this.db = unwrap(disk.db);
    tabOf.set(this.db, this);
    const ports = new Map();
    return new Proxy(disk, {
      get: (_, name) => {
        if (typeof disk[name] !== "function") return disk[name];
        if (!ports.has(name)) ports.set(name, this.port(disk[name].bind(disk)));
        return ports.get(name);
      },
    });
  }

  locks() {
    return { request: (name, run) => this.port(() => this.device.locks.request(this, name, run))() };
  }
}
export { FDBFactory };
