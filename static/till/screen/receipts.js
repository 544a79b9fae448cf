// Receipts of this tablet: the list, and one of them with what can still come back.

import { dateOf, timeOf } from "../clock.js";
import { qty, vnd } from "../money.js";
import { backOf, returnable } from "../returns.js";
import { t } from "../words.js";
import { page } from "./menu.js";
import { receiptLink } from "./paid.js";
import { html, icon, nothing, qr } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function receipts(app) {
  const { about } = app;
  if (!about.rows) {
    about.rows = [];
    app.store.latest("sale", 100).then((rows) => { about.rows = rows; about.read = true; app.redraw(); });
  }
  const list = about.rows.map((/** @type {any} */ row) => {
    const { body, at } = row.event;
    const ms = Date.parse(at);
    const ways = [...new Set(body.tenders.map((/** @type {any} */ tender) => t(`way_${tender.kind}`)))].join(", ");
    return html`<li><button class="btn receipt-row" data-testid="receipt-row" data-receipt=${body.receipt_no} @click=${() => app.go("receipt", { row })}>
      <b class="num">${timeOf(ms)}</b><span class="grow cut"><b>${body.receipt_no}</b><span class="cap muted cut">${dateOf(ms)} · ${ways || "–"} · ${(row.memo?.lines ?? []).map((/** @type {any} */ line) => line.name).join(", ")}</span></span>
      ${row.waiting ? html`<span class="pill wait">${icon("cloud-off")}<span class="opt">${t("waits")}</span></span>` : html`<span class="lua">${icon("check")}<span class="only-sr">${t("sent")}</span></span>`}
      <b class="num ${body.total < 0 ? "son" : ""}">${vnd(body.total + body.cash_rounding)}</b></button></li>`;
  });
  return page(app, about.back ? t("take_back_which") : t("menu_receipts"), about.read && !list.length
    ? html`<div class="state">${icon("receipt-text")}<b>${t("no_receipts")}</b><span>${t("no_receipts_text")}</span></div>` : html`<ul class="receipts">${list}</ul>`);
}

/** @param {App} app */
export function receipt(app) {
  const { about } = app;
  const { row } = about;
  const { body, at } = row.event;
  if (!about.lines) {
    about.lines = [];
    app.store.latest("sale", 1000).then((rows) => { about.lines = returnable(row, rows); app.redraw(); });
  }
  const giveBack = (/** @type {any} */ line) => {
    app.desk.takeBack(backOf(row.id, line, Math.min(line.left, line.qty_milli % 1000 ? line.left : 1000), "shelf"));
    app.say({ tone: "info", icon: "undo-2", title: t("back_in_cart", { name: line.name }), text: t("back_in_cart_text") });
    app.go("sell");
    app.redrawWhenReady();
  };
  return page(app, body.receipt_no, html`<div class="two-col">
    <div class="col">
      <p class="muted">${dateOf(Date.parse(at))} ${timeOf(Date.parse(at))} · ${row.waiting ? t("waits") : t("sent")}</p>
      <ul class="sums">${about.lines.map((/** @type {any} */ line) => html`<li><b>${qty(line.qty_milli)}</b><span>${line.name}
          ${line.returned ? html`<span class="cap son"> ${t("came_back", { n: qty(line.returned) })}</span>` : nothing}
          ${line.left > 0 ? html`<button class="btn give-back" data-testid="give-back" data-line=${line.line} @click=${() => giveBack(line)}>${icon("undo-2")} ${t("take_back_one")}</button>` : nothing}</span><b class="num">${vnd(line.paid)}</b></li>`)}
        ${body.returns.map((/** @type {any} */ back, /** @type {number} */ i) => html`<li><b>${qty(back.qty_milli)}</b><span class="son">${t("goods_back")}: ${row.memo?.returns[i] ?? ""}</span><b class="num">${vnd(-back.paid)}</b></li>`)}
        ${body.cash_rounding ? html`<li><span></span><span class="muted">${t("rounding")}</span><b class="num">${vnd(body.cash_rounding)}</b></li>` : nothing}
        <li class="total-row"><span></span><span>${t("total")}</span><b class="num">${vnd(body.total + body.cash_rounding)}</b></li>
        ${body.tenders.map((/** @type {any} */ tender) => html`<li><span></span><span class="muted">${t(`way_${tender.kind}`)}</span><b class="num">${vnd(tender.amount)}</b></li>`)}</ul>
    </div>
    <div class="col qr-paper">${qr(receiptLink(app, row), t("receipt_qr"), "L")}<b data-testid="receipt-shown">${body.receipt_no}</b>
      ${app.settings.printer ? html`<button class="btn big" data-testid="reprint" @click=${() => app.reprint(row)}>${icon("printer")} ${t("reprint_copy")}</button>` : nothing}</div></div>`);
}
