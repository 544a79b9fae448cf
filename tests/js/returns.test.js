import assert from "node:assert/strict";
import { test } from "node:test";

import { openCart, saleBody, takeBack, tendersOf } from "../../static/till/cart.js";
import { Catalogue } from "../../static/till/catalogue.js";
import { Clock } from "../../static/till/clock.js";
import { DEAD_MS } from "../../static/till/counter.js";
import { Desk } from "../../static/till/desk.js";
import { base64url, uuid7, uuidBytes } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { keyIdOf, MOST_LINES, read, sign, verify } from "../../static/till/proof.js";
import { filterReceipts, numberTyped, receiptCode, whyNot } from "../../static/till/receipts.js";
import { hearAnswers, tooMuch } from "../../static/till/notices.js";
import { wantedFor } from "../../static/till/refunds.js";
import { backKey, backOf, backWithoutReceipt, refundOf, rememberBacks, soldOf, soldOfProof } from "../../static/till/returns.js";
import { Shifts } from "../../static/till/shift.js";
import { Locks, Memory } from "./memory.js";
import { between, seeded } from "./vectors.js";

const FUNDERS = [[{ who: "producer", bp: 10000 }], [{ who: "operator", bp: 3333 }, { who: "organizer", bp: 6667 }], [{ who: "operator", bp: 10000 }]];

/** A sale of one discounted line and a basket discount. */
function discounted(random, id = uuid7()) {
  const units = between(random, 1, 6);
  const price = between(random, 1000, 300_000);
  const gross = units * price;
  const own = between(random, 0, Math.floor(gross / 3));
  const basket = between(random, 0, Math.floor(gross / 3));
  const paid = gross - own - basket;
  const body = {
    receipt_no: "HK03A-261122-1", total: paid, cash_rounding: 0, returns: [],
    lines: [{
      line: 1, product: "p", qty_milli: units * 1000, price, gross, paid, basket_discount: basket,
      line_discounts: [{ amount: own, reason: "x", funders: FUNDERS[between(random, 0, 2)] }],
    }],
    discounts: [{ amount: basket, reason: "y", funders: FUNDERS[between(random, 0, 2)], shares: [basket] }],
    tenders: [{ id: uuid7(), kind: "cash", amount: paid, state: "seen" }],
  };
  return { id, body, units, paid };
}

const known = (sale, body, backs = [], more = {}) => soldOf({ sale, at: 0, body, names: ["Chè"], backs, source: "here", ...more });
const cartOf = (...backs) => backs.reduce((cart, back) => takeBack(cart, back), openCart("c", 0));
const paidBy = (tenders, total) => ({ receipt_no: "R-261122-1", total, lines: [{ line: 1, product: "p", qty_milli: 10_000, gross: total, paid: total, line_discounts: [], basket_discount: 0 }], discounts: [], tenders });

test("parts of a discounted line add up to what was paid, in any pieces", () => {
  const random = seeded(5);
  for (let i = 0; i < 300; i++) {
    const { id, body, paid } = discounted(random);
    const backs = [];
    let sum = 0;
    for (let left = body.lines[0].qty_milli; left > 0;) {
      const [line] = known(id, body, backs).lines;
      assert.equal(line.left, left);
      const n = between(random, 1, left / 1000) * 1000;
      const back = backOf(known(id, body, backs), line, n, "shelf");
      backs.push({ ticket: `t${backs.length}`, returned: back.paid, lines: [{ line: 1, qty_milli: n, paid: back.paid }], tenders: [] });
      sum += back.paid;
      left -= n;
    }
    assert.equal(sum, paid);
    assert.equal(known(id, body, backs).lines[0].left, 0);
  }
});

test("what the server and the tablet both tell counts once", () => {
  const { id, body } = discounted(seeded(1));
  const back = { ticket: "t1", returned: 1, lines: [{ line: 1, qty_milli: 1000, paid: 1 }], tenders: [] };
  assert.equal(known(id, body, [back, structuredClone(back)]).lines[0].returned, 1000);
});

