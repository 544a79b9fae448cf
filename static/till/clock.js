// The time of the shop: the device's clock plus what the server's clock taught us. Refuses nothing.
// Business dates are local dates of Asia/Ho_Chi_Minh, which has kept UTC+7 without summer time since 1975.

const HANOI_MS = 7 * 3600_000;

/** yyyy-mm-dd in Hanoi. @param {number} ms */
export const dayOf = (ms) => new Date(ms + HANOI_MS).toISOString().slice(0, 10);

/** "14:02" in Hanoi. @param {number} ms */
export const timeOf = (ms) => new Date(ms + HANOI_MS).toISOString().slice(11, 16);

/** "22/11" in Hanoi. @param {number} ms */
export const dateOf = (ms) => dayOf(ms).slice(5).split("-").reverse().join("/");

/** No request takes longer: the device's clock was set while we waited. */
const LONGEST_MS = 120_000;

export class Clock {
  /** @param {{ device?: () => number, offset_ms?: number }} [given] */
  constructor({ device = () => Date.now(), offset_ms = 0 } = {}) {
    this.device = device;
    this.offset_ms = offset_ms;
  }

  /** Corrected time in ms. */
  now() {
    return this.device() + this.offset_ms;
  }

  /**
   * Take the server's word: it was said half-way between asking and hearing.
   * @param {string} serverTime ISO @param {number} asked device ms @param {number} heard device ms
   * @returns {boolean} whether the offset changed by more than a network's jitter
   */
  learn(serverTime, asked, heard) {
    const said = Date.parse(serverTime);
    if (!Number.isFinite(said)) return false;
    const took = heard - asked >= 0 && heard - asked <= LONGEST_MS ? heard - asked : 0;
    const offset = Math.round(said - (heard - took / 2));
    if (Math.abs(offset - this.offset_ms) <= Math.max(250, took / 2)) return false;
    this.offset_ms = offset;
    return true;
  }
}
