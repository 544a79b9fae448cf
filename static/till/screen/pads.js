// A pad in the place of the cart: how many, how heavy, what the two agreed on. One number, one button.

import { settle } from "../haggle.js";
import { mulDiv, qty, vnd } from "../money.js";
import { t } from "../words.js";
import { dong, html, icon, nothing, pad, press } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const number = (app) => (app.about.for === "settle" ? agreed(app) : amount(app));

/** @param {App} app @param {string} label @param {any} title @param {any} body */
const panel = (app, label, title, body) => html`<section class="qr-pay numbers" aria-label=${label}>
  <div class="row ends"><h2 tabindex="-1" data-focus>${title}</h2><button class="btn bare square" aria-label=${t("back_to_cart")} @click=${() => app.show("cart")}>${icon("x")}</button></div>
  ${body}</section>`;

/** A weight in grams, or how many. @param {App} app */
function amount(app) {
  const { about } = app;
  const weigh = about.for === "weigh" || about.weighed;
  const type = (/** @type {string} */ key) => { about.digits = press(about.digits, key, weigh ? 6 : 5); app.redraw(); };
  const price = about.product?.price ?? app.desk.cart.lines.find((line) => line.key === about.key)?.price ?? 0;
  const n = Number(about.digits);
  const unit = about.product?.unit || about.unit || "kg";
  return panel(app, weigh ? t("weight") : t("type_qty"), about.product?.name ?? about.name, html`
    <div class="total"><div><b>${weigh ? t("weight") : t("type_qty")}</b><div class="cap muted">${vnd(price)}${weigh ? ` / ${unit}` : ""}</div></div>
      <span class="num" data-testid="number">${about.digits || "0"}${weigh ? html`<small>g</small>` : nothing}</span></div>
    <p class="row ends"><span class="muted">${weigh ? `${qty(n)} ${unit}` : t("comes_to")}</span><b class="num" data-testid="comes-to">${vnd(weigh ? mulDiv(price, n, 1000) : price * n)}</b></p>
    ${pad(type, "000")}
    <div class="acts"><button class="btn go" data-testid="number-ok" ?disabled=${!n} @click=${() => app.typed()}>${icon("check")} ${t("put_in")}</button></div>`);
}

/** "Chốt tổng". @param {App} app */
function agreed(app) {
  const { about, desk } = app;
  const type = (/** @type {string} */ key) => { about.digits = press(about.digits, key); app.redraw(); };
  const sum = Number(about.digits);
  const { total } = desk.totals;
  const done = () => { app.show("cart"); settle(app, sum); };
  return panel(app, t("bot_settle"), t("bot_settle"), html`
    <div class="total"><div><b>${t("bot_settle_to")}</b><div class="cap muted">${t("bot_settle_from", { sum: vnd(total) })}</div></div>
      <span class="num" data-testid="number">${dong(sum)}</span></div>
    <p class="row ends ${sum > total ? "son" : ""}"><span class="muted">${t(sum > total ? "bot_settle_more" : "bot_off")}</span><b class="num" data-testid="comes-to">${sum ? vnd(sum - total) : ""}</b></p>
    ${pad(type, "000")}
    <div class="acts"><button class="btn go" data-testid="number-ok" ?disabled=${!sum || sum >= total} @click=${done}>${icon("check")} ${t("bot_settle_ok")}</button></div>`);
}
