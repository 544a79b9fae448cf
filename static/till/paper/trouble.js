// What can go wrong on the way to a printer, and the clocks that find out. `sent`: something may be on the paper.

export const PIECE = 2048;
const WRITE_MS = 8_000; // for each piece

export class Trouble extends Error {
  /** @param {"off" | "no_paper" | "busy" | "denied" | "cut_off" | "slow" | "unknown"} why @param {boolean} [sent] @param {unknown} [cause] */
  constructor(why, sent = false, cause = undefined) {
    super(why, { cause });
    this.why = why;
    this.sent = sent;
  }
}

/** @template T @param {Promise<T>} work @param {number} ms @returns {Promise<T>} rejects with `slow` */
export function within(work, ms) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Trouble("slow")), ms); });
  return Promise.race([work, /** @type {Promise<never>} */ (late)]).finally(() => clearTimeout(timer));
}

/**
 * All of it, piece by piece; a failure before the first piece was taken says that nothing was sent.
 * @param {Uint8Array} bytes @param {(piece: Uint8Array) => Promise<void>} write
 */
export async function inPieces(bytes, write) {
  for (let at = 0; at < bytes.length; at += PIECE) {
    try {
      await within(write(bytes.subarray(at, at + PIECE)), WRITE_MS);
    } catch (error) {
      const why = error instanceof Trouble ? error.why : "cut_off";
      throw new Trouble(at === 0 && why !== "slow" ? "off" : why, at > 0 || why === "slow", error);
    }
  }
}
