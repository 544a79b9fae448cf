// A pad in the place of the cart: how many, how heavy, what the two agreed on. One number, one button.

import { addOpen } from "../cart.js";
import { settle } from "../haggle.js";
import { mulDiv, qty, vnd } from "../money.js";
import { t } from "../words.js";
import { dong, html, icon, nothing, pad, press } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const number = (app) => (app.about.for === "settle" ? agreed(app) : app.about.for === "open" ? open(app) : amount(app));

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

// ── Goods without a list ─────────────────────────────────────────────

/** The button beside the search. @param {App} app */
export const openButton = (app) => html`<button class="btn square open-item" data-testid="open-item" aria-label=${t("open_item")} title=${t("open_item")}
  @click=${() => app.show("number", { for: "open", digits: "", name: app.words.trim(), producer: "" })}>${icon("pen-line")}</button>`;

/** Whose goods there are here. @param {App} app @returns {[string, string][]} */
function producers(app) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const product of app.catalogue.all()) if (product.producer) found.set(product.producer, product.producer_name);
  return [...found].sort((a, b) => (a[1] < b[1] ? -1 : 1));
}

/** The VAT most goods of this producer, or of all, have: the office sees what was charged. @param {App} app @param {string} producer */
function usualVat(app, producer) {
  /** @type {Map<string, { n: number, vat_bp: number, vat_class: string }>} */
  const seen = new Map();
  for (const one of app.catalogue.all()) {
    if (producer && one.producer !== producer) continue;
    const key = `${one.vat_class} ${one.vat_bp}`;
    const entry = seen.get(key) ?? { n: 0, vat_bp: one.vat_bp ?? 0, vat_class: one.vat_class ?? "standard" };
    seen.set(key, { ...entry, n: entry.n + 1 });
  }
  const [most] = [...seen.values()].sort((a, b) => b.n - a.n);
  return most ? { vat_bp: most.vat_bp, vat_class: most.vat_class } : { vat_bp: 0, vat_class: "direct" };
}

/** A name, a price, whose. @param {App} app */
function open(app) {
  const { about } = app;
  about.producers ??= producers(app);
  const type = (/** @type {string} */ key) => { about.digits = press(about.digits, key); app.redraw(); };
  const price = Number(about.digits);
  const name = about.name.trim();
  const done = () => {
    if (!price || !name) return;
    const producer = about.producer || null;
    const { terms } = app.desk.howNow({ producer });
    const producer_name = about.producers.find((/** @type {[string, string]} */ [id]) => id === producer)?.[1] ?? null;
    app.words = "";
    app.desk.change((cart) => addOpen(cart, { name, price, producer, producer_name, ...usualVat(app, about.producer), terms }));
    app.added();
  };
  return panel(app, t("open_item"), t("open_item"), html`<div class="open-fields">
    <label class="field"><span>${t("open_name")}</span><input class="input" data-testid="open-name" maxlength="80" autocomplete="off" .value=${about.name}
      @input=${(/** @type {any} */ e) => { about.name = e.target.value; app.redraw(); }}></label>
    <label class="field"><span>${t("open_producer")}</span><select class="input" data-testid="open-producer" @change=${(/** @type {any} */ e) => { about.producer = e.target.value; app.redraw(); }}>
      <option value="">${t("open_unknown")}</option>${about.producers.map((/** @type {[string, string]} */ [id, said]) => html`<option value=${id} ?selected=${id === about.producer}>${said}</option>`)}</select></label></div>
    <div class="total"><div><b>${t("open_price")}</b></div><span class="num" data-testid="number">${dong(price)}</span></div>
    ${pad(type, "000")}
    <div class="acts"><button class="btn go" data-testid="number-ok" ?disabled=${!price || !name} @click=${done}>${icon("check")} ${t("put_in")}</button></div>`);
}
