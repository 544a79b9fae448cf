// The customer's screen, from the till's side: open it beside, or let another tablet scan its way in.

import { t } from "../words.js";
import { page } from "./page.js";
import { html, icon, nothing, qr } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const openDisplay = (app) => app.go("display", { busy: false, problem: null });

/** @param {App} app */
async function pair(app) {
  const { about } = app;
  if (about.busy) return;
  Object.assign(about, { busy: true, problem: null });
  app.redraw();
  const done = await app.relay.pair().catch(() => false);
  Object.assign(about, { busy: false, problem: done ? null : t("display_no_server") });
  app.redraw();
}

/** @param {App} app */
async function end(app) {
  await app.relay.end();
  app.redraw();
}

/** Whether somebody listens, in words and not by colour alone. @param {import("../relay.js").Relay} relay */
function heard({ reached, watched }) {
  if (reached === false) return html`<p class="row nghe" data-testid="display-heard" data-state="unreached">${icon("cloud-off")} ${t("display_unreached")}</p>`;
  if (watched) return html`<p class="row lua" data-testid="display-heard" data-state="watched">${icon("circle-check")} ${t("display_watched")}</p>`;
  return html`<p class="row muted" data-testid="display-heard" data-state="alone">${icon("clock")} ${t("display_unwatched")}</p>`;
}

/** @param {App} app */
export function customerScreen(app) {
  const { about, relay } = app;
  const address = `${location.origin}/till/display#k=${relay.key}`;
  return page(app, t("menu_display"), html`<div class="two-col screens">
    <section class="col"><h3>${t("display_other")}</h3>
      <p class="muted">${t("display_other_text")}</p>
      ${relay.key ? html`<div class="screen-code" data-testid="display-code" data-address=${address}>${qr(address, t("display_code"))}</div>
        <div role="status">${heard(relay)}</div>` : nothing}
      <p class="son" role="alert" data-testid="display-problem">${about.problem ?? ""}</p>
      <div class="acts row wrap">
        <button class="btn ${relay.key ? "" : "go big"}" data-testid="display-pair" ?disabled=${about.busy} @click=${() => pair(app)}>
          ${icon(relay.key ? "refresh-cw" : "qr-code")} ${t(about.busy ? "display_pairing" : relay.key ? "display_anew" : "display_pair")}</button>
        ${relay.key ? html`<button class="btn" data-testid="display-end" @click=${() => end(app)}>${icon("x")} ${t("display_end")}</button>` : nothing}</div></section>
    <section class="col"><h3>${t("display_beside")}</h3>
      <p class="muted">${t("display_beside_text")}</p>
      <button class="btn big" data-testid="display-open" @click=${() => window.open("/till/display", "till-display")}>${icon("tablet")} ${t("display_open")}</button></section></div>`);
}
