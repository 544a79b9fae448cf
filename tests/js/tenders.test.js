import assert from "node:assert/strict";
import { test } from "node:test";

import { differenceOf, paidWithDifference } from "../../static/till/amend.js";
import { tendersOf } from "../../static/till/cart.js";
import { Catalogue } from "../../static/till/catalogue.js";
import { Clock } from "../../static/till/clock.js";
import { DEAD_MS } from "../../static/till/counter.js";
import { Desk } from "../../static/till/desk.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { makersIn } from "../../static/till/makers.js";
import { Mending, tendersNow } from "../../static/till/mending.js";
import { Shifts, tally } from "../../static/till/shift.js";
import { movedBetween, offered, onRow, paidBy, privateOf, standOf, withPart } from "../../static/till/tenders.js";
import { Locks, Memory } from "./memory.js";
import { between, seeded } from "./vectors.js";

const tea = { id: "tea", name: "Chè Đinh", price: 185_734, vat_bp: 800, unit: "hộp", barcodes: [], producer: "p1", producer_name: "HTX Ba Trại" };
const honey = { id: "honey", name: "Mật ong", price: 125_500, vat_bp: 800, unit: "chai", barcodes: [], producer: "p2", producer_name: "HKD Ong" };
const VI = { language: "vi" };
const CASH = { cash: { received: null } };

async function aTill(store = new Memory()) {
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const newId = () => uuid7(now.ms);
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const shifts = new Shifts({ log, store, clock, newId });
  const desk = new Desk({
    log, store, shifts, clock, newId, till_code: "HK03A", catalogue: new Catalogue(store, "d1"),
    tick: () => now.ms, settings: () => ({ cash_rounding: 500 }),
  });
  const mending = new Mending({ log, store, shifts, clock, newId });
  await shifts.load();
  await desk.load();
  const sell = async (paid, ...goods) => {
    for (const one of goods) desk.add(one);
    now.ms += DEAD_MS;
    return desk.pay(paid, VI);
  };
  const events = (kind) => store.all("d1").filter((row) => row.kind === kind);
  const drawer = async () => tally(await store.ofShift(shifts.current.id));
  return { store, desk, shifts, mending, now, sell, events, drawer };
}

const sums = (tenders) => tenders.map(({ kind, amount }) => [kind, amount]);
const BY = { staff: null, catalogue: 0 };

// ── Parts of a sum ───────────────────────────────────────────────────

test("a sum is paid by any number of parts, the rest is shown, cash comes last and is rounded", () => {
  const total = 185_734;
  let parts = withPart(total, [], { kind: "voucher", amount: 0, typed: 50_000, issuer: "union" }, 500);
  assert.deepEqual(standOf(total, parts, 500), { left: 135_734, change: 0, done: false });
  parts = withPart(total, parts, { kind: "cash", amount: 0, typed: 20_000 }, 500);
  parts = withPart(total, parts, { kind: "card", amount: 0, typed: 30_000 }, 500);
  assert.deepEqual(sums(parts), [["voucher", 50_000], ["card", 30_000], ["cash", 20_000]]);
  parts = withPart(total, parts, { kind: "cash", amount: 0, typed: 100_000 }, 500);
  assert.deepEqual(standOf(total, parts, 500), { left: 0, change: 14_500, done: true });
  const settled = tendersOf(total, 500, paidBy(parts), uuid7);
  assert.deepEqual(sums(settled.tenders), [["voucher", 50_000], ["card", 30_000], ["cash", 105_500]]);
  assert.deepEqual([settled.cash_rounding, settled.change, settled.tenders[0].issuer], [-234, 14_500, "union"]);
  assert.deepEqual([settled.tenders[2].received, settled.tenders[2].change], [120_000, 14_500]);
});

test("a part takes no more than is left; without a sum it takes all of it", () => {
  const parts = withPart(100_000, [], { kind: "card", amount: 0, typed: 150_000 }, 500);
  assert.deepEqual(sums(parts), [["card", 100_000]]);
  assert.deepEqual(withPart(100_000, parts, { kind: "vietqr", amount: 0 }, 500), parts);
  assert.deepEqual(sums(withPart(70_250, [], { kind: "cash", amount: 0 }, 500)), [["cash", 70_250]]);
  assert.equal(tendersOf(70_250, 500, paidBy(withPart(70_250, [], { kind: "cash", amount: 0 }, 500)), uuid7).tenders[0].amount, 70_000);
});

