import assert from "node:assert/strict";
import { test } from "node:test";

import { codesOf, fileOf, Gatherer, keepRelay, parcels, seal, sendRelays, shouldPropose } from "../../static/till/rescue.js";
import { Memory } from "./memory.js";

const DEVICE = "01939393-0000-7000-8000-000000000001";
const pair = () => crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
const events = (n) => Array.from({ length: n }, (_, i) => ({ id: `e${i}`, seq: i + 1, hash: `${Math.random()}${Math.random()}`, body: { name: "Chè" } }));
const keyOf = async () => crypto.subtle.exportKey("jwk", (await pair()).publicKey);

test("the same events are sealed differently each time, and nothing of them can be read", async () => {
  const key = await keyOf();
  const [a, b] = [await seal(key, DEVICE, events(3)), await seal(key, DEVICE, events(3))];
  assert.notEqual(a, b);
  assert.match(a, /^[\w-]+$/);
  assert.ok(!atob(a.replaceAll("-", "+").replaceAll("_", "/")).includes("Ch"));
});

test("a run of codes may be read in any order, doubled and mixed with another", async () => {
  const key = await keyOf();
  const one = { device: DEVICE, cipher: await seal(key, DEVICE, events(40)) };
  const two = { device: DEVICE, cipher: await seal(key, DEVICE, events(30)) };
  const texts = [...codesOf(one), ...codesOf(two)];
  assert.ok(texts.length > 4);
  assert.ok(texts.every((text) => text.length < 720));
  const gatherer = new Gatherer();
  const seen = [];
  for (const text of [...texts].reverse().flatMap((text) => [text, "8934567890123", text])) {
    const told = gatherer.take(text);
    if (told?.whole && !seen.some((whole) => whole.cipher === told.whole.cipher)) seen.push(told.whole);
  }
  assert.deepEqual(seen, [two, one]);
  for (const no of ["", "OCOPR1/abc", `OCOPR1/abcdefgh/3/2/${DEVICE}/x`, `OCOPR1/abcdefgh/0/2/${DEVICE}/x`]) {
    assert.equal(gatherer.take(no), null);
  }
});

test("everything that waits goes into parcels, nothing leaves the log", async () => {
  const store = new Memory();
  for (const event of events(320)) store.rows.set(event.id, { device: DEVICE, seq: event.seq, id: event.id, event, waiting: DEVICE });
  const made = await parcels(store, await keyOf(), DEVICE);
  assert.equal(made.length, 3);
  assert.equal((await store.unsent()).events, 320);
  assert.deepEqual(JSON.parse(fileOf(made, "HK03A", 0)).parcels, made);
});

test("a neighbour keeps parcels until the server has them", async () => {
  const store = new Memory();
  const parcel = (n) => ({ device: DEVICE, cipher: `c${n}` });
  for (const n of [1, 2, 3, 2, 1]) await keepRelay(store, parcel(n));
  const offline = async () => { throw new TypeError("no network"); };
  assert.deepEqual(await sendRelays(store, offline), { taken: 0, refused: [], left: 3 });
  const portal = async () => ({ status: 200, body: {} });
  assert.deepEqual(await sendRelays(store, portal), { taken: 0, refused: [], left: 3 });
  const answer = async ({ cipher }) => cipher === "c2" ? { status: 400, body: { error: "rescue.not_opened" } }
    : cipher === "c3" ? { status: 503, body: {} } : { status: 200, body: { results: [{}, {}], received_through: 2 } };
  assert.deepEqual(await sendRelays(store, answer), { taken: 2, refused: [{ error: "rescue.not_opened" }], left: 1 });
  assert.deepEqual(await store.meta("relay"), [parcel(3)]);
});

test("proposed at twenty events or two hours", () => {
  assert.equal(shouldPropose({ events: 0, oldest_at: null }, 1e12), false);
  assert.equal(shouldPropose({ events: 19, oldest_at: 1e12 - 7_199_999 }, 1e12), false);
  assert.equal(shouldPropose({ events: 20, oldest_at: 1e12 }, 1e12), true);
  assert.equal(shouldPropose({ events: 1, oldest_at: 1e12 - 7_200_000 }, 1e12), true);
});
