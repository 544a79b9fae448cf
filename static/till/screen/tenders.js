// How a sale is paid, as it stands now: rows on the receipt's page with what can be mended, and transfers nobody has
// seen arrive yet.

import { dateOf, timeOf } from "../clock.js";
import { vnd } from "../money.js";
import { seeTransfer, wayOf } from "../paying.js";
import { openReceipt } from "../receipts.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** The tenders of the receipt on the page. `about.tenders` is filled once, corrections applied. @param {App} app @param {any} row */
export function tenderRows(app, row) {
  const { about } = app;
  if (!about.tenders) {
    about.tenders = row.event.body.tenders;
    app.mending.tendersOf(row).then((tenders) => { about.tenders = tenders; app.redraw(); });
  }
  const unseen = new Set(app.unseen.map(({ tender }) => tender.id));
  const mends = app.mending.open(row) && row.event.body.total > 0;
  const corrected = about.tenders !== row.event.body.tenders;
  return about.tenders.map((/** @type {any} */ tender) => {
    const waits = unseen.has(tender.id);
    const state = tender.state === "shown" && !waits ? { ...tender, state: "seen" } : tender;
    return html`<li class="tender" data-testid="tender" data-kind=${tender.kind} data-sum=${tender.amount}><span>${waits ? icon("clock") : nothing}</span>
      <span class=${waits ? "nghe" : "muted"}>${wayOf(app, state)}${corrected ? html`<span class="cap"> ${t("was_mended")}</span>` : nothing}
        ${waits ? html`<button class="btn give-back" data-testid="mark-seen" @click=${() => seeTransfer(app, { row, tender })}>${icon("check")} ${t("mark_seen")}</button>` : nothing}
        ${mends && tender.amount > 0 ? html`<button class="btn give-back" data-testid="mend" data-kind=${tender.kind} @click=${() => startMending(app, row, tender)}>${icon("pen-line")} ${t("mend_go")}</button>` : nothing}</span>
      <b class="num">${vnd(tender.amount)}</b></li>`;
  });
}

/** @param {App} app @param {any} row @param {any} tender */
function startMending(app, row, tender) {
  app.go("mend", { receipt: { ...app.about, tenders: undefined }, row, tender, parts: [], digits: "", pick: null, reason: "", approval: null });
  app.freshen();
}

/** Amber, in the bar: money somebody showed and nobody saw. @param {App} app */
export const unseenPill = (app) => (app.unseen.length === 0 ? nothing
  : html`<button class="pill wait" data-testid="pill-unseen" data-n=${app.unseen.length} @click=${() => app.go("unseen")}>
    ${icon("landmark")}<span class="n">${app.unseen.length}</span><span class="opt cut">${t("unseen_pill")}</span><span class="only-sr">${t("unseen_title")}</span></button>`);

/** @param {App} app */
export function unseenPage(app) {
  const list = app.unseen.map(({ row, tender }) => html`<li class="row unseen" data-testid="unseen-row" data-receipt=${row.event.body.receipt_no}>
    <button class="btn receipt-row" @click=${() => openReceipt(app, row)}><b class="num">${timeOf(row.written_at)}</b>
      <span class="grow cut"><b>${row.event.body.receipt_no}</b><span class="cap muted cut">${dateOf(row.written_at)} · ${tender.reference ?? t("no_reference")}</span></span>
      <b class="num">${vnd(tender.amount)}</b></button>
    <button class="btn go" data-testid="seen" @click=${() => seeTransfer(app, { row, tender })}>${icon("check")} ${t("mark_seen")}</button></li>`);
  const sum = app.unseen.reduce((all, { tender }) => all + tender.amount, 0);
  return page(app, t("unseen_title"), list.length
    ? html`<p class="muted">${t("unseen_text", { n: list.length, sum: vnd(sum) })}</p><ul class="receipts">${list}</ul>`
    : html`<div class="state" data-testid="unseen-none">${icon("circle-check")}<b>${t("unseen_none")}</b><span>${t("unseen_none_text")}</span></div>`);
}