test("whatever the parts, tenders are the total and the rounding, and change is what was given too much", () => {
  const random = seeded(7);
  const kinds = ["voucher", "card", "vietqr", "cash", "owed"];
  for (let i = 0; i < 2000; i++) {
    const total = between(random, 1, 999_999);
    const step = [0, 500, 1000][between(random, 0, 2)];
    let parts = [];
    for (let n = 0; n < 20 && !standOf(total, parts, step).done; n++) {
      const last = n === 19;
      parts = withPart(total, parts, { kind: last ? "cash" : kinds[between(random, 0, 4)], amount: 0, typed: last ? null : between(random, 1, 400_000) }, step);
    }
    const stand = standOf(total, parts, step);
    assert.equal(stand.done, true);
    const { tenders, cash_rounding, change } = tendersOf(total, step, paidBy(parts), uuid7);
    assert.equal(tenders.reduce((sum, { amount }) => sum + amount, 0), total + cash_rounding);
    assert.equal(change, stand.change);
    assert.ok(Math.abs(cash_rounding) < Math.max(step, 1) && change >= 0);
  }
});

test("what the operator offers decides the row; an old server's list still works", () => {
  const kind = (code, place, base = code) => ({ code, base, name: null, name_en: null, place });
  const settings = { tender_kinds: [kind("cash", "row"), kind("vietqr", "row"), kind("momo", "row", "vietqr"), kind("voucher", "more"), kind("card", "row"), kind("owed", "row")] };
  assert.deepEqual(onRow(settings).map(({ code }) => code), ["momo", "card"]);
  assert.deepEqual(offered({ tenders: ["cash", "card"] }).map(({ code, place }) => [code, place]), [["cash", "row"], ["card", "row"]]);
});

test("who owes travels in the private part, the body has only an id that says nothing", async () => {
  const { sell, events } = await aTill();
  const buyer = { name: "Cô Hoa", phone: "0912345678" };
  const other = [{ kind: "owed", amount: 185_734, customer: "c-1", note: "Cô Hoa", buyer }];
  assert.deepEqual(privateOf(other), { customers: { "c-1": buyer } });
  await sell({ other }, tea);
  const { event } = events("sale")[0];
  assert.deepEqual(event.private, { customers: { "c-1": buyer } });
  assert.equal(event.body.tenders[0].customer, "c-1");
  assert.equal(JSON.stringify(event.body).includes("Hoa"), false);
  assert.equal(JSON.stringify(event.body).includes("0912345678"), false);
});

test("a producer may have taken what its own goods came to", () => {
  const catalogue = { find: (id) => ({ tea, honey })[id] };
  assert.deepEqual(makersIn(catalogue, [{ product: "tea", paid: 5 }, { product: "honey", paid: 7 }, { product: null, paid: 1 }, { product: "tea", paid: 2 }]),
    [{ id: "p1", name: "HTX Ba Trại", paid: 7 }, { id: "p2", name: "HKD Ong", paid: 7 }]);
});

test("parts stay with their cart over a crash, and are gone with the sale", async () => {
  const store = new Memory();
  const { desk } = await aTill(store);
  desk.add(tea);
  desk.keepParts([{ kind: "voucher", amount: 50_000, issuer: "union" }]);
  const { desk: again, now } = await aTill(store);
  assert.deepEqual(again.cart.parts, [{ kind: "voucher", amount: 50_000, issuer: "union" }]);
  again.keepParts(withPart(185_734, again.cart.parts, { kind: "card", amount: 0 }, 500));
  now.ms += DEAD_MS;
  const done = await again.pay(paidBy(again.cart.parts), { language: "vi", sure: true });
  assert.deepEqual(sums(done.tenders), [["voucher", 50_000], ["card", 135_734]]);
  assert.equal(again.cart.parts, undefined);
});

// ── Amending the last sale ───────────────────────────────────────────

test("what was paid counts as handed over: only the difference changes hands", () => {
  const cash = (amount) => ({ sale: "s", undo: "u", receipt_no: "x", paid: amount, tenders: [{ kind: "cash", amount }] });
  assert.deepEqual([differenceOf(cash(185_500), 160_000, 500), differenceOf(cash(185_500), 185_734, 500), differenceOf(cash(185_500), 311_234, 500)], [-25_500, 0, 125_500]);
  assert.deepEqual(paidWithDifference(cash(185_500), 160_000, 500, null), { other: [], cash: { received: 185_500 }, change: 25_500 });
  assert.deepEqual(paidWithDifference(cash(185_500), 311_234, 500, 200_000), { other: [], cash: { received: 385_500 }, change: 74_500 });
  const mixed = { ...cash(0), tenders: [{ kind: "vietqr", amount: 100_000, state: "seen", reference: "R" }, { kind: "cash", amount: 85_500 }] };
  assert.equal(differenceOf(mixed, 90_000, 500), -95_500);
  assert.deepEqual(paidWithDifference(mixed, 90_000, 500, null), {
    other: [{ kind: "vietqr", amount: 100_000, state: "seen", reference: "R" }], cash: { received: null }, change: 95_500,
  });
});

