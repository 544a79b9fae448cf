import assert from "node:assert/strict";
import { test } from "node:test";

import { addProduct, openCart, saleBody, tendersOf, totalsOf } from "../../static/till/cart.js";
import {
  haggleBasket, haggled, haggleLine, needOf, reducible, settleAt, termsOn, withPromotions,
} from "../../static/till/discounts.js";
import { between, seeded, vector } from "./vectors.js";

const NOW = { at: Date.parse("2026-11-22T03:00:00Z"), day: "2026-11-22" };
const TERMS = { discount_producer_bp: 4000, discount_max_bp: 1000 };
const tea = { id: "tea", name: "Chè", price: 185_000, vat_bp: 800, producer: "p1", group: "g1" };
const honey = { id: "honey", name: "Mật ong", price: 125_500, vat_bp: 800, producer: "p2", group: "g2" };
const bowl = { id: "bowl", name: "Bát", price: 89_000, vat_bp: 800, producer: "p1" };
const spirit = { id: "spirit", name: "Rượu nếp 35°", price: 250_000, vat_bp: 1000, producer: "p2", alcohol_bp: 3500 };
const ids = () => {
  let n = 0;
  return () => `id-${++n}`;
};
const cartOf = (...goods) => goods.reduce((cart, [product, how]) => addProduct(cart, product, { ...NOW, ...how }), openCart("c1", NOW.at));
const bodyOf = (cart) => {
  const { total } = totalsOf(cart, 0);
  const paid = tendersOf(total, 0, { cash: { received: null } }, ids());
  return saleBody(cart, paid, { receipt_no: "n", seller: null, language: "vi" }, ids());
};

/** What the server checks of every line (pos/till/rules/tickets.py). */
function addsUp(body) {
  body.lines.forEach((line, i) => {
    const own = line.line_discounts.reduce((sum, d) => sum + d.amount, 0);
    const shared = body.discounts.reduce((sum, d) => sum + d.shares[i], 0);
    assert.equal(shared, line.basket_discount);
    assert.equal(line.paid, line.gross - own - shared);
    assert.ok(line.paid >= 0);
  });
  for (const d of [...body.discounts, ...body.lines.flatMap((line) => line.line_discounts)]) {
    assert.equal(d.funders.reduce((sum, f) => sum + f.bp, 0), 10_000);
  }
  for (const d of body.discounts) assert.equal(d.amount, d.shares.reduce((sum, share) => sum + share, 0));
  assert.equal(body.total, body.lines.reduce((sum, line) => sum + line.paid, 0));
}

test("the contract's discounted sale, made by haggling", () => {
  const sold = vector("events").log.find(({ event }) => event.body.discounts?.length).event.body;
  const products = vector("events").setup.products;
  const goods = sold.lines.map((line) => [{ ...products.find((p) => p.id === line.product), stars: line.stars }, { qty_milli: line.qty_milli }]);
  const body = bodyOf(haggleBasket(cartOf(...goods), 50_000));
  assert.deepEqual(body.discounts[0].shares, sold.discounts[0].shares);
  assert.deepEqual(body.lines.map((line) => line.paid), sold.lines.map((line) => line.paid));
  assert.deepEqual(body.discounts[0].funders, sold.discounts[0].funders);
});

test("strong alcohol takes no share, of a line or of the basket", () => {
  let cart = haggleBasket(cartOf([tea], [spirit]), 20_000);
  cart = haggleLine(cart, 2, 10_000);
  const body = bodyOf(cart);
  assert.deepEqual(body.discounts.map((d) => d.shares), [[20_000, 0]]);
  assert.deepEqual([body.lines[1].paid, body.lines[1].line_discounts], [250_000, []]);
  assert.equal(reducible(cartOf([spirit]), null), 0);
  assert.equal(haggleBasket(cartOf([spirit]), 5_000).bot, 0);
});

test("each producer bears what its agreement says: one entry per way of paying", () => {
  const cart = haggleBasket(cartOf([tea, { terms: TERMS }], [honey], [bowl, { terms: TERMS }]), 30_000);
  const body = bodyOf(cart);
  addsUp(body);
  assert.deepEqual(body.discounts.map((d) => d.funders), [
    [{ who: "producer", bp: 4000 }, { who: "operator", bp: 6000 }], [{ who: "operator", bp: 10_000 }],
  ]);
  assert.deepEqual(body.discounts.map((d) => d.shares.map((share) => share > 0)), [[true, false, true], [false, true, false]]);
});

