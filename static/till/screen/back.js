// One receipt: what was sold, what comes back, where the goods go (asked once). And goods without a receipt.

import { dateOf, timeOf } from "../clock.js";
import { qty, vnd } from "../money.js";
import { backOf, backWithoutReceipt } from "../returns.js";
import { language, t } from "../words.js";
import { invoiceButton } from "./invoice.js";
import { page } from "./page.js";
import { receiptLink } from "./paid.js";
import { dong, html, icon, maker, nothing, pad, press, qr } from "./parts.js";
import { tenderRows } from "./tenders.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../returns.js").SoldLine} SoldLine */

const PLACES = /** @type {const} */ ([["shelf", "store"], ["damaged", "triangle-alert"], ["producer", "truck"]]);
const REASONS = ["lost_paper", "faulty", "changed_mind"];

/** @param {App} app */
export function receipt(app) {
  const { about } = app;
  if (about.looking) return page(app, about.receipt_no, html`<div class="state" role="status" data-testid="receipt-looking">${icon("search")}<b>${t("receipt_looking")}</b><span>${t("receipt_looking_text")}</span></div>`);
  const { sold, row } = about;
  const days = Math.floor((app.clock.now() - sold.at) / 86_400_000);
  return page(app, sold.receipt_no, html`<div class="two-col giving-back">
    <div class="col">
      <p class="muted" data-testid="receipt-from" data-source=${sold.source}>${dateOf(sold.at)} ${timeOf(sold.at)}${days > 0 ? ` · ${t("days_ago", { n: days })}` : ""} · ${row ? t(row.waiting ? "waits" : "sent") : t(`from_${sold.source}`)}</p>
      ${sold.source === "code" ? html`<p class="strip info">${icon("badge-check")}<span><b>${t("code_signed")}</b>${t("code_signed_text")}${sold.cut ? ` ${t("code_cut_off", { n: sold.lines.length })}` : ""}</span></p>` : nothing}
      <ul class="sums back-lines">${sold.lines.map((/** @type {SoldLine} */ line) => one(app, line))}</ul>
      ${row ? rest(app, row) : nothing}
    </div>
    <div class="col">${taking(app)}${invoiceButton(app)}${row ? paper(app, row) : nothing}</div></div>`);
}

/** @param {App} app @param {SoldLine} line */
function one(app, line) {
  const { about } = app;
  const n = about.picked[line.line] ?? 0;
  const set = (/** @type {number} */ milli) => { about.picked[line.line] = Math.min(Math.max(0, milli), line.left); app.redraw(); };
  const weighed = line.left % 1000 !== 0;
  return html`<li class=${n ? "on" : ""} data-testid="sold-line" data-line=${line.line} data-left=${line.left}><b>${qty(line.qty_milli)}</b>
    <span>${line.name}${line.returned ? html`<span class="cap son"> ${t("came_back", { n: qty(line.returned) })}</span>` : nothing}</span><b class="num">${vnd(line.paid)}</b>
    <div class="do">${line.left <= 0 ? html`<span class="cap muted">${t("all_back")}</span>` : weighed
      ? html`<button class="tab" data-testid="give-back" data-line=${line.line} aria-pressed=${n ? "true" : "false"} @click=${() => set(n ? 0 : line.left)}>${icon(n ? "check" : "undo-2")} ${t("take_back_qty", { n: qty(line.left) })}</button>`
      : html`<span class="stepper"><button data-testid="give-less" data-line=${line.line} aria-label=${t("one_less")} ?disabled=${!n} @click=${() => set(n - 1000)}>${icon("minus")}</button>
          <output aria-label=${t("goods_back")}>${qty(n)}</output>
          <button data-testid="give-back" data-line=${line.line} aria-label=${t("take_back_one", { name: line.name })} ?disabled=${n >= line.left} @click=${() => set(n + 1000)}>${icon("plus")}</button></span>
        ${line.left > 1000 && n < line.left ? html`<button class="btn bare" data-testid="give-all" data-line=${line.line} @click=${() => set(line.left)}>${t("take_back_all", { n: qty(line.left) })}</button>` : nothing}`}</div></li>`;
}

/** How it was paid, and what it took back itself. @param {App} app @param {any} row */
function rest(app, row) {
  const { body } = row.event;
  return html`<ul class="sums">
    ${body.returns.map((/** @type {any} */ back, /** @type {number} */ i) => html`<li><b>${qty(back.qty_milli)}</b><span class="son">${t("goods_back")}: ${row.memo?.returns[i] ?? ""}</span><b class="num">${vnd(-back.paid)}</b></li>`)}
    ${body.cash_rounding ? html`<li><span></span><span class="muted">${t("rounding")}</span><b class="num">${vnd(body.cash_rounding)}</b></li>` : nothing}
    <li class="total-row"><span></span><span>${t("total")}</span><b class="num">${vnd(body.total + body.cash_rounding)}</b></li>
    ${tenderRows(app, row)}</ul>`;
}

/** Where the goods go, asked once. @param {any} about @param {() => void} changed */
const places = (about, changed) => html`<fieldset class="places"><legend>${t("goods_to")}</legend><div class="tabs">
  ${PLACES.map(([place, sign]) => html`<button type="button" class="tab" data-testid="to-${place}" aria-pressed=${about.to === place ? "true" : "false"} @click=${() => { about.to = place; changed(); }}>${icon(sign)} ${t(`place_${place}`)}</button>`)}</div></fieldset>`;

/** The goods picked, as a cart takes them. @param {App} app */
const picked = (app) => app.about.sold.lines.filter((/** @type {SoldLine} */ line) => app.about.picked[line.line] > 0)
  .map((/** @type {SoldLine} */ line) => backOf(app.about.sold, line, app.about.picked[line.line], app.about.to));

