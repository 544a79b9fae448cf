import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addProduct, countOf, isEmpty, lineSum, openCart, priceAt, removeLine, saleBody, setQty, starsOn, takeBack, tendersOf,
  totalsOf,
} from "../../static/till/cart.js";
import { between, seeded, vector } from "./vectors.js";

const NOW = { at: Date.parse("2026-11-22T03:00:00Z"), day: "2026-11-22" };
const setup = vector("events").setup;
const [tea, honey, bowl] = setup.products.map((p) => ({ ...p, producer_name: p.producer, unit: "hộp", barcodes: [], stars: 4 }));
const ids = () => {
  let n = 0;
  return () => `id-${++n}`;
};

test("the same goods again are one line more of it", () => {
  let cart = openCart("c1", NOW.at);
  assert.ok(isEmpty(cart));
  for (const product of [tea, honey, tea]) cart = addProduct(cart, product, NOW);
  assert.deepEqual(cart.lines.map((line) => [line.name, line.qty_milli]), [[tea.name, 2000], [honey.name, 1000]]);
  assert.equal(cart.on, 1);
  assert.equal(countOf(cart), 3);
  assert.equal(lineSum(cart.lines[0]), 370000);
});

test("a new price opens a new line, weighed goods always do", () => {
  let cart = addProduct(openCart("c1", NOW.at), tea, NOW);
  cart = addProduct(cart, { ...tea, price: 190000 }, NOW);
  cart = addProduct(cart, { ...honey, weighed: true }, { ...NOW, qty_milli: 350 });
  cart = addProduct(cart, { ...honey, weighed: true }, { ...NOW, qty_milli: 500 });
  assert.deepEqual(cart.lines.map((line) => [line.price, line.qty_milli]), [[185000, 1000], [190000, 1000], [125500, 350], [125500, 500]]);
});

test("goods without a price are not sold", () => {
  assert.throws(() => addProduct(openCart("c1", 0), { ...tea, price: null }, NOW), RangeError);
});

test("a price announced for later counts from its instant", () => {
  const product = { ...tea, next: [{ from: "2026-11-23T00:00:00Z", price: 3, vat_bp: 1000 }, { from: "2026-11-22T00:00:00Z", price: 2, vat_bp: 500 }] };
  assert.deepEqual(priceAt(product, Date.parse("2026-11-21T00:00:00Z")), { price: 185000, vat_bp: 800 });
  assert.deepEqual(priceAt(product, NOW.at), { price: 2, vat_bp: 500 });
  assert.deepEqual(priceAt(product, Date.parse("2026-11-24T00:00:00Z")), { price: 3, vat_bp: 1000 });
});

test("stars only while the certificate is in force", () => {
  assert.equal(starsOn({ stars: 4, certificate_until: "2026-11-22" }, "2026-11-22"), 4);
  assert.equal(starsOn({ stars: 4, certificate_until: "2026-11-21" }, "2026-11-22"), null);
  assert.equal(starsOn({ stars: null }, "2026-11-22"), null);
});

test("quantities go down to nothing, keys are not used again", () => {
  let cart = addProduct(addProduct(openCart("c1", 0), tea, NOW), honey, NOW);
  cart = setQty(cart, 1, 0);
  cart = addProduct(cart, bowl, NOW);
  assert.deepEqual(cart.lines.map((line) => line.key), [2, 3]);
  assert.ok(isEmpty(removeLine(removeLine(cart, 2), 3)));
});

test("the body of golden sale 2, field by field", () => {
  const { event } = vector("events").log[1];
  let cart = openCart(event.id, 0);
  cart = addProduct(cart, tea, { ...NOW, qty_milli: 2000 });
  cart = addProduct(cart, { ...honey, stars: null }, NOW);
  const paid = tendersOf(495500, 0, { cash: { received: 500000 } }, () => event.body.tenders[0].id);
  const body = saleBody(cart, paid, { receipt_no: event.body.receipt_no, seller: null, language: "vi" }, ids());
  const { seller, ...rest } = body;
  assert.equal(seller, null);
  assert.equal(paid.change, 4500);
  assert.deepEqual({ ...rest, lines: rest.lines.map(({ barcode: _b, ...line }) => line) }, event.body);
});

test("an exchange is one ticket with one net amount", () => {
  const { event } = vector("events").log[4];
  const [back] = event.body.returns;
  let cart = addProduct(openCart(event.id, 0), tea, NOW);
  cart = takeBack(takeBack(cart, { ...back, name: "Mật", paid: 1 }), { ...back, name: "Mật" });
  const body = saleBody(cart, tendersOf(75207, 0, { cash: { received: 80000 } }, ids()), { receipt_no: "n", seller: null, language: "vi" }, ids());
  assert.deepEqual(body.returns, event.body.returns);
  assert.equal(body.total, event.body.total);
  assert.equal(body.tenders[0].change, 4793);
});

test("tenders: cash takes the rest and the rounding", () => {
  assert.deepEqual(tendersOf(84116, 500, { cash: { received: null } }, ids()), {
    tenders: [{ id: "id-1", kind: "cash", amount: 84000, state: "seen", received: 84000, change: 0 }], cash_rounding: -116, change: 0,
  });
  const split = tendersOf(84116, 500, { other: [{ kind: "vietqr", amount: 50000 }], cash: { received: 50000 } }, ids());
  assert.deepEqual(split.tenders.map((t) => [t.kind, t.amount]), [["vietqr", 50000], ["cash", 34000]]);
  assert.deepEqual([split.cash_rounding, split.change], [-116, 16000]);
  assert.deepEqual(tendersOf(-84116, 500, { cash: { received: null } }, ids()).tenders, [{ id: "id-1", kind: "cash", amount: -84000, state: "seen" }]);
  assert.deepEqual(tendersOf(0, 500, { cash: { received: null } }, ids()), { tenders: [], cash_rounding: 0, change: 0 });
  assert.throws(() => tendersOf(84116, 500, { cash: { received: 50000 } }, ids()), RangeError);
  assert.throws(() => tendersOf(84116, 500, { other: [{ kind: "card", amount: 84000 }] }, ids()), RangeError);
});

test("whatever is rung up, the ticket adds up", () => {
  const random = seeded(5);
  for (let i = 0; i < 1500; i++) {
    let cart = openCart("c", 0);
    for (let n = between(random, 1, 6); n > 0; n--) {
      cart = addProduct(cart, { ...tea, id: `p${between(random, 1, 4)}`, price: between(random, 0, 900_000), weighed: random() < 0.3 }, { ...NOW, qty_milli: between(random, 1, 4000) });
    }
    if (random() < 0.3) cart = takeBack(cart, { sale: "s", line: 1, product: "p", name: "x", qty_milli: 1000, paid: between(random, 1, 900_000), disposition: "shelf" });
    const step = [0, 500, 1000][between(random, 0, 2)];
    const { total, cash } = totalsOf(cart, step);
    const other = total > 1000 && random() < 0.4 ? [{ kind: "vietqr", amount: between(random, 1, total - 1) }] : [];
    const body = saleBody(cart, tendersOf(total, step, { other, cash: { received: Math.max(cash, 0) + 500_000 } }, ids()), { receipt_no: "n", seller: null, language: "vi" }, ids());
    const sum = (rows, of) => rows.reduce((a, row) => a + row[of], 0);
    assert.equal(sum(body.tenders, "amount"), body.total + body.cash_rounding);
    assert.equal(body.total, sum(body.lines, "paid") - sum(body.returns, "paid"));
    for (const t of body.tenders) if (t.kind === "cash" && t.amount > 0) assert.equal(t.received - t.change, t.amount);
  }
});
