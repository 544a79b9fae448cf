// The shell of this tablet: registered so that it opens without the network, renewed between two carts, never during one.

import { isEmpty } from "./cart.js";
import { APP } from "./version.js";

/** @type {ServiceWorkerRegistration | undefined} */
let shell;
let applying = false;

export async function keepShell() {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (applying) location.reload();
  });
  try {
    shell = await navigator.serviceWorker.register("/till/sw.js", { scope: "/till/" });
  } catch (error) {
    console.warn("the till will not open without the network", error);
  }
}

/** Whether the server wants a newer build than this one. What it never said, or says in another way, wants nothing.
 * @param {string | null | undefined} least */
export function isTooOld(least, app = APP) {
  if (!least || !/^\d+(\.\d+)*$/.test(least)) return false;
  const [wanted, ours] = [least, app].map((one) => one.split(".").map(Number));
  for (let n = 0; n < Math.max(wanted.length, ours.length); n++) {
    if ((wanted[n] ?? 0) !== (ours[n] ?? 0)) return (wanted[n] ?? 0) > (ours[n] ?? 0);
  }
  return false;
}

/** Ask whether there is a newer build. */
export function askForNewer() {
  shell?.update().catch(() => {});
}

/** A new build that waits is taken where nobody is in the middle of anything. @param {import("./app.js").App} app */
export function renewShell(app) {
  if (!shell?.waiting || applying) return;
  const idle = ["who", "enrol"].includes(app.view) || (app.view === "sell" && app.panel === "cart" && !app.words);
  if (!idle || app.dialog || (app.desk && (app.desk.paying || !isEmpty(app.desk.cart)))) return;
  takeNewer();
}

/** Take the build that waits, if one does: the page is loaded anew. */
export function takeNewer() {
  if (!shell?.waiting || applying) return;
  applying = true;
  shell.waiting.postMessage("apply");
}
