import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock } from "../../static/till/clock.js";
import { uuid7 } from "../../static/till/ids.js";
import { Log } from "../../static/till/log.js";
import { Sender } from "../../static/till/sender.js";
import { Locks, Memory, Server } from "./memory.js";
import { between, seeded } from "./vectors.js";

const AT = Date.parse("2026-11-22T03:00:00.000Z");

async function aTablet(sales = 0) {
  const store = new Memory();
  const locks = new Locks();
  const log = new Log(store, locks, { device: "d1", till_code: "HK03A", app: "0.1.0", offset_ms: () => 0 });
  const api = new Server();
  const now = { ms: AT, tick: 0 };
  const clock = new Clock({ device: () => now.ms });
  const enrolments = [{ device: "d1", token: "t1" }];
  const tick = () => now.tick;
  const sender = new Sender({ store, api, locks, clock, enrolments: async () => enrolments, random: () => 0, tick });
  const sell = (n = 1) => Promise.all(Array.from({ length: n }, (_, i) => log.append({
    id: uuid7(), kind: "sale", at: AT + i, day: "2026-11-22", shift: "s", staff: null, catalogue: 1, receipt: true,
    body: ({ receipt_no }) => ({ receipt_no }),
  })));
  await sell(sales);
  const settle = async (rounds = 200) => {
    while (rounds-- > 0) if ((await sender.round()) === "done") return true;
    return false;
  };
  const eventRequests = () => api.requests.filter((request) => request.body);
  return { store, log, locks, api, clock, now, sender, sell, settle, enrolments, eventRequests };
}

test("everything goes, oldest first, at most fifty at a time", async () => {
  const { api, settle, store, eventRequests } = await aTablet(120);
  assert.ok(await settle());
  assert.deepEqual(eventRequests().map(({ body }) => body.events.length), [50, 50, 20]);
  assert.deepEqual(eventRequests().flatMap(({ body }) => body.events.map((e) => e.seq)), [...Array(120)].map((_, i) => i + 1));
  assert.equal(eventRequests()[0].token, "t1");
  assert.equal(api.events.size, 120);
  assert.deepEqual(await store.unsent(), { events: 0, sales: 0, oldest_at: null });
});

test("a lost answer is sent again and counted once", async () => {
  const { api, settle, sender, store } = await aTablet(3);
  api.loseAnswers = 1;
  assert.equal(await sender.round(), "failed");
  assert.equal((await store.unsent()).sales, 3);
  assert.equal(sender.state.reached, false);
  assert.ok(await settle());
  assert.equal(api.events.size, 3);
  assert.equal(sender.state.reached, true);
  assert.ok([...store.rows.values()].every((row) => row.status === "repeated"));
});

test("a refusal of the whole request acknowledges nothing", async () => {
  for (const status of [401, 404, 415, 429, 500, 503]) {
    const { api, sender, store, settle } = await aTablet(2);
    api.instead = () => ({ status, body: { error: "x", message_vi: "Không" } });
    assert.equal(await sender.round(), "failed");
    assert.equal(sender.state.refused_by.status, status);
    assert.equal((await store.unsent()).events, 2);
    api.instead = null;
    assert.ok(await settle());
    assert.equal(sender.state.refused_by, null);
  }
});

for (const status of [400, 413]) test(`one event refused alone (${status}) is reported and does not block the rest`, async () => {
  const { api, store, settle, sender, now } = await aTablet(23);
  const bad = store.all("d1")[7].id;
  api.instead = ({ events }) => events.some((event) => event.id === bad) && { status, body: { error: "x" } };
  assert.ok(await settle());
  assert.equal(api.events.size, 22);
  assert.equal(sender.state.refused, 1);
  assert.deepEqual((await store.waiting("d1", 9)).map((row) => row.id), [bad]);
  api.instead = null;
  await settle();
  assert.equal(api.events.size, 22);
  now.ms -= 24 * 3600_000; // the clock was set back: waiting goes by another
  now.tick += 11 * 60_000;
  assert.ok(await settle());
  assert.equal(api.events.size, 23);
});

