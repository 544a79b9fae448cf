// What an owner wants to look at later: lines removed, carts cancelled, copies printed. Written after it happened,
// never before: nobody waits for it, and where it cannot be written the counter goes on.

import { lineGross } from "./discounts.js";
import { dayFor } from "./shift.js";

const MOST_LINES = 50; // an event is at most 64 KiB

/** @param {import("./cart.js").CartLine} line */
const told = (line) => ({ product: line.product, name: line.name, qty_milli: line.qty_milli, price: line.price, gross: lineGross(line) });

/** @param {string} cart @param {import("./cart.js").CartLine[]} lines */
const bodyOf = (cart, lines) => ({ cart, amount: lines.reduce((sum, line) => sum + lineGross(line), 0), count: lines.length, lines: lines.slice(0, MOST_LINES).map(told) });

export class Control {
  #log; #shifts; #clock; #newId; #by; #written;

  /**
   * @param {{ log: import("./log.js").Log, shifts: import("./shift.js").Shifts, clock: { now(): number },
   *   newId: () => string, by: () => { staff: string | null, catalogue: number }, written?: () => void }} ports
   *   written: something more waits to be sent
   */
  constructor({ log, shifts, clock, newId, by, written = () => {} }) {
    this.#log = log;
    this.#shifts = shifts;
    this.#clock = clock;
    this.#newId = newId;
    this.#by = by;
    this.#written = written;
  }

  /**
   * Write it down. Does not open a shift, does not throw; who did it is who sells now.
   * @param {string} kind @param {any} body @returns {string} the event's id, known before it is written
   */
  note(kind, body) {
    const id = this.#newId();
    this.last = this.write(kind, { id, body }).then(() => {}, (/** @type {unknown} */ error) => console.warn(kind, error));
    return id;
  }

  /**
   * Write an event that belongs to no sale and opens no shift; resolves when it is on disk.
   * @param {string} kind @param {{ id?: string, body: any, private?: any }} about
   */
  async write(kind, { id = this.#newId(), body, private: apart }) {
    const at = this.#clock.now();
    const shift = this.#shifts.current;
    const row = await this.#log.append({
      id, kind, at, day: dayFor(shift, at), shift: shift?.id ?? null, ...this.#by(), body, ...(apart ? { private: apart } : {}),
    });
    this.#written();
    return row;
  }

  /** Settles when the newest note is on disk, or could not be. @type {Promise<void>} */
  last = Promise.resolve();

  /** @param {import("./cart.js").Cart} cart @param {import("./cart.js").CartLine} line */
  lineRemoved(cart, line) {
    return this.linesRemoved(cart, [line]);
  }

  /** Lines that go together: a hamper's parts. @param {import("./cart.js").Cart} cart @param {import("./cart.js").CartLine[]} lines */
  linesRemoved(cart, lines) {
    return this.note("line.remove", bodyOf(cart.id, lines));
  }

  /** @param {import("./cart.js").Cart} cart */
  cartCancelled(cart) {
    return this.note("cart.cancel", { ...bodyOf(cart.id, cart.lines), returns: cart.returns.length });
  }

  /** The line or the cart is back where it was. @param {"line.remove" | "cart.cancel"} kind @param {string} id of the removal @param {import("./cart.js").Cart} cart @param {import("./cart.js").CartLine[]} lines */
  putBack(kind, id, cart, lines) {
    return this.note(kind, { ...bodyOf(cart.id, lines), undo_of: id });
  }

  /** @param {string} sale @param {number} copy from 1 @param {string} printer */
  reprinted(sale, copy, printer) {
    return this.note("receipt.printed", { sale, printer, copy });
  }
}
