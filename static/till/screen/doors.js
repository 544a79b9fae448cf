// What stands before the counter: refusal, pairing by code. No goods here.

import { codeOf, enrol, isWhole } from "../enrol.js";
import { t } from "../words.js";
import { standalone } from "../ready.js";
import { openInstall } from "../installing.js";
import { finder, toggle } from "./finder.js";
import { html, icon, mark, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const starting = (app) => html`<main class="door" aria-busy="true">
  ${mark}<p class="muted" role="status">${t("opening")}</p>${app.about.slow ? html`<p>${t("opening_slow")}</p>` : nothing}</main>`;

/** A log that could not survive must not begin. @param {App} app */
export const refused = (app) => html`<main class="door"><section class="card plate" data-testid="refused" data-why=${app.about.why}>
  <span class="row son">${icon("triangle-alert")} <b>${t("refused_cap")}</b></span>
  <h1 tabindex="-1" data-focus>${t(`refused_${app.about.why}`)}</h1>
  <p>${t(`refused_${app.about.why}_do`, { address: location.host })}</p>
  ${app.about.detail ? html`<p class="cap muted">${app.about.detail}</p>` : nothing}
  <button class="btn go" @click=${() => location.reload()}>${icon("refresh-cw")} ${t("try_again")}</button></section></main>`;

/** @param {App} app */
export const otherTab = (app) => html`<main class="door"><section class="card plate" data-testid="other-tab">
  <h1 tabindex="-1" data-focus>${t("other_tab")}</h1><p>${t("other_tab_text")}</p>
  <button class="btn go" data-testid="use-here" @click=${app.about.take}>${t("use_here")}</button></section></main>`;

/** @param {App} app */
export function enrolment(app) {
  const { about } = app;
  const code = about.code ?? "";
  const submit = async (/** @type {Event | undefined} */ event) => {
    event?.preventDefault();
    if (!isWhole(code) || about.busy) return;
    Object.assign(about, { busy: true, problem: null });
    app.redraw();
    navigator.storage?.persist?.();
    try {
      const { enrolment: made, refused: no } = await enrol(code, app);
      if (made) return about.done(made);
      about.problem = no[`message_${document.documentElement.lang}`] ?? t(no.status === 429 ? "enrol_wait" : "enrol_wrong");
    } catch {
      about.problem = t("enrol_offline");
    }
    about.busy = false;
    app.redraw();
  };
  return html`<main class="door"><form class="card plate" data-testid="enrol" @submit=${submit} autocomplete="off">
    ${mark}
    <h1>${t("enrol_title")}</h1>
    <p class="muted">${t("enrol_text")}</p>
    ${app.enrolment ? html`<p class="strip info">${icon("info")}<span>${t("enrol_again", { till: app.till.name, code: app.till.code })}</span></p>` : nothing}
    <label class="field"><span>${t("enrol_code")}</span>
      <input class="input code" data-testid="enrol-code" data-focus name="code" .value=${code} placeholder="K7QF-2M9X" maxlength="12"
        autocapitalize="characters" autocomplete="off" autocorrect="off" spellcheck="false" inputmode="text"
        aria-invalid=${about.problem ? "true" : "false"} aria-describedby="enrol-problem"
        @input=${(/** @type {any} */ e) => { about.code = codeOf(e.target.value); about.problem = null; app.redraw(); }}></label>
    <p class="son" id="enrol-problem" data-testid="enrol-problem" role="alert">${about.problem ?? ""}</p>
    ${finder(app)}
    <button type="button" class="btn big" data-testid="enrol-scan" aria-pressed=${app.camera.isOpen ? "true" : "false"} @click=${() => toggle(app)}>
      ${icon(app.camera.isOpen ? "x" : "camera")} ${t(app.camera.isOpen ? "camera_close" : "enrol_scan")}</button>
    <button class="btn go big" data-testid="enrol-go" ?disabled=${!isWhole(code) || about.busy}>
      ${about.busy ? t("enrol_busy") : t("enrol_go")}</button>
    ${standalone() ? nothing : html`<button type="button" class="btn bare" data-testid="install-open" @click=${() => openInstall(app)}>${icon("download")} ${t("install_how")}</button>`}
    ${app.enrolment ? html`<button type="button" class="btn" @click=${about.cancel}>${t("enrol_keep")}</button>` : nothing}
  </form></main>`;
}
