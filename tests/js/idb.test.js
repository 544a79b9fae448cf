// The disk itself over a real IndexedDB: what the log keeps for ninety days, and what it never forgets.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./vendor/fake-indexeddb-6.2.8/fakeIndexedDB.js"; // first: its modules import each other in a ring
import FDBCursor from "./vendor/fake-indexeddb-6.2.8/FDBCursor.js";
import FDBDatabase from "./vendor/fake-indexeddb-6.2.8/FDBDatabase.js";
import FDBFactory from "./vendor/fake-indexeddb-6.2.8/FDBFactory.js";
import FDBIndex from "./vendor/fake-indexeddb-6.2.8/FDBIndex.js";
import FDBKeyRange from "./vendor/fake-indexeddb-6.2.8/FDBKeyRange.js";
import FDBObjectStore from "./vendor/fake-indexeddb-6.2.8/FDBObjectStore.js";
import FDBOpenDBRequest from "./vendor/fake-indexeddb-6.2.8/FDBOpenDBRequest.js";
import FDBRequest from "./vendor/fake-indexeddb-6.2.8/FDBRequest.js";
import FDBTransaction from "./vendor/fake-indexeddb-6.2.8/FDBTransaction.js";
import { uuid7 } from "../../static/till/ids.js";
import { KEEP_MS, Log } from "../../static/till/log.js";
import { Locks } from "./memory.js";

Object.assign(globalThis, {
  IDBCursor: FDBCursor, IDBDatabase: FDBDatabase, IDBIndex: FDBIndex, IDBKeyRange: FDBKeyRange,
  IDBObjectStore: FDBObjectStore, IDBOpenDBRequest: FDBOpenDBRequest, IDBRequest: FDBRequest, IDBTransaction: FDBTransaction,
});
const { Disk } = await import("../../static/till/idb.js");

const DAY = "2026-08-24";
const SOLD = Date.parse("2026-08-24T03:00:00Z");
const HOUR = 3600_000;

/** A tablet with so many sales in its log, and a way to acknowledge some of them. */
async function aTablet(sales) {
  globalThis.indexedDB = new FDBFactory();
  const disk = await Disk.open();
  await disk.saveEnrolment({ device: "d1", token: "t", enrolled_at: SOLD });
  const log = new Log(disk, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const sell = (at = SOLD, day = DAY) => log.append({
    id: uuid7(at), kind: "sale", at, day, shift: "s", staff: null, catalogue: 1, receipt: true, body: ({ receipt_no }) => ({ receipt_no }),
  });
  const rows = [];
  for (let i = 0; i < sales; i++) rows.push(await sell(SOLD + i));
  const ack = (some, at) => disk.settle("d1", {
    results: some.map(({ id }) => ({ id, status: "recorded", flags: [] })), reopen: [], contact: null, at,
  });
  const kept = async () => (await disk.latest("sale", 100)).map(({ seq }) => seq).sort((a, b) => a - b);
  const forget = (now) => disk.prune(now - KEEP_MS); // as main.js asks, by the server's time
  return { disk, sell, rows, ack, kept, forget };
}

test("what is acknowledged is readable for ninety days to the millisecond, by when it was acknowledged", async () => {
  const { rows, ack, kept, forget } = await aTablet(3);
  await ack([rows[0]], SOLD);
  await ack([rows[1]], SOLD + 40 * 24 * HOUR); // forty days without a network
  await ack([rows[2]], SOLD + 40 * 24 * HOUR);
  assert.equal(KEEP_MS, 90 * 24 * HOUR);
  assert.equal(await forget(SOLD + KEEP_MS), 0);
  assert.deepEqual(await kept(), [1, 2, 3]);
  assert.equal(await forget(SOLD + KEEP_MS + 1), 1);
  assert.deepEqual(await kept(), [2, 3]);
  assert.equal(await forget(SOLD + 40 * 24 * HOUR + KEEP_MS + 1), 2);
  assert.deepEqual(await kept(), []);
});

test("what waits is never forgotten, however old, nor what a restored server asked for again", async () => {
  const { disk, rows, ack, kept, forget } = await aTablet(4);
  await ack(rows.slice(0, 3), SOLD);
  await disk.settle("d1", { results: [], reopen: [[2, 2]], contact: null, at: SOLD + HOUR }); // the server lost it
  assert.equal(await forget(SOLD + 11 * KEEP_MS), 2);
  assert.deepEqual(await kept(), [2, 4]);
  assert.deepEqual(await disk.unsent(), { events: 2, sales: 2, oldest_at: rows[1].written_at });
  assert.deepEqual((await disk.waiting("d1", 10)).map(({ seq }) => seq), [2, 4]);
  await ack([rows[1]], SOLD + 20 * KEEP_MS); // acknowledged anew: kept anew
  assert.equal(await forget(SOLD + 20 * KEEP_MS), 0);
});

test("a log forgotten whole goes on where it was: number, chain and receipt", async () => {
  const { disk, sell, rows, ack, kept, forget } = await aTablet(2);
  await ack(rows, SOLD);
  await forget(SOLD + 2 * KEEP_MS);
  assert.deepEqual(await kept(), []);
  const next = await sell(SOLD + HOUR);
  assert.deepEqual([next.seq, next.event.prev, next.event.body.receipt_no], [3, rows[1].event.hash, "HK03A-260824-3"]);
  disk.db.close();
  const again = await Disk.open(); // and after the tablet was switched off
  assert.deepEqual((await again.latest("sale", 5)).map(({ seq }) => seq), [3]);
});
