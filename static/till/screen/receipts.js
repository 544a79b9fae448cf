// Receipts: this tablet's list with its search, a way to those of other tablets, and to goods without a receipt.

import { dateOf, timeOf } from "../clock.js";
import { vnd } from "../money.js";
import { wayOf } from "../paying.js";
import { askReceipt, filterReceipts, numberTyped, openReceipt, payableOf, readReceipt, receiptCode } from "../receipts.js";
import { tooMuch } from "../notices.js";
import { t } from "../words.js";
import { cameraButton, finder } from "./finder.js";
import { page } from "./page.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

const FIRST = 200;
const ALL = 6_000;
const SHOWN = 60;

/** The newest at once, the rest when somebody searches. @param {App} app @param {any} about @param {number} limit */
async function load(app, about, limit) {
  about.asked = limit;
  about.rows = await app.store.latest("sale", limit);
  app.redraw();
}

/** @param {App} app */
export function receipts(app) {
  const { about } = app;
  about.words ??= "";
  if (!about.asked) load(app, about, FIRST);
  const rows = about.rows ?? [];
  const found = filterReceipts(rows, about.words);
  const look = (/** @type {string} */ words) => {
    about.words = words;
    about.more = false;
    if (words.trim() && about.asked < ALL && rows.length >= FIRST) load(app, about, ALL);
    app.redraw();
  };
  const number = numberTyped(about.words);
  const enter = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (receiptCode(about.words)) readReceipt(app, about.words);
    else if (found.length === 1) openReceipt(app, found[0], about);
    else if (number && !found.length) askReceipt(app, number, about);
  };
  return page(app, about.back ? t("take_back_which") : t("menu_receipts"), html`
    <form class="row wrap receipt-tools" role="search" @submit=${enter}>
      <label class="search grow">${icon("search")}<span class="only-sr">${t("receipt_search")}</span>
        <input class="input" type="search" data-testid="receipt-search" autocomplete="off" spellcheck="false" enterkeyhint="search" placeholder=${t("receipt_search_hint")}
          .value=${about.words} @input=${(/** @type {any} */ event) => look(event.target.value)}></label>
      ${cameraButton(app)}
      <button class="btn" type="button" data-testid="no-receipt" @click=${() => app.go("no-receipt", { list: about, words: "", digits: "", qty: 1, reason: "", to: "shelf" })}>${icon("undo-2")} ${t("no_receipt")}</button>
    </form>
    ${finder(app)}
    <p class="cap muted row">${icon("scan-line")} ${t("receipt_scan_hint")}</p>
    ${about.rows && !found.length ? none(app, rows.length, number) : html`<ul class="receipts">${found.slice(0, about.more ? ALL : SHOWN).map((row) => line(app, row))}</ul>
      ${found.length > SHOWN && !about.more ? html`<button class="btn" data-testid="receipts-more" @click=${() => { about.more = true; app.redraw(); }}>${t("receipts_more", { n: found.length - SHOWN })}</button>` : nothing}`}`, "receipt-list");
}

/** @param {App} app @param {any} row */
function line(app, row) {
  const { body, at } = row.event;
  const ms = Date.parse(at);
  const ways = [...new Set(body.tenders.map((/** @type {any} */ tender) => wayOf(app, { kind: tender.kind })))].join(", ");
  const names = [...(row.memo?.lines ?? []).map((/** @type {any} */ each) => each.name), ...(row.memo?.returns ?? []).map((/** @type {string} */ name) => `↩ ${name}`)];
  return html`<li><button class="btn receipt-row" data-testid="receipt-row" data-receipt=${body.receipt_no} @click=${() => openReceipt(app, row, app.about)}>
    <span class="when"><b class="num">${timeOf(ms)}</b><span class="cap muted num">${dateOf(ms)}</span></span>
    <span class="grow cut"><b>${body.receipt_no}</b><span class="cap muted cut">${ways || "–"} · ${names.join(", ")}</span></span>
    ${tooMuch(row) ? html`<span class="pill wait" data-testid="receipt-too-much">${icon("undo-2")}<span class="opt">${t("too_much_pill")}</span></span>` : nothing}
    ${row.waiting ? html`<span class="pill wait">${icon("cloud-off")}<span class="opt">${t("waits")}</span></span>` : html`<span class="lua">${icon("check")}<span class="only-sr">${t("sent")}</span></span>`}
    <b class="num ${body.total < 0 ? "son" : ""}">${vnd(payableOf(row))}</b></button></li>`;
}

/** @param {App} app @param {number} all @param {string | null} number */
function none(app, all, number) {
  const { words } = app.about;
  if (!all && !words) return html`<div class="state">${icon("receipt-text")}<b>${t("no_receipts")}</b><span>${t("no_receipts_text")}</span></div>`;
  return html`<div class="state" data-testid="receipts-none">${icon("search")}<b>${t("nothing_found", { words: words.trim().slice(0, 60) })}</b><span>${t("receipts_none_text")}</span>
    ${number ? html`<button class="btn go" data-testid="receipt-ask" @click=${() => askReceipt(app, number, app.about)}>${icon("send")} ${t("receipt_ask", { no: number })}</button>` : nothing}</div>`;
}
