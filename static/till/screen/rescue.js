// What waits leaves by another way: this tablet's codes and file, and the neighbour's codes read here.

import { saveRescue } from "../rescuing.js";
import { t } from "../words.js";
import { finder, toggle } from "./finder.js";
import { page } from "./page.js";
import { html, icon, nothing, qr } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function rescue(app) {
  const { about } = app;
  const step = (/** @type {number} */ by) => {
    about.i = (about.i + by + about.codes.length) % about.codes.length;
    app.redraw();
  };
  const ready = about.codes?.length > 0;
  return page(app, t("rescue_title"), html`<div class="two-col">
    <div class="col">
      <p>${about.why ? t(about.why) : ready ? t("rescue_show") : t("rescue_busy")}</p>
      ${ready ? html`<div class="rescue-code" data-testid="rescue-code" data-i=${about.i + 1} data-n=${about.codes.length}>${qr(about.codes[about.i], t("rescue_code", { i: about.i + 1, n: about.codes.length }), "L")}</div>
        <div class="row ends"><b class="num">${t("rescue_code", { i: about.i + 1, n: about.codes.length })}</b>
          <button class="btn go" data-testid="rescue-next" @click=${() => step(1)}>${t("rescue_next")}</button></div>` : nothing}
    </div>
    <div class="col">
      <p class="muted">${t("rescue_text")}</p>
      ${ready ? html`<button class="btn big" data-testid="rescue-file" @click=${() => saveRescue(app)}>${icon("download")} ${t("rescue_file")}</button>
        <p class="cap muted">${t("rescue_file_text")}</p>` : nothing}
      ${finder(app)}
      <button class="btn big" data-testid="rescue-read" aria-pressed=${app.camera.isOpen ? "true" : "false"} @click=${() => { about.kept = false; toggle(app); }}>
        ${icon("qr-code")} ${t("rescue_read")}</button>
      <p role="status" data-testid="rescue-have">${about.kept ? t("rescue_kept") : about.of ? t("rescue_have", { have: about.have, of: about.of }) : ""}</p>
      ${about.relays ? html`<p class="nghe" data-testid="rescue-relays">${t("rescue_waits", { n: about.relays })}</p>` : nothing}
    </div></div>`);
}

