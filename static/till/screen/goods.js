// Goods in and out at the till: what to do with one product, and what this tablet moved today, with undo.

import { dayOf, timeOf } from "../clock.js";
import { OUT, refusal } from "../goods.js";
import { qty } from "../money.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { html, icon, maker, nothing, pad, press } from "./parts.js";

/** @typedef {import("../app.js").App} App */

const SIGNS = /** @type {Record<string, string>} */ ({
  in: "arrow-down-to-line", sample: "hand", gift: "gift", broken: "triangle-alert", lost: "eye-off", theft: "circle-alert",
  own_use: "user-round", to_producer: "truck", to_site: "store",
});

/** Open the page of one product. @param {App} app @param {any} product @param {string} [back] */
export function openMove(app, product, back = "sell") {
  app.touch();
  app.go("move", { product, way: null, digits: "", id: app.newId(), back, other: null, expires: "", lot: null, elsewhere: false });
}

/** @param {any} product @param {number} milli */
const amount = ({ unit, weighed }, milli) => (weighed ? `${milli} g` : unit ? `${qty(milli)} × ${unit}` : qty(milli));

/** How much is typed: one where nothing is, unless it is weighed. @param {any} about */
const typedMilli = ({ product, digits }) => (digits === "" ? (product.weighed ? 0 : 1000) : Number(digits) * (product.weighed ? 1 : 1000));

