import assert from "node:assert/strict";
import { test } from "node:test";

import { priceBasket } from "../../static/till/pricing.js";
import { between, seeded, vector } from "./vectors.js";

for (const { name, input, expect } of vector("basket")) {
  test(`basket: ${name}`, () => {
    const { vat: _vat, shares: _shares, ...got } = priceBasket(input);
    assert.deepEqual(got, expect);
  });
}

test("every đồng of a basket has a place", () => {
  const random = seeded(42);
  for (let i = 0; i < 2000; i++) {
    const lines = Array.from({ length: between(random, 1, 8) }, () => ({
      price: between(random, 0, 2_000_000),
      qty_milli: between(random, 1, 5000),
      vat_bp: [0, 500, 800, 1000][between(random, 0, 3)],
      discount: random() < 0.2 ? between(random, 0, 20_000) : 0,
      no_discount: random() < 0.1,
    }));
    const step = [0, 500, 1000][between(random, 0, 2)];
    const asked = between(random, 0, 100_000);
    const got = priceBasket({ lines, basket_discount: asked, cash_rounding: step });
    const shared = got.lines.reduce((sum, line) => sum + line.basket_discount, 0);
    assert.ok(shared <= asked);
    for (const line of got.lines) {
      assert.equal(line.gross - line.line_discount - line.basket_discount, line.paid);
      assert.equal(line.net + line.vat, line.paid);
      assert.ok(line.paid >= 0);
    }
    assert.equal(got.total, got.lines.reduce((sum, line) => sum + line.paid, 0));
    assert.equal(got.cash, got.total + got.cash_rounding);
    assert.ok(step === 0 ? got.cash_rounding === 0 : got.cash % step === 0);
  }
});
