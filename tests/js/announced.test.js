import assert from "node:assert/strict";
import { test } from "node:test";

import { countedLines, milliOf, readTicket } from "../../static/till/announced.js";
import { vector } from "./vectors.js";

test("a delivery's code says who, what and how much, offline; any other code is none", () => {
  const { tickets, not } = vector("announced");
  for (const { id, from, lines, text } of tickets) {
    assert.deepEqual(readTicket(` ${text}\n`), { id, from, lines: lines.map(([product, qty_milli]) => ({ product, qty_milli })) });
  }
  assert.deepEqual(not.map(readTicket), not.map(() => null));
});

test("what is typed is counted; nothing where nothing came", () => {
  assert.deepEqual(["12", "1,5", " 0.25 ", "", "x", "1,2345"].map(milliOf), [12000, 1500, 250, null, null, null]);
  const ticket = { id: "d", from: "m", lines: [{ product: "a", qty_milli: 5000 }, { product: "b", qty_milli: 1000 }, { product: "c", qty_milli: 1000 }] };
  assert.deepEqual(countedLines(ticket, ["4", "0", undefined]), [{ product: "a", qty_milli: 4000 }]);
});