/** @param {App} app */
export function move(app) {
  const { about } = app;
  const { product, way } = about;
  const milli = typedMilli(about);
  const sites = app.settings.sites ?? [];
  const needsSite = way === "to_site" || (way === "in" && (about.elsewhere || !product.producer));
  const why = way ? refusal(product, way) ?? (needsSite && !about.other ? "goods_which_site" : null) : "goods_which_way";
  const choose = (/** @type {string} */ next) => { Object.assign(about, { way: next, other: null, elsewhere: false }); app.redraw(); };
  const write = async () => {
    if (why || !milli || about.busy) return;
    about.busy = true;
    try {
      const { id, other, expires, lot } = about;
      await app.goods.write({ ...app.by, id, way, product, qty_milli: milli, other, lot, expires: (way === "in" && expires) || null });
      if (about.back === "goods") openGoods(app);
      else app.go("sell");
      app.say({ tone: "ok", icon: "check", title: t("goods_done", { what: t(`goods_${way}`), n: amount(product, milli), name: product.name }) });
      app.sender.poke();
      await app.count();
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  };
  const button = (/** @type {string} */ name) => {
    const no = refusal(product, name);
    return html`<button class="btn goods-way" data-testid="goods-${name}" aria-pressed=${way === name ? "true" : "false"} ?disabled=${no !== null || (name === "to_site" && !sites.length)}
      @click=${() => choose(name)}>${icon(SIGNS[name])}<span>${t(`goods_${name}`)}</span></button>`;
  };
  return page(app, product.name, html`<div class="two-col goods-move">
    <div class="col">
      <p class="muted">${maker(product.producer_name) || t("goods_maker_unknown")}</p>
      <div class="goods-ways" role="group" aria-label=${t("goods_what")}>${["in", ...OUT].map(button)}</div>
      ${refusal(product, "gift") ? html`<p class="cap nghe">${icon("wine")} ${t("goods_no_gift")}</p>` : nothing}
      ${way === "in" ? origin(app, sites) : nothing}
      ${needsSite ? siteChoice(app, sites) : nothing}
      ${way === "in" ? html`<label class="field"><span>${t("goods_expires")}</span><input class="input" type="date" data-testid="goods-expires" .value=${about.expires}
        @input=${(/** @type {any} */ e) => { about.expires = e.target.value; }}></label>` : nothing}
      ${product.lots?.length ? html`<label class="field"><span>${t("goods_lot")}</span><select class="input" @change=${(/** @type {any} */ e) => { about.lot = e.target.value || null; }}>
        <option value="">–</option>${product.lots.map((/** @type {any} */ lot) => html`<option value=${lot.id}>${lot.code}</option>`)}</select></label>` : nothing}
    </div>
    <div class="col">
      <div class="total"><b>${product.weighed ? t("weight") : t("type_qty")}</b><span class="num" data-testid="goods-qty">${product.weighed ? `${milli}` : qty(milli)}<small> ${product.weighed ? "g" : product.unit ?? ""}</small></span></div>
      ${pad((key) => { about.digits = press(about.digits, key, 6); app.redraw(); }, product.weighed ? "000" : "00")}
      <button class="btn go big" data-testid="goods-write" aria-disabled=${why || !milli ? "true" : "false"} @click=${write}>
        ${why ? t(why) : html`${icon(SIGNS[way])} ${t(`goods_${way}`)}: ${amount(product, milli)}`}</button>
    </div></div>`);
}

/** @param {App} app @param {any[]} sites */
function origin(app, sites) {
  const { about } = app;
  if (!about.product.producer || !sites.length) return nothing;
  return html`<div class="tabs" role="group" aria-label=${t("goods_from")}>${[false, true].map((elsewhere) => html`<button class="tab" data-testid="goods-from-${elsewhere ? "site" : "producer"}"
    aria-pressed=${about.elsewhere === elsewhere ? "true" : "false"} @click=${() => { Object.assign(about, { elsewhere, other: null }); app.redraw(); }}>
    ${icon(elsewhere ? "store" : "truck")} ${t(elsewhere ? "goods_from_site" : "goods_from_producer")}</button>`)}</div>`;
}

/** @param {App} app @param {any[]} sites */
const siteChoice = (app, sites) => html`<label class="field"><span>${t("goods_site")}</span>
  <select class="input" data-testid="goods-site" @change=${(/** @type {any} */ e) => { app.about.other = e.target.value || null; app.redraw(); }}>
    <option value="">${t("goods_which_site")}</option>${sites.map((site) => html`<option value=${site.id} ?selected=${app.about.other === site.id}>${site.name}</option>`)}</select></label>`;

/** @param {App} app */
export function openGoods(app) {
  app.go("goods", { words: "", rows: null });
}

/** @param {App} app */
async function read(app) {
  const { about } = app;
  const rows = await app.goods.list(app.shifts.current?.day ?? dayOf(app.clock.now()));
  if (app.about !== about) return;
  about.rows = rows;
  app.redraw();
}

/** Today's movements, and a search to begin the next one. @param {App} app */
export function goods(app) {
  const { about } = app;
  if (!about.rows && !about.reading) {
    about.reading = true;
    read(app);
  }
  const found = about.words.trim() ? app.catalogue.search(about.words, 12) : [];
  const undo = async (/** @type {any} */ one) => {
    if (one.busy) return;
    one.busy = true;
    await app.goods.undo(one.row, app.by).catch((/** @type {unknown} */ error) => app.sayTrouble(error));
    app.sender.poke();
    await app.count();
    await read(app);
  };
  return page(app, t("menu_goods"), html`<div class="two-col">
    <div class="col">
      <label class="search">${icon("search")}<span class="only-sr">${t("search")}</span><input class="input" type="search" data-testid="goods-search" placeholder=${t("search_hint")} .value=${about.words}
        autocomplete="off" autocorrect="off" spellcheck="false" @input=${(/** @type {any} */ e) => { about.words = e.target.value; app.redraw(); }}></label>
      ${about.words.trim() && !found.length ? html`<p class="muted">${t("nothing_found", { words: about.words.trim() })}</p>` : nothing}
      ${about.words.trim() ? nothing : html`<p class="muted">${t("goods_hint")}</p>`}
      <ul class="receipts">${found.map((product) => html`<li><button class="btn receipt-row" data-testid="goods-product" @click=${() => openMove(app, product, "goods")}>
        <span class="grow cut"><b>${product.name}</b><span class="cap muted cut">${maker(product.producer_name)}</span></span>${icon("chevron-right")}</button></li>`)}</ul>
    </div>
    <div class="col"><h3>${t("goods_today")}</h3>
      ${about.rows === null ? nothing : about.rows.length ? html`<ul class="receipts">${about.rows.map((/** @type {any} */ one) => moved(app, one, undo))}</ul>`
        : html`<div class="state">${icon("package")}<b>${t("goods_none")}</b></div>`}
    </div></div>`);
}

/** @param {App} app @param {any} one @param {(one: any) => void} undo */
function moved(app, one, undo) {
  const { row, way, undone } = one;
  const [line] = row.event.body.lines;
  const who = app.catalogue.about.staff.find((/** @type {any} */ person) => person.id === row.event.staff)?.name;
  return html`<li class="goods-moved ${undone ? "undone" : ""}" data-testid="goods-moved" data-way=${way} data-undone=${undone ? "true" : "false"}>
    ${icon(SIGNS[way])}<span class="grow"><b>${row.memo?.name ?? ""}</b><span class="cap muted">${timeOf(Date.parse(row.event.at))} · ${t(`goods_${way}`)}${who ? ` · ${who}` : ""}${row.waiting ? ` · ${t("waits")}` : ""}</span></span>
    <b class="num">${way === "in" ? "+" : "−"}${amount(row.memo ?? {}, line.qty_milli)}</b>
    ${undone ? html`<span class="pill">${t("goods_undone")}</span>` : html`<button class="btn" data-testid="goods-undo" @click=${() => undo(one)}>${icon("undo-2")} ${t("undo")}</button>`}</li>`;
}