test("money goes back as it came, the rest and the rounding in cash", () => {
  const split = (tenders, total, back, step = 500) => {
    const body = paidBy(tenders, total);
    const sold = known("s", body);
    const cart = cartOf({ ...backOf(sold, sold.lines[0], 1000, "shelf"), paid: back });
    const { other, cash } = refundOf(cart, -back, step);
    return [other.map(({ kind, amount, issuer }) => [kind, amount, ...(issuer ? [issuer] : [])]), cash];
  };
  assert.deepEqual(split([{ kind: "cash", amount: 200_000 }], 200_000, 50_300), [[], -50_000]);
  assert.deepEqual(split([{ kind: "vietqr", amount: 200_000 }], 200_000, 50_300), [[["vietqr", -50_300]], 0]);
  assert.deepEqual(split([{ kind: "vietqr", amount: 150_000 }, { kind: "cash", amount: 50_000 }], 200_000, 100_000), [[["vietqr", -75_000]], -25_000]);
  assert.deepEqual(split([{ kind: "voucher", amount: 100_000, issuer: "OCOP" }, { kind: "voucher", amount: 50_000, issuer: "SCT" }], 150_000, 100_001),
    [[["voucher", -66_667, "OCOP"], ["voucher", -33_334, "SCT"]], 0]);
  assert.deepEqual(split([{ kind: "cash", amount: 125_500 }], 125_700, 125_700), [[], -125_500]);
  assert.deepEqual(split([{ kind: "vietqr", amount: 100_000 }, { kind: "cash", amount: 100_000 }], 200_300, 200_300), [[["vietqr", -100_000]], -100_000]);
});

test("what was already paid out, and what was rung wrong, no longer counts", () => {
  const body = paidBy([{ id: "a", kind: "vietqr", amount: 100_000 }, { id: "b", kind: "cash", amount: 100_000 }], 200_000);
  const earlier = { ticket: "t", returned: 100_000, lines: [{ line: 1, qty_milli: 5000, paid: 100_000 }], tenders: [{ kind: "vietqr", amount: -100_000 }] };
  assert.deepEqual(known("s", body, [earlier]).tenders, [{ kind: "cash", amount: 100_000 }]);
  const corrections = [{ sale: "s", from: { id: "b", kind: "cash", amount: 100_000 }, tenders: [{ kind: "card", amount: 100_000 }] }];
  assert.deepEqual(known("s", body, [], { corrections }).tenders, [{ kind: "vietqr", amount: 100_000 }, { kind: "card", amount: 100_000 }]);
  const shared = { ...earlier, returned: 400_000, tenders: [{ kind: "vietqr", amount: -40_000 }] }; // a quarter of that ticket is this sale's
  assert.deepEqual(known("s", body, [shared]).tenders, [{ kind: "vietqr", amount: 90_000 }, { kind: "cash", amount: 100_000 }]);
});

test("an exchange pays back only the difference; a code does not tell how it was paid", () => {
  const sold = known("s", paidBy([{ kind: "card", amount: 100_000 }], 100_000));
  const cart = cartOf(backOf(sold, sold.lines[0], 10_000, "shelf"));
  assert.deepEqual(refundOf(cart, -30_000, 500), { other: [{ kind: "card", amount: -30_000 }], cash: 0, known: true, kept: [{ kind: "card", amount: 100_000 }] });
  const unknown = cartOf({ ...backOf(sold, sold.lines[0], 1000, "shelf"), from: { receipt_no: "X", tenders: null } });
  assert.deepEqual(refundOf(unknown, -10_000, 500), { other: [], cash: -10_000, known: false, kept: [] });
});

test("money given back is never more of a means than was left of it, and always adds up", () => {
  const random = seeded(9);
  for (let i = 0; i < 500; i++) {
    const tenders = ["cash", "vietqr", "card", "voucher"].map((kind) => ({ kind, amount: between(random, 0, 300_000), ...(kind === "voucher" ? { issuer: "I" } : {}) }));
    const total = tenders.reduce((sum, { amount }) => sum + amount, 0);
    if (!total) continue;
    const sold = known("s", paidBy(tenders, total));
    const back = between(random, 1, total);
    const cart = cartOf({ ...backOf(sold, sold.lines[0], 10_000, "shelf"), paid: back });
    const { other } = refundOf(cart, -back, 500);
    const settled = tendersOf(-back, 500, { other, cash: { received: null } }, () => uuid7());
    assert.equal(settled.tenders.reduce((sum, { amount }) => sum + amount, 0), -back + settled.cash_rounding);
    for (const { kind, amount } of other) assert.ok(-amount <= (tenders.find((t) => t.kind === kind)?.amount ?? 0));
    for (const { kind, issuer } of settled.tenders) if (kind === "voucher") assert.equal(issuer, "I");
  }
});