/** @param {App} app */
function taking(app) {
  const { sold } = app.about;
  if (!sold.lines.some((/** @type {SoldLine} */ line) => line.left > 0)) return html`<p class="strip info" data-testid="nothing-left">${icon("check")}<span>${t(sold.lines.length ? "nothing_left" : "only_refund")}</span></p>`;
  const backs = picked(app);
  const sum = backs.reduce((/** @type {number} */ all, /** @type {any} */ back) => all + back.paid, 0);
  const done = () => {
    for (const line of sold.lines) app.desk.keepSoldLine(sold.sale, line.line);
    for (const back of backs) app.desk.takeBack(back);
    app.go("sell");
    app.say({ tone: "info", icon: "undo-2", title: t("back_in_cart", { n: backs.length }), text: t("back_in_cart_text") });
    app.redrawWhenReady();
  };
  return html`<div class="taking card">
    ${places(app.about, () => app.redraw())}
    <div class="total"><b>${t("comes_back")}</b><span class="num" data-testid="back-sum" data-sum=${sum}>${dong(sum)}</span></div>
    <button class="btn go big" data-testid="back-done" ?disabled=${!backs.length} @click=${done}>${icon("undo-2")} ${t("back_done")}</button>
    <p class="cap muted">${t("back_done_hint")}</p></div>`;
}

/** @param {App} app @param {any} row */
const paper = (app, row) => html`<div class="qr-paper">${qr(receiptLink(app, row), t("receipt_qr"), "L")}<b data-testid="receipt-shown">${row.event.body.receipt_no}</b>
  ${app.paper.any || app.paper.choice ? html`<button class="btn big" data-testid="reprint" @click=${() => app.reprint(row)}>${icon("printer")} ${t("reprint_copy")}</button>` : nothing}</div>`;

// ── Without a receipt ────────────────────────────────────────────────

/** @param {App} app */
export function withoutReceipt(app) {
  const { about } = app;
  return page(app, t("no_receipt"), about.product ? priced(app) : html`
    <p class="muted">${t("no_receipt_text")}</p>
    <label class="search">${icon("search")}<span class="only-sr">${t("search")}</span><input class="input" type="search" data-testid="no-receipt-search" autocomplete="off" placeholder=${t("search_hint")}
      .value=${about.words} @input=${(/** @type {any} */ event) => { about.words = event.target.value; app.redraw(); }}></label>
    ${found(app)}`, "receipt-list");
}

/** @param {App} app */
function found(app) {
  const { words } = app.about;
  const goods = app.catalogue.search(words, 12);
  if (words.trim() && !goods.length) return html`<div class="state">${icon("search")}<b>${t("nothing_found", { words: words.trim().slice(0, 60) })}</b><span>${t("nothing_found_text")}</span></div>`;
  const choose = (/** @type {any} */ product) => { Object.assign(app.about, { product, digits: String(product.price ?? "") }); app.redraw(); };
  return html`<ul class="receipts">${goods.map((product) => html`<li><button class="btn receipt-row" data-testid="no-receipt-product" data-id=${product.id} @click=${() => choose(product)}>
    <span class="grow cut"><b>${language() === "en" ? product.name_en ?? product.name : product.name}</b><span class="cap muted cut">${maker(product.producer_name)}</span></span><b class="num">${product.price ? vnd(product.price) : "–"}</b></button></li>`)}</ul>`;
}

/** @param {App} app */
function priced(app) {
  const { about } = app;
  const { product } = about;
  const price = Number(about.digits);
  const redraw = () => app.redraw();
  const type = (/** @type {string} */ key) => { about.digits = press(about.digits, key, 9); redraw(); };
  const done = () => {
    app.desk.takeBack(backWithoutReceipt(product, { qty_milli: about.qty * 1000, price, reason: t(`why_${about.reason}`), disposition: about.to }));
    app.go("sell");
    app.say({ tone: "info", icon: "undo-2", title: t("back_in_cart", { n: 1 }), text: t("back_in_cart_text") });
    app.redrawWhenReady();
  };
  return html`<div class="two-col giving-back"><div class="col">
      <div><b>${product.name}</b><div class="cap muted">${product.producer_name ?? ""}</div></div>
      <fieldset class="places"><legend>${t("reason")}</legend><div class="tabs">${REASONS.map((why) => html`<button type="button" class="tab" data-testid="why-${why}" aria-pressed=${about.reason === why ? "true" : "false"} @click=${() => { about.reason = why; redraw(); }}>${t(`why_${why}`)}</button>`)}</div></fieldset>
      ${places(about, redraw)}
      <div class="row ends"><span>${t("type_qty")}</span><span class="stepper"><button data-testid="no-receipt-less" aria-label=${t("one_less")} ?disabled=${about.qty <= 1} @click=${() => { about.qty -= 1; redraw(); }}>${icon("minus")}</button><output>${about.qty}</output>
        <button data-testid="no-receipt-more" aria-label=${t("one_more")} ?disabled=${about.qty >= 999} @click=${() => { about.qty += 1; redraw(); }}>${icon("plus")}</button></span></div>
    </div>
    <div class="col"><div class="total"><b>${t("price_paid")}</b><span class="num" data-testid="no-receipt-price">${dong(price)}</span></div>
      ${pad(type)}
      <button class="btn go big" data-testid="no-receipt-done" ?disabled=${!price || !about.reason} @click=${done}>${icon("undo-2")} ${t("back_done_sum", { sum: vnd(price * about.qty) })}</button>
      <p class="cap muted">${t(about.reason ? "no_receipt_approval" : "reason_first")}</p></div></div>`;
}
