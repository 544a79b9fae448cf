import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock, dateOf, dayOf, timeOf } from "../../static/till/clock.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { cleanCount, dayFor, Shifts, sumOf, tally } from "../../static/till/shift.js";
import { Locks, Memory } from "./memory.js";
import { vector } from "./vectors.js";

const by = { staff: "h", catalogue: 7 };

function aTill(at = "2026-11-22T03:00:00Z") {
  const now = { ms: Date.parse(at) };
  const clock = new Clock({ device: () => now.ms });
  const store = new Memory();
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const shifts = new Shifts({ log, store, clock, newId: () => uuid7() });
  const sell = async (tenders, total) => {
    const shift = await shifts.open(by);
    return log.append({ id: uuid7(), kind: "sale", at: clock.now(), day: dayFor(shift, clock.now()), shift: shift.id, ...by, receipt: true, body: { tenders, total, cash_rounding: 0 } });
  };
  return { now, clock, store, log, shifts, sell };
}

test("days are Hanoi's", () => {
  assert.equal(dayOf(Date.parse("2026-11-21T16:59:59Z")), "2026-11-21");
  assert.equal(dayOf(Date.parse("2026-11-21T17:00:00Z")), "2026-11-22");
  assert.equal(timeOf(Date.parse("2026-11-21T17:05:00Z")), "00:05");
  assert.equal(dateOf(Date.parse("2026-11-21T17:05:00Z")), "22/11");
});

test("the first sale opens one shift, its float uncounted", async () => {
  const { shifts, sell, store } = aTill();
  await Promise.all([sell([], 0), sell([], 0)]);
  const opens = store.all("d1").filter((row) => row.kind === "shift.open");
  assert.equal(opens.length, 1);
  assert.deepEqual(opens[0].event.body, { float: 0, count: null, keeper: null });
  assert.equal(store.all("d1")[0].kind, "shift.open");
  assert.equal(shifts.current.counted, false);
});

test("an open shift survives a restart", async () => {
  const { shifts, log, store, clock } = aTill();
  const shift = await shifts.open({ ...by, count: { 100000: 3, 50000: 4, 1000: 0 } });
  assert.equal(shift.float, 500000);
  const again = new Shifts({ log, store, clock, newId: () => uuid7() });
  await again.load();
  assert.deepEqual(again.current, shift);
});

test("a count keeps only notes that are there", () => {
  assert.deepEqual(cleanCount({ 500000: 0, 100000: 3, 7: 9 }), { 100000: 3 });
  assert.equal(sumOf({ 100000: 3, 50000: 4 }), 500000);
});

test("a shift open for over twenty hours no longer dates a sale", async () => {
  const { shifts, now, clock } = aTill("2026-11-22T10:00:00Z");
  const shift = await shifts.open(by);
  now.ms += 20 * 3600_000;
  assert.equal(shifts.isStale(), false);
  assert.equal(dayFor(shift, clock.now()), "2026-11-22");
  now.ms += 1;
  assert.equal(shifts.isStale(), true);
  assert.equal(dayFor(shift, clock.now()), "2026-11-23");
  assert.equal(dayFor(null, clock.now()), "2026-11-23");
});

test("closing is blind and says the difference after the seal", async () => {
  const { shifts, sell, store } = aTill();
  await shifts.open({ ...by, count: { 500000: 1 } });
  await sell([{ kind: "cash", amount: 185000 }], 185000);
  await sell([{ kind: "vietqr", amount: 60000 }, { kind: "cash", amount: 40000 }], 100000);
  await sell([{ kind: "cash", amount: -25000 }], -25000);
  await shifts.moveCash({ ...by, direction: "out", amount: 30000, reason: "Mua đá" });
  await shifts.moveCash({ ...by, direction: "drop", amount: 300000, reason: null, bag: "B-1" });
  await shifts.moveCash({ ...by, direction: "in", amount: 50000, reason: "Đổi tiền lẻ" });
  const id = uuid7();
  const sealed = await shifts.close({ id, ...by, count: { 200000: 2, 10000: 1 } });

  assert.deepEqual([sealed.expected, sealed.counted, sealed.difference], [420000, 410000, -10000]);
  assert.deepEqual([sealed.sums.sales, sealed.sums.refunds, sealed.sums.takings], [2, 1, 260000]);
  const { event } = store.rows.get(id);
  assert.deepEqual(event.body, { count: { 200000: 2, 10000: 1 }, counted: 410000, tenders: { vietqr: 60000 }, z: "HK03A-Z1", devices: [{ device: "d1", seq: event.seq }] });
  assert.equal(shifts.current, null);
  assert.equal(await store.meta("shift|d1"), undefined);
});

test("the golden log's drawer", () => {
  const rows = vector("events").log.map(({ event }) => ({ kind: event.kind, event }));
  assert.equal(tally(rows.slice(0, 7)).cash, 500000 + 495500 - 125500 + 75207 - 30000 - 300000);
});