test("goods without a receipt name their producer, price and reason", () => {
  const back = backWithoutReceipt({ id: "p", name: "Mật", producer: "maker" }, { qty_milli: 2000, price: 45_500, reason: "Mất phiếu", disposition: "damaged" });
  const body = saleBody(cartOf(back), { tenders: [], cash_rounding: 0 }, { receipt_no: "R", seller: null, language: "vi" });
  assert.deepEqual(body.returns, [{ sale: null, line: null, product: "p", qty_milli: 2000, paid: 91_000, disposition: "damaged", producer: "maker", price: 45_500, reason: "Mất phiếu" }]);
  assert.equal(body.total, -91_000);
});

test("a ticket's own transaction remembers what it took back", async () => {
  const store = new Memory();
  const back = backOf(known("s", paidBy([{ kind: "cash", amount: 100_000 }], 100_000)), known("s", paidBy([], 100_000)).lines[0], 3000, "shelf");
  const [write] = await rememberBacks(store, cartOf(back), [{ id: "x", kind: "cash", amount: -30_000, state: "seen" }]);
  assert.deepEqual(write, { store: "meta", key: backKey("s"), value: [{ ticket: "c", returned: 30_000, lines: [{ line: 1, qty_milli: 3000, paid: 30_000 }], tenders: [{ kind: "cash", amount: -30_000 }] }] });
  await store.setMeta(write.key, write.value);
  const [again] = await rememberBacks(store, { ...cartOf(back), id: "d" }, []);
  assert.deepEqual(again.value.map(({ ticket }) => ticket), ["c", "d"]);
});

test("above the limit, or without a receipt, somebody approves", () => {
  const cashier = { id: "a", limits: { refund: 200_000, return_without_receipt: false } };
  const head = { id: "b", limits: { refund: 2_000_000, return_without_receipt: true, approve: true } };
  const sold = known("s", paidBy([], 300_000));
  const small = cartOf({ ...backOf(sold, sold.lines[0], 1000, "shelf"), paid: 200_000 });
  const large = cartOf({ ...backOf(sold, sold.lines[0], 1000, "shelf"), paid: 200_001 });
  const none = cartOf(backWithoutReceipt({ id: "p", name: "x" }, { qty_milli: 1000, price: 5_000, reason: "x", disposition: "shelf" }));
  const asked = (cart, person, staff = [cashier, head]) => wantedFor(cart, person, staff).map(({ action, amount }) => [action, amount]);
  assert.deepEqual(asked(small, cashier), []);
  assert.deepEqual(asked(large, cashier), [["refund", 200_001]]);
  assert.deepEqual(asked(large, head), []);
  assert.deepEqual(asked(none, cashier), [["return_without_receipt", 5_000]]);
  assert.deepEqual(asked(none, head), []);
  assert.deepEqual(asked(small, null), [["refund", 200_000]]);
  assert.deepEqual(asked(large, null, []), [["refund", 200_001]]);
});

// ── Codes ────────────────────────────────────────────────────────────

const ORIGIN = "https://pos.hanoi.vn";

async function aCode(till = "HK03A") {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", keys.publicKey);
  const id = await keyIdOf(jwk);
  const sale = uuid7();
  const text = await sign({ sale, key: id, minute: 29_000_000, lines: [{ number: 7, qty_milli: 2000, paid: 90_001 }, { number: 0, qty_milli: 350, paid: 12_000 }] }, keys.privateKey);
  return { sale, text, key: { id, till, jwk }, link: `${ORIGIN}/r/${till}-261122-5#${text}` };
}

