// The till on the home screen: whether it stands there, how it gets there on this kind of tablet, and asking the browser.
// Asks nothing by itself: the browser's own question comes when a person taps.

/** @typedef {import("./ready.js").Facts} Facts */
/** @typedef {{ key: string, state: "ok" | "wait" | "bad", act?: "install" | "keep" }} Check */

/** The browser's offer to install, kept until somebody taps. @type {any} */
let offer = null;

/**
 * What a person must do, which differs: "ios" (Safari: share, add), "android" (Chrome: menu, install), "other".
 * @param {{ userAgent: string, maxTouchPoints?: number }} browser an iPad says it is a Mac, with fingers
 */
export function kindOf({ userAgent, maxTouchPoints = 0 }) {
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return "ios";
  return /Android/.test(userAgent) ? "android" : "other";
}

/** The pictures of each way, in order. */
export const STEPS = /** @type {const} */ ({
  ios: ["ios_share", "ios_add", "ios_ok", "open"],
  android: ["android_menu", "android_install", "android_ok", "open"],
  other: ["other_bar", "android_ok", "open"],
});

/** Listen from the first moment: the browser offers once. @param {EventTarget} where @param {() => void} changed */
export function listenForOffer(where, changed) {
  where.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // not over a sale: when a person asks
    offer = event;
    changed();
  });
  where.addEventListener("appinstalled", () => {
    offer = null;
    changed();
  });
}

export const offered = () => offer !== null;

/** The browser's own question. @returns {Promise<boolean>} whether it was answered by yes */
export async function install() {
  const asked = offer;
  offer = null; // it can be asked once
  if (!asked) return false;
  await asked.prompt();
  return (await asked.userChoice).outcome === "accepted";
}

/** Ask the browser to keep what is written here. */
export const keep = async () => (await navigator.storage?.persist?.()) ?? false;

/**
 * Whether this tablet is fit, point by point, the good ones too: what a supervisor reads before a fair.
 * @param {Facts} facts @returns {Check[]}
 */
export function checklist(facts) {
  const doubt = facts.persisted === false && !facts.installed;
  const checks = /** @type {Check[]} */ ([
    { key: "installed", state: facts.installed ? "ok" : "wait", act: facts.installed ? undefined : "install" },
    { key: "kept", state: facts.persisted === true ? "ok" : doubt && facts.unsent >= 20 ? "bad" : "wait", act: facts.persisted === true ? undefined : "keep" },
    { key: "room", state: facts.free_bytes !== null && facts.free_bytes < 20 * 1024 * 1024 ? "bad" : "ok" },
    { key: "goods", state: facts.goods > 0 && (facts.goods_ms ?? 0) <= 24 * 3600_000 ? "ok" : "wait" },
    { key: "people", state: facts.people > 0 && facts.pins && facts.approvers ? "ok" : "wait" },
    { key: "printer", state: facts.printer ? "ok" : "wait" },
    { key: "clock", state: Math.abs(facts.clock_ms) <= 5 * 60_000 ? "ok" : "wait" },
    { key: "accepted", state: facts.refused ? "wait" : "ok" },
  ]);
  return checks;
}

/** From the lock screen and from pairing one comes back there: nobody gets past a PIN this way. @param {import("./app.js").App} app */
export const openInstall = (app) => app.go("install", { back: app.view, of: app.about });
