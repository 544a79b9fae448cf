import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock } from "../../static/till/clock.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { dayFor, FLOAT_MS, Shifts } from "../../static/till/shift.js";
import { tally } from "../../static/till/tally.js";
import { haggleBasket, reducible, totalsOf } from "../../static/till/discounts.js";
import { drawersFor } from "../../static/till/drawers.js";
import { Locks, Memory } from "./memory.js";

const by = { staff: "h", catalogue: 7 };
const AUNT = "019aa600-000d-7000-8000-00000000000d";
const NIECE = { keeper: AUNT, keeper_name: "HKD Bà Vân" };

function aTill() {
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const store = new Memory();
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const make = () => new Shifts({ log, store, clock, newId: () => uuid7() });
  const shifts = make();
  const sell = async (amount, more = {}) => {
    const shift = await shifts.open({ ...by, ...more });
    const tenders = [{ kind: "cash", amount }];
    return log.append({ id: uuid7(), kind: "sale", at: clock.now(), day: dayFor(shift, clock.now()), shift: shift.id, ...by, keeper: more.keeper ?? null, receipt: true, body: { tenders, total: amount, cash_rounding: 0 } });
  };
  const last = () => store.all("d1").at(-1).event;
  return { now, store, log, shifts, sell, make, last };
}

// ── The float, counted later ─────────────────────────────────────────

test("a drawer counted after sales has as float what was not taken since", async () => {
  const { shifts, sell, last } = aTill();
  await sell(185_000);
  assert.equal(shifts.uncounted, true);
  const shift = await shifts.countFloat({ ...by, id: uuid7(), count: { 500000: 1, 100000: 1, 50000: 1, 20000: 1, 10000: 1, 5000: 1 } });

  assert.deepEqual([shift.float, shift.counted, shifts.uncounted], [500_000, true, false]);
  const { kind, body } = last();
  assert.deepEqual([kind, body.direction, body.amount, body.reason], ["cash.move", "in", 500_000, "float"]);
  const sums = await shifts.report(shifts.current);
  assert.deepEqual([sums.cash, sums.float, sums.moves], [685_000, 500_000, []]);
});

test("an earlier float is taken whole, whatever was sold since", async () => {
  const { shifts, sell, last } = aTill();
  await shifts.open({ ...by, count: { 100000: 3 } });
  await shifts.close({ ...by, id: uuid7(), count: { 200000: 1 } });
  assert.deepEqual(await shifts.lastCounts(), { float: { 100000: 3 }, closed: { 200000: 1 } });
  await sell(40_000);
  await shifts.countFloat({ ...by, id: uuid7(), count: { 100000: 3 }, whole: true });
  assert.equal(last().body.amount, 300_000);
  assert.equal((await shifts.report(shifts.current)).cash, 340_000);
});

test("less in the drawer than was taken is no float, and no event", async () => {
  const { shifts, sell, store, make } = aTill();
  await sell(185_000);
  const before = store.all("d1").length;
  const shift = await shifts.countFloat({ ...by, id: uuid7(), count: { 100000: 1 } });
  assert.deepEqual([shift.float, shift.counted, store.all("d1").length], [0, true, before]);
  const again = make();
  await again.load();
  assert.equal(again.current.counted, true);
});

test("after the first hour, and of a counted shift, no float is taken", async () => {
  const { shifts, sell, now, store } = aTill();
  await sell(10_000);
  now.ms += FLOAT_MS;
  assert.equal(shifts.uncounted, false);
  assert.equal(await shifts.countFloat({ ...by, id: uuid7(), count: { 100000: 1 } }), null);
  assert.equal(store.all("d1").length, 2);
});

// ── Producers' own drawers ───────────────────────────────────────────

test("a niece's drawer is one of its own, with the keeper on every event", async () => {
  const { shifts, sell, store, make } = aTill();
  await sell(185_000);
  await shifts.open({ ...by, ...NIECE, count: { 50000: 2 } });
  await sell(89_000, NIECE);
  await shifts.moveCash({ ...by, keeper: AUNT, direction: "out", amount: 20_000, reason: "supplies" });

  assert.equal(shifts.open_ones.length, 2);
  const own = shifts.of(AUNT);
  assert.notEqual(own.id, shifts.current.id);
  assert.equal((await shifts.report(own)).cash, 169_000);
  assert.equal((await shifts.report(shifts.current)).cash, 185_000);
  for (const { event } of store.all("d1")) assert.equal(event.keeper, event.shift === own.id ? AUNT : undefined);
  assert.equal(store.all("d1").find((row) => row.shift === own.id).event.body.keeper, AUNT);

  const again = make();
  await again.load();
  assert.deepEqual(again.of(AUNT), own);

  const sealed = await shifts.close({ ...by, id: uuid7(), keeper: AUNT, count: { 100000: 1, 50000: 1, 10000: 1, 5000: 1, 2000: 2 } });
  assert.deepEqual([sealed.expected, sealed.counted, sealed.difference], [169_000, 169_000, 0]);
  assert.equal(shifts.of(AUNT), null);
  assert.notEqual(shifts.current, null);
  await again.load();
  assert.deepEqual([again.kept, again.current.id], [[], shifts.current.id]);
});

// ── Closing ──────────────────────────────────────────────────────────