test("the last sale is amended: undone and sold anew in one go, the drawer holds the new sum", async () => {
  const { desk, sell, events, drawer, now } = await aTill();
  const first = await sell({ cash: { received: 200_000 } }, tea);
  assert.equal(await desk.amend(), true);
  assert.equal(events("sale").length, 1); // nothing is written until the mended sale is paid
  assert.deepEqual([desk.cart.lines[0].product, desk.cart.amends.receipt_no, desk.due], ["tea", "HK03A-261122-1", 0]);
  desk.add(honey);
  now.ms += DEAD_MS;
  assert.equal(desk.due, 125_500);
  const [done, second] = await Promise.all([desk.pay({ cash: { received: 150_000 } }, VI), desk.pay({ cash: { received: 150_000 } }, VI)]);
  assert.equal(second, null);
  assert.equal(done.change, 24_500);
  const [, undo, mended] = events("sale").map(({ event }) => event);
  assert.deepEqual([undo.body.undo_of, undo.body.total, sums(undo.body.tenders)], [first.id, -185_734, [["cash", -185_500]]]);
  assert.deepEqual([mended.body.total, sums(mended.body.tenders), mended.body.undo_of], [311_234, [["cash", 311_000]], undefined]);
  assert.equal((await drawer()).cash, 311_000);
  // …and once more, this time less.
  await desk.amend();
  desk.remove(desk.cart.lines[0].key);
  now.ms += DEAD_MS;
  const less = await desk.pay(CASH, VI);
  assert.deepEqual([less.change, (await drawer()).cash], [185_500, 125_500]);
});

test("a crash between the undo and the mended sale loses nothing and undoes once", async () => {
  const store = new Memory();
  const { desk, sell, events, drawer, now } = await aTill(store);
  await sell(CASH, tea);
  await desk.amend();
  desk.add(honey);
  now.ms += DEAD_MS;
  let n = 0;
  store.beforeAppend = (row) => {
    if (row.kind === "sale" && ++n === 2) throw new Error("killed"); // the undo is on disk, the new sale is not
  };
  await assert.rejects(desk.pay(CASH, VI), /killed/);
  store.beforeAppend = null;
  const after = await aTill(store);
  assert.deepEqual(after.desk.cart.lines.map((line) => line.product), ["tea", "honey"]);
  after.now.ms += DEAD_MS;
  await after.desk.pay(CASH, VI);
  assert.equal(events("sale").filter(({ event }) => event.body.undo_of).length, 1);
  assert.equal((await drawer()).cash, 311_000);
});

test("leaving it as it was writes nothing; the next finished sale ends the chance", async () => {
  const { desk, sell, events } = await aTill();
  await sell(CASH, tea);
  await desk.amend();
  await desk.leaveAsItWas();
  assert.deepEqual([events("sale").length, desk.cart.lines.length, desk.amendable], [1, 0, true]);
  await sell(CASH, honey);
  assert.equal(await desk.amend(), true);
  assert.deepEqual(desk.cart.lines.map((line) => line.product), ["honey"]);
  await desk.leaveAsItWas();
  assert.equal(await (await aTill()).desk.amend(), false);
});

test("the last sale can be amended after a reload, an undone one cannot", async () => {
  const store = new Memory();
  const { sell } = await aTill(store);
  await sell(CASH, tea);
  const again = await aTill(store);
  assert.equal(await again.desk.amend(), true);
  await again.desk.leaveAsItWas();
  await again.sell(CASH, honey);
  await again.desk.undo("vi");
  assert.equal(again.desk.amendable, false);
});

test("what moved by each way is told, what stayed is not", () => {
  const was = [{ kind: "cash", amount: 185_500 }];
  assert.deepEqual(movedBetween(was, [{ kind: "vietqr", amount: 185_734 }]), [{ kind: "cash", amount: -185_500 }, { kind: "vietqr", amount: 185_734 }]);
  assert.deepEqual(movedBetween(was, was), []);
});

// ── Mended later, seen later ─────────────────────────────────────────

