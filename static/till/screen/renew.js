// What the till says while the server wants a newer build than this one: it sells on, and is renewed between two carts.

import { askForNewer, isTooOld } from "../renewing.js";
import { t } from "../words.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const renewPill = (app) => (!isTooOld(app.sender?.state.min_app) ? nothing
  : html`<button class="pill wait" data-testid="pill-update" @click=${() => explain(app)}>${icon("refresh-cw")}<span class="cut">${t("update_pill")}</span></button>`);

/** @param {App} app */
function explain(app) {
  askForNewer();
  app.say({ tone: "wait", icon: "refresh-cw", title: t("update_title"), text: t("update_text") });
}