test("numbers of reports go up by one for every drawer of the device, also after a restart", async () => {
  const { shifts, make, last } = aTill();
  await shifts.open(by);
  await shifts.open({ ...by, ...NIECE });
  const first = await shifts.close({ ...by, id: uuid7(), count: {} });
  const second = await shifts.close({ ...by, id: uuid7(), count: {}, keeper: AUNT });
  const again = make();
  await again.load();
  await again.open(by);
  const third = await again.close({ ...by, id: uuid7(), count: {} });
  assert.deepEqual([first.z, second.z, third.z], ["HK03A-Z1", "HK03A-Z2", "HK03A-Z3"]);
  assert.equal(last().body.z, "HK03A-Z3");
});

test("whether a count is too far off is said without a sum; the first count and the reason are kept", async () => {
  const { shifts, sell, last } = aTill();
  await sell(185_000);
  const { current } = shifts;
  assert.equal(await shifts.tooFar(current, { 100000: 1 }, 50_000), true);
  assert.equal(await shifts.tooFar(current, { 100000: 1, 20000: 2 }, 50_000), false);
  await shifts.close({ ...by, id: uuid7(), count: { 100000: 1 }, first: 90_000, reason: "change_error" });
  const { first, reason, counted } = last().body;
  assert.deepEqual([first, reason, counted], [90_000, "change_error", 100_000]);
});

test("a sealed report is the same again from the log", async () => {
  const { shifts, sell } = aTill();
  await shifts.open({ ...by, count: { 100000: 1 } });
  await sell(40_000);
  const sealed = await shifts.close({ ...by, id: uuid7(), count: { 100000: 1, 20000: 2 } });
  const [row] = await shifts.closed();
  assert.deepEqual(await shifts.sealed(row), sealed);
  assert.equal(sealed.hash, row.event.hash);
});

// ── A lost tablet ────────────────────────────────────────────────────

test("going on with a lost tablet's shift counts what it had brought, and closing names both", async () => {
  const { shifts, sell, last } = aTill();
  const offer = {
    id: uuid7(), day: "2026-11-22", opened_at: "2026-11-22T01:00:00Z", device: "lost", till: "HK03A", keeper: null,
    float: 100_000, counted: true, drawer: 289_000, sales: 2, devices: [{ device: "lost", seq: 7 }],
  };
  await shifts.goOn({ ...by, offer, reason: "mất máy", approval: { action: "continue", staff: "b" } });
  assert.deepEqual(last().body, { from_device: "lost", reason: "mất máy", approval: { action: "continue", staff: "b" } });
  await sell(11_000);
  const sealed = await shifts.close({ ...by, id: uuid7(), count: { 200000: 1, 100000: 1 } });

  assert.deepEqual([sealed.expected, sealed.difference, sealed.sums.sales], [300_000, 0, 3]);
  assert.deepEqual(last().body.devices, [{ device: "lost", seq: 7 }, { device: "d1", seq: last().seq }]);
  assert.equal(last().shift, offer.id);
});

test("an open shift here is not put aside for a lost one", async () => {
  const { shifts } = aTill();
  await shifts.open(by);
  await assert.rejects(shifts.goOn({ ...by, offer: { id: "x", keeper: null }, reason: null, approval: null }));
});

// ── Adding up ────────────────────────────────────────────────────────

test("a corrected tender moves cash to where it was, a producer's own money stays out", () => {
  const row = (kind, body) => ({ kind, event: { body, at: "2026-11-22T03:00:00Z" } });
  const sums = tally([
    row("sale", { total: 75_000, cash_rounding: 0, tenders: [{ kind: "cash", amount: 75_000 }] }),
    row("sale", { total: 89_000, cash_rounding: 0, tenders: [{ kind: "cash", amount: 89_000, payee: AUNT }] }),
    row("tender.correct", { from: { kind: "cash", amount: 75_000 }, tenders: [{ kind: "vietqr", amount: 75_000 }] }),
  ]);
  assert.deepEqual([sums.cash, sums.tenders, sums.takings], [0, { cash: 89_000, vietqr: 75_000 }, 164_000]);
});

test("who is a producer's own is offered that producer's drawer, once its goods are here and while it is not open", () => {
  const goods = [{ producer: "p", producer_name: "Cô Hoa" }, { producer: "q", producer_name: "Anh Ba" }];
  const niece = { id: "n", producer: "p" };
  assert.deepEqual(drawersFor(niece, [], goods), [{ id: "p", name: "Cô Hoa", commune: null }]);
  assert.deepEqual(drawersFor(niece, [{ keeper: "p" }], goods), []);
  assert.equal(drawersFor(niece, [{ keeper: "q" }], goods)[0]?.id, "p");
  assert.deepEqual(drawersFor(niece, [], goods.slice(1)), []);
  for (const person of [null, {}, { producer: null }]) assert.deepEqual(drawersFor(person, [], goods), []);
});

test("who sells for two producers chooses whose drawer, and reduces the goods of both alone", () => {
  const goods = ["p", "q", "r"].map((producer) => ({ producer, producer_name: `HKD ${producer}` }));
  const niece = { id: "n", producer: "p", producers: ["p", "q"] };
  assert.deepEqual(drawersFor(niece, [], goods).map(({ id }) => id), ["p", "q"]);
  assert.deepEqual(drawersFor(niece, [{ keeper: "p" }], goods).map(({ id }) => id), ["q"]);
  const lines = ["p", "q", "r"].map((producer, key) => ({ key, producer, price: 10_000, qty_milli: 1000, vat_bp: 0 }));
  const cart = { lines, returns: [], bundles: [] };
  assert.equal(reducible(cart, niece.producers), 20_000);
  const haggled = haggleBasket(cart, 90_000, niece.producers);
  assert.deepEqual([haggled.bot, totalsOf(haggled, 0).total], [20_000, 10_000]);
});
