// The box where somebody with the right approves one thing: what, how much, which limit, who, PIN.

import { approved } from "../approval.js";
import { Typing } from "../lockout.js";
import { vnd } from "../money.js";
import { pinFits } from "../pin.js";
import { t } from "../words.js";
import { html, icon, nothing } from "./parts.js";
import { pinKey, pinPad } from "./pinpad.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function approveDialog(app) {
  const { question } = app;
  const { wanted, people } = question;
  const choose = (/** @type {any} */ person) => {
    question.person = person;
    question.typing = new Typing({ lockout: app.lockout, person, fits: pinFits });
    question.typing.begin().then(() => app.redraw());
    app.redraw();
  };
  if (!question.person && people.length === 1) choose(people[0]);
  const { person, typing } = question;
  const act = async (/** @type {string} */ key) => {
    if (!typing) return;
    app.touch();
    const checking = key === "enter" ? typing.enter() : typing.type(key);
    app.redraw();
    const fits = await checking;
    app.redraw();
    if (fits && app.question === question && question.typing === typing) {
      app.answer(approved(wanted, person.id, app.clock.now(), app.sender?.state.reached !== true));
    }
  };
  const said = t(`approve_${wanted.action}`);
  return html`<dialog class="dialog pin-box approve-box" data-testid="approve" data-action=${wanted.action} aria-labelledby="approve-what" @keydown=${(/** @type {KeyboardEvent} */ event) => pinKey(event, act)}>
    <div><span class="row cham">${icon("badge-check")} ${t("approve_cap")}</span>
      <h2 id="approve-what">${said}${wanted.amount ? html` <span class="nb num">${vnd(Math.abs(wanted.amount))} ₫</span>` : nothing}</h2>
      ${wanted.why ? html`<p class="cap muted" data-testid="approve-why">${wanted.why}</p>` : nothing}</div>
    ${people.length === 0 ? html`<p data-testid="approve-nobody">${t("approve_nobody")}</p>` : html`
      <div class="tabs wrap" role="group" aria-label=${t("approve_who")}>${people.map((/** @type {any} */ one) => html`<button class="tab" data-testid="approver" data-name=${one.name}
        aria-pressed=${person === one ? "true" : "false"} @click=${() => choose(one)}>${icon("user-round")} ${one.name}</button>`)}</div>`}
    ${typing ? pinPad(typing, "approve-said", act) : people.length ? html`<p class="muted">${t("approve_choose")}</p>` : nothing}
    <div class="acts"><button class="btn" data-testid="approve-no" @click=${() => app.answer(null)}>${t("stop")}</button>
      ${people.length === 0 ? nothing : html`<button class="btn go" data-testid="approve-ok" ?disabled=${!typing} @click=${() => act("enter")}>${icon("check")} ${t("approve_ok")}</button>`}</div>
  </dialog>`;
}
