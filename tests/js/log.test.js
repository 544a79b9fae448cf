import assert from "node:assert/strict";
import { test } from "node:test";

import { FIRST_PREV, hashOf } from "../../static/till/canonical.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log, receiptNo } from "../../static/till/log.js";
import { Locks, Memory } from "./memory.js";

const AT = Date.parse("2026-11-22T03:04:05.123Z");
const about = { device: "d1", till_code: "HK03A", app: "0.1.0", offset_ms: () => -250 };
const aLog = (store = new Memory(), locks = new Locks()) => ({ store, log: new Log(store, locks, about) });
const aSale = (more = {}) => ({
  id: uuid7(), kind: "sale", at: AT, day: "2026-11-22", shift: "s1", staff: null, catalogue: 7, receipt: true,
  body: ({ receipt_no }) => ({ receipt_no }), ...more,
});

test("append writes the envelope, the chain and the number", async () => {
  const { store, log } = aLog();
  const first = await log.append(aSale());
  const second = await log.append(aSale({ body: ({ receipt_no, seq }) => ({ receipt_no, seq, text: "Che\u0300" }) }));

  assert.equal(first.event.prev, FIRST_PREV);
  assert.equal(second.event.prev, first.event.hash);
  assert.equal(second.event.hash, await hashOf(second.event));
  assert.deepEqual(second.event.body, { receipt_no: "HK03A-261122-2", seq: 2, text: "Chè" });
  assert.deepEqual(
    { v: second.event.v, at: second.event.at, offset_ms: second.event.offset_ms, app: second.event.app },
    { v: 1, at: "2026-11-22T03:04:05.123Z", offset_ms: -250, app: "0.1.0" },
  );
  assert.deepEqual(await store.head("d1"), { seq: 2, hash: second.event.hash });
});

test("the same id twice is one event, also at once", async () => {
  const { store, log } = aLog();
  const sale = aSale();
  const [a, b] = await Promise.all([log.append(sale), log.append(sale)]);
  const c = await log.append({ ...sale, body: { other: true } });
  assert.deepEqual([b, c], [a, a]);
  assert.equal(store.rows.size, 1);
  assert.equal(await store.counter("d1", "2026-11-22"), 1);
});

test("cart and counter go in the same transaction as the event, or none of them", async () => {
  const { store, log } = aLog();
  await store.saveCart({ id: "c1", lines: [1] });
  const sale = aSale({ also: [{ store: "carts", key: "c1" }] });
  store.failNext = new Error("disk full");

  await assert.rejects(log.append(sale), /disk full/);
  assert.equal(store.rows.size, 0);
  assert.equal((await store.carts()).length, 1);
  assert.equal(await store.counter("d1", "2026-11-22"), 0);

  await log.append(sale);
  assert.equal((await store.carts()).length, 0);
  assert.equal(await store.counter("d1", "2026-11-22"), 1);
});

test("two pages without a common lock still write one chain", async () => {
  const store = new Memory();
  const pages = [new Log(store, new Locks(), about), new Log(store, new Locks(), about)];
  const rows = await Promise.all(Array.from({ length: 60 }, (_, i) => pages[i % 2].append(aSale())));

  assert.deepEqual(rows.map((row) => row.seq).sort((a, b) => a - b), rows.map((_, i) => i + 1));
  assert.equal(new Set(rows.map((row) => row.event.body.receipt_no)).size, 60);
  store.all("d1").reduce((prev, row) => {
    assert.equal(row.event.prev, prev);
    return row.event.hash;
  }, FIRST_PREV);
});

test("numbers count per day, a new enrolment has its own log", async () => {
  const { store, log } = aLog();
  await log.append(aSale());
  const next = await log.append(aSale({ day: "2026-11-23" }));
  assert.equal(next.event.body.receipt_no, "HK03A-261123-1");
  const other = new Log(store, new Locks(), { ...about, device: "d2", till_code: "HK03B" });
  const row = await other.append(aSale());
  assert.deepEqual([row.seq, row.event.prev, row.event.body.receipt_no], [1, FIRST_PREV, "HK03B-261122-1"]);
  assert.equal(receiptNo("HK03A", "2026-01-02", 12), "HK03A-260102-12");
});

test("personal data stays outside the hash", async () => {
  const { log } = aLog();
  const row = await log.append(aSale({ private: { buyer: { name: "Lan" } } }));
  const { private: _gone, ...rest } = row.event;
  assert.equal(await hashOf(rest), row.event.hash);
  assert.equal(row.event.private.buyer.name, "Lan");
});

test("only what was acknowledged long ago is forgotten", async () => {
  const { store, log } = aLog();
  const [a, b] = [await log.append(aSale()), await log.append(aSale())];
  await store.settle("d1", { results: [{ id: a.id, status: "recorded", flags: [] }], reopen: [], contact: null, at: 5 });
  assert.equal(await store.prune(5), 0);
  assert.equal(await store.prune(6), 1);
  assert.equal(await store.prune(Infinity), 0);
  assert.deepEqual([...store.rows.keys()], [b.id]);
});
