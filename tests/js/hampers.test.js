import assert from "node:assert/strict";
import { test } from "node:test";

import { addOpen, addProduct, openCart, saleBody, tendersOf, totalsOf } from "../../static/till/cart.js";
import { haggleBasket, withPromotions } from "../../static/till/discounts.js";
import { addHamper, findHampers, hamperSum, missingParts, setHampers } from "../../static/till/hampers.js";
import { checkDigit, itemOf, readLabel } from "../../static/till/labels.js";
import { qtyOfGross } from "../../static/till/pricing.js";

const NOW = { at: Date.parse("2026-11-22T03:00:00Z"), day: "2026-11-22" };
const tea = { id: "tea", name: "Chè", price: 185_000, vat_bp: 800, producer: "p1" };
const honey = { id: "honey", name: "Mật ong", price: 125_500, vat_bp: 800, producer: "p2" };
const box = { id: "box", name: "Giỏ mây", price: 40_000, vat_bp: 800, producer: "p3" };
const GOODS = new Map([tea, honey, box].map((one) => [one.id, one]));
const WITH = { find: (id) => GOODS.get(id), how: () => NOW };
const TET = { id: "tet", name: "Giỏ Tết", code: "GIO1", price: 450_000, parts: [{ product: "tea", qty_milli: 2000 }, { product: "honey", qty_milli: 1000 }, { product: "box", qty_milli: 1000 }] };
const ids = () => { let n = 0; return () => `id-${++n}`; };
const bodyOf = (cart) => saleBody(cart, tendersOf(totalsOf(cart, 0).total, 0, { cash: { received: null } }, ids()), { receipt_no: "n", seller: null, language: "vi" }, ids());

test("a hamper is its parts at its price: what it costs less is shared by largest remainder", () => {
  const body = bodyOf(addHamper(openCart("c", 0), TET, WITH));
  assert.equal(body.total, 450_000);
  assert.deepEqual(body.lines.map((line) => [line.product, line.qty_milli, line.gross]), [["tea", 2000, 370_000], ["honey", 1000, 125_500], ["box", 1000, 40_000]]);
  assert.deepEqual(body.lines.map((line) => line.bundle), Array(3).fill({ id: "tet", name: "Giỏ Tết" }));
  const [off] = body.discounts;
  assert.deepEqual([off.amount, off.reason, off.promotion], [85_500, "Giỏ Tết", "tet"]);
  assert.deepEqual(off.shares, [59_076, 20_038, 6_386]);
});

test("two hampers are two of each part, none is none; the same goods outside stay alone", () => {
  let cart = addProduct(openCart("c", 0), tea, NOW);
  cart = addHamper(addHamper(cart, TET, WITH), TET, WITH);
  assert.equal(cart.bundles[0].n, 2);
  assert.deepEqual(cart.lines.map((line) => line.qty_milli), [1000, 4000, 2000, 2000]);
  assert.equal(hamperSum(cart, cart.bundles[0].key), 900_000);
  assert.equal(totalsOf(cart, 0).total, 1_085_000);
  cart = setHampers(cart, cart.bundles[0].key, 0);
  assert.deepEqual([cart.bundles, cart.lines.length], [[], 1]);
});

test("parts that cost less than the hamper by now are sold at their own price", () => {
  const cart = addHamper(openCart("c", 0), { ...TET, price: 999_000 }, WITH);
  assert.equal(totalsOf(cart, 0).total, 535_500);
  assert.equal(hamperSum(cart, cart.bundles[0].key), 535_500);
  assert.deepEqual(bodyOf(cart).discounts, []);
});

test("a hamper gets no promotion, but can be haggled like the rest", () => {
  const ten = { id: "ten", name: "x", kind: "percent", value: 1000, starts_on: "2026-01-01", ends_on: "2027-01-01" };
  const cart = haggleBasket(withPromotions(addHamper(openCart("c", 0), TET, WITH), [ten], NOW.at), 10_000);
  const body = bodyOf(cart);
  assert.equal(body.total, 440_000);
  assert.ok(body.lines.every((line) => line.line_discounts.length === 0));
  assert.deepEqual(body.discounts.map((d) => d.amount), [85_500, 10_000]);
});

test("a hamper with a part nobody can sell is said so; hampers are found without accents", () => {
  assert.deepEqual(missingParts(TET, (id) => (id === "box" ? { ...box, price: null } : GOODS.get(id))).map((p) => p.product), ["box"]);
  assert.deepEqual(findHampers([TET], "gio tet"), [TET]);
  assert.deepEqual(findHampers([TET], ""), []);
});

const code = (digits) => digits + checkDigit(digits);
const PATTERNS = [{ mask: "21IIIIIPPPPPK", scale: 1 }, { mask: "22IIIIIWWWWWK", scale: 1 }, { mask: "23IIIIxPPPPPK", scale: 100 }];

test("a label's price and weight, by the operator's patterns", () => {
  assert.equal(checkDigit("400638133393"), "1");
  assert.deepEqual(readLabel(code("210001212345"), PATTERNS), { item: "00012", gross: 12_345 });
  assert.deepEqual(readLabel(code("220001201237"), PATTERNS), { item: "00012", grams: 1237 });
  assert.deepEqual(readLabel(code("230012901250"), PATTERNS), { item: "0012", gross: 125_000 });
});

test("what is no label: a wrong check digit, another prefix, no sum, other lengths", () => {
  const right = code("210001212345");
  assert.equal(readLabel(right.slice(0, 12) + ((Number(right[12]) + 1) % 10), PATTERNS), null);
  for (const wrong of [code("240001212345"), code("210001200000"), "21000121234", "abc"]) assert.equal(readLabel(wrong, PATTERNS), null);
  assert.equal(readLabel(right, []), null);
});

test("the number of a label finds the tile's number, with or without zeros", () => {
  const catalogue = { findByCode: (asked) => (asked === "0012" ? tea : undefined) };
  assert.equal(itemOf("00012", catalogue), tea);
  assert.equal(itemOf("00013", catalogue), undefined);
  assert.equal(itemOf("00000", catalogue), undefined);
});

test("a label's sum is the line's, its quantity follows, half up", () => {
  const meat = { ...tea, id: "meat", weighed: true, price: 185_000 };
  const cart = addProduct(openCart("c", 0), meat, { ...NOW, gross: 46_213, qty_milli: qtyOfGross(46_213, 185_000), barcode: "x" });
  const [line] = bodyOf(cart).lines;
  assert.deepEqual([line.gross, line.qty_milli, line.paid], [46_213, 250, 46_213]);
  assert.equal(qtyOfGross(500, 1_000_000), 1); // 0.5 thousandths
});

test("goods without a list: a name, a price, whose if known", () => {
  const cart = addOpen(openCart("c", 0), { name: "Rổ tre", price: 60_000, producer: null, producer_name: null, vat_bp: 0, vat_class: "direct" });
  const [line] = bodyOf(cart).lines;
  assert.deepEqual([line.product, line.name, line.producer, line.paid, line.vat_class], [null, "Rổ tre", null, 60_000, "direct"]);
});
