// The shelf: search, tabs, at most sixty tiles. A tile leads with where the goods come from.

import { repeat } from "../../vendor/lit-html-3.3.3/directives/repeat.js";
import { priceAt, starsOn } from "../cart.js";
import { kindOf } from "../catalogue.js";
import { dayOf } from "../clock.js";
import { qty, vnd } from "../money.js";
import { take } from "../linking.js";
import { HAMPERS } from "../tiles.js";
import { t } from "../words.js";
import { cameraButton, finder } from "./finder.js";
import { linking, openFresh } from "./fresh.js";
import { openMove } from "./goods.js";
import { openButton } from "./pads.js";
import { html, icon, KIND_ICON, maker, nothing, place, stars } from "./parts.js";
import { strip } from "./top.js";

/** @typedef {import("../app.js").App} App */

const LONG_NAME = 36;
const ONE_LINE = 16;
const FEW_MILLI = 4000;

/** @param {App} app */
export function shelf(app) {
  const tiles = app.tiles();
  const inCart = new Map();
  for (const line of app.desk.cart.lines) inCart.set(line.product, (inCart.get(line.product) ?? 0) + line.qty_milli);
  const type = (/** @type {any} */ event) => app.look(event.target.value);
  // Enter in the box takes the only hit; it never finishes a sale.
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (app.words.trim() && tiles.length === 1) {
      app.words = "";
      take(app, tiles[0]);
    }
  };
  return html`<main class="shelf">
    ${strip(app)}
    <div class="row">
      <label class="search grow">${icon("search")}<span class="only-sr">${t("search")}</span>
        <input class="input" type="search" data-testid="search" placeholder=${t("search_hint")} .value=${app.words} enterkeyhint="search"
          autocomplete="off" autocorrect="off" spellcheck="false" @input=${type} @keydown=${onKey}>
        ${app.words ? html`<button class="btn bare square clear" aria-label=${t("clear_search")}
          @click=${() => { app.words = ""; app.redraw(); }}>${icon("x")}</button>` : html`<span class="key">F2</span>`}</label>
      ${cameraButton(app)}${openButton(app)}
    </div>
    ${finder(app)}
    ${linking(app)}
    ${app.words.trim() ? html`<p class="tabs found muted" role="status">${app.typing ? "…" : t("found", { n: tiles.length === 60 ? "60+" : tiles.length })}</p>` : tabs(app)}
    ${tiles.length ? html`<div class="tiles" role="group" aria-label=${app.kind ? t(`kind_${app.kind}`) : t("best")}>
      ${repeat(tiles, (product) => product.id, (product) => tile(app, product, inCart.get(product.id)))}</div>` : empty(app)}
  </main>`;
}

/** @param {App} app */
const tabs = (app) => html`<div class="tabs" role="group" aria-label=${t("groups")}>
  ${[null, ...app.catalogue.kinds()].map((kind) => html`<button class="tab ${kind ? `kind k-${kind}` : ""}" data-testid="tab"
    data-kind=${kind ?? "best"} aria-pressed=${app.kind === kind ? "true" : "false"}
    @click=${() => { app.kind = kind; app.redraw(); }}>${icon(kind ? KIND_ICON[kind] : "award")}${kind ? t(`kind_${kind}`) : t("best")}</button>`)}
  <button class="tab" data-testid="tab-fresh" @click=${() => openFresh(app)}>${icon("package-plus")}${t("fresh")}</button>
  ${(app.catalogue.about.bundles ?? []).length ? html`<button class="tab" data-testid="tab" data-kind=${HAMPERS} aria-pressed=${app.kind === HAMPERS ? "true" : "false"}
    @click=${() => { app.kind = HAMPERS; app.redraw(); }}>${icon("shopping-basket")}${t("kind_hampers")}</button>` : nothing}
</div>`;

