// "Bớt" under the lines, and the age question beside it: strips in the cart, never a box over it.

import { haggled } from "../discounts.js";
import { answerAge, asksAge, canHaggle, haggleLineOf, haggleMore, haggleNot, mayHaggle, percent, whyNot } from "../haggle.js";
import { vnd } from "../money.js";
import { t } from "../words.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

const STEPS = [5_000, 10_000];

/** The button that opens the bar. @param {App} app @param {boolean} empty */
export const botButton = (app, empty) => html`<button class="btn bare" data-testid="bot" aria-expanded=${app.haggling ? "true" : "false"}
  ?disabled=${empty || !app.desk.cart.lines.length} @click=${() => { app.haggling = app.haggling ? null : { key: null }; app.redraw(); }}>${icon("badge-percent")} ${t("bot")}</button>`;

/** @param {App} app */
export function botBar(app) {
  const { cart } = app.desk;
  if (!app.haggling || !cart.lines.length) return nothing;
  const line = haggleLineOf(app);
  const chosen = cart.lines.find((one) => one.key === cart.on);
  const left = canHaggle(app);
  const off = line ? line.bot ?? 0 : cart.bot ?? 0;
  const why = whyNot(app);
  const about = (/** @type {number | null} */ key) => { app.haggling = { key }; app.redraw(); };
  return html`<div class="bot-bar" role="group" aria-label=${t("bot")} data-testid="bot-bar" data-off=${off}>
    <div class="row ends"><div class="tabs">
        <button class="tab" data-testid="bot-basket" aria-pressed=${line ? "false" : "true"} @click=${() => about(null)}>${t("bot_basket")}</button>
        ${chosen ? html`<button class="tab" data-testid="bot-line" aria-pressed=${line ? "true" : "false"} @click=${() => about(chosen.key)}><span class="cut">${chosen.name}</span></button>` : nothing}</div>
      <button class="btn bare square" data-testid="bot-close" aria-label=${t("close")} @click=${() => { app.haggling = null; app.redraw(); }}>${icon("x")}</button></div>
    <div class="steps">
      ${STEPS.map((step) => html`<button class="btn" data-testid="bot-${step}" ?disabled=${left < step} @click=${() => haggleMore(app, step)}><b class="num">${vnd(-step).replace(/\.000$/, "")}k</b></button>`)}
      ${line ? nothing : html`<button class="btn" data-testid="bot-settle" ?disabled=${left <= 0} @click=${() => app.show("number", { for: "settle", digits: "" })}>${t("bot_settle")}</button>`}
      <button class="btn" data-testid="bot-none" ?disabled=${off === 0} @click=${() => haggleNot(app)}>${icon("undo-2")} ${t("bot_none")}</button></div>
    <p class="cap ${why ? "nghe" : "muted"}" role="status" data-testid="bot-said">${why || t("bot_limit", {
      percent: percent(app.staff?.limits?.discount_bp ?? 0), most: vnd(mayHaggle(app)), off: vnd(haggled(cart).amount) })}</p>
  </div>`;
}

/** What was taken off the basket, as the last row of the lines. @param {App} app */
export function botRow(app) {
  const off = haggled(app.desk.cart).basket;
  return off > 0 ? html`<li class="line off" data-testid="basket-off"><b class="qty">${icon("badge-percent")}</b><div><span class="what">${t("bot_off_all")}</span></div><b class="num sum">${vnd(-off)}</b></li>` : nothing;
}

/** Asked once per sale; the pay row waits for the answer. @param {App} app */
export function ageStrip(app) {
  if (!asksAge(app.desk.cart)) return nothing;
  return html`<div class="age-strip ${app.age_missed ? "missed" : ""}" data-testid="age" role=${app.age_missed ? "alert" : "status"}>${icon("wine")}
    <b class="grow">${t(app.age_missed ? "age_first" : "age_ask")}</b>
    <button class="btn" data-testid="age-no" @click=${() => answerAge(app, false)}>${t("age_no")}</button>
    <button class="btn go" data-testid="age-yes" @click=${() => answerAge(app, true)}>${icon("check")} ${t("age_yes")}</button></div>`;
}

/** What a line was reduced by, in words. @param {import("../cart.js").CartLine} line @param {number} bot what of it counts */
export const reduced = (line, bot) => html`${line.promo ? html`<div class="less" data-testid="promo"><span>${line.promo.reason}</span><span class="num">${vnd(-line.promo.amount)}</span></div>` : nothing}
  ${bot > 0 ? html`<div class="less" data-testid="line-off"><span>${t("bot_line_off")}</span><span class="num">${vnd(-bot)}</span></div>` : nothing}`;
