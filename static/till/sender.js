// Carries the log to the server: one sender per device, under the Web Lock `till-sender`.
// Sent means acknowledged by id; everything else is sent again, for ever. Never deletes, never blocks a sale.

/**
 * @typedef {import("./log.js").LogStore} LogStore
 * @typedef {import("./log.js").Row} Row
 * @typedef {{ device: string, token: string }} Enrolment
 * @typedef {{ status: number, body: any, asked: number, heard: number }} Answer  a thrown error means "no network"
 * @typedef {{ sendEvents(token: string, body: any): Promise<Answer>, status(token: string): Promise<Answer> }} Api
 */

export const BATCH = 50;
const IDLE_MS = 20_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const REFUSED_AGAIN_MS = 10 * 60_000;
const KNOWN = new Set(["recorded", "flagged", "repeated", "held", "quarantined"]);

export class Sender {
  #store; #api; #locks; #clock; #random; #sleepFor; #enrolments; #changed; #answered; #tick;
  #size = BATCH;
  #failures = 0;
  /** Events refused alone, by id: when to try again. They never block the rest. @type {Map<string, number>} */
  #refused = new Map();
  /** @type {Map<string, number>} */
  #missingAsked = new Map();
  #wake = () => {};
  #stopped = false;
  /** Which books, and which life of them, answered last. @type {string | null} */
  #life = null;

  /**
   * @param {{ store: LogStore, api: Api, locks: import("./log.js").Locks,
   *   clock: { device(): number, now(): number, offset_ms: number, learn(s: string, a: number, h: number): boolean },
   *   enrolments: () => Promise<Enrolment[]>, changed?: (state: any) => void, answered?: (results: any[]) => void, random?: () => number,
   *   sleep?: (ms: number, wake: (go: () => void) => void) => Promise<void>, tick?: () => number }} ports
   *   enrolments: the current one first; tick: a clock that never jumps, in ms;
   *   answered: results as they are on disk
   */
  constructor({
    store, api, locks, clock, enrolments, changed = () => {}, answered = () => {}, random = Math.random, sleep = pause,
    tick = () => performance.now(),
  }) {
    this.#store = store;
    this.#api = api;
    this.#locks = locks;
    this.#clock = clock;
    this.#enrolments = enrolments;
    this.#changed = changed;
    this.#answered = answered;
    this.#random = random;
    this.#sleepFor = sleep;
    this.#tick = tick;
    /** @type {{ reached: boolean | null, at: number | null, since: number | null, refused_by: any, refused: number,
     *           min_app: string | null, quarantined: number, server_at: number | null }} */
    this.state = {
      reached: null, at: null, since: null, refused_by: null, refused: 0, min_app: null, quarantined: 0, server_at: null,
    };
  }

