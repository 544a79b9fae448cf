// The receipt's proof: signed here, verified here and (tests/till/test_proof.py) by the server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { base64url, fromBase64 } from "../../static/till/ids.js";
import { keyIdOf, read, sign, verify } from "../../static/till/proof.js";

const known = JSON.parse(readFileSync(new URL("../events/proof.json", import.meta.url), "utf8"));
const { subtle } = globalThis.crypto;
const sale = "0193aaaa-0001-7000-8000-0000000000ff";

async function aKey() {
  const keys = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const jwk = await subtle.exportKey("jwk", keys.publicKey);
  return { keys, jwk, id: await keyIdOf(jwk) };
}

test("what one tablet signs another verifies", async () => {
  const { keys, jwk, id } = await aKey();
  const proof = { sale, key: id, minute: 29_400_000, lines: [{ number: 17, qty_milli: 2000, paid: 370000 }] };
  const text = await sign(proof, keys.privateKey);

  assert.deepEqual(await verify(text, [{ id, jwk }]), proof);
  assert.deepEqual(read(text), proof);
});

test("a changed byte, another key or another text is no proof", async () => {
  const { keys, jwk, id } = await aKey();
  const other = await aKey();
  const text = await sign({ sale, key: id, minute: 1, lines: [] }, keys.privateKey);
  const bytes = fromBase64(text);
  bytes[20] ^= 1;

  assert.equal(await verify(base64url(bytes), [{ id, jwk }]), null);
  assert.equal(await verify(text, [{ id, jwk: other.jwk }]), null);
  assert.equal(await verify(text, []), null);
  for (const nonsense of ["", "AAAA", "!!", text.slice(4)]) assert.equal(read(nonsense), null);
});

test("a stolen tablet's key verifies what it signed before the report, and nothing after", async () => {
  const { keys, jwk, id } = await aKey();
  const at = (minute) => sign({ sale, key: id, minute, lines: [] }, keys.privateKey);

  assert.equal((await verify(await at(29_400_000), [{ id, jwk, until: 29_400_000 }])).minute, 29_400_000);
  assert.equal(await verify(await at(29_400_001), [{ id, jwk, until: 29_400_000 }]), null);
});

test("of a long receipt the first fifteen lines are told", async () => {
  const { keys, jwk, id } = await aKey();
  const lines = Array.from({ length: 40 }, (_, n) => ({ number: n, qty_milli: 1000, paid: 5_000_000_000 }));
  const text = await sign({ sale, key: id, minute: 1, lines }, keys.privateKey);

  const proof = await verify(text, [{ id, jwk }]);
  assert.equal(proof.lines.length, 15);
  assert.equal(proof.lines[0].paid, 0xffffffff);
  assert.ok(text.length < 400);
});

test("the shared example", async () => {
  assert.equal(await keyIdOf(known.jwk), known.proof.key);
  assert.deepEqual(await verify(known.text, [{ id: known.proof.key, jwk: known.jwk }]), known.proof);
});
