import assert from "node:assert/strict";
import { test } from "node:test";

import { Catalogue } from "../../static/till/catalogue.js";
import { Clock } from "../../static/till/clock.js";
import { DEAD_MS } from "../../static/till/counter.js";
import { Desk, UNDO_MS } from "../../static/till/desk.js";
import { codeInHash, codeOf, enrol, isWhole } from "../../static/till/enrol.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { backKey, backOf, soldOf } from "../../static/till/returns.js";
import { Shifts, tally } from "../../static/till/shift.js";
import { Locks, Memory } from "./memory.js";
import { between, seeded } from "./vectors.js";

const tea = { id: "tea", name: "Chè Đinh", price: 185000, vat_bp: 800, unit: "hộp", barcodes: [], stars: 5 };
const honey = { id: "honey", name: "Mật ong", price: 125500, vat_bp: 800, unit: "chai", barcodes: [] };
const CASH = { cash: { received: null } };
const VI = { language: "vi" };

async function aDesk(store = new Memory()) {
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const newId = () => uuid7();
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const shifts = new Shifts({ log, store, clock, newId });
  const settings = { cash_rounding: 500 };
  const desk = new Desk({
    log, store, shifts, clock, newId, till_code: "HK03A", catalogue: new Catalogue(store, "d1"),
    tick: () => now.ms, settings: () => settings,
  });
  await shifts.load();
  await desk.load();
  const wait = (ms = DEAD_MS) => (now.ms += ms);
  const sales = () => store.all("d1").filter((row) => row.kind === "sale");
  return { store, desk, shifts, now, wait, sales, clock };
}

test("two taps make one payment", async () => {
  const { desk, wait, sales, store } = await aDesk();
  desk.add(tea);
  wait();
  const [first, second, third] = await Promise.all([desk.pay(CASH, VI), desk.pay(CASH, VI), desk.pay({ other: [{ kind: "vietqr", amount: 185000 }] }, VI)]);
  assert.equal(first.receipt_no, "HK03A-261122-1");
  assert.deepEqual([second, third], [null, null]);
  assert.equal(sales().length, 1);
  assert.deepEqual(store.all("d1").map((row) => row.kind), ["shift.open", "sale"]);
  assert.equal((await store.carts()).length, 0);
  assert.equal(await desk.pay(CASH, VI), null);
});

test("the pay row is dead for a moment after its labels change, and on an empty cart", async () => {
  const { desk, wait, sales } = await aDesk();
  wait(10_000);
  assert.equal(await desk.pay(CASH, VI), null);
  desk.add(tea);
  assert.equal(await desk.pay(CASH, VI), null);
  wait(DEAD_MS - 1);
  assert.equal(desk.ready, false);
  wait(1);
  assert.equal(desk.ready, true);
  desk.add(tea);
  assert.equal(desk.ready, false);
  wait();
  desk.choose(null);
  assert.equal(desk.ready, true);
  await desk.pay({ cash: { received: 500000 } }, VI);
  assert.equal(desk.last.change, 130000);
  assert.equal(sales().length, 1);
});

test("the id of the cart is the id of the sale", async () => {
  const { desk, wait, sales } = await aDesk();
  desk.add(tea);
  const { id } = desk.cart;
  wait();
  await desk.pay(CASH, VI);
  assert.equal(sales()[0].id, id);
  assert.notEqual(desk.cart.id, id);
});

test("a sale that is not on disk is still on the counter", async () => {
  const { desk, wait, sales, store } = await aDesk();
  desk.add(tea);
  wait();
  await desk.pay(CASH, VI); // opens the shift
  desk.add(honey);
  const { id } = desk.cart;
  wait();
  store.failNext = new Error("disk full");
  await assert.rejects(desk.pay(CASH, VI), /disk full/);
  assert.equal(desk.cart.id, id);
  assert.equal(desk.cart.lines.length, 1);
  assert.deepEqual((await store.carts()).map((cart) => cart.id), [id]);
  wait();
  await desk.pay(CASH, VI);
  assert.deepEqual(sales().map((row) => row.event.body.receipt_no), ["HK03A-261122-1", "HK03A-261122-2"]);
});

test("goods scanned while a sale is written go to the next cart", async () => {
  const { desk, wait, sales } = await aDesk();
  desk.add(tea);
  wait();
  const paying = desk.pay(CASH, VI);
  desk.add(honey);
  await paying;
  assert.deepEqual(sales()[0].event.body.lines.map((line) => line.product), ["tea"]);
  assert.deepEqual(desk.cart.lines.map((line) => line.product), ["honey"]);
});

test("carts survive a crash, a paid one does not come back", async () => {
  const { desk, wait, store } = await aDesk();
  desk.add(tea);
  desk.hold();
  desk.add(honey);
  desk.add(honey);
  const paid = structuredClone(desk.cart);
  wait();
  await desk.pay(CASH, VI);
  await store.saveCart(paid); // a late write of the cart, after its sale
  const again = await aDesk(store);
  assert.deepEqual(again.desk.carts.map((cart) => cart.lines[0].product), ["tea"]);
  assert.equal(again.desk.cart.lines[0].name, "Chè Đinh");
  assert.deepEqual((await store.carts()).length, 1);
});

