// Whether this tablet is fit for the day, in one word. Red only for what would lose sales; amber is the supervisor's.

/**
 * @typedef {{ persisted: boolean | null, installed: boolean, free_bytes: number | null, refused: boolean,
 *   unsent: number, unsent_ms: number, goods: number, goods_ms: number | null, people: number, pins: boolean,
 *   approvers: boolean, printer: boolean, clock_ms: number, uncounted: boolean, stale: boolean }} Facts
 *   persisted: null while the browser has not said
 * @typedef {{ tone: "bad" | "wait", key: string, n?: number }} Doubt
 */

const MB = 1024 * 1024;
const HOUR = 3600_000;

/** @param {Facts} facts @returns {{ tone: "ok" | "wait" | "bad", doubts: Doubt[] }} */
export function readiness(facts) {
  /** @type {Doubt[]} */
  const doubts = [];
  const bad = (/** @type {string} */ key, n = 0) => doubts.push({ tone: "bad", key, n });
  const wait = (/** @type {string} */ key, n = 0) => doubts.push({ tone: "wait", key, n });

  if (facts.free_bytes !== null && facts.free_bytes < 20 * MB) bad("full", Math.max(0, Math.floor(facts.free_bytes / MB)));
  if (facts.persisted === false && !facts.installed && (facts.unsent >= 20 || (facts.unsent > 0 && facts.unsent_ms > 2 * HOUR))) {
    bad("unsafe", facts.unsent); // much is only here, and the browser may clear it
  } else if (facts.persisted === false) wait(facts.installed ? "not_kept" : "not_installed");
  if (facts.refused) wait("refused");
  if (facts.goods === 0) wait("no_goods");
  else if (facts.goods_ms !== null && facts.goods_ms > 24 * HOUR) wait("old_goods", Math.floor(facts.goods_ms / HOUR));
  if (facts.people === 0) wait("no_people");
  else if (!facts.pins) wait("no_pins");
  else if (!facts.approvers) wait("no_approver");
  if (!facts.printer) wait("no_printer");
  if (Math.abs(facts.clock_ms) > 5 * 60_000) wait("clock", Math.round(Math.abs(facts.clock_ms) / 60_000));
  if (facts.stale) wait("stale");
  else if (facts.uncounted) wait("uncounted");
  const tone = doubts.some((doubt) => doubt.tone === "bad") ? "bad" : doubts.length ? "wait" : "ok";
  return { tone, doubts: [...doubts.filter((doubt) => doubt.tone === "bad"), ...doubts.filter((doubt) => doubt.tone !== "bad")] };
}

export const standalone = () => matchMedia("(display-mode: standalone), (display-mode: fullscreen)").matches || Boolean(/** @type {any} */ (navigator).standalone);

/** What only the browser knows, asked once in a while. */
export async function askBrowser() {
  const [persisted, estimate] = await Promise.all([
    navigator.storage?.persisted?.() ?? null, navigator.storage?.estimate?.() ?? null,
  ]).catch(() => [null, null]);
  return {
    persisted, installed: standalone(),
    free_bytes: estimate?.quota ? estimate.quota - (estimate.usage ?? 0) : null,
  };
}
