import assert from "node:assert/strict";
import { test } from "node:test";

import { crc16, transferContent, vietqr } from "../../static/till/vietqr.js";
import { vector } from "./vectors.js";

const golden = vector("vietqr");

for (const { id, payload, ...asked } of golden.valid) {
  test(`vietqr: ${id}`, () => {
    const { bin, account, amount, bill, reference, purpose, service } = asked;
    assert.equal(vietqr({ bin, account, amount, bill, reference, purpose, service }), payload);
    assert.equal(payload.slice(6, 12), `0102${asked.init}`);
  });
}

test("the checksum of a damaged code differs", () => {
  for (const { payload } of golden.invalid) assert.notEqual(crc16(payload.slice(0, -4)), payload.slice(-4));
});

test("checksums of the standard", () => {
  assert.equal(crc16("123456789"), "29B1");
  assert.equal(crc16("00"), "2EC9");
  assert.equal(crc16("01"), "3EE8");
});

test("nonsense is refused, not cut", () => {
  const good = { bin: "970403", account: "0011012345678", amount: 1000 };
  for (const bad of [{ bin: "97040" }, { account: "" }, { amount: 0 }, { amount: 1.5 }, { purpose: "a".repeat(100) }, { purpose: "茶" }]) {
    assert.throws(() => vietqr({ ...good, ...bad }), RangeError);
  }
});

test("a transfer's content is short, plain and of one sale", () => {
  assert.equal(transferContent("HK03A", "2026-11-22", 7), "OCOPHK03A261122007");
  const long = transferContent("Gian hàng-Hồ Gươm-07B", "2026-11-22", 1234);
  assert.match(long, /^OCOP[0-9A-Z]{1,21}$/);
  assert.ok(long.length <= 25 && long.endsWith("2611221234"));
});
