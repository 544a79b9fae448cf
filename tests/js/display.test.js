import assert from "node:assert/strict";
import { test } from "node:test";

import { BEAT_MS, Display, messageOf } from "../../static/till/display.js";

const line = { name: "Chè Đinh", qty_milli: 2000, unit: "hộp", weighed: false, price: 92_500 };
const settings = { site: "Gian 01", vietqr: { bin: "970418", account: "0000000001", name: "TRANG AN", bank: "BIDV" } };
const anApp = (more = {}) => ({
  view: "sell", panel: "cart", about: {}, settings,
  desk: { cart: { lines: [], returns: [] }, totals: { total: 0, cash: 0 }, last: null },
  ...more,
});
const selling = (parts = []) => ({ cart: { lines: [line], returns: [], parts }, totals: { total: 185_000, cash: 185_000 }, last: null });

test("the customer sees goods and sums, and nothing of a person", () => {
  assert.deepEqual(messageOf(anApp()), { state: "idle", language: "vi", place: "Gian 01", sample: null });
  assert.equal(messageOf(anApp({ view: "close", desk: selling() })).state, "idle");
  const owed = { kind: "owed", amount: 60_000, customer: "c-1", note: "Cô Hoa", buyer: { name: "Cô Hoa", phone: "0912345678" } };
  const message = messageOf(anApp({ desk: selling([owed]), staff: { name: "Lan" } }));
  assert.deepEqual(message, {
    state: "cart", language: "vi", place: "Gian 01", sample: null, total: 185_000, left: 125_000,
    lines: [{ name: "Chè Đinh", qty_milli: 2000, unit: "", sum: 185_000 }],
  });
  assert.equal(/Hoa|0912|Lan/.test(JSON.stringify(message)), false);
});

test("the code on the customer's screen is the one of the till, of the part it was made for", () => {
  const { state, qr } = messageOf(anApp({ panel: "qr", about: { sum: 85_000, content: "OCOPHK03A261122001" }, desk: selling() }));
  assert.deepEqual([state, qr.sum, qr.to], ["qr", 85_000, "BIDV · 0000000001"]);
  assert.match(qr.text, /540585000.*OCOPHK03A261122001/);
});

test("change and refunds are said as what the customer gets", () => {
  const last = { id: "s", total: 185_000, due: 185_000, change: 15_000 };
  const said = (one) => { const { state, total, change } = messageOf(anApp({ panel: "change", desk: { ...selling(), last: one } })); return [state, total, change]; };
  assert.deepEqual(said(last), ["thanks", 185_000, 15_000]);
  assert.deepEqual(said({ ...last, total: -55_000, due: -55_000, change: 0 }), ["thanks", 55_000, 55_000]);
  assert.equal(said({ ...last, undone: true })[0], "cart");
});

test("it is said when it changes, when a screen asks, and as a sign of life", () => {
  const heard = [];
  const now = { ms: 0 };
  const channel = { postMessage: (message) => heard.push(message.state), onmessage: null };
  const display = new Display({ channel, tick: () => now.ms });
  const app = anApp();
  for (let i = 0; i < 5; i++) display.tell(app);
  assert.deepEqual(heard, ["idle"]);
  display.tell(anApp({ desk: selling() }));
  channel.onmessage({ data: "hello" });
  assert.deepEqual(heard, ["idle", "cart", "cart"]);
  now.ms += BEAT_MS;
  display.tell(anApp({ desk: selling() }));
  assert.equal(heard.length, 4);
  new Display({ channel: null }).tell(app); // no channel in this browser: selling goes on
});