test("only known statuses of ids that were sent acknowledge", async () => {
  const { api, sender, store } = await aTablet(2);
  const [a, b] = store.all("d1");
  api.instead = () => ({ status: 200, body: {
    received_through: 0, results: [{ id: a.id, status: "ok" }, { id: "somebody-else", status: "recorded" }, { id: null, index: 1, status: "quarantined" }],
  } });
  assert.equal(await sender.round(), "more");
  assert.deepEqual((await store.waiting("d1", 9)).map((row) => row.id), [a.id]);
  assert.equal(store.rows.get(b.id).status, "quarantined");
  assert.equal(sender.state.quarantined, 1);
});

test("an answer that acknowledges nothing backs off", async () => {
  const { api, sender } = await aTablet(1);
  api.instead = () => ({ status: 200, body: { results: [], received_through: 0 } });
  assert.equal(await sender.round(), "failed");
});

test("a captive portal acknowledges nothing, whatever it says with 200", async () => {
  for (const body of [null, {}, [], "ok", { results: [] }, { success: true, epoch: 9, received_through: "all" }]) {
    const { api, sender, store } = await aTablet(2);
    await sender.round();
    const before = await store.contact("d1");
    const [one] = store.all("d1");
    store.rows.get(one.id).waiting = "d1";
    api.instead = () => ({ status: 200, body });
    assert.equal(await sender.round(), "failed");
    assert.equal(sender.state.reached, false);
    assert.equal((await store.unsent()).events, 1);
    assert.deepEqual(await store.contact("d1"), before);
  }
});

test("after a restore an old log of the tablet is sent again too, also a revoked one", async () => {
  const { api, sender, settle, store, locks, enrolments, eventRequests } = await aTablet(5);
  await settle();
  const newer = new Log(store, locks, { device: "d2", till_code: "HK03B", app: "0.1.0", offset_ms: () => 0 });
  await newer.append({ id: uuid7(), kind: "cash.move", at: AT, day: "2026-11-22", shift: "s", staff: null, catalogue: 1, body: {} });
  enrolments.unshift({ device: "d2", token: "t2" });
  await settle();
  const before = eventRequests().length;
  assert.equal(await sender.round(), "done");
  assert.equal(eventRequests().length, before); // the old log is silent
  api.events = new Map([...api.events].filter(([, event]) => event.seq < 3));
  api.epoch = 2;
  assert.ok(await settle());
  assert.equal((await store.unsent()).events, 0);
  assert.ok(store.all("d1").every((row) => api.events.has(row.id)));
});

test("a restored server gets again what it lost", async () => {
  const { api, settle, store, sell } = await aTablet(30);
  await settle();
  const kept = new Map([...api.events].slice(0, 12));
  api.events = kept;
  api.epoch = 2;
  await sell(1);
  assert.ok(await settle());
  assert.equal(api.events.size, 31);
  assert.equal((await store.unsent()).events, 0);
});

test("a lower received_through is enough, without another epoch", async () => {
  const { api, settle } = await aTablet(9);
  await settle();
  api.events = new Map([...api.events].slice(0, 4));
  assert.ok(await settle());
  assert.equal(api.events.size, 9);
});

test("gaps the server names are filled, without asking for ever", async () => {
  const { api, settle, sender, store } = await aTablet(6);
  await settle();
  const lost = store.all("d1")[2];
  api.events.delete(lost.id);
  const through = 6;
  api.instead = null;
  const plain = api.status.bind(api);
  api.status = async (token) => {
    const answer = await plain(token);
    const missing = api.events.has(lost.id) ? [] : [[3, 3]];
    return { ...answer, body: { ...answer.body, received_through: through, missing } };
  };
  assert.equal(await sender.round(), "more");
  assert.ok(await settle());
  assert.ok(api.events.has(lost.id));
});

