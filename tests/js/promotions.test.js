import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { promote } from "../../static/till/promotions.js";

const CASES = JSON.parse(readFileSync(new URL("../till/promotions.json", import.meta.url), "utf8"));

for (const { name, promotions, lines, at, expect } of CASES) {
  test(`promotion: ${name}`, () => {
    const got = promote(promotions, lines, Date.parse(at));
    assert.deepEqual(got.map((one) => one && { amount: one.amount, promotion: one.promotion, funders: one.funders }), expect);
  });
}
