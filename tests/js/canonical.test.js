import assert from "node:assert/strict";
import { test } from "node:test";

import { canonical, FIRST_PREV, hashedText, hashOf, nfc, NotCanonical } from "../../static/till/canonical.js";
import { vector } from "./vectors.js";

const golden = vector("events");

for (const { event, canonical: text, hash } of golden.log) {
  test(`event ${event.seq} (${event.kind}): bytes and hash`, async () => {
    assert.equal(hashedText(event), text);
    assert.equal(await hashOf(event), hash);
    assert.equal(await hashOf({ ...event, private: { buyer: "Lan" } }), hash);
  });
}

test("the log is a chain", () => {
  golden.log.reduce((prev, { event }) => {
    assert.equal(event.prev, prev);
    return event.hash;
  }, FIRST_PREV);
});

test("integer-like keys sort as text", () => {
  assert.equal(canonical({ 50000: 4, 100000: 3, 9: 1, a: 0 }), '{"100000":3,"50000":4,"9":1,"a":0}');
});

test("control characters as JSON writes them, the rest as it is", () => {
  assert.equal(canonical('a"\\\b\n\u0001\u007fđ€😀'), '"a\\"\\\\\\b\\n\\u0001\u007fđ€😀"');
});

test("what the contract refuses is refused here", () => {
  for (const value of [1.5, -0, NaN, Infinity, 2 ** 53, "\u0000", "\ud800", () => 1, Symbol("a"), 1n]) {
    assert.throws(() => canonical({ a: [value] }), NotCanonical, String(value));
  }
  assert.throws(() => canonical({ đ: 1 }), NotCanonical);
  assert.throws(() => canonical(Array.from({ length: 16 }).reduce((inner) => [inner], [1])), NotCanonical);
  assert.ok(canonical(Array.from({ length: 15 }).reduce((inner) => [inner], [1])));
});

test("an event over 64 KiB is refused", async () => {
  await assert.rejects(hashOf({ a: "đ".repeat(40_000) }), NotCanonical);
});

test("text becomes NFC, undefined disappears", () => {
  assert.deepEqual(nfc({ a: "Che\u0300", b: undefined, c: [{ d: "ô" }] }), { a: "Chè", c: [{ d: "ô" }] });
});