test("an older enrolment's events go with its own token", async () => {
  const { store, locks, enrolments, settle, eventRequests } = await aTablet(2);
  const newer = new Log(store, locks, { device: "d2", till_code: "HK03B", app: "0.1.0", offset_ms: () => 0 });
  await newer.append({ id: uuid7(), kind: "cash.move", at: AT, day: "2026-11-22", shift: "s", staff: null, catalogue: 1, body: {} });
  enrolments.unshift({ device: "d2", token: "t2" });
  assert.ok(await settle());
  assert.deepEqual(eventRequests().map(({ token, body }) => [token, body.events.length]), [["t2", 1], ["t1", 2]]);
});

test("there is one sender, and it never gives up", async () => {
  const { sender, api, store, locks, clock, enrolments } = await aTablet(1);
  const waits = [];
  const napping = new Sender({
    store, api, locks, clock, enrolments: async () => enrolments, random: () => 1,
    sleep: async (ms) => {
      waits.push(ms);
      if (waits.length === 9) api.reachable = true;
      if (waits.length === 10) napping.stop();
    },
  });
  api.reachable = false;
  const running = napping.start();
  let second = false;
  const other = sender.start().then(() => (second = true));
  await running;
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000, 20000]);
  assert.equal(api.events.size, 1);
  assert.equal(second, false);
  sender.stop();
  await other;
});

test("when it was acknowledged is the server's word, whatever the device's clock says meanwhile", async () => {
  const { api, sender, store, now } = await aTablet(1);
  const said = AT + 5000;
  api.instead = ({ events }) => {
    now.ms -= 200 * 24 * 3600_000; // set wrong while the answer is on its way
    return { status: 200, body: {
      results: events.map(({ id, seq }) => ({ id, seq, status: "recorded", flags: [] })), received_through: 1, missing: [],
      books: "b", epoch: 1, server_time: new Date(said).toISOString(),
    } };
  };
  assert.equal(sender.state.server_at, null);
  await sender.round();
  assert.deepEqual([...store.rows.values()].map((row) => row.acked_at), [said]);
  assert.equal(sender.state.server_at, said);
});

test("the server's clock is learned, jitter is not", () => {
  const clock = new Clock({ device: () => 1_000_000 });
  assert.equal(clock.learn(new Date(1_000_100).toISOString(), 999_900, 1_000_100), false);
  assert.equal(clock.learn(new Date(1_600_000).toISOString(), 999_900, 1_000_100), true);
  assert.equal(clock.offset_ms, 600_000);
  assert.equal(clock.now(), 1_600_000);
  assert.equal(clock.learn("yesterday", 0, 1), false);
  const back = clock.learn(new Date(1_600_000).toISOString(), 1_000_000 - 300 * 24 * 3600_000, 1_000_000); // set by the network meanwhile
  assert.deepEqual([back, clock.now()], [false, 1_600_000]);
  const ahead = new Clock({ device: () => 1_000_000 });
  ahead.learn(new Date(1_600_000).toISOString(), 1_000_000 + 300 * 24 * 3600_000, 1_000_000);
  assert.equal(ahead.now(), 1_600_000);
});

test("a bad network in any order loses nothing and doubles nothing", async () => {
  const random = seeded(99);
  const { api, sender, sell, settle, store } = await aTablet(0);
  let sold = 0;
  for (let step = 0; step < 150; step++) {
    if (random() < 0.5) sold += (await sell(between(random, 1, 4))).length;
    api.reachable = random() < 0.6;
    if (random() < 0.2) api.loseAnswers = 1;
    api.instead = random() < 0.15 ? () => ({ status: [400, 413, 500, 503][between(random, 0, 3)] }) : null;
    if (random() < 0.05) {
      api.events = new Map([...api.events].slice(0, between(random, 0, api.events.size)));
      api.epoch += 1;
    }
    await sender.round();
  }
  Object.assign(api, { reachable: true, instead: null, loseAnswers: 0 });
  sender.stop();
  const fresh = new Sender({
    store, api, locks: new Locks(), clock: new Clock({ device: () => AT + 3600_000 }), random: () => 0,
    enrolments: async () => [{ device: "d1", token: "t1" }],
  });
  for (let i = 0; i < 200 && (await fresh.round()) !== "done"; i++);
  assert.equal(api.events.size, sold);
  assert.equal(api.through, sold);
  assert.ok(await settle());
});
