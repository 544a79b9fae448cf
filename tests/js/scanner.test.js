import assert from "node:assert/strict";
import { test } from "node:test";

import { charOf, Gatherer } from "../../static/till/scanner.js";

const digit = (d) => ({ key: d, code: `Digit${d}`, shift: false });
const ENTER = { key: "Enter", code: "Enter", shift: false };

/** Feed a text at a pace. */
function type(gatherer, text, gap, from = 0, of = digit) {
  let at = from;
  let code = null;
  for (const char of text) {
    code = gatherer.feed({ ...of(char), at }) ?? code;
    at += gap;
  }
  return { at, code };
}

test("a fast burst ended by Enter is a code", () => {
  const gatherer = new Gatherer();
  const { at, code } = type(gatherer, "8938505974196", 8);
  assert.equal(code, null);
  assert.ok(gatherer.isBurst);
  assert.equal(gatherer.feed({ ...ENTER, at }), "8938505974196");
  assert.equal(gatherer.length, 0);
});

test("a hand is not a scanner", () => {
  const gatherer = new Gatherer();
  const { at } = type(gatherer, "8938505974196", 120);
  assert.equal(gatherer.isBurst, false);
  assert.equal(gatherer.feed({ ...ENTER, at }), null);
});

test("two codes in a row do not run together", () => {
  const gatherer = new Gatherer();
  const first = type(gatherer, "8938505974196", 8);
  assert.equal(gatherer.feed({ ...ENTER, at: first.at }), "8938505974196");
  const second = type(gatherer, "8934567890123", 8, first.at + 5);
  assert.equal(gatherer.feed({ ...ENTER, at: second.at }), "8934567890123");
});

test("without Enter, silence ends a long run of digits only", () => {
  const gatherer = new Gatherer();
  type(gatherer, "8938505974196", 8);
  assert.equal(gatherer.silence(), "8938505974196");
  type(gatherer, "893850", 8, 1000);
  assert.equal(gatherer.silence(), null);
});

test("Telex and VNI cannot change a code", () => {
  // VNI turns 8938505 into tone marks; the key says "Process", the code is still the digit's.
  const vni = (d) => ({ key: "Process", code: `Digit${d}`, shift: false });
  const gatherer = new Gatherer();
  const { at } = type(gatherer, "8938505974196", 8, 0, vni);
  assert.equal(gatherer.feed({ ...ENTER, at }), "8938505974196");
  assert.equal(charOf({ key: "ư", code: "KeyW", shift: false }), "w");
  assert.equal(charOf({ key: "Process", code: "KeyA", shift: true }), "A");
  assert.equal(charOf({ key: "5", code: "Numpad5", shift: false }), "5");
  assert.equal(charOf({ key: "Shift", code: "ShiftLeft", shift: true }), "");
});
