import assert from "node:assert/strict";
import { test } from "node:test";

import { LIFE_MS, Relay } from "../../static/till/relay.js";
import { keyInHash, SILENT_MS, Watcher } from "../../static/till/watching.js";

const settings = { site: "Gian 01" };
const line = (name) => ({ name, qty_milli: 1000, unit: "hộp", weighed: false, price: 92_500 });
const anApp = (...names) => ({
  view: "sell", panel: "cart", about: {}, settings,
  desk: { cart: { lines: names.map(line), returns: [] }, totals: { total: 92_500, cash: 92_500 }, last: null },
});

/** The server's one row for this till, as `pos/tablet/display_views.py` keeps it. */
class Server {
  row = null;
  up = true;
  watched = true;
  keys = 0;
  said = [];
  now = { ms: 0 };

  call = async (method, body) => {
    if (!this.up) throw new TypeError("not reached");
    if (method === "POST") this.row = { key: `key-of-sixteen-${++this.keys}`, n: 0, message: null, at: null };
    if (method === "DELETE") this.row = null;
    if (method !== "PUT") return { status: this.row ? 200 : 204, body: this.row && { key: this.row.key } };
    if (!this.row) return { status: 404, body: { error: "display.ended" } };
    if (JSON.stringify(body) !== JSON.stringify(this.row.message)) this.row.n += 1;
    Object.assign(this.row, { message: body, at: this.now.ms });
    this.said.push(body.lines?.at(-1).name ?? body.state);
    return { status: 200, body: { watched: this.watched } };
  };

  ask = (key) => async (since) => {
    if (!this.up) throw new TypeError("not reached");
    if (this.row?.key !== key) return { status: 401, body: {} };
    const { n, message, at } = this.row;
    return { status: 200, body: { n, age_ms: at === null ? null : this.now.ms - at, message: n === since ? null : message } };
  };
}

function aTill() {
  const server = new Server();
  const kept = new Map();
  const store = {
    meta: async (key) => kept.get(key), setMeta: async (key, value) => void kept.set(key, value), dropMeta: async (key) => void kept.delete(key),
  };
  const open = () => new Relay({ store, call: server.call, device: "d", tick: () => server.now.ms });
  const heard = [];
  const watch = (key) => new Watcher({ ask: server.ask(key), hear: ({ state, lines }) => heard.push(lines?.at(-1).name ?? state), tick: () => server.now.ms });
  return { server, open, kept, heard, watch, later: (ms) => { server.now.ms += ms; } };
}

test("a change goes out at once, the same again only as a sign of life, and nothing without a pairing", async () => {
  const { server, open, later } = aTill();
  const relay = open();
  await relay.tell(anApp("Chè"));
  assert.equal(await relay.pair(), true);
  for (const [ms, app] of [[0, anApp()], [100, anApp("Chè")], [700, anApp("Chè")], [1000, anApp("Chè")], [1000, anApp("Mật")], [LIFE_MS, anApp("Mật")]]) {
    later(ms);
    await relay.tell(app);
  }
  assert.deepEqual(server.said, ["idle", "Chè", "Mật", "Mật"]);
});

test("without a network the till asks less and less, and the last word goes out when it is back", async () => {
  const { server, open, later } = aTill();
  const relay = open();
  await relay.pair();
  server.up = false;
  let tries = 0;
  const counted = new Relay({
    store: { meta: async () => "k", setMeta: async () => {}, dropMeta: async () => {} }, device: "d", tick: () => server.now.ms,
    call: async () => { tries += 1; throw new TypeError("not reached"); },
  });
  await counted.load();
  for (let s = 0; s < 120; s++) {
    later(1000);
    await counted.tell(anApp(`món ${s}`));
  }
  assert.ok(tries < 10, `${tries} tries in two minutes`);
  assert.deepEqual([counted.reached, counted.key], [false, "k"]);
  await relay.tell(anApp("Chè"));
  server.up = true;
  later(5_000);
  await relay.tell(anApp("Mật"));
  assert.deepEqual([server.said, relay.reached, relay.watched], [["Mật"], true, true]);
});

test("a pairing outlives a reload, and ends when the server or the cashier says so", async () => {
  const { server, open, kept } = aTill();
  const relay = open();
  await relay.pair();
  const again = open();
  await again.load();
  assert.equal(again.key, relay.key);
  server.row = null; // a day has gone
  await again.tell(anApp("Chè"));
  assert.deepEqual([again.key, kept.size], [null, 0]);
  await relay.pair();
  server.up = false;
  await relay.end();
  assert.deepEqual([relay.key, kept.size], [null, 0]);
});

test("the screen asks often while something is on it, says when the till is silent, and comes back by itself", async () => {
  const { server, open, heard, watch, later } = aTill();
  const relay = open();
  await relay.pair();
  const screen = watch(relay.key);
  assert.deepEqual([await screen.round(), screen.why], [3000, "silent"]);
  await relay.tell(anApp("Chè"));
  assert.deepEqual([await screen.round(), screen.why], [1500, ""]);
  await screen.round();
  assert.deepEqual(heard, ["Chè"]);
  later(SILENT_MS + 1);
  await screen.round();
  assert.equal(screen.why, "silent");
  server.up = false;
  later(SILENT_MS);
  const waits = [await screen.round(), await screen.round(), await screen.round()];
  assert.deepEqual([waits, screen.why], [[2000, 4000, 8000], "offline"]);
  server.up = true;
  await relay.tell(anApp("Mật"));
  await screen.round();
  assert.deepEqual([heard, screen.why], [["Chè", "Mật"], ""]);
  await relay.pair(); // another code: this screen is over
  assert.deepEqual([await screen.round(), screen.why], [null, "ended"]);
});

test("a captive portal's page is no word of a till, and a key is a key", async () => {
  const portal = new Watcher({ ask: async () => ({ status: 200, body: { hello: 1 } }), hear: () => assert.fail("nothing to hear"), tick: () => 60_000 });
  await portal.round();
  assert.equal(portal.why, "offline");
  assert.deepEqual([keyInHash("#k=abcdefghijklmnopqrstuv"), keyInHash("#k=short"), keyInHash("#enrol"), keyInHash("")], ["abcdefghijklmnopqrstuv", null, null, null]);
});
