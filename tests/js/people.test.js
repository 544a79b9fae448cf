import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock } from "../../static/till/clock.js";
import { addProduct, openCart } from "../../static/till/cart.js";
import { keeperOf, keptKinds, producersOf } from "../../static/till/drawers.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { pinFits, pinOf, pinTrouble } from "../../static/till/pin.js";
import { readiness } from "../../static/till/ready.js";
import { Shifts } from "../../static/till/shift.js";
import { spoken, vietnamese } from "../../static/till/speech.js";
import { Staff } from "../../static/till/staff.js";
import { practiceDesk } from "../../static/till/training.js";
import { Locks, Memory } from "./memory.js";

const PIN = { salt: "c2FsdA==", iterations: 1, hash: "aGFzaA==" };
const LAN = { id: "lan", name: "Lan", role: "cashier", limits: { discount_bp: 500, refund: 200_000, approve: false }, pin: null };
const MINH = { id: "minh", name: "Minh", role: "supervisor", limits: { approve: true }, pin: null };

function aTill(staff = []) {
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const store = new Memory();
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const newId = () => uuid7();
  const shifts = new Shifts({ log, store, clock, newId });
  const catalogue = { version: 7, about: { staff }, find: () => undefined };
  const make = () => new Staff({ store, log, clock, newId, catalogue, shifts });
  const last = () => store.all("d1").at(-1)?.event;
  return { now, clock, store, log, newId, shifts, catalogue, people: make(), make, last };
}

// ── Whom a reload lets in ────────────────────────────────────────────

test("an empty list or the only person is not asked for", () => {
  assert.deepEqual(aTill([]).people.starts(), { in: null });
  assert.deepEqual(aTill([LAN]).people.starts(), { in: LAN });
  assert.deepEqual(aTill([LAN, { ...MINH, active: false }]).people.starts(), { in: LAN });
});

test("where nobody has a PIN, who sold last goes on; before that, one is asked", async () => {
  const { people, make } = aTill([LAN, MINH]);
  assert.deepEqual(people.starts(), { ask: null });
  await people.switchTo(MINH);
  const again = make();
  await again.load();
  assert.deepEqual(again.starts(), { in: MINH });
});

test("a PIN is never passed over by a reload; the only one's is asked at once", async () => {
  const one = { ...LAN, pin: PIN };
  assert.deepEqual(aTill([one]).people.starts(), { ask: one });
  const { people, make } = aTill([one, MINH]);
  await people.switchTo(MINH);
  const again = make();
  await again.load();
  assert.deepEqual(again.starts(), { ask: null });
});

test("a switch is written once, the first of a device is none", async () => {
  const { people, store, last } = aTill([LAN, MINH]);
  await people.switchTo(LAN);
  assert.equal(store.all("d1").length, 0);
  await people.switchTo(MINH);
  await people.switchTo(MINH);
  assert.equal(store.all("d1").length, 1);
  const { kind, staff, body, shift } = last();
  assert.deepEqual([kind, staff, body, shift], ["staff.switch", "minh", { from: "lan", to: "minh" }, null]);
});

test("who supervises: by right, or where nobody has a PIN", () => {
  const open = aTill([LAN, MINH]).people;
  assert.deepEqual([open.supervises(LAN), open.supervises(null), open.approvers], [true, true, false]);
  const closed = aTill([LAN, { ...MINH, pin: PIN }]).people;
  assert.deepEqual([closed.supervises(LAN), closed.supervises(MINH), closed.supervises(null), closed.approvers], [false, true, false, true]);
});

// ── Helpers ──────────────────────────────────────────────────────────

