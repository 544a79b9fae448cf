// What the camera saw, as the till takes it: goods and receipts like any scanned code, a pairing QR on the pairing card.

import { codeInLink } from "./enrol.js";
import { spellings } from "./reader.js";
import { play } from "./sound.js";
import { t } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {import("./reader.js").Seen} seen */
export function sighted(app, seen) {
  app.touch();
  if (app.view === "enrol") return pairBy(app, seen.text);
  app.scanned(spellings(seen).find((code) => app.catalogue.findByCode(code)) ?? seen.text);
}

/** A pairing QR fills in the code; any other says so. @param {App} app @param {string} text */
function pairBy(app, text) {
  const code = codeInLink(text);
  Object.assign(app.about, code ? { code, problem: null } : { problem: t("enrol_not_this") });
  if (code) app.camera.close();
  play(code ? "added" : "unknown");
  app.redraw();
  if (code) queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=enrol-go]"))?.click());
}
