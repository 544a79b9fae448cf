// One tablet and the person before it: the real log, sender, catalogue, shifts and counter over ports that may die.
// The person taps on: after a crash the tab is opened again and work goes on where the disk says it stopped.

import { Api } from "../../../static/till/api.js";
import { Catalogue } from "../../../static/till/catalogue.js";
import { Clock } from "../../../static/till/clock.js";
import { Desk } from "../../../static/till/desk.js";
import { uuid7 } from "../../../static/till/ids.js";
import { KEEP_MS, Log } from "../../../static/till/log.js";
import { Sender } from "../../../static/till/sender.js";
import { dayFor, Shifts } from "../../../static/till/shift.js";
import { APP } from "../../../static/till/version.js";
import { between } from "../vectors.js";
import { FDBFactory, Killed, Locks, Tab } from "./tab.js";

/** The tablet's time runs this much faster than ours: back-off and ten-minute waits take milliseconds. */
const SPEED = 400;
const DAY_MS = 24 * 3600_000;

export class Tablet {
  factory = new FDBFactory();
  locks = new Locks();
  /** What came out of the printer or stood on the screen as change: id → the row the till showed. */
  printed = new Map();
  kills = 0;
  jumps = 0;
  takeovers = 0;
  jump = 0;
  /** Words of the server since all is well: with the second it surely knows in which life that server is. */
  heard = 0;
  began = performance.now();
  seq = 0;

  /**
   * @param {any} enrolment @param {{ network: any, random: () => number, events: number, market: any[] }} world
   *   market: sales of all tablets, each with lines that may come back once, at any of them
   */
  constructor(enrolment, { network, random, events, market }) {
    this.enrolment = enrolment;
    this.network = network;
    this.random = random;
    this.events = events;
    this.market = market;
    this.fetch = network.wayOf();
    this.base = Date.now();
  }

  now() {
    return Math.round(this.base + this.jump + (performance.now() - this.began) * SPEED);
  }

  get calm() {
    return this.network.healed;
  }