/** @param {App} app @param {any} product @param {number | undefined} held */
function tile(app, product, held) {
  const kind = kindOf(product);
  const now = app.clock.now();
  const { price } = priceAt(product, now);
  const earned = starsOn(product, dayOf(now));
  const none = product.stock_milli !== undefined && product.stock_milli !== null && product.stock_milli <= 0;
  const origin = place(product.commune);
  const made = origin && product.name.length <= ONE_LINE ? maker(product.producer_name) : "";
  const more = () => product.hamper ? undefined : openMove(app, product);
  return html`<div class="tile-box"><button class="tile kind k-${kind} ${none || price === null ? "out" : ""}" data-testid="tile" data-id=${product.id}
    data-sku=${product.sku ?? ""} @click=${() => take(app, product)} @contextmenu=${(/** @type {Event} */ event) => { event.preventDefault(); more(); }}>
    <span class="place">${icon(KIND_ICON[kind])}<span class="cut">${origin || maker(product.producer_name) || t(`kind_${kind}`)}</span>
      ${product.fresh ? html`<b class="pill wait new">${t("fresh_badge")}</b>` : nothing}${held ? html`<b class="in">${qty(held)}</b>` : product.pinned || app.settings.pins?.includes(product.id) ? icon("pin", "pin") : nothing}</span>
    <span class="name ${product.name.length > LONG_NAME ? "long" : ""}">${product.name}</span>
    ${made ? html`<span class="maker cap muted cut">${made}</span>` : nothing}
    ${earned ? stars(earned) : html`<span class="rank cap muted">${t("unranked")}</span>`}
    <span class="foot">${price === null
      ? html`<b class="nghe">${t("no_price")}</b>`
      : html`<b class="num">${vnd(price)}</b>${stock(product)}`}</span>
  </button>${product.hamper ? nothing : html`<button class="more" data-testid="tile-more" aria-label=${t("goods_more", { name: product.name })} @click=${more}>${icon("ellipsis")}</button>`}</div>`;
}

/** A hint, never a rule: the stock may be wrong, the goods are on the table. @param {any} product */
function stock({ stock_milli, unit, weighed }) {
  if (stock_milli === undefined || stock_milli === null) return nothing;
  if (stock_milli <= 0) return html`<b class="son">${t("none_left")}</b>`;
  const n = `${qty(weighed ? Math.round(stock_milli / 100) * 100 : stock_milli)}${weighed ? ` ${unit}` : ""}`;
  return stock_milli < FEW_MILLI ? html`<b class="nghe">${t("few_left", { n })}</b>` : html`<span>${t("left", { n })}</span>`;
}

/** @param {App} app */
function empty(app) {
  if (app.catalogue.size === 0 && app.fetchFailed) {
    return html`<div class="state" data-testid="no-goods">${icon("cloud-off")}<b>${t("no_goods_yet")}</b><span>${t("no_goods_offline")}</span>
      <button class="btn" @click=${app.about.fetch ?? (() => app.sender.poke())}>${t("try_again")}</button></div>`;
  }
  if (app.catalogue.size === 0 && app.fetching) {
    return html`<div class="tiles" aria-busy="true"><span class="only-sr" role="status">${t("loading_goods")}</span>
      ${Array.from({ length: 12 }, () => html`<div class="tile bones"><span class="bone m"></span><span class="bone l"></span><span class="bone s"></span></div>`)}</div>`;
  }
  if (app.catalogue.size === 0) return html`<div class="state" data-testid="no-goods">${icon("package")}<b>${t("no_goods")}</b><span>${t("no_goods_text")}</span></div>`;
  return html`<div class="state" data-testid="nothing-found">${icon("search")}<b>${t("nothing_found", { words: app.words.trim() })}</b>
    <span>${t("nothing_found_text")}</span>
    <button class="btn" data-testid="nothing-fresh" @click=${() => openFresh(app, { name: app.words.trim(), barcode: app.linking })}>${icon("package-plus")} ${t("fresh")}</button></div>`;
}
