// Wrong PINs are counted per person and remembered over a restart: five tries, then a wait that doubles.
// A try is written down before it is checked, so that killing the tab does not give it back. Knows no screen.

export const FREE_TRIES = 5;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 30 * 60_000;

/** How long a person waits after so many wrong PINs in a row. @param {number} wrong */
export const waitAfter = (wrong) =>
  wrong < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES));

export class Lockout {
  #store; #device; #clock;

  /**
   * @param {{ store: { meta(key: string): Promise<any>, setMeta(key: string, value: any): Promise<void> },
   *   device: string, clock: { device(): number } }} ports
   */
  constructor({ store, device, clock }) {
    this.#store = store;
    this.#device = device;
    this.#clock = clock;
  }

  /** @param {string} staff */
  #key(staff) {
    return `pin|${this.#device}|${staff}`;
  }

  /** How long this person still waits, in ms. A clock set back does not lengthen it. @param {string} staff */
  async left(staff) {
    const { wrong = 0, at = 0 } = (await this.#store.meta(this.#key(staff))) ?? {};
    const wait = waitAfter(wrong);
    return Math.min(wait, Math.max(0, at + wait - this.#clock.device()));
  }

  /** One more try begins. @param {string} staff @returns {Promise<number>} tries in a row, this one too */
  async tried(staff) {
    const wrong = ((await this.#store.meta(this.#key(staff)))?.wrong ?? 0) + 1;
    await this.#store.setMeta(this.#key(staff), { wrong, at: this.#clock.device() });
    return wrong;
  }

  /** The right PIN: all is forgotten. @param {string} staff */
  async right(staff) {
    await this.#store.setMeta(this.#key(staff), null);
  }
}

/**
 * One typing of a PIN. Nobody knows how long it is: from the fourth digit on it is tried quietly, and the whole
 * typing counts as one try.
 */
export class Typing {
  #lockout; #person; #fits;
  #counted = false;
  digits = "";
  /** Tries in a row that were wrong. */
  wrong = 0;
  wrong_now = false;
  /** How long to wait before the next try, ms. */
  wait = 0;

  /**
   * @param {{ lockout: Lockout, person: any, fits: (typed: string, pin: any) => Promise<boolean> }} ports
   */
  constructor({ lockout, person, fits }) {
    this.#lockout = lockout;
    this.#person = person;
    this.#fits = fits;
  }

  async begin() {
    this.wait = await this.#lockout.left(this.#person.id);
  }

  /** @param {string} key a digit or "del" @returns {Promise<boolean>} whether the PIN is right */
  async type(key) {
    this.wrong_now = false;
    this.digits = key === "del" ? this.digits.slice(0, -1) : (this.digits + key).slice(0, LONGEST_PIN);
    if (this.digits.length < SHORTEST_PIN) this.#counted = false;
    return key !== "del" && this.digits.length >= SHORTEST_PIN && this.#check(this.digits.length === LONGEST_PIN);
  }

  /** The button: it says when the PIN is wrong. @returns {Promise<boolean>} */
  async enter() {
    return this.digits !== "" && this.#check(true);
  }

  /** @param {boolean} aloud */
  async #check(aloud) {
    const tried = this.digits;
    await this.begin();
    if (this.wait > 0 && !this.#counted) {
      this.digits = "";
      return false;
    }
    if (!this.#counted) {
      this.#counted = true;
      this.wrong = await this.#lockout.tried(this.#person.id);
    }
    if (await this.#fits(tried, this.#person.pin)) {
      await this.#lockout.right(this.#person.id);
      return true;
    }
    if (aloud && this.digits === tried) {
      Object.assign(this, { digits: "", wrong_now: true });
      this.#counted = false;
      await this.begin();
    }
    return false;
  }
}

export const SHORTEST_PIN = 4;
export const LONGEST_PIN = 6;