test("holding, picking and cancelling carts", async () => {
  const { desk, store } = await aDesk();
  desk.hold();
  assert.equal(desk.carts.length, 0);
  desk.add(tea);
  const first = desk.cart.id;
  desk.hold();
  assert.deepEqual(desk.held.map((cart) => cart.id), [first]);
  desk.add(honey);
  desk.pick(first);
  assert.equal(desk.cart.lines[0].product, "tea");
  await desk.cancel();
  assert.equal(desk.cart.lines[0].product, "honey");
  assert.equal((await store.carts()).length, 1);
  desk.remove(1);
  assert.equal((await store.carts()).length, 0);
});

test("undo gives everything back, once, for ten seconds", async () => {
  const { desk, wait, sales, store, shifts } = await aDesk();
  desk.add(honey);
  wait();
  const { id } = await desk.pay({ cash: { received: 200000 } }, VI);
  const [a, b] = await Promise.all([desk.undo("vi"), desk.undo("vi")]);
  assert.ok(a && b === null);
  const { body } = sales()[1].event;
  assert.deepEqual([body.total, body.undo_of, body.cash_rounding], [-125500, id, 0]);
  assert.deepEqual(body.tenders.map((t) => [t.kind, t.amount]), [["cash", -125500]]);
  assert.equal(tally(await store.ofShift(shifts.current.id)).cash, 0);
  assert.deepEqual(desk.cart.lines.map((line) => line.product), ["honey"]);
  wait();
  await desk.pay(CASH, VI);
  wait(UNDO_MS + 1);
  assert.equal(await desk.undo("vi"), null);
});

test("part returns of a receipt give back its money and no more than was sold", async () => {
  const random = seeded(12);
  const { desk, wait, sales, store } = await aDesk();
  for (let i = 0; i < 40; i++) {
    desk.add({ ...tea, id: `p${i}`, price: between(random, 1, 300_000) }, { qty_milli: between(random, 1, 5) * 1000 });
    wait();
    const sold = await desk.pay(CASH, VI);
    const row = sales().at(-1);
    let back = 0;
    for (;;) {
      const backs = (await store.meta(backKey(row.id))) ?? [];
      const receipt = soldOf({ sale: row.id, at: 0, body: row.event.body, names: [], backs, source: "here" });
      const [line] = receipt.lines;
      if (line.left === 0) break;
      desk.takeBack(backOf(receipt, line, 1000, "shelf"));
      wait();
      const refund = await desk.pay(CASH, VI);
      back -= refund.total;
    }
    assert.equal(back, sold.total);
  }
});

test("a transfer's content stays with its cart", async () => {
  const { desk } = await aDesk();
  desk.add(tea);
  const content = await desk.transferContent();
  assert.equal(content, "OCOPHK03A261122001");
  assert.equal(await desk.transferContent(), content);
  desk.hold();
  desk.add(honey);
  assert.equal(await desk.transferContent(), "OCOPHK03A261122002");
});

test("a sum that is not covered does not leave the counter", async () => {
  const { desk, wait, sales } = await aDesk();
  desk.add(tea);
  wait();
  await assert.rejects(desk.pay({ cash: { received: 1000 } }, VI), RangeError);
  assert.equal(desk.cart.lines.length, 1);
  assert.equal(desk.paying, false);
  assert.equal(sales().length, 0);
});

test("codes are read as people type them", () => {
  assert.equal(codeOf("k7qf2m9x"), "K7QF-2M9X");
  assert.equal(codeOf(" K7QF - 2m9x 99"), "K7QF-2M9X");
  assert.equal(codeOf("k7q"), "K7Q");
  assert.ok(isWhole("K7QF-2M9X") && !isWhole("K7QF-2M9"));
  assert.equal(codeInHash("#enrol=k7qf2m9x"), "K7QF-2M9X");
  assert.equal(codeInHash("#other"), null);
});

test("a lost answer is asked again with the same device and key", async () => {
  const store = new Memory();
  const logs = [];
  Object.assign(store, { enrolments: async () => logs, saveEnrolment: async (enrolment) => logs.push(enrolment) });
  const asked = [];
  let reachable = false;
  const api = {
    enrol: async (body) => {
      asked.push(body);
      if (!reachable) throw new TypeError("network");
      return { status: 200, body: { device: body.device, token: "t", till: { code: "HK03A" } } };
    },
  };
  const ports = { api, store, newId: () => uuid7() };
  await assert.rejects(enrol("K7QF-2M9X", ports));
  reachable = true;
  const { enrolment } = await enrol("K7QF-2M9X", ports);
  assert.deepEqual(asked[0], asked[1]);
  assert.deepEqual(Object.keys(asked[0].public_key).sort(), ["crv", "kty", "x", "y"]);
  assert.equal(enrolment.device, asked[0].device);
  assert.equal(enrolment.keys.privateKey.extractable, false);
  assert.equal(logs.length, 1);
  await enrol("AAAA-BBBB", ports);
  assert.notEqual(asked[2].device, asked[0].device);
});
