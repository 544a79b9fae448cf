// What stands before the counter: refusal, pairing by code, who sells. No goods here.

import { codeOf, enrol, isWhole, letterOf } from "../enrol.js";
import { pinFits } from "../pin.js";
import { t } from "../words.js";
import { header, placeName, strip } from "./top.js";
import { finder, toggle } from "./finder.js";
import { html, icon, mark, nothing, pad } from "./parts.js";

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
    ${app.enrolment ? html`<button type="button" class="btn" @click=${about.cancel}>${t("enrol_keep")}</button>` : nothing}
  </form></main>`;
}

/** @param {App} app */
export function who(app) {
  const staff = app.catalogue.about.staff.filter((/** @type {any} */ p) => p.active !== false);
  const choose = (/** @type {any} */ person) => {
    if (!person.pin) return app.sellAs(person);
    app.about = { person, digits: "", wrong: 0 };
    app.dialog = "pin";
    app.redraw();
  };
  return html`<div class="till plain">${header(app)}
    <main class="page who-sells">
      ${strip(app)}
      <div class="letter" aria-hidden="true">${letterOf(app.till.code)}</div>
      <p class="where">${app.till.name}<span class="muted"> · ${placeName(app)}</span></p>
      <h2 tabindex="-1" data-focus>${t("who_sells")}</h2>
      <ul class="people">${staff.map((/** @type {any} */ person) => html`<li><button class="btn person" data-testid="staff" data-name=${person.name}
        @click=${() => choose(person)}>${icon("user-round")}<span class="grow"><b>${person.name}</b><span class="cap muted">${t(`role_${person.role}`)}</span></span>
        ${person.pin ? icon("lock-keyhole") : nothing}</button></li>`)}
        ${staff.length === 0 ? html`<li><button class="btn person" data-testid="staff-none" @click=${() => app.sellAs(null)}>
          ${icon("user-round")}<span class="grow"><b>${t("sell_unnamed")}</b><span class="cap muted">${t("sell_unnamed_text")}</span></span></button></li>` : nothing}
      </ul>
    </main></div>`;
}

const SHORTEST_PIN = 4;
const LONGEST_PIN = 8;

/** @param {App} app */
export function pinDialog(app) {
  const { about } = app;
  const { person } = about;
  const type = (/** @type {string} */ key) => {
    about.digits = key === "del" ? about.digits.slice(0, -1) : (about.digits + key).slice(0, LONGEST_PIN);
    about.wrong_now = false;
    app.redraw();
    if (key !== "del" && about.digits.length >= SHORTEST_PIN) check(false);
  };
  // The tablet does not know how long a PIN is: from the fourth digit on it tries quietly, the button tries aloud.
  const check = async (/** @type {boolean} */ aloud) => {
    const tried = about.digits;
    if (!tried) return;
    const fits = await pinFits(tried, person.pin);
    if (app.dialog !== "pin" || app.about !== about) return;
    if (fits) return app.sellAs(person);
    if (!aloud || about.digits !== tried) return;
    Object.assign(about, { digits: "", wrong: about.wrong + 1, wrong_now: true });
    app.redraw();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    if (digit) type(digit);
    else if (event.key === "Backspace") type("del");
    else if (event.key === "Enter" && event.target === event.currentTarget) check(true);
  };
  return html`<dialog class="dialog pin-box" data-testid="pin" aria-labelledby="pin-name" @keydown=${onKey}>
    <div><span class="row cham">${icon("lock-keyhole")} ${t("pin_cap")}</span><h2 id="pin-name">${person.name}</h2></div>
    <div class="dots" role="img" aria-label=${t("pin_typed", { n: about.digits.length })}>
      ${Array.from({ length: Math.max(SHORTEST_PIN, about.digits.length) }, (_, i) => html`<i class=${i < about.digits.length ? "on" : ""}></i>`)}</div>
    <p class="son" role="alert">${about.wrong_now ? t(about.wrong > 2 ? "pin_wrong_often" : "pin_wrong") : ""}</p>
    ${pad(type, "")}
    <div class="acts"><button class="btn" data-testid="pin-cancel" @click=${() => app.back()}>${t("stop")}</button>
      <button class="btn go" data-testid="pin-ok" @click=${() => check(true)}>${t("pin_ok")}</button></div>
  </dialog>`;
}
