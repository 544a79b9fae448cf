import assert from "node:assert/strict";
import { test } from "node:test";

import { Catalogue } from "../../static/till/catalogue.js";
import { Clock } from "../../static/till/clock.js";
import { Control } from "../../static/till/control.js";
import { DEAD_MS } from "../../static/till/counter.js";
import { Desk } from "../../static/till/desk.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { cancelCart, removeHamper, removeLine, setLine } from "../../static/till/removing.js";
import { Shifts } from "../../static/till/shift.js";
import { addHamper } from "../../static/till/hampers.js";
import { Locks, Memory } from "./memory.js";

const tea = { id: "tea", name: "Chè Đinh", price: 185_000, vat_bp: 800, unit: "hộp" };
const honey = { id: "honey", name: "Mật ong", price: 125_500, vat_bp: 800, unit: "chai" };

function aTill() {
  const store = new Memory();
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const newId = () => uuid7();
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const shifts = new Shifts({ log, store, clock, newId });
  const desk = new Desk({ log, store, shifts, clock, newId, till_code: "HK03A", catalogue: new Catalogue(store, "d1"), tick: () => now.ms, settings: () => ({ cash_rounding: 500 }) });
  const control = new Control({ log, shifts, clock, newId, by: () => ({ staff: "lan", catalogue: 3 }) });
  const app = {
    desk, control, strip: null, redrawWhenReady() {}, say(strip) { this.strip = strip; }, hush() { this.strip = null; },
  };
  const notes = () => store.all("d1").filter((row) => !["sale", "shift.open"].includes(row.kind)).map(({ event }) => event);
  return { app, desk, control, store, now, notes };
}

test("a line removed is told after it is gone, and can be put back in its place", async () => {
  const { app, desk, control, notes } = aTill();
  desk.add(tea);
  desk.add(tea);
  desk.add(honey);
  const [line] = desk.cart.lines;
  removeLine(app, line);
  assert.deepEqual(desk.cart.lines.map(({ name }) => name), ["Mật ong"]);
  assert.deepEqual(notes(), []); // the counter did not wait
  await control.last;
  const [note] = notes();
  assert.deepEqual([note.kind, note.staff, note.shift, note.day], ["line.remove", "lan", null, "2026-11-22"]);
  assert.deepEqual(note.body, { cart: desk.cart.id, amount: 370_000, count: 1, lines: [{ product: "tea", name: "Chè Đinh", qty_milli: 2000, price: 185_000, gross: 370_000 }] });
  app.strip.act.run();
  await control.last;
  assert.deepEqual(desk.cart.lines, [line, desk.cart.lines[1]]);
  assert.deepEqual([notes()[1].kind, notes()[1].body.undo_of, notes()[1].body.amount], ["line.remove", note.id, 370_000]);
});

test("a hamper removed is one note with all its parts, and comes back whole, in its place", async () => {
  const { app, desk, control, notes } = aTill();
  const goods = new Map([["tea", tea], ["honey", honey]]);
  const tet = { id: "tet", name: "Giỏ Tết", price: 250_000, parts: [{ product: "tea", qty_milli: 1000 }, { product: "honey", qty_milli: 1000 }] };
  desk.change((cart) => addHamper(cart, tet, { find: (id) => goods.get(id), how: (product) => desk.howNow(product) }));
  desk.add({ ...tea, id: "other", name: "Khác" });
  const before = desk.cart;
  removeHamper(app, before.bundles[0].key);
  assert.deepEqual(desk.cart.lines.map(({ name }) => name), ["Khác"]);
  app.strip.act.run();
  await control.last;
  assert.deepEqual([desk.cart.lines, desk.cart.bundles, desk.totals.total], [before.lines, before.bundles, 435_000]);
  const [gone, back] = notes().sort((a, b) => a.seq - b.seq);
  assert.deepEqual([gone.body.lines.map(({ product }) => product), gone.body.count, back.body.undo_of], [["tea", "honey"], 2, gone.id]);
  removeHamper(app, 999);
  assert.equal(notes().length, 2);
});

test("one less than one is a removal; one less than two is not", async () => {
  const { app, desk, control, notes } = aTill();
  desk.add(tea);
  desk.add(tea);
  setLine(app, desk.cart.lines[0], 1000);
  await control.last;
  assert.deepEqual(notes(), []);
  setLine(app, desk.cart.lines[0], 0);
  await control.last;
  assert.deepEqual(notes().map(({ kind }) => kind), ["line.remove"]);
  app.strip.act.run(); // the cart was empty: it is the same cart again
  assert.equal(desk.cart.lines.length, 1);
});

test("a cancelled cart is told whole, and comes back beside what was begun since", async () => {
  const { app, desk, control, notes } = aTill();
  desk.add(tea);
  desk.add(honey);
  const { cart } = desk;
  cancelCart(app);
  cancelCart(app); // an empty cart is not cancelled
  await control.last;
  assert.deepEqual(notes().map(({ kind, body }) => [kind, body.cart, body.amount, body.count]), [["cart.cancel", cart.id, 310_500, 2]]);
  const back = app.strip.act.run;
  desk.add(honey);
  back();
  assert.equal(desk.cart.id, cart.id);
  assert.deepEqual(desk.cart.lines, cart.lines);
  assert.equal(desk.carts.length, 2);
});

test("what is paid cannot be put back into its cart", async () => {
  const { app, desk, control, now, notes } = aTill();
  desk.add(tea);
  desk.add(honey);
  removeLine(app, desk.cart.lines[0]);
  const back = app.strip.act.run;
  now.ms += DEAD_MS;
  await desk.pay({ cash: { received: null } }, { language: "vi" });
  back();
  await control.last;
  assert.equal(desk.cart.lines.length, 0);
  assert.equal(notes().length, 1);
});

test("a note that cannot be written stops nothing", async () => {
  const { app, desk, control, store, notes } = aTill();
  desk.add(tea);
  store.failNext = new Error("disk full");
  removeLine(app, desk.cart.lines[0]);
  await control.last;
  assert.deepEqual(notes(), []);
  control.reprinted("s1", 2, "network");
  await control.last;
  assert.deepEqual(notes().map(({ kind, body }) => [kind, body]), [["receipt.printed", { sale: "s1", printer: "network", copy: 2 }]]);
});

test("a huge cart still fits an event", async () => {
  const { app, desk, control, notes } = aTill();
  for (let i = 0; i < 300; i++) desk.add({ ...tea, id: `p${i}`, name: "x".repeat(200) });
  cancelCart(app);
  await control.last;
  assert.deepEqual([notes()[0].body.lines.length, notes()[0].body.count, notes()[0].body.amount], [50, 300, 300 * 185_000]);
});
