// The tablet's log. What happened is safe once it is in here, sent or not. Append-only: nothing unsent is deleted.
// Knows nothing of the screen, of prices, or of the network. One writer at a time, under the Web Lock `till-log`.

import { FIRST_PREV, hashOf, nfc } from "./canonical.js";

/**
 * @typedef {{ seq: number, hash: string }} Head
 * @typedef {{ device: string, seq: number, id: string, kind: string, shift: string | null, event: any, memo: any,
 *             waiting?: string, written_at: number, status?: string, flags?: any[], acked_at?: number }} Row
 *   `waiting` is there until the server has acknowledged the event by its id
 * @typedef {{ store: "carts" | "meta", key: string, value?: any }} Also  no value: delete
 * @typedef {{ received_through: number, epoch: unknown, books: unknown }} Contact
 * @typedef {{ head(device: string): Promise<Head>,
 *   counter(device: string, day: string): Promise<number>,
 *   find(id: string): Promise<Row | undefined>,
 *   append(write: { row: Row, after: Head, receipt: { day: string, n: number } | null, also: Also[] }):
 *     Promise<"written" | "moved" | "known">,
 *   waiting(device: string, limit: number): Promise<Row[]>,
 *   settle(device: string, change: { results: { id: string, status: string, flags: any[] }[],
 *     reopen: [number, number][], contact: Contact | null, at: number }): Promise<void>,
 *   contact(device: string): Promise<Contact | undefined>,
 *   unsent(): Promise<{ events: number, sales: number, oldest_at: number | null }>,
 *   ofShift(shift: string): Promise<Row[]>,
 *   latest(kind: string, limit: number): Promise<Row[]>,
 *   prune(before: number): Promise<number> }} LogStore
 * @typedef {{ request<T>(name: string, run: () => Promise<T>): Promise<T> }} Locks
 * @typedef {{ id: string, kind: string, at: number, day: string, shift: string | null, staff: string | null,
 *   catalogue: number, keeper?: string | null, receipt?: boolean, body: any | ((given: { receipt_no: string, seq: number }) => any),
 *   private?: any, memo?: any, also?: Also[] }} Draft
 */

/** What is acknowledged stays readable for this long. */
export const KEEP_MS = 90 * 24 * 3600_000;

/** @param {string} tillCode @param {string} day yyyy-mm-dd @param {number} n */
export const receiptNo = (tillCode, day, n) => `${tillCode}-${day.replaceAll("-", "").slice(2)}-${n}`;

export class Log {
  #store;
  #locks;
  #about;

  /**
   * @param {LogStore} store @param {Locks} locks
   * @param {{ device: string, till_code: string, app: string, offset_ms: () => number }} about
   */
  constructor(store, locks, about) {
    this.#store = store;
    this.#locks = locks;
    this.#about = about;
  }

  get device() {
    return this.#about.device;
  }

  get till_code() {
    return this.#about.till_code;
  }

  /**
   * Resolves when the event is on disk: print, open the drawer and show the change after this, not before.
   * The same id again gives the row already written.
   * @param {Draft} draft @returns {Promise<Row>}
   */
  append(draft) {
    return this.#locks.request("till-log", async () => {
      for (;;) {
        const known = await this.#store.find(draft.id);
        if (known) return known;
        const head = await this.#store.head(this.device);
        const n = draft.receipt ? (await this.#store.counter(this.device, draft.day)) + 1 : 0;
        const row = await this.#seal(draft, head, n);
        const receipt = draft.receipt ? { day: draft.day, n } : null;
        const outcome = await this.#store.append({ row, after: head, receipt, also: draft.also ?? [] });
        if (outcome === "written") return row;
        // "moved" or "known": another page wrote between reading and writing. Look again.
      }
    });
  }

  /** @param {Draft} draft @param {Head} head @param {number} n @returns {Promise<Row>} */
  async #seal(draft, head, n) {
    const seq = head.seq + 1;
    const receipt_no = receiptNo(this.#about.till_code, draft.day, n);
    const body = typeof draft.body === "function" ? draft.body({ receipt_no, seq }) : draft.body;
    const event = nfc({
      v: 1,
      app: this.#about.app,
      id: draft.id,
      seq,
      prev: head.hash,
      kind: draft.kind,
      day: draft.day,
      at: new Date(draft.at).toISOString(),
      offset_ms: this.#about.offset_ms(),
      shift: draft.shift,
      staff: draft.staff,
      catalogue: draft.catalogue,
      ...(draft.keeper ? { keeper: draft.keeper } : {}),
      body,
      ...(draft.private ? { private: draft.private } : {}),
    });
    event.hash = await hashOf(event);
    return {
      device: this.device,
      seq,
      id: draft.id,
      kind: draft.kind,
      shift: draft.shift,
      event,
      memo: draft.memo ?? null,
      waiting: this.device,
      written_at: draft.at,
    };
  }
}

/** The head of a log that has no event yet. */
export const EMPTY_HEAD = Object.freeze({ seq: 0, hash: FIRST_PREV });
