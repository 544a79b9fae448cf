// Panels in the place of the cart: the change, the VietQR, several tenders, a number pad. One number on each.

import { timeOf } from "../clock.js";
import { base64url, uuidBytes } from "../ids.js";
import { brief, notesFor, vnd } from "../money.js";
import { finishQr, wayOf } from "../paying.js";
import { vietqr } from "../vietqr.js";
import { t } from "../words.js";
import { dong, html, icon, noteClass, nothing, qr } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/**
 * What the receipt's code opens. The fragment is the sale's signed proof, or its id alone where there is none.
 * @param {App} app @param {any} row a sale of the log
 */
export const receiptLink = (app, row) =>
  `${app.settings.origin ?? location.origin}/r/${row.event.body.receipt_no}#${row.event.body.proof ?? base64url(uuidBytes(row.id))}`;

/** The side the customer looks at is paper white in both themes. @param {App} app */
export function receiptSide(app) {
  const { last } = app.desk;
  return html`<main class="qr-side receipt-side" aria-label=${t("receipt_qr")}>
    <div class="qr-card"><b class="row">${icon("scan-line")} ${t("receipt_scan")}</b>
      ${qr(receiptLink(app, last.row), t("receipt_qr"), "L")}
      <div class="to"><span>${t("receipt")}</span><b>${last.receipt_no}</b><span>${t("total")}</span><b class="num-s">${vnd(last.due)} ₫</b></div>
      <button class="btn" data-testid="next-customer" @click=${() => app.show("cart")}>${icon("plus")} ${t("next_customer")} <span class="key">Esc</span></button></div></main>`;
}

/** @param {App} app @param {any} last */
function paidWords(app, last) {
  const [only, more] = last.tenders;
  if (!only) return t("finish_zero");
  if (more) return t(last.tenders.some((/** @type {any} */ one) => one.state === "shown") ? "paid_shown" : "paid_many");
  if (only.state === "shown") return t("paid_shown");
  const words = t(`paid_${only.kind}`);
  return words === `paid_${only.kind}` ? wayOf(app, only) : words;
}

/** What changed hands when a sale was amended: only where money moved both ways, or not in cash. @param {App} app @param {any} last */
function moved(app, last) {
  const rows = last.moved ?? [];
  if (!rows.some((/** @type {any} */ one) => one.kind !== "cash")) return nothing;
  return rows.map((/** @type {any} */ one) => html`<div class="sub" data-testid="moved" data-kind=${one.kind} data-sum=${one.amount}>
    <span>${t(one.amount > 0 ? "moved_in" : "moved_out", { way: wayOf(app, { kind: one.kind }) })}</span><b class="num">${vnd(Math.abs(one.amount))}</b></div>`);
}

/** @param {App} app */
export function change(app) {
  const { last } = app.desk;
  const refund = last.total < 0;
  const sum = refund ? Math.abs(last.due) : last.change;
  const { notes } = notesFor(sum);
  const seconds = Math.max(0, Math.ceil((last.undo_until - performance.now()) / 1000));
  const { here, any: printer } = app.paper;
  const sheet = app.paper.sheets.get(last.row.id);
  const cash = last.received !== null || refund;
  return html`<section class="change" aria-live="assertive" aria-label=${t("change")}>
    <div class="row ends wrap"><span class="row">${icon(printer ? "printer" : "receipt-text")}
        <span class="nb"><span data-testid="paper-state" data-state=${sheet ?? ""}>${here ? t(`paper_${sheet ?? "printing"}`) : printer ? t(app.sender.state.reached === false ? "print_later" : "printing") : t("receipt")}</span> <b data-testid="receipt-no">${last.receipt_no}</b>${last.amended ? html` <span class="cap">${t("amended_from", { no: last.amended })}</span>` : nothing}</span></span>
      <span class="row cap">${icon("check")} <span class="nb">${t("written")}</span></span></div>
    <div class="give">
      <span class="said">${cash ? t(refund ? "give_back" : sum ? "change" : "no_change") : paidWords(app, last)}</span>
      <span class="num ${sum >= 1e6 || (!cash && last.total >= 1e6) ? "long" : ""}" data-testid="change" data-sum=${cash ? sum : 0}>${dong(cash ? sum : last.total)}</span>
      ${cash && notes.length && notes.length <= 8 ? html`<div class="row wrap notes-back">${notes.map((note) => html`<span class="paper-note ${noteClass(note)}">${brief(note)}</span>`)}
        <span class="cap">${t("n_notes", { n: notes.length })}</span></div>` : nothing}
    </div>
    <div>
      ${last.received !== null ? html`<div class="sub"><span>${t("given")}</span><b class="num">${vnd(last.received)}</b></div>` : nothing}
      ${last.tenders.length > 1 ? last.tenders.map((/** @type {any} */ tender) => html`<div class="sub"><span>${wayOf(app, tender)}</span><b class="num">${vnd(tender.amount)}</b></div>`) : nothing}
      ${moved(app, last)}
      <div class="sub"><span>${t("this_sale", { n: last.count })}</span><b class="num">${vnd(last.total)}</b></div>
      <div class="acts" aria-disabled=${app.fresh ? "true" : "false"}>
        ${seconds > 0 && !last.undone ? html`<button class="btn" data-testid="undo" @click=${() => app.undo()}>
          <svg class="ring run" viewBox="0 0 36 36" aria-hidden="true"><circle cx="18" cy="18" r="15.9"></circle><circle cx="18" cy="18" r="15.9"></circle></svg>
          <span>${t("undo")} · <i class="opt">${t("still")} </i>${t("seconds", { n: seconds })}</span></button>` : html`<button class="btn" data-testid="undo-gone" @click=${() => app.go("receipts", { back: true })}>${icon("undo-2")} ${t("take_back")}</button>`}
        ${app.desk.amendable && app.desk.latest?.id === last.id && !last.undone ? html`<button class="btn" data-testid="amend" @click=${() => app.amend()}>${icon("pen-line")} ${t("amend")}</button>` : nothing}
        ${printer || app.paper.choice ? html`<button class="btn" data-testid="reprint" @click=${() => app.reprint(last.row)}>${icon("printer")} ${t("reprint")}</button>`
          : last.total >= 0 ? nothing : html`<button class="btn" data-testid="show-qr" @click=${() => app.go("receipt", { row: last.row })}>${icon("qr-code")} ${t("receipt_code")}</button>`}
      </div>
      <button class="row next" data-testid="next" @click=${() => app.show("cart")}>${icon("scan-barcode")} ${t("next_hint")}</button>
    </div>
  </section>`;
}

