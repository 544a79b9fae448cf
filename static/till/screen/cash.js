// Cash in, out, to the safe: how much, why, by whom it is carried and in which bag. One screen, one tap to write it.

import { vnd } from "../money.js";
import { REASONS } from "../tally.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { dong, html, icon, nothing, pad, press } from "./parts.js";

/** @typedef {import("../app.js").App} App */

const SIGN = { in: "arrow-down-to-line", out: "arrow-up-from-line", drop: "lock-keyhole" };
const WAYS = /** @type {const} */ (["in", "out", "drop"]);

/** @param {App} app @param {string | null} [keeper] */
export const openCash = (app, keeper = null) =>
  app.go("cash", { direction: "in", digits: "", reason: null, note: "", carrier: "", bag: "", id: app.newId(), keeper });

/** @param {App} app */
export function cash(app) {
  const { about } = app;
  const amount = Number(about.digits);
  const reasons = /** @type {string[]} */ (REASONS[/** @type {"in" | "out" | "drop"} */ (about.direction)]);
  const wants = reasons.length > 0 && (!about.reason || (about.reason === "other" && !about.note.trim()));
  const type = (/** @type {string} */ key) => { about.digits = press(about.digits, key); app.redraw(); };
  const word = (/** @type {string} */ name) => (/** @type {any} */ e) => { about[name] = e.target.value; app.redraw(); };
  const field = (/** @type {string} */ name) => html`<label class="field"><span>${t(`cash_${name}`)}</span><input class="input" data-testid="cash-${name}" maxlength="80" autocomplete="off" .value=${about[name]} @input=${word(name)}></label>`;
  const done = async () => {
    if (!amount || wants || about.busy) return;
    about.busy = true;
    try {
      // What is paid out is a refund to nobody: the same limit. A theft is a fact, nobody approves it.
      const asks = about.direction === "out" && about.reason !== "theft";
      const allowed = asks ? await app.allow({ action: "cash", amount, need: { refund: amount } }) : { approval: null };
      if (allowed) {
        await app.shifts.moveCash({
          ...app.by, id: about.id, direction: about.direction, amount, reason: about.reason, note: about.note.trim() || null, keeper: about.keeper,
          carrier: about.carrier.trim() || null, bag: about.bag.trim() || null, approval: allowed.approval,
        });
        app.go("sell");
        app.say({ tone: "ok", icon: "check", title: t(`cash_done_${about.direction}`, { sum: vnd(amount) }) });
        app.sender.poke();
        await app.count();
      }
    } catch (error) {
      app.sayTrouble(error);
    }
    about.busy = false;
    app.redraw();
  };
  const drawer = app.shifts.of(about.keeper);
  return page(app, drawer?.keeper ? t("cash_of", { name: drawer.keeper_name ?? "" }) : t("menu_cash"), html`<div class="two-col">
    <div class="col">
      <div class="tabs" role="group" aria-label=${t("menu_cash")}>${WAYS.map((way) => html`<button class="tab" data-testid="cash-${way}" aria-pressed=${about.direction === way ? "true" : "false"}
        @click=${() => { Object.assign(about, { direction: way, reason: null }); app.redraw(); }}>${icon(SIGN[way])} ${t(`cash_${way}`)}</button>`)}</div>
      <p class="muted">${t(`cash_${about.direction}_text`)}</p>
      ${reasons.length ? html`<div class="chips" role="group" aria-label=${t("reason")}>${reasons.map((reason) => html`<button class="btn ${reason === "theft" ? "loss" : ""}" data-testid="reason-${reason}"
        aria-pressed=${about.reason === reason ? "true" : "false"} @click=${() => { about.reason = reason; app.redraw(); }}>${t(`cash_reason_${reason}`)}</button>`)}</div>` : nothing}
      ${about.direction === "drop" ? html`<div class="pair">${field("carrier")}${field("bag")}</div>` : nothing}
      ${about.reason || about.direction === "drop" ? field("note") : nothing}
    </div>
    <div class="col"><div class="total"><b>${t("amount")}</b><span class="num" data-testid="cash-amount">${dong(amount)}</span></div>
      ${pad(type)}<button class="btn go big" data-testid="cash-done" ?disabled=${!amount || wants || about.busy} @click=${done}>${icon("check")} ${t("write_down")}</button>
      ${amount && wants ? html`<p class="muted" role="status">${t(about.reason === "other" ? "cash_say_what" : "cash_say_why")}</p>` : nothing}</div></div>`);
}