test("a helper sells today under a name that is not in the hashed event, and is gone tomorrow", async () => {
  const { people, make, last, now } = aTill([LAN, MINH]);
  const approval = { action: "helper", staff: "minh" };
  const helper = await people.addHelper({ name: "Cháu Hoa", pin: "2580", approval, by: "lan" });

  const { kind, staff, body, private: beside } = last();
  assert.deepEqual([kind, staff], ["staff.switch", "minh"]);
  assert.deepEqual(body, { from: null, to: helper.id, helper: { id: helper.id, day: "2026-11-22" }, approval });
  assert.deepEqual(beside, { helper: { name: "Cháu Hoa" } });
  assert.equal(await pinFits("2580", helper.pin), true);
  assert.equal(await pinFits("2581", helper.pin), false);
  assert.deepEqual([helper.limits.approve, helper.limits.refund], [false, 200_000]);

  const again = make();
  await again.load();
  assert.deepEqual(again.list().map((person) => person.name), ["Lan", "Minh", "Cháu Hoa"]);
  now.ms += 24 * 3600_000;
  assert.deepEqual(again.list().map((person) => person.name), ["Lan", "Minh"]);
});

test("a helper's own first sale writes no second switch", async () => {
  const { people, store } = aTill([LAN]);
  const helper = await people.addHelper({ name: "Hoa", pin: null, approval: null, by: "lan" });
  await people.switchTo(helper);
  assert.equal(store.all("d1").length, 1);
});

test("new PINs: the same rule as the office", () => {
  for (const weak of ["1111", "1234", "4321", "1212", "1990", "252525"]) assert.equal(pinTrouble(weak), "weak", weak);
  for (const short of ["", "123", "1234567", "12a4"]) assert.equal(pinTrouble(short), "digits", short);
  for (const good of ["2580", "8035", "90210"]) assert.equal(pinTrouble(good), null, good);
});

test("a PIN made here is checked as one made there, with a salt of its own", async () => {
  const [one, two] = [await pinOf("8035"), await pinOf("8035")];
  assert.equal(one.iterations, 210_000);
  assert.notEqual(one.hash, two.hash);
  assert.equal(await pinFits("8035", two), true);
});

// ── Whose drawer ─────────────────────────────────────────────────────

const cartOf = (lines, more = {}) => ({ lines: lines.map((producer) => ({ producer })), returns: [], ...more });
const KEPT = [{ keeper: "aunt" }];
const nobody = () => null;

test("a cart of her goods alone goes to her drawer, a mixed one to the operator's", () => {
  assert.equal(keeperOf(cartOf(["aunt", "aunt"]), KEPT, nobody), "aunt");
  assert.equal(keeperOf(cartOf(["aunt", "other"]), KEPT, nobody), null);
  assert.equal(keeperOf(cartOf(["aunt"]), [], nobody), null);
  assert.equal(keeperOf(cartOf([]), KEPT, nobody), null);
  assert.equal(keeperOf(cartOf([null]), KEPT, nobody), null);
});

test("her goods coming back are paid from her drawer; a person may say otherwise", () => {
  const back = { ...cartOf([]), returns: [{ product: "bowl" }] };
  assert.equal(keeperOf(back, KEPT, (id) => (id === "bowl" ? "aunt" : null)), "aunt");
  assert.equal(keeperOf(cartOf(["aunt"], { keeper: null }), KEPT, nobody), null);
  assert.equal(keeperOf(cartOf(["aunt"], { keeper: "aunt" }), [], nobody), null); // closed meanwhile
});

test("what pays the operator is not offered at her drawer", () => {
  const kinds = ["cash", "vietqr", "card", "voucher"].map((base) => ({ code: base, base }));
  assert.deepEqual(keptKinds(kinds).map(({ code }) => code), ["cash", "vietqr"]);
});

test("producers by name, each once", () => {
  const products = [{ producer: "b", producer_name: "Vân" }, { producer: "a", producer_name: "An" }, { producer: "b", producer_name: "Vân" }, {}];
  assert.deepEqual(producersOf(products).map(({ id }) => id), ["a", "b"]);
});

// ── Readiness ────────────────────────────────────────────────────────