/** @param {App} app */
export function qrSide(app) {
  const { bin, account, name, bank } = app.settings.vietqr;
  const total = app.about.sum; // not the cart's: while the sale is written the next cart is empty
  const text = vietqr({ bin, account, amount: total, purpose: app.about.content });
  return html`<main class="qr-side" aria-label=${t("qr_for_customer")}><div class="qr-card">
    <b class="row">${icon("scan-line")} ${t("qr_scan")}</b>
    ${qr(text, t("qr_label", { sum: vnd(total) }))}
    <span class="num" data-testid="qr-amount">${dong(total)}</span>
    <div class="to"><span>${t("qr_to")}</span><b>${bank ? `${bank} · ` : ""}${account.replace(/(\w{4})(?=\w)/g, "$1 ")}</b>
      <span>${t("qr_name")}</span><b>${name}</b><span>${t("qr_content")}</span><b data-testid="qr-content">${app.about.content}</b></div></div></main>`;
}

/** Back to where the code was asked for: the cart, or the parts of a sum. @param {App} app */
const leaveQr = (app) => (app.about.part ? app.show("split", { digits: "", pick: null }) : app.show("cart"));

/** @param {App} app */
export const qrPanel = (app) => html`<section class="qr-pay" aria-label=${t("transfer_state")}>
  <div class="row ends"><h2 tabindex="-1" data-focus>${t("by_transfer")}</h2><button class="btn bare square" data-testid="qr-back" aria-label=${t("back_to_cart")} @click=${() => leaveQr(app)}>${icon("x")}</button></div>
  <div class="total"><div><b>${t("to_pay")}</b></div><span class="num">${dong(app.about.sum)}</span></div>
  <ol class="track" aria-live="polite">
    <li class="done"><span class="at">${icon("check")}</span><b>${t("track_shown")}</b><span class="num">${timeOf(app.about.shown_at)}</span><span class="cap">${t("track_shown_text")}</span></li>
    <li class="now" aria-current="step"><span class="at">${icon("hand")}</span><b>${t("track_seen")}</b><span></span><span class="cap">${t("track_seen_text")}</span></li>
    <li><span class="at">${icon("landmark")}</span><b class="muted">${t("track_bank")}</b><span></span><span class="cap">${t("track_bank_text")}</span></li>
  </ol>
  <div class="acts" aria-disabled=${app.fresh ? "true" : "false"}><button class="btn go" data-testid="qr-seen" @click=${() => finishQr(app, "seen")}>${icon("check")} ${t("qr_seen")}</button>
    <button class="btn" data-testid="qr-shown" @click=${() => finishQr(app, "shown")}>${icon("clock")} ${t("qr_shown_go")}</button>
    <button class="btn" data-testid="qr-cash" @click=${() => leaveQr(app)}>${icon("banknote")} ${t("qr_to_cash")}</button></div>
</section>`;
