import assert from "node:assert/strict";
import { test } from "node:test";

import { approved, approversOf, covers, mayAlone } from "../../static/till/approval.js";
import { FREE_TRIES, Lockout, Typing, waitAfter } from "../../static/till/lockout.js";
import { Page } from "../../static/till/page.js";
import { Memory } from "./memory.js";

const LAN = { id: "lan", pin: "482913", limits: { discount_bp: 500, refund: 200_000, return_without_receipt: false, approve: false } };
const MAI = { id: "mai", pin: "7351", limits: { discount_bp: 3000, refund: 2_000_000, return_without_receipt: true, approve: true } };

function aLockout(store = new Memory(), now = { ms: 1_000_000 }) {
  return { store, now, lockout: new Lockout({ store, device: "d1", clock: { device: () => now.ms } }) };
}

const fits = async (typed, pin) => typed === pin;

test("limits cover a need, each member by its kind", () => {
  assert.ok(covers(MAI.limits, { discount_bp: 3000 }) && !covers(MAI.limits, { discount_bp: 3001 }));
  assert.ok(covers(MAI.limits, { return_without_receipt: true }) && !covers(LAN.limits, { return_without_receipt: true }));
  assert.ok(covers(LAN.limits, {}) && !covers(undefined, { refund: 1 }));
  assert.ok(mayAlone(LAN, { discount_bp: 500 }) && !mayAlone(null, {}));
});

test("who may approve: the right, a PIN, a limit high enough, nobody of a producer", () => {
  const niece = { ...MAI, id: "niece", producer: "p1" };
  const noPin = { ...MAI, id: "no-pin", pin: null };
  const staff = [LAN, MAI, niece, noPin];
  assert.deepEqual(approversOf(staff, { discount_bp: 2000 }).map((p) => p.id), ["mai"]);
  assert.deepEqual(approversOf(staff, { discount_bp: 4000 }), []);
  assert.deepEqual(approversOf(staff).map((p) => p.id), ["mai"]);
});

test("an approval is one action and one amount, as the event keeps it", () => {
  const given = approved({ action: "discount", amount: 30_000, need: { discount_bp: 900 } }, "mai", Date.parse("2026-11-22T03:00:00Z"), true);
  assert.deepEqual(given, { action: "discount", amount: 30_000, staff: "mai", at: "2026-11-22T03:00:00.000Z", offline: true });
});

test("a dialog that goes without an answer answers null, and only once", async () => {
  const page = new Page(() => {});
  const first = page.ask("approve", { n: 1 });
  page.back();
  assert.equal(await first, null);
  const second = page.ask("approve", { n: 2 });
  page.go("who");
  assert.equal(await second, null);
  const third = page.ask("approve", { n: 3 });
  page.answer("yes");
  page.answer("no");
  assert.equal(await third, "yes");
  assert.deepEqual([page.dialog, page.question], [null, null]);
});

test("a wait doubles from the fifth wrong PIN on, and has an end", () => {
  assert.deepEqual([0, 4, 5, 6, 7, 30].map(waitAfter), [0, 0, 60_000, 120_000, 240_000, 1_800_000]);
});

test("wrong PINs lock a person out, also after a restart, and a right one forgets them", async () => {
  const { store, now, lockout } = aLockout();
  const typing = new Typing({ lockout, person: MAI, fits });
  for (let n = 0; n < FREE_TRIES; n++) {
    for (const digit of "1111") assert.equal(await typing.type(digit), false);
    assert.equal(await typing.enter(), false);
    assert.equal(typing.wrong, n + 1);
  }
  assert.equal(typing.wait, 60_000);
  for (const digit of MAI.pin) assert.equal(await typing.type(digit), false); // right, but too late
  const again = aLockout(store, now).lockout;
  assert.equal(await again.left("mai"), 60_000);
  assert.equal(await again.left("lan"), 0);
  now.ms += 60_000;
  const later = new Typing({ lockout: again, person: MAI, fits });
  const said = [];
  for (const digit of MAI.pin) said.push(await later.type(digit));
  assert.deepEqual(said, [false, false, false, true]);
  assert.equal(await store.meta("pin|d1|mai"), null);
});

test("one typing is one try, however long the PIN is; taking digits back begins another", async () => {
  const { store, lockout } = aLockout();
  const typing = new Typing({ lockout, person: LAN, fits });
  for (const digit of "48291") assert.equal(await typing.type(digit), false);
  assert.equal((await store.meta("pin|d1|lan")).wrong, 1);
  assert.equal(await typing.type("3"), true);
  for (const key of ["del", "del", "del", "del"]) await typing.type(key);
  for (const digit of "48") await typing.type(digit);
  assert.equal((await store.meta("pin|d1|lan")).wrong, 1);
});

test("a try is written down before it is checked", async () => {
  const { store, lockout } = aLockout();
  let seen = null;
  const typing = new Typing({ lockout, person: LAN, fits: async () => { seen = (await store.meta("pin|d1|lan")).wrong; return false; } });
  for (const digit of "1111") await typing.type(digit);
  assert.equal(seen, 1);
});

test("a clock set back does not lengthen a wait", async () => {
  const { now, lockout } = aLockout();
  for (let n = 0; n < 5; n++) await lockout.tried("mai");
  now.ms -= 5 * 3600_000;
  assert.equal(await lockout.left("mai"), 60_000);
});