const FIT = {
  persisted: true, installed: true, free_bytes: 1e9, refused: false, unsent: 0, unsent_ms: 0, goods: 100, goods_ms: 60_000,
  people: 3, pins: true, approvers: true, printer: true, clock_ms: 0, uncounted: false, stale: false,
};

test("all well is one word", () => assert.deepEqual(readiness(FIT), { tone: "ok", doubts: [] }));

test("red is only what would lose sales", () => {
  const tones = (change) => readiness({ ...FIT, ...change }).tone;
  assert.equal(tones({ free_bytes: 5e6 }), "bad");
  assert.equal(tones({ persisted: false, installed: false, unsent: 20 }), "bad");
  assert.equal(tones({ persisted: false, installed: false, unsent: 1, unsent_ms: 3 * 3600_000 }), "bad");
  for (const change of [{ persisted: false }, { refused: true }, { goods: 0 }, { goods_ms: 25 * 3600_000 }, { people: 0 }, { pins: false },
    { approvers: false }, { printer: false }, { clock_ms: -400_000 }, { uncounted: true }, { stale: true }, { persisted: false, installed: false, unsent: 19 }]) {
    assert.equal(tones(change), "wait", JSON.stringify(change));
  }
});

test("red stands before amber; what the browser has not said is no doubt", () => {
  const { doubts } = readiness({ ...FIT, printer: false, free_bytes: 1e6 });
  assert.deepEqual(doubts.map(({ key }) => key), ["full", "no_printer"]);
  assert.equal(readiness({ ...FIT, persisted: null, free_bytes: null }).tone, "ok");
});

// ── Said aloud ───────────────────────────────────────────────────────

test("sums are said as people say them", () => {
  assert.equal(spoken(115_000), "115 nghìn đồng");
  assert.equal(spoken(1_350_500), "1 triệu 350 nghìn 500 đồng");
  assert.equal(spoken(2_000_000), "2 triệu đồng");
  assert.equal(spoken(0), "0 đồng");
  assert.throws(() => spoken(-1));
});

test("only a Vietnamese voice speaks, one of the device first", () => {
  const voice = (lang, localService) => ({ lang, localService });
  assert.equal(vietnamese([voice("en-US", true), voice("vie", true)]), null);
  const own = voice("vi_VN", true);
  assert.equal(vietnamese([voice("vi-VN", false), own]), own);
  assert.equal(vietnamese([]), null);
});

// ── Practice ─────────────────────────────────────────────────────────

test("a practice sale has a number of its own, no shift, no receipt counter, and leaves no cart", async () => {
  const { log, store, clock, catalogue, newId, last, shifts } = aTill();
  const tick = { ms: 0 };
  const desk = practiceDesk({ log, store, clock, catalogue, newId, tick: () => tick.ms, settings: () => ({ cash_rounding: 500 }) });
  const tea = { id: "tea", name: "Chè", price: 185_000, vat_bp: 800 };
  for (const n of [1, 2]) {
    desk.add(tea);
    tick.ms += 1000;
    const done = await desk.pay({ cash: { received: 200_000 } }, { language: "vi" });
    assert.equal(done.receipt_no, `TAP-HK03A-261122-${n}`);
    assert.equal(done.change, 15_000);
  }
  const { kind, shift, body } = last();
  assert.deepEqual([kind, shift, body.receipt_no], ["training.sale", null, "TAP-HK03A-261122-2"]);
  assert.equal(await store.counter("d1", "2026-11-22"), 0);
  assert.deepEqual([await store.carts(), shifts.current], [[], null]);
  await desk.undo("vi");
  assert.equal(last().kind, "training.sale");
});

test("goods keep whose they are in the cart", () => {
  const cart = addProduct(openCart("c", 0), { id: "bowl", name: "Bát", price: 89_000, producer: "aunt" }, { at: 0, day: "2026-11-22" });
  assert.equal(keeperOf(cart, KEPT, nobody), "aunt");
});
