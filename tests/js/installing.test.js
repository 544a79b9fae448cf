import assert from "node:assert/strict";
import { test } from "node:test";

import { checklist, install, kindOf, listenForOffer, offered, STEPS } from "../../static/till/installing.js";
import { WORDS } from "../../static/till/sentences.js";

const FIT = {
  persisted: true, installed: true, free_bytes: 1e9, refused: false, unsent: 0, unsent_ms: 0, goods: 40, goods_ms: 60_000,
  people: 2, pins: true, approvers: true, printer: true, clock_ms: 200, uncounted: false, stale: false,
};
const failing = (change) => checklist({ ...FIT, ...change }).filter(({ state }) => state !== "ok").map(({ key, state, act }) => [key, state, act ?? null]);

test("each kind of tablet has its own way, an iPad that says it is a Mac too", () => {
  assert.equal(kindOf({ userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605", maxTouchPoints: 5 }), "ios");
  assert.equal(kindOf({ userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605", maxTouchPoints: 0 }), "other");
  assert.equal(kindOf({ userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)" }), "ios");
  assert.equal(kindOf({ userAgent: "Mozilla/5.0 (Linux; Android 14; SM-X200) Chrome/130" }), "android");
  for (const names of Object.values(STEPS)) for (const name of names) assert.ok(WORDS[`step_${name}`], name);
});

test("the list names every point, the good ones too, with what a tap can mend", () => {
  assert.deepEqual(checklist(FIT).map(({ key }) => key), ["installed", "kept", "room", "goods", "people", "printer", "clock", "accepted"]);
  assert.deepEqual(failing({}), []);
  assert.deepEqual(failing({ installed: false }), [["installed", "wait", "install"]]);
  assert.deepEqual(failing({ persisted: false }), [["kept", "wait", "keep"]]);
  assert.deepEqual(failing({ persisted: null }), [["kept", "wait", "keep"]]);
  assert.deepEqual(failing({ persisted: false, installed: false, unsent: 20 }), [["installed", "wait", "install"], ["kept", "bad", "keep"]]);
  assert.deepEqual(failing({ free_bytes: 1e6 }), [["room", "bad", null]]);
  for (const [change, key] of [[{ goods: 0 }, "goods"], [{ goods_ms: 25 * 3600_000 }, "goods"], [{ pins: false }, "people"], [{ approvers: false }, "people"],
    [{ printer: false }, "printer"], [{ clock_ms: -400_000 }, "clock"], [{ refused: true }, "accepted"]]) {
    assert.deepEqual(failing(change), [[key, "wait", null]]);
  }
  for (const { key } of checklist(FIT)) assert.ok(WORDS[`check_${key}`] && WORDS[`check_${key}_why`], key);
});

test("the browser's offer is kept until a person taps, and asked once", async () => {
  const where = new EventTarget();
  let drawn = 0;
  listenForOffer(where, () => { drawn += 1; });
  assert.deepEqual([offered(), await install()], [false, false]);
  const offer = (outcome) => Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt: async () => {}, userChoice: Promise.resolve({ outcome }) });
  const first = offer("accepted");
  where.dispatchEvent(first);
  assert.deepEqual([first.defaultPrevented, offered(), await install(), offered()], [true, true, true, false]);
  where.dispatchEvent(offer("dismissed"));
  assert.equal(await install(), false);
  where.dispatchEvent(offer("accepted"));
  where.dispatchEvent(new Event("appinstalled"));
  assert.deepEqual([offered(), drawn], [false, 4]);
});
