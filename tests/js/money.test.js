import assert from "node:assert/strict";
import { test } from "node:test";

import {
  allocate, brief, cashPart, cumulative, fundersOf, netOfVat, notesFor, part, partLine, pct, qty, quickCash, vnd,
} from "../../static/till/money.js";
import { between, seeded, vector } from "./vectors.js";

const golden = vector("rounding");
const each = (rows, check) => rows.forEach((row, i) => check(row, `row ${i}`));
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

test("pct rounds half away from zero", () =>
  each(golden.pct, ({ amount, bp, expect }, row) => assert.equal(pct(amount, bp), expect, row)));

test("net_of_vat takes VAT out of a price that includes it", () =>
  each(golden.net_of_vat, ({ gross, bp, net, vat }, row) => assert.deepEqual(netOfVat(gross, bp), { net, vat }, row)));

test("allocate gives the largest remainders first", () =>
  each(golden.allocate, ({ total, weights, expect }, row) => assert.deepEqual(allocate(total, weights), expect, row)));

test("cumulative rounds the prefix", () =>
  each(golden.cumulative, ({ parts, num, den, expect }, row) =>
    assert.deepEqual(cumulative(parts, num, den), expect, row)));

test("funders split a discount's shares", () =>
  each(golden.funders, ({ shares, producers_bp, organizer_bp, expect }, row) =>
    assert.deepEqual(fundersOf(shares, producers_bp, organizer_bp), expect, row)));

test("part returns sum to the whole", () =>
  each(golden.part, ({ total, whole, returns, expect }, row) => {
    let before = 0;
    const got = returns.map((now) => {
      const own = part(total, whole, before, now);
      before += now;
      return own;
    });
    assert.deepEqual(got, expect, row);
  }));

test("a part of a line derives what is derived", () =>
  each(golden.part_line, ({ sold, qty_milli, returns_milli, expect }, row) => {
    let before = 0;
    const got = returns_milli.map((now) => {
      const own = partLine(sold, qty_milli, before, now);
      before += now;
      return own;
    });
    assert.deepEqual(got, expect, row);
  }));

test("cash is rounded down in size", () =>
  each(golden.cash_part, ({ amount, step, rounded, cash_rounding }, row) =>
    assert.deepEqual(cashPart(amount, step), { rounded, cash_rounding }, row)));

test("quick cash offers what a hand holds", () => {
  each(golden.quick_cash, ({ due, expect }, row) => assert.deepEqual(quickCash(due), expect, row));
  assert.deepEqual(quickCash(0), []);
  assert.deepEqual(quickCash(-500), []);
});

test("sharing loses no đồng and never gives to a weight of 0", () => {
  const random = seeded(20261122);
  for (let i = 0; i < 3000; i++) {
    const weights = Array.from({ length: between(random, 1, 12) }, () =>
      random() < 0.2 ? 0 : between(random, 1, 5_000_000));
    if (!sum(weights)) weights[0] = 1;
    const total = between(random, -9_000_000, 9_000_000);
    const shares = allocate(total, weights);
    assert.equal(sum(shares), total);
    shares.forEach((share, line) => {
      if (!weights[line]) assert.equal(share, 0);
      assert.ok(Math.abs(share - (total * weights[line]) / sum(weights)) < 1);
    });
    assert.deepEqual(allocate(-total, weights).map((s) => s || 0), shares.map((s) => -s || 0));
  }
});

test("part returns in any cut and order give back the line to the đồng", () => {
  const random = seeded(7);
  for (let i = 0; i < 2000; i++) {
    const whole = between(random, 1, 9) * 1000;
    const total = between(random, 0, 3_000_000);
    let before = 0;
    let given = 0;
    while (before < whole) {
      const now = Math.min(between(random, 1, whole), whole - before);
      given += part(total, whole, before, now);
      before += now;
    }
    assert.equal(given, total);
  }
});

test("a refund in cash is the exact negative of its sale", () => {
  const random = seeded(11);
  for (let i = 0; i < 2000; i++) {
    const amount = between(random, 0, 9_999_999);
    for (const step of [0, 500, 1000]) {
      const sold = cashPart(amount, step);
      const back = cashPart(-amount, step);
      assert.equal(sold.rounded + back.rounded, 0);
      assert.equal(sold.cash_rounding + back.cash_rounding, 0);
      assert.equal(sold.rounded, amount + sold.cash_rounding);
      assert.ok(!Object.is(back.rounded, -0) && !Object.is(back.cash_rounding, -0));
    }
  }
});

test("the same rounding as net + vat, line by line", () => {
  const random = seeded(3);
  for (let i = 0; i < 2000; i++) {
    const gross = between(random, -9_999_999, 9_999_999);
    const { net, vat } = netOfVat(gross, [0, 500, 800, 1000][between(random, 0, 3)]);
    assert.equal(net + vat, gross);
    assert.ok(gross >= 0 ? vat >= 0 : vat <= 0);
  }
});

test("figures are written the Vietnamese way", () => {
  assert.equal(vnd(1234567), "1.234.567");
  assert.equal(vnd(-5000), "\u22125.000");
  assert.equal(vnd(0), "0");
  assert.equal(brief(200000), "200k");
  assert.equal(brief(1250000), "1.250k");
  assert.equal(brief(185500), "185.500");
  assert.equal(qty(350), "0,35");
  assert.equal(qty(2000), "2");
  assert.equal(qty(1237), "1,237");
});

test("notes for change, largest first", () => {
  assert.deepEqual(notesFor(15000), { notes: [10000, 5000], left: 0 });
  assert.deepEqual(notesFor(315500), { notes: [200000, 100000, 10000, 5000], left: 500 });
});
