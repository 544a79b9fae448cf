// Who sells: the lock screen with its huge letter, whether this tablet is ready, the names; a PIN; a helper of the day.

import { letterOf } from "../enrol.js";
import { LONGEST_PIN, Typing } from "../lockout.js";
import { pinFits, pinTrouble } from "../pin.js";
import { t } from "../words.js";
import { pinKey, pinPad, dots } from "./pinpad.js";
import { html, icon, nothing, pad } from "./parts.js";
import { ready } from "./ready.js";
import { header, placeName, strip } from "./top.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function who(app) {
  const people = app.people.list();
  return html`<div class="till plain">${header(app)}
    <main class="page who-sells">
      ${strip(app)}
      <div class="whose"><div class="letter" aria-hidden="true">${letterOf(app.till.code)}</div>
        <p class="where"><b>${placeName(app)}</b><span>${app.till.name} · ${app.till.code}</span></p></div>
      ${ready(app)}
      <h2 tabindex="-1" data-focus>${t("who_sells")}</h2>
      <ul class="people">${people.map((person) => html`<li><button class="btn person" data-testid="staff" data-name=${person.name}
        @click=${() => app.choose(person)}>${icon("user-round")}<span class="grow"><b>${person.name}</b><span class="cap muted">${t(`role_${person.role}`)}</span></span>
        ${person.pin ? icon("lock-keyhole") : nothing}</button></li>`)}
        ${people.length === 0 ? html`<li><button class="btn person" data-testid="staff-none" @click=${() => app.sellAs(null)}>
          ${icon("user-round")}<span class="grow"><b>${t("sell_unnamed")}</b><span class="cap muted">${t("sell_unnamed_text")}</span></span></button></li>`
        : html`<li><button class="btn person add" data-testid="helper-add" @click=${() => addHelper(app)}>
          ${icon("plus")}<span class="grow"><b>${t("helper_add")}</b><span class="cap muted">${t("helper_add_text")}</span></span></button></li>`}
      </ul>
    </main></div>`;
}

/** @param {App} app */
export function pinDialog(app) {
  const { about } = app;
  const { person } = about;
  if (!about.typing) {
    about.typing = new Typing({ lockout: app.lockout, person, fits: pinFits });
    about.typing.begin().then(() => app.redraw());
  }
  const { typing } = about;
  const act = async (/** @type {string} */ key) => {
    app.touch();
    const checking = key === "enter" ? typing.enter() : typing.type(key);
    app.redraw();
    const fits = await checking;
    app.redraw();
    if (fits && app.dialog === "pin" && app.about === about) app.sellAs(person);
  };
  return html`<dialog class="dialog pin-box" data-testid="pin" aria-labelledby="pin-name" @keydown=${(/** @type {KeyboardEvent} */ event) => pinKey(event, act)}>
    <div><span class="row cham">${icon("lock-keyhole")} ${t("pin_cap")}</span><h2 id="pin-name">${person.name}</h2></div>
    ${pinPad(typing, "pin-said", act)}
    <div class="acts"><button class="btn" data-testid="pin-cancel" @click=${() => app.back()}>${t("stop")}</button>
      <button class="btn go" data-testid="pin-ok" @click=${() => act("enter")}>${t("pin_ok")}</button></div>
  </dialog>`;
}

// ── A helper of the day ──────────────────────────────────────────────

/** @param {App} app */
async function addHelper(app) {
  const allowed = await app.allow({ action: "helper", amount: null, need: { approve: true } });
  if (!allowed) return;
  app.about = { name: "", digits: "", field: "name", trouble: null, approval: allowed.approval };
  app.dialog = "helper";
  app.redraw();
}

/** @param {App} app */
export function helperDialog(app) {
  const { about } = app;
  const type = (/** @type {string} */ key) => {
    about.digits = key === "del" ? about.digits.slice(0, -1) : (about.digits + key).slice(0, LONGEST_PIN);
    about.trouble = null;
    app.redraw();
  };
  const done = async () => {
    if (about.busy) return;
    const name = about.name.trim().replace(/\s+/g, " ");
    about.trouble = !name ? "name" : about.digits ? pinTrouble(about.digits) : null;
    if (about.trouble) return app.redraw();
    about.busy = true;
    app.redraw();
    try {
      const helper = await app.people.addHelper({ name, pin: about.digits || null, approval: about.approval, by: app.staff?.id ?? null });
      app.sellAs(helper);
      app.sender.poke();
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  };
  return html`<dialog class="dialog pin-box helper-box" data-testid="helper" aria-labelledby="helper-title">
    <div><span class="row cham">${icon("user-round")} ${t("helper_cap")}</span><h2 id="helper-title">${t("helper_add")}</h2></div>
    <label class="field"><span>${t("helper_name")}</span><input class="input" data-testid="helper-name" maxlength="60" autocomplete="off" .value=${about.name}
      @input=${(/** @type {any} */ e) => { about.name = e.target.value; about.trouble = null; }}></label>
    <div class="field"><span>${t("helper_pin")}</span>${dots(about.digits.length)}</div>
    <p class="son" role="alert" data-testid="helper-trouble">${about.trouble ? t(`helper_trouble_${about.trouble}`) : ""}</p>
    ${pad(type, "")}
    <div class="acts"><button class="btn" data-testid="helper-cancel" @click=${() => app.back()}>${t("stop")}</button>
      <button class="btn go" data-testid="helper-ok" ?disabled=${about.busy} @click=${done}>${icon("check")} ${t("helper_ok")}</button></div>
  </dialog>`;
}
