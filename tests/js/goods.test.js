import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock } from "../../static/till/clock.js";
import { bodyOf, Goods, refusal } from "../../static/till/goods.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { Shifts } from "../../static/till/shift.js";
import { Locks, Memory } from "./memory.js";

const by = { staff: "h", catalogue: 7 };
const honey = { id: "p1", name: "Mật ong", unit: "chai", producer: "m1" };
const rice = { id: "p2", name: "Gạo", unit: "kg", weighed: true, producer: "m2" };

function aTill() {
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const store = new Memory();
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const shifts = new Shifts({ log, store, clock, newId: () => uuid7() });
  return { now, store, shifts, goods: new Goods({ log, store, clock, newId: () => uuid7(), shifts }) };
}

test("a tasting is written once, however often it is tapped, and needs no shift", async () => {
  const { goods, store } = aTill();
  const id = uuid7();
  const move = { ...by, id, way: "sample", product: honey, qty_milli: 2000 };
  await Promise.all([goods.write(move), goods.write(move)]);
  const [row, ...more] = store.all("d1");
  assert.equal(more.length, 0);
  const { kind, day, shift, staff, body } = row.event;
  assert.deepEqual({ kind, day, shift, staff, body }, {
    kind: "goods.out", day: "2026-11-22", shift: null, staff: "h", body: { reason: "sample", to: null, lines: [{ product: "p1", qty_milli: 2000 }] },
  });
});

test("each way has its own body", () => {
  const of = (way, more = {}) => bodyOf({ ...by, id: "e", way, product: rice, qty_milli: 1250, ...more });
  const lines = [{ product: "p2", qty_milli: 1250 }];
  assert.deepEqual(of("in"), { from: "m2", announced: null, lines });
  assert.deepEqual(of("in", { other: "s9", expires: "2026-12-31" }), { from: "s9", announced: null, lines: [{ ...lines[0], expires: "2026-12-31" }] });
  assert.deepEqual(of("to_producer"), { reason: "to_producer", to: "m2", lines });
  assert.deepEqual(of("to_site", { other: "s9" }), { reason: "to_site", to: "s9", lines });
  assert.deepEqual(of("theft", { other: "s9" }), { reason: "theft", to: null, lines });
});

test("strong alcohol is no gift; what nobody made cannot go back; nothing is no movement", async () => {
  const { goods, store } = aTill();
  const spirit = { ...honey, alcohol_bp: 1500 };
  assert.equal(refusal({ ...honey, alcohol_bp: 1499 }, "gift"), null);
  assert.throws(() => goods.write({ ...by, id: "e", way: "gift", product: spirit, qty_milli: 1000 }), /goods_no_gift/);
  assert.throws(() => goods.write({ ...by, id: "e", way: "to_producer", product: { id: "n" }, qty_milli: 1000 }), /goods_no_producer/);
  assert.throws(() => goods.write({ ...by, id: "e", way: "in", product: { id: "n" }, qty_milli: 1000 }), /goods_no_producer/);
  assert.throws(() => goods.write({ ...by, id: "e", way: "to_site", product: honey, qty_milli: 1000 }), /goods_which_site/);
  assert.throws(() => goods.write({ ...by, id: "e", way: "lost", product: honey, qty_milli: 0 }), RangeError);
  assert.equal(store.all("d1").length, 0);
});

test("undo is the mirror, once; the list says so, newest first, of the day", async () => {
  const { goods, store, now, shifts } = aTill();
  await shifts.open(by);
  await goods.write({ ...by, id: uuid7(), way: "in", product: honey, qty_milli: 12000 });
  now.ms += 1000;
  const broken = await goods.write({ ...by, id: uuid7(), way: "broken", product: honey, qty_milli: 1000 });
  const mirror = await goods.undo(broken, by);
  assert.deepEqual(mirror.event.body, { ...broken.event.body, undo_of: broken.id });
  assert.equal(await goods.undo(broken, by), null);
  assert.equal(await goods.undo(mirror, by), null);
  assert.equal(store.all("d1").length, 4);
  const list = await goods.list("2026-11-22");
  assert.deepEqual(list.map(({ way, undone }) => [way, undone]), [["broken", true], ["in", false]]);
  assert.deepEqual(await goods.list("2026-11-23"), []);
});