test("a receipt's code is told from every other code", () => {
  assert.deepEqual(receiptCode(" https://pos.hanoi.vn/r/HK03A-261122-5#AAAA_-9 "), { origin: ORIGIN, receipt_no: "HK03A-261122-5", key: "AAAA_-9" });
  assert.deepEqual(receiptCode("http://192.168.1.5:8080/r/HK03A-261122-5"), { origin: "http://192.168.1.5:8080", receipt_no: "HK03A-261122-5", key: "" });
  for (const other of ["8938505974194", "HK03A-261122-5", "https://pos.hanoi.vn/till/#enrol=AAAA", "https://x/r/", "000201010212…"]) assert.equal(receiptCode(other), null, other);
  assert.equal(numberTyped(" hk03a-261122-5 "), "HK03A-261122-5");
  assert.equal(numberTyped("261122-5"), null);
});

test("a signed code tells the goods, part by part, without a network", async () => {
  const { text, key, sale } = await aCode();
  const proof = await verify(text, [key]);
  const sold = soldOfProof(proof, "HK03A-261122-5", [], (n) => (n === 7 ? { id: "p7", name: "Mật ong" } : undefined), MOST_LINES, (n) => `#${n}`);
  assert.deepEqual(sold.lines.map(({ product, name, left, paid }) => [product, name, left, paid]), [["p7", "Mật ong", 2000, 90_001], [null, "#0", 350, 12_000]]);
  const first = backOf(sold, sold.lines[0], 1000, "shelf");
  const backs = [{ ticket: "t", returned: first.paid, lines: [{ line: 1, qty_milli: 1000, paid: first.paid }], tenders: [] }];
  const later = soldOfProof(proof, "HK03A-261122-5", backs, () => undefined, MOST_LINES, String);
  assert.equal(first.paid + backOf(later, later.lines[0], 1000, "shelf").paid, 90_001);
  assert.equal(sold.sale, sale);
});

test("each code that cannot be believed gets its own sentence", async () => {
  const mine = await aCode();
  const other = await aCode();
  const why = (link, keys = [mine.key]) => whyNot(receiptCode(link), { origin: ORIGIN, keys });
  const forged = mine.text.slice(0, 60) + (mine.text[60] === "A" ? "B" : "A") + mine.text.slice(61);
  assert.equal(await verify(forged, [mine.key]), null);
  assert.ok(read(forged));
  assert.equal(why(`${ORIGIN}/r/HK03A-261122-5#${forged}`), "forged");
  assert.equal(why(mine.link, [{ ...mine.key, until: 28_999_999 }]), "stolen");
  assert.equal(why(`${ORIGIN}/r/HK03A-261122-5#${mine.text.slice(0, -20)}`), "cut");
  assert.equal(why(`${ORIGIN}/r/HK03A-261122-5#`), "cut");
  assert.equal(why(`${ORIGIN}/r/HK03A-261122-5#${mine.text} x`), "cut");
  assert.equal(why(`${ORIGIN}/r/HK03A-261122-5#${other.text}`), "unknown_key");
  assert.equal(why(`${ORIGIN}/r/BT01B-261122-5#${other.text}`), "foreign");
  assert.equal(why(`https://elsewhere.vn/r/HK03A-261122-5#${other.text}`), "foreign");
  assert.equal(why(`${ORIGIN}/r/HK03A-261122-5#${base64url(uuidBytes(mine.sale))}`), "unsigned");
});

test("receipts are found by number, sum, time, day and goods, without accents", () => {
  const row = (no, at, total, name) => ({ event: { at, body: { receipt_no: no, total, cash_rounding: 0, tenders: [], returns: [] } }, memo: { lines: [{ name }], returns: [] } });
  const rows = [row("HK03A-261122-1", "2026-11-22T03:05:00Z", 185_000, "Chè Đinh Ba Vì"), row("HK03A-261122-2", "2026-11-22T04:10:00Z", -45_500, "Mật ong")];
  const find = (words) => filterReceipts(rows, words).map(({ event }) => event.body.receipt_no.at(-1)).join("");
  assert.deepEqual([find(""), find("che dinh"), find("CHÈ 185"), find("185k"), find("185.000"), find("10:05"), find("22/11"), find("45.500"), find("122-2"), find("mat 185")],
    ["12", "1", "1", "1", "1", "1", "12", "2", "2", ""]);
});

