// Who sells: those the office sent and helpers of the day. Whom a reload may let in without asking, what a switch
// writes down. Knows no screen. A missing PIN, list or supervisor never stops a sale.

import { covers, mayAlone } from "./approval.js";
import { dayOf } from "./clock.js";
import { pinOf } from "./pin.js";

/** What a helper may do alone where the office sent no cashier: sell. */
const SELL_ONLY = Object.freeze({ discount_bp: 0, refund: 0, return_without_receipt: false, approve: false });
const SUPERVISES = Object.freeze({ approve: true });

export class Staff {
  #store; #log; #clock; #newId; #catalogue; #shifts;
  /** Helpers let in on this device today. @type {any[]} */
  #helpers = [];
  /** Who sold here last, by id. @type {string | null} */
  #last = null;

  /**
   * @param {{ store: any, log: import("./log.js").Log, clock: { now(): number }, newId: () => string,
   *   catalogue: { version: number, about: { staff: any[] } }, shifts: { current: any } }} ports
   */
  constructor({ store, log, clock, newId, catalogue, shifts }) {
    this.#store = store;
    this.#log = log;
    this.#clock = clock;
    this.#newId = newId;
    this.#catalogue = catalogue;
    this.#shifts = shifts;
  }

  /** @param {string} name */
  #key(name) {
    return `${name}|${this.#log.device}`;
  }

  async load() {
    this.#last = (await this.#store.meta(this.#key("seller"))) ?? null;
    this.#helpers = (await this.#store.meta(this.#key("helpers"))) ?? [];
  }

  /** The day a helper helps: that of the open shift, else today. */
  get day() {
    return this.#shifts.current?.day ?? dayOf(this.#clock.now());
  }

  /** Those who may sell here now. */
  list() {
    const known = this.#catalogue.about.staff.filter((person) => person.active !== false);
    return [...known, ...this.#helpers.filter((person) => person.day === this.day)];
  }

  get pins() {
    return this.list().some((person) => person.pin);
  }

  /**
   * Whom a reload lets in without asking: the only one, or, where nobody has a PIN, who sold last.
   * @returns {{ in: any } | { ask: any }}  ask: whose PIN, when there is only one to ask
   */
  starts() {
    const people = this.list();
    if (people.length === 0) return { in: null };
    if (this.pins) return { ask: people.length === 1 ? people[0] : null };
    const same = people.length === 1 ? people[0] : people.find((person) => person.id === this.#last);
    return same ? { in: same } : { ask: null };
  }

  /** Whether somebody supervises here: a right of theirs, or nobody has a PIN to say so with. @param {any} person */
  supervises(person) {
    return mayAlone(person, SUPERVISES) || !this.pins;
  }

  /** Whether anybody here can approve anything. */
  get approvers() {
    return this.list().some((person) => person.pin && covers(person.limits, SUPERVISES));
  }

  /** Another person sells from here on. The first of a device is nobody's successor. @param {any} person */
  async switchTo(person) {
    const [from, to] = [this.#last, person?.id ?? null];
    if (from === to) return;
    this.#last = to;
    const seller = { store: /** @type {const} */ ("meta"), key: this.#key("seller"), value: to };
    if (from === null) return this.#store.setMeta(seller.key, to);
    await this.#write(to, { from, to }, { also: [seller] });
  }

  /**
   * Somebody helps for the day. The name stays out of the hashed event (docs/decisions/0016-helpers-at-the-till.md).
   * @param {{ name: string, pin: string | null, approval: any, by: string | null }} about
   */
  async addHelper({ name, pin, approval, by }) {
    const { day } = this;
    const limits = this.#catalogue.about.staff.find((person) => person.role === "cashier")?.limits ?? SELL_ONLY;
    const helper = {
      id: this.#newId(), name: name.normalize("NFC"), role: "helper", producer: null, limits: { ...limits, approve: false }, day,
      pin: pin ? await pinOf(pin) : null,
    };
    const helpers = [...this.#helpers.filter((person) => person.day === day), helper];
    await this.#write(approval?.staff ?? by, { from: this.#last, to: helper.id, helper: { id: helper.id, day }, ...(approval ? { approval } : {}) }, {
      private: { helper: { name: helper.name } },
      also: [{ store: "meta", key: this.#key("helpers"), value: helpers }, { store: "meta", key: this.#key("seller"), value: helper.id }],
    });
    this.#helpers = helpers;
    this.#last = helper.id;
    return helper;
  }

  /** @param {string | null} staff @param {any} body @param {any} more */
  #write(staff, body, more) {
    const shift = this.#shifts.current;
    return this.#log.append({
      id: this.#newId(), kind: "staff.switch", at: this.#clock.now(), day: this.day, shift: shift?.id ?? null, staff,
      catalogue: this.#catalogue.version, body, ...more,
    });
  }
}