test("beyond the agreement's limit the operator pays all of it", () => {
  const cart = haggleLine(cartOf([tea, { terms: TERMS }]), 1, 18_500);
  assert.deepEqual(bodyOf(cart).lines[0].line_discounts[0].funders, [{ who: "producer", bp: 4000 }, { who: "operator", bp: 6000 }]);
  const more = haggleLine(cart, 1, 18_501);
  assert.deepEqual(bodyOf(more).lines[0].line_discounts[0].funders, [{ who: "operator", bp: 10_000 }]);
});

test("chốt tổng: the total is the one agreed on, also over line discounts and returns", () => {
  let cart = haggleLine(cartOf([tea], [honey]), 1, 5_000);
  cart = { ...cart, returns: [{ sale: "s", line: 1, product: "x", name: "x", qty_milli: 1000, paid: 20_000, disposition: "shelf" }] };
  assert.equal(totalsOf(settleAt(cart, 280_000), 0).total, 280_000);
  assert.equal(settleAt(cart, 999_999).bot, 0);
  assert.equal(totalsOf(settleAt(cart, 1), 0).total, 1);
});

test("a producer's people reduce only their own lines", () => {
  const cart = haggleBasket(cartOf([tea], [honey]), 20_000, "p2");
  assert.deepEqual(bodyOf(cart).discounts.map((d) => d.shares), [[0, 20_000]]);
  assert.equal(haggleBasket(cart, 999_999, "p2").bot, 125_500);
});

test("what was taken off is measured on the basket's gross, rounded against the cashier", () => {
  const cart = haggleBasket(cartOf([tea], [spirit]), 20_000);
  assert.deepEqual(haggled(cart), { basket: 20_000, amount: 20_000, gross: 435_000 });
  assert.deepEqual(needOf(haggled(cart)), { discount_bp: 460 });
  assert.deepEqual(needOf({ amount: 0, gross: 0 }), { discount_bp: 0 });
});

test("the agreement in force on the day, not one that comes", () => {
  const all = [
    { producer: "p1", from: "2026-01-01", discount_producer_bp: 1, discount_max_bp: 1 },
    { producer: "p1", from: "2026-11-22", discount_producer_bp: 2, discount_max_bp: 2 },
    { producer: "p1", from: "2026-11-23", discount_producer_bp: 3, discount_max_bp: 3 },
  ];
  assert.deepEqual(termsOn(all, "p1", "2026-11-22"), { discount_producer_bp: 2, discount_max_bp: 2 });
  assert.equal(termsOn(all, "p9", "2026-11-22"), null);
});

test("any basket adds up: promotions, haggling on lines and on the basket, labels, strong drinks", () => {
  const random = seeded(7);
  const promotions = [
    { id: "a", name: "A", kind: "percent", value: 1500, producer_bp: 5000, starts_on: "2026-01-01", ends_on: "2027-01-01" },
    { id: "b", name: "B", kind: "x_get_y", value: 2, get: 1, starts_on: "2026-01-01", ends_on: "2027-01-01" },
  ];
  for (let i = 0; i < 500; i++) {
    let cart = openCart("c", NOW.at);
    for (let n = between(random, 1, 6); n > 0; n--) {
      const product = { ...tea, id: `p${n}`, producer: `m${n % 3}`, price: between(random, 1, 400_000), alcohol_bp: random() < 0.2 ? 4000 : 0 };
      const gross = random() < 0.2 ? between(random, 1, 90_000) : undefined;
      cart = addProduct(cart, product, { ...NOW, qty_milli: between(random, 1, 5) * 1000, gross, terms: random() < 0.5 ? TERMS : null });
    }
    cart = withPromotions(cart, promotions, NOW.at);
    cart = haggleLine(cart, between(random, 1, 6), between(random, 0, 500_000));
    cart = haggleBasket(cart, between(random, 0, 300_000));
    const body = bodyOf(cart);
    addsUp(body);
    for (const [n, line] of cart.lines.entries()) {
      if (line.alcohol_bp >= 1500) assert.equal(body.lines[n].paid, body.lines[n].gross);
    }
  }
});