  /** Work until the log has its events, whatever it takes. */
  async live() {
    await this.#first();
    for (;;) {
      const tab = new Tab(this, this.calm ? Infinity : this.#nextDeath());
      const life = this.#open(tab).then((till) => this.#work(tab, till)).catch((error) => {
        if (tab.alive) throw error;
      });
      if ((await Promise.race([life, tab.death])) === "done") return;
      if (!tab.alive) this.kills += 1;
    }
  }

  #nextDeath() {
    return this.random() < 0.15 ? between(this.random, 1, 60) : between(this.random, 200, 4000);
  }

  /** Enrolled while all was well. */
  async #first() {
    const store = await new Tab(this, Infinity).open();
    await store.saveEnrolment({ ...this.enrolment, keys: null, enrolled_at: 1 });
    store.db.close();
  }

  /** What main.js wires. */
  async #open(tab) {
    const store = await tab.open();
    if (!(await store.holds())) throw new Error("the disk does not hold");
    const [{ device, token, till }] = await store.enrolments();
    const clock = new Clock({ device: () => this.now() });
    clock.offset_ms = (await store.meta("offset")) ?? 0;
    const newId = () => uuid7(clock.now());
    const locks = tab.locks();
    const api = new Api({ fetch: tab.port(this.fetch), now: () => this.now() });
    const log = new Log(store, locks, { device, till_code: till.code, app: APP, offset_ms: () => clock.offset_ms });
    const catalogue = new Catalogue(store, device);
    const shifts = new Shifts({ log, store, clock, newId });
    const desk = new Desk({
      log, store, shifts, clock, catalogue, newId, till_code: till.code, tick: () => performance.now(),
      settings: () => catalogue.about.settings ?? {},
    });
    let pruned = false;
    const sender = new Sender({
      store, api, locks, clock, enrolments: () => store.enrolments(), random: this.random,
      changed: (state) => {
        store.setMeta("offset", clock.offset_ms);
        if (!pruned && state.server_at !== null) store.prune(state.server_at - KEEP_MS);
        pruned ||= state.server_at !== null;
        if (state.reached && this.calm) this.heard += 1;
      },
      sleep: (ms, wake) => tab.port(() => new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(ms / SPEED, 100) + (ms < 20_000 ? 0 : 150)); // idle: not all at once
        wake(() => (clearTimeout(timer), resolve()));
      }))(),
    });
    await Promise.all([catalogue.load(), shifts.load(), desk.load()]);
    const running = sender.start();
    return { store, clock, newId, log, catalogue, shifts, desk, sender, running, api, token };
  }

  /** "done" when the log is full and all of it is sent. */
  async #work(tab, till) {
    const { store, desk, catalogue, sender, api, token, log } = till;
    for (let turn = 0; ; turn++) {
      if (!tab.alive) return null;
      if (!this.calm && this.random() < 0.01) this.#jumpClock();
      if (turn % 25 === 0) {
        await catalogue.refresh({ catalogue: (since, etag) => api.catalogue(token, since, etag) }).catch(() => {});
      }
      if (!catalogue.size) {
        await pause(5);
        continue;
      }
      this.seq = (await store.head(log.device)).seq;
      if (this.seq >= this.events) break;
      if (!this.calm && this.random() < 0.004) return this.#takeOver(tab, till);
      if (desk.cart.lines.length || desk.cart.returns.length || desk.carts.length) await this.#pay(tab, till);
      else await this.#act(tab, till);
      sender.poke();
      if (this.random() < 0.3) await pause(this.random() * 25);
    }
    while (this.heard < 2 || (await store.unsent()).events) {
      if (!tab.alive) return null;
      if (this.calm) sender.poke();
      await pause(20);
    }
    sender.stop();
    await till.running;
    return "done";
  }

  /** A second tab was opened: the first stops as the till does it, but what was tapped there last still ends. */
  #takeOver(tab, till) {
    this.takeovers += 1;
    this.#act(tab, till).then(() => this.#pay(tab, till)).catch((error) => {
      if (tab.alive) throw error;
    });
    till.sender.stop();
    return null;
  }

  #jumpClock() {
    this.jumps += 1;
    const far = this.random();
    this.jump += Math.round((this.random() - 0.5) * (far < 0.5 ? 3600_000 : far < 0.85 ? 3 * DAY_MS : 300 * DAY_MS));
    if (Math.abs(this.jump) > 200 * DAY_MS) this.jump = 0;
  }

  /** The receipt is printed and the change shown once the counter says so. */
  #print(tab, row, undo = false) {
    if (!tab.alive || !row) return;
    const was = this.printed.get(row.id);
    if (was && was.event.hash !== row.event.hash) throw new Error(`${row.id} was printed twice, differently`);
    this.printed.set(row.id, row);
    if (!was && !undo && row.kind === "sale" && row.event.body.lines.length) this.market.push({ row, left: true, by: this });
  }

  async #pay(tab, { desk }) {
    if (!desk.cart.lines.length && !desk.cart.returns.length) {
      if (!desk.carts.length) return;
      desk.pick(desk.carts[0].id);
    }
    const { total } = desk.totals;
    const way = this.random();
    const paid = total > 0 && way < 0.25 ? { other: [{ kind: "vietqr", amount: total }] }
      : total > 0 && way < 0.35 ? { other: [{ kind: "card", amount: Math.floor(total / 2) }], cash: { received: null } }
      : { cash: { received: total > 0 && way < 0.7 ? Math.ceil(total / 500_000) * 500_000 : null } };
    const undo = this.random() < 0.07; // what is undone comes back whole, and nowhere else
    const done = await desk.pay(paid, { language: "vi", sure: true });
    this.#print(tab, done?.row, undo);
    if (done && undo) this.#print(tab, (await desk.undo("vi"))?.row);
    if (done && this.random() < 0.07 && desk.cart.lines.length) await desk.cancel();
  }

  async #act(tab, till) {
    const { desk, catalogue, shifts, clock, newId } = till;
    const goods = catalogue.tiles(null, new Map());
    const one = () => goods[between(this.random, 0, goods.length - 1)];
    const by = { staff: null, catalogue: catalogue.version };
    const write = async (kind, body) => {
      const shift = await shifts.open(by);
      const at = clock.now();
      return till.log.append({ id: newId(), kind, at, day: dayFor(shift, at), shift: shift.id, ...by, body });
    };
    const what = this.random();
    if (what < 0.68) {
      for (let n = between(this.random, 1, 3); n > 0; n--) desk.add(one(), { qty_milli: 1000 * between(this.random, 1, 3) });
      return;
    }
    if (what < 0.78) return this.#takeBack(desk);
    if (what < 0.84) {
      const direction = ["in", "out", "drop"][between(this.random, 0, 2)];
      return this.#print(tab, await shifts.moveCash({ ...by, direction, amount: 1000 * between(this.random, 1, 90), reason: null }));
    }
    if (what < 0.9) {
      const reason = ["sample", "gift", "broken", "lost", "own_use"][between(this.random, 0, 4)];
      return write("goods.out", { reason, lines: [{ product: one().id, qty_milli: 1000 }] });
    }
    if (what < 0.92) return write("drawer.open", { reason: null });
    if (what < 0.96) return this.#correct(write, newId);
    if (what < 0.97) return write("product.new", { id: newId(), name: "Hàng mới", price: 20_000 });
    if (shifts.current) {
      await shifts.close({ id: newId(), ...by, count: { 100000: between(this.random, 0, 20), 5000: between(this.random, 0, 9) } });
    }
  }

  /** A whole line comes back, once, perhaps to another tablet than the one that sold it. */
  #takeBack(desk) {
    const sold = this.market[between(this.random, 0, this.market.length - 1)];
    if (!sold?.left) return;
    sold.left = false;
    const [line] = sold.row.event.body.lines;
    desk.takeBack({
      sale: sold.row.id, line: line.line, product: line.product, name: "", qty_milli: line.qty_milli, paid: line.paid,
      disposition: this.random() < 0.7 ? "shelf" : "damaged",
    });
  }

  /** Rung as cash, was a transfer. Each sale once. */
  async #correct(write, newId) {
    const sold = this.market.find((sale) => sale.by === this && sale.left && !sale.corrected);
    const [cash] = sold?.row.event.body.tenders.filter((tender) => tender.kind === "cash") ?? [];
    if (!cash) return;
    sold.corrected = true;
    await write("tender.correct", {
      sale: sold.row.id, sale_shift: sold.row.shift, from: { id: cash.id, kind: "cash", amount: cash.amount },
      tenders: [{ id: newId(), kind: "vietqr", amount: cash.amount, state: "seen" }], reason: null,
    });
  }

  /** What is on the disk in the end, and what is wrong with it. */
  async ending() {
    const store = await new Tab(this, Infinity).open();
    const rows = await store.db.getAllFromIndex("events", "id");
    rows.sort((a, b) => a.seq - b.seq);
    const wrong = [];
    for (const [id, row] of this.printed) {
      const kept = rows.find((other) => other.id === id);
      if (kept?.event.hash !== row.event.hash) wrong.push(`${this.enrolment.till.code}: printed ${row.kind} ${id} is not on the disk`);
    }
    const counts = (await store.unsent()).events;
    if (counts) wrong.push(`${this.enrolment.till.code}: ${counts} unsent`);
    store.db.close();
    return { device: this.enrolment.device, events: rows.map((row) => row.event), wrong, printed: this.printed.size };
  }
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

process.on("unhandledRejection", (error) => {
  if (error instanceof Killed || ["AbortError", "InvalidStateError", "TransactionInactiveError"].includes(error?.name)) return;
  throw error;
});