  /** Run until stopped. A second page waits here until the first is gone. */
  start() {
    return this.#locks.request("till-sender", async () => {
      while (!this.#stopped) {
        const outcome = await this.round().catch(() => "failed");
        if (outcome === "more") continue;
        if (outcome === "done") this.#failures = 0;
        const wait = outcome === "failed" ? this.#backOff() : IDLE_MS;
        await this.#sleepFor(wait, (go) => (this.#wake = go));
      }
    });
  }

  /** Something new is in the log, the network is said to be back, or a person asks: try now. */
  poke() {
    this.#wake();
  }

  stop() {
    this.#stopped = true;
    this.#wake();
  }

  #backOff() {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    return Math.round(longest * (0.5 + this.#random() / 2));
  }

  /** One batch per log. @returns {Promise<"done" | "more" | "failed">} */
  async round() {
    let outcome = /** @type {"done" | "more" | "failed"} */ ("done");
    for (const [i, enrolment] of (await this.#enrolments()).entries()) {
      const rows = await this.#due(enrolment.device);
      // An old log with nothing to say stays silent, unless the server may have lost what it had.
      if (rows.length === 0 && i > 0 && !(await this.#wasRestored(enrolment.device))) continue;
      const own = rows.length || i > 0 ? await this.#send(enrolment, rows) : await this.#ask(enrolment);
      if (own === "failed" || (own === "more" && outcome === "done")) outcome = own;
    }
    return outcome;
  }

  /** The server was restored since it last heard of this log: it may lack what it had. @param {string} device */
  async #wasRestored(device) {
    const known = await this.#store.contact(device);
    return this.#life !== null && known !== undefined && lifeOf(known) !== this.#life;
  }

  /** @param {string} device @returns {Promise<Row[]>} */
  async #due(device) {
    const now = this.#tick();
    const rows = await this.#store.waiting(device, this.#size + this.#refused.size);
    return rows.filter((row) => (this.#refused.get(row.id) ?? -Infinity) <= now).slice(0, this.#size);
  }

  /** @param {Enrolment} enrolment @param {Row[]} rows */
  async #send(enrolment, rows) {
    const sent_at = new Date(this.#clock.now()).toISOString();
    const answer = await this.#reach(() =>
      this.#api.sendEvents(enrolment.token, { sent_at, events: rows.map((row) => row.event) }));
    if (!answer) return "failed";
    if (answer.status === 400 || answer.status === 413) return this.#smaller(rows, answer);
    if (answer.status !== 200) return this.#refusal(answer);

    const ids = new Set(rows.map((row) => row.id));
    const results = (answer.body?.results ?? [])
      .map((/** @type {any} */ result) => ({ ...result, id: result.id ?? rows[result.index]?.id }))
      .filter((/** @type {any} */ result) => ids.has(result.id) && KNOWN.has(result.status));
    await this.#settle(enrolment.device, results, answer);
    for (const { id } of results) this.#refused.delete(id);
    this.#answered(results);
    this.state.quarantined += results.filter((/** @type {any} */ r) => r.status === "quarantined").length;
    this.#size = Math.min(BATCH, this.#size * 2);
    this.#report({ reached: true, refused_by: null, refused: this.#refused.size });
    if (rows.length === 0) return "more"; // an old log asked what the server has of it
    return results.length === 0 ? "failed" : "more"; // an answer that acknowledges nothing is not progress
  }

  /** Nothing to send: say we are here, and learn whether the server still has what it had. @param {Enrolment} enrolment */
  async #ask(enrolment) {
    const answer = await this.#reach(() => this.#api.status(enrolment.token));
    if (!answer) return "failed";
    if (answer.status !== 200) return this.#refusal(answer);
    await this.#settle(enrolment.device, [], answer);
    this.#report({ reached: true, refused_by: null });
    return (await this.#due(enrolment.device)).length ? "more" : "done";
  }

  /** A 200 of somebody's Wi-Fi is no answer of ours. @param {() => Promise<Answer>} call */
  async #reach(call) {
    try {
      const answer = await call();
      if (answer.status < 200 || answer.status > 399) return answer;
      if (answer.status === 200 && Number.isInteger(answer.body?.received_through)) return answer;
    } catch {
      // told below
    }
    this.#report({ reached: false });
    return null;
  }

  /** The request as a whole was refused: nothing is acknowledged. @param {Answer} answer */
  #refusal(answer) {
    this.#report({ reached: true, refused_by: { status: answer.status, ...answer.body } });
    return /** @type {const} */ ("failed");
  }

  /** @param {Row[]} rows @param {Answer} answer */
  #smaller(rows, answer) {
    if (rows.length > 1) {
      this.#size = Math.max(1, rows.length >> 1);
      return "more";
    }
    this.#refused.set(rows[0].id, this.#tick() + REFUSED_AGAIN_MS);
    this.#size = BATCH;
    this.#report({ reached: true, refused: this.#refused.size, refused_by: { status: answer.status, ...answer.body } });
    return "more";
  }

  /** @param {string} device @param {any[]} results @param {Answer} answer */
  async #settle(device, results, { body, asked, heard }) {
    if (body?.server_time) this.#clock.learn(body.server_time, asked, heard);
    this.state.min_app = body?.min_app ?? this.state.min_app;
    const said = Date.parse(body?.server_time);
    const at = Number.isFinite(said) ? said : this.#clock.now(); // what is kept 90 days is counted by the server's own time
    this.state.server_at = Number.isFinite(said) ? said : this.state.server_at;
    const before = await this.#store.contact(device);
    /** @type {[number, number][]} */
    const reopen = [];
    const contact = {
      received_through: body.received_through,
      epoch: body.epoch ?? before?.epoch ?? null,
      books: body.books ?? before?.books ?? null,
    };
    this.#life = lifeOf(contact);
    const now = this.#tick();
    if (before && (lifeOf(before) !== this.#life || contact.received_through < before.received_through)) {
      reopen.push([contact.received_through + 1, Infinity]);
    } else if (body.missing?.length && (this.#missingAsked.get(device) ?? -Infinity) <= now) {
      this.#missingAsked.set(device, now + REFUSED_AGAIN_MS);
      reopen.push(...body.missing);
    }
    await this.#store.settle(device, {
      results: results.map(({ id, status, flags }) => ({ id, status, flags: flags ?? [] })), reopen, contact, at,
    });
  }

  /** @param {Partial<Sender["state"]>} news */
  #report(news) {
    const at = this.#clock.device();
    if (news.reached) Object.assign(this.state, { at, since: null });
    else if (this.state.reached !== false) this.state.since = at;
    Object.assign(this.state, news);
    this.#changed(this.state);
  }
}

/** @param {import("./log.js").Contact} contact */
const lifeOf = ({ books, epoch }) => `${books} ${epoch}`;

/** @param {number} ms @param {(go: () => void) => void} wake */
function pause(ms, wake) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