test("a wrong tender is mended until the shift closes; the drawer and the totals follow, twice is once", async () => {
  const { sell, mending, events, drawer, shifts, store } = await aTill();
  const sold = await sell(CASH, tea);
  const row = sold.row;
  const [wrong] = await mending.tendersOf(row);
  const right = [{ id: "t-1", kind: "vietqr", amount: 100_000, state: "seen" }, { id: "t-2", kind: "card", amount: 85_500, state: "seen" }];
  await assert.rejects(mending.correct(row, wrong, right.slice(1), { ...BY, reason: "bấm nhầm" }), RangeError);
  const [a, b] = await Promise.all([mending.correct(row, wrong, right, { ...BY, reason: "bấm nhầm" }), mending.correct(row, wrong, right, { ...BY, reason: "bấm nhầm" })]);
  assert.ok(a && b === null);
  const { body } = events("tender.correct")[0].event;
  assert.deepEqual([body.sale, body.sale_shift, body.from, body.reason], [row.id, row.shift, { id: wrong.id, kind: "cash", amount: 185_500 }, "bấm nhầm"]);
  assert.deepEqual([(await drawer()).cash, (await drawer()).tenders], [0, { vietqr: 100_000, card: 85_500 }]);
  // The mended part can be mended again.
  const now = await mending.tendersOf(row);
  assert.deepEqual(sums(now), [["vietqr", 100_000], ["card", 85_500]]);
  await mending.correct(row, now[1], [{ id: "t-3", kind: "cash", amount: 85_500, state: "seen" }], { ...BY, reason: "thẻ không qua" });
  assert.deepEqual(sums(tendersNow(row, await store.latest("tender.correct", 10))), [["vietqr", 100_000], ["cash", 85_500]]);
  const closed = await shifts.close({ id: uuid7(), ...BY, count: { 1000: 85 } });
  assert.deepEqual([closed.expected, closed.sums.tenders], [85_500, { vietqr: 100_000, card: 0 }]);
  assert.equal(mending.open(row), false);
  await assert.rejects(mending.correct(row, now[0], [{ id: "t-4", kind: "cash", amount: 100_000 }], { ...BY, reason: "" }), RangeError);
});

test("amending a sale whose tender was mended gives back what it was in truth", async () => {
  const { sell, mending, desk, events, now } = await aTill();
  const { row } = await sell(CASH, honey);
  const [wrong] = await mending.tendersOf(row);
  await mending.correct(row, wrong, [{ id: "t-1", kind: "vietqr", amount: 125_500, state: "seen" }], { ...BY, reason: "bấm nhầm" });
  await desk.amend();
  desk.add(tea);
  now.ms += DEAD_MS;
  await desk.pay(CASH, VI);
  const [, undo, mended] = events("sale").map(({ event }) => event.body);
  assert.deepEqual(sums(undo.tenders), [["vietqr", -125_500]]);
  assert.deepEqual(sums(mended.tenders), [["vietqr", 125_500], ["cash", 185_500]]);
});

test("a transfer only shown waits on the list until somebody sees the money, mends it or undoes the sale", async () => {
  const { sell, mending, desk, events } = await aTill();
  const shown = (amount) => ({ other: [{ kind: "vietqr", amount, state: "shown", reference: "OCOP1" }] });
  const one = await sell(shown(125_500), honey);
  const two = await sell(shown(185_734), tea);
  await sell(CASH, honey);
  assert.deepEqual((await mending.unseen()).map(({ row }) => row.id), [one.id, two.id]);
  const [{ row, tender }] = await mending.unseen();
  const [a, b] = await Promise.all([mending.markSeen(row, tender, BY), mending.markSeen(row, tender, BY)]);
  assert.ok(a && b === null);
  assert.deepEqual(events("tender.seen").map(({ event }) => event.body), [{ sale: one.id, tender: tender.id }]);
  const [left] = await mending.unseen();
  await mending.correct(left.row, left.tender, [{ id: "t-9", kind: "owed", amount: 185_734, customer: "c", state: "seen" }], { ...BY, reason: "tiền không về" });
  assert.deepEqual(await mending.unseen(), []);
  await sell(shown(125_500), honey);
  assert.equal((await mending.unseen()).length, 1);
  await desk.undo("vi");
  assert.deepEqual(await mending.unseen(), []);
});

test("a way of paying that was not written can be tried again", async () => {
  const { sell, mending, store } = await aTill();
  const { row } = await sell({ other: [{ kind: "vietqr", amount: 125_500, state: "shown" }] }, honey);
  const [{ tender }] = await mending.unseen();
  store.failNext = new Error("disk full");
  await assert.rejects(mending.markSeen(row, tender, BY), /disk full/);
  assert.ok(await mending.markSeen(row, tender, BY));
});