// ── Undo ─────────────────────────────────────────────────────────────

test("undo gives back each discount's line and every tender as it was, and what is gone is known", async () => {
  const store = new Memory();
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const newId = () => uuid7();
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const shifts = new Shifts({ log, store, clock, newId });
  const desk = new Desk({ log, store, shifts, clock, newId, till_code: "HK03A", catalogue: new Catalogue(store, "d1"), tick: () => now.ms, settings: () => ({ cash_rounding: 500 }) });
  desk.add({ id: "p", name: "Chè", price: 100_300, vat_bp: 800 });
  desk.add({ id: "q", name: "Mật", price: 200_000, vat_bp: 800 });
  now.ms += DEAD_MS;
  const other = [{ kind: "vietqr", amount: 100_000, reference: "OCOP1" }, { kind: "voucher", amount: 50_000, issuer: "SCT" }, { kind: "owed", amount: 50_000, customer: "c1" }];
  const done = await desk.pay({ other, cash: { received: 200_000 } }, { language: "vi" });
  const sold = done.row.event.body;
  // As a discounted cart writes it: a haggled line, and a part of the basket's promotion.
  Object.assign(sold.lines[0], { line_discounts: [{ amount: 10_000, funders: FUNDERS[0] }], basket_discount: 5_001, paid: 85_299 });
  await desk.undo("vi");
  const undo = store.all("d1").at(-1).event.body;
  assert.deepEqual(undo.returns.map(({ line, paid, qty_milli }) => [line, paid, qty_milli]), [[1, 85_299, 1000], [2, 200_000, 1000]]);
  assert.equal(undo.undo_of, done.id);
  assert.deepEqual(undo.tenders.map(({ kind, amount, issuer, customer, reference }) => [kind, amount, issuer, customer, reference]),
    sold.tenders.map(({ kind, amount, issuer, customer, reference }) => [kind, -amount, issuer, customer, reference ?? undefined]));
  assert.equal(undo.cash_rounding, -sold.cash_rounding);
  const backs = await store.meta(backKey(done.id));
  const again = soldOf({ sale: done.id, at: 0, body: sold, names: [], backs, source: "here" });
  assert.deepEqual(again.lines.map(({ left }) => left), [0, 0]);
  assert.deepEqual(again.tenders, []);
});

test("a tablet without a list of people gives back no more than a cashier may, and nothing without a receipt", () => {
  const asked = (cart) => wantedFor(cart, null, []).map(({ action, amount }) => [action, amount]);
  const back = (paid, sale = "s") => ({ returns: [{ sale, paid }] });
  assert.deepEqual(asked(back(200_000)), []);
  assert.deepEqual(asked(back(200_001)), [["refund", 200_001]]);
  assert.deepEqual(asked(back(1_000, null)), [["return_without_receipt", 1_000]]);
});

test("goods that had come back elsewhere are told to the cashier once the server has answered, with the receipt", async () => {
  const rows = new Map([
    ["r1", { event: { body: { receipt_no: "R-1", returns: [{ sale: "s" }] } } }],
    ["r2", { event: { body: { receipt_no: "R-2", returns: [{ sale: null }] } } }],
  ]);
  const said = [];
  const app = { store: { find: async (id) => rows.get(id) }, say: ({ title, stays }) => said.push([title, stays]) };
  await hearAnswers(app, [{ id: "r1", flags: [] }, { id: "r2", flags: ["returned_too_much"] }, { id: "gone", flags: ["price_differs"] }]);
  assert.deepEqual(said, []);
  await hearAnswers(app, [{ id: "r1", flags: ["late", "returned_too_much"] }]);
  assert.deepEqual(said, [["Phiếu R-1: hàng này đã trả ở nơi khác rồi", true]]);
  assert.equal(tooMuch({ ...rows.get("r1"), flags: ["returned_too_much"] }), true);
  assert.equal(tooMuch(rows.get("r1")), false);
});
