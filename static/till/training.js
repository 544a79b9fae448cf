// "Bán thử 1 đơn": the counter itself over a log that writes `training.sale`. It never posts, moves no stock, has no
// shift, numbers TAP-…; nothing of it is kept but what happened. Leaving throws away what lies on it.

import { dayOf } from "./clock.js";
import { Desk } from "./desk.js";

/** @param {string} tillCode @param {string} day @param {number} n */
export const trainingNo = (tillCode, day, n) => `TAP-${tillCode}-${day.replaceAll("-", "").slice(2)}-${n}`;

/**
 * A desk to practise on.
 * @param {{ log: import("./log.js").Log, store: any, clock: any, catalogue: any, newId: () => string, tick: () => number,
 *   settings: () => any }} ports
 */
export function practiceDesk({ log, store, ...ports }) {
  const carts = { carts: async () => [], meta: async () => undefined, latest: async () => [], saveCart: async () => {}, dropCart: async () => {} };
  const practice = {
    device: log.device,
    till_code: log.till_code,
    append: async (/** @type {any} */ draft) => {
      const n = await store.next(`tap|${log.device}|${draft.day}`);
      const receipt_no = trainingNo(log.till_code, draft.day, n);
      return log.append({
        ...draft, kind: "training.sale", shift: null, keeper: null, receipt: false, also: [],
        body: (/** @type {any} */ { seq }) => (typeof draft.body === "function" ? draft.body({ receipt_no, seq }) : draft.body),
      });
    },
  };
  const noShift = { current: null, kept: [], open: async () => ({ id: null, day: dayOf(ports.clock.now()), opened_at: ports.clock.now() }) };
  return new Desk({
    ...ports, log: /** @type {any} */ (practice), store: { ...carts, next: (/** @type {string} */ key) => store.next(`tap|${key}`), find: (/** @type {string} */ id) => store.find(id) },
    shifts: /** @type {any} */ (noShift), till_code: log.till_code,
  });
}
