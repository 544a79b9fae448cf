import assert from "node:assert/strict";
import { test } from "node:test";

import { checkFits, cleaned, digestOf, isCode, mayAsk, plainCode, requestOf, wrongIn } from "../../static/till/buyer.js";

const BUYER = { name: "Cty Lụa", code: "0314409058002", address: "1 Hàng Bồ", email: "a@b.vn" };

test("codes of the tax office fit, others do not", () => {
  for (const code of ["0100233488", "0314409058-002", "0101243150", "0100109106", "0102154778", "0106026495", "0312533500", "0317493763", "001099012345"]) {
    const bare = plainCode(code);
    assert.deepEqual([isCode(bare), checkFits(bare)], [true, true], code);
  }
  for (const code of ["0100233480", "0123456789", "0312345678", "0101245171", "0100000050"]) assert.deepEqual([isCode(code), checkFits(code)], [true, false], code);
  for (const code of ["01002334880", "", "12345", "0314409058000", "MST0100233"]) assert.equal(isCode(plainCode(code)), false, code);
});

test("what is wrong stands beside its field; a doubtful code sent again is taken", () => {
  assert.deepEqual(wrongIn(BUYER, ""), {});
  assert.deepEqual(wrongIn({ name: " ", code: "12", address: "", email: "lan" }, ""), { name: "buyer_needed", code: "buyer_code_wrong", address: "buyer_needed", email: "buyer_email_wrong" });
  assert.deepEqual(wrongIn({ ...BUYER, code: "0100233480" }, ""), { code: "buyer_check" });
  assert.deepEqual(wrongIn({ ...BUYER, code: "0100 233 480" }, "0100233480"), {});
});

test("the digest is the server's, and salted", async () => {
  assert.equal(await digestOf(BUYER, "00".repeat(16)), "4e319ff9d41882ff2c902657dda7b9c1343c5d0bf9700a3591a216096904fdd7");
  const one = await requestOf("s1", BUYER);
  const two = await requestOf("s1", BUYER);
  assert.notEqual(one.body.buyer_sha256, two.body.buyer_sha256);
  assert.deepEqual(Object.keys(one.body), ["sale", "buyer_sha256"]);
  assert.equal(await digestOf(one.private.buyer, one.private.salt), one.body.buyer_sha256);
});

test("blanks and forms of letters are tidied before they are sealed", () => {
  assert.deepEqual(cleaned({ name: "  Cty   Lụa".normalize("NFD"), code: " 0314409058-002", address: "1\tHàng  Bồ", email: " a@b.vn " }), BUYER);
});

test("until the end of the business day in Hanoi", () => {
  assert.equal(mayAsk("2026-11-22", Date.parse("2026-11-22T16:59:59Z")), true);
  assert.equal(mayAsk("2026-11-22", Date.parse("2026-11-22T17:00:00Z")), false);
});
