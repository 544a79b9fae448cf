// Panels in the place of the cart: the change, the VietQR, several tenders, a number pad. One number on each.

import { timeOf } from "../clock.js";
import { base64url, uuidBytes } from "../ids.js";
import { brief, cashPart, notesFor, vnd } from "../money.js";
import { vietqr } from "../vietqr.js";
import { t } from "../words.js";
import { dong, html, icon, noteClass, nothing, pad, press, qr } from "./parts.js";

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

/** @param {App} app */
export function change(app) {
  const { last } = app.desk;
  const refund = last.total < 0;
  const sum = refund ? Math.abs(last.due) : last.change;
  const { notes } = notesFor(sum);
  const seconds = Math.max(0, Math.ceil((last.undo_until - performance.now()) / 1000));
  const printer = app.settings.printer;
  const cash = last.received !== null || refund;
  return html`<section class="change" aria-live="assertive" aria-label=${t("change")}>
    <div class="row ends wrap"><span class="row">${icon(printer ? "printer" : "receipt-text")}
        <span class="nb">${printer ? t(app.sender.state.reached === false ? "print_later" : "printing") : t("receipt")} <b data-testid="receipt-no">${last.receipt_no}</b></span></span>
      <span class="row cap">${icon("check")} <span class="nb">${t("written")}</span></span></div>
    <div class="give">
      <span class="said">${cash ? t(refund ? "give_back" : sum ? "change" : "no_change") : t(`paid_${last.tenders[0]?.kind ?? "cash"}`)}</span>
      <span class="num ${sum >= 1e6 || (!cash && last.total >= 1e6) ? "long" : ""}" data-testid="change" data-sum=${cash ? sum : 0}>${dong(cash ? sum : last.total)}</span>
      ${cash && notes.length && notes.length <= 8 ? html`<div class="row wrap notes-back">${notes.map((note) => html`<span class="paper-note ${noteClass(note)}">${brief(note)}</span>`)}
        <span class="cap">${t("n_notes", { n: notes.length })}</span></div>` : nothing}
    </div>
    <div>
      ${last.received !== null ? html`<div class="sub"><span>${t("given")}</span><b class="num">${vnd(last.received)}</b></div>` : nothing}
      ${last.tenders.length > 1 ? last.tenders.map((/** @type {any} */ tender) => html`<div class="sub"><span>${t(`paid_${tender.kind}`)}</span><b class="num">${vnd(tender.amount)}</b></div>`) : nothing}
      <div class="sub"><span>${t("this_sale", { n: last.count })}</span><b class="num">${vnd(last.total)}</b></div>
      <div class="acts" aria-disabled=${app.fresh ? "true" : "false"}>
        ${seconds > 0 && !last.undone ? html`<button class="btn" data-testid="undo" @click=${() => app.undo()}>
          <svg class="ring run" viewBox="0 0 36 36" aria-hidden="true"><circle cx="18" cy="18" r="15.9"></circle><circle cx="18" cy="18" r="15.9"></circle></svg>
          <span>${t("undo")} · <i class="opt">${t("still")} </i>${t("seconds", { n: seconds })}</span></button>` : html`<button class="btn" data-testid="undo-gone" @click=${() => app.go("receipts", { back: true })}>${icon("undo-2")} ${t("take_back")}</button>`}
        ${printer ? html`<button class="btn" data-testid="reprint" @click=${() => app.reprint(last.row)}>${icon("printer")} ${t("reprint")}</button>`
          : last.total >= 0 ? nothing : html`<button class="btn" data-testid="show-qr" @click=${() => app.go("receipt", { row: last.row })}>${icon("qr-code")} ${t("receipt_code")}</button>`}
      </div>
      <button class="row next" data-testid="next" @click=${() => app.show("cart")}>${icon("scan-barcode")} ${t("next_hint")}</button>
    </div>
  </section>`;
}

/** @param {App} app */
export function qrSide(app) {
  const { bin, account, name, bank } = app.settings.vietqr;
  const { total } = app.desk.totals;
  const text = vietqr({ bin, account, amount: total, purpose: app.about.content });
  return html`<main class="qr-side" aria-label=${t("qr_for_customer")}><div class="qr-card">
    <b class="row">${icon("scan-line")} ${t("qr_scan")}</b>
    ${qr(text, t("qr_label", { sum: vnd(total) }))}
    <span class="num" data-testid="qr-amount">${dong(total)}</span>
    <div class="to"><span>${t("qr_to")}</span><b>${bank ? `${bank} · ` : ""}${account.replace(/(\w{4})(?=\w)/g, "$1 ")}</b>
      <span>${t("qr_name")}</span><b>${name}</b><span>${t("qr_content")}</span><b data-testid="qr-content">${app.about.content}</b></div></div></main>`;
}

/** @param {App} app */
export const qrPanel = (app) => html`<section class="qr-pay" aria-label=${t("transfer_state")}>
  <div class="row ends"><h2 tabindex="-1" data-focus>${t("by_transfer")}</h2><button class="btn bare square" data-testid="qr-back" aria-label=${t("back_to_cart")} @click=${() => app.show("cart")}>${icon("x")}</button></div>
  <div class="total"><div><b>${t("to_pay")}</b></div><span class="num">${dong(app.desk.totals.total)}</span></div>
  <ol class="track" aria-live="polite">
    <li class="done"><span class="at">${icon("check")}</span><b>${t("track_shown")}</b><span class="num">${timeOf(app.about.shown_at)}</span><span class="cap">${t("track_shown_text")}</span></li>
    <li class="now" aria-current="step"><span class="at">${icon("hand")}</span><b>${t("track_seen")}</b><span></span><span class="cap">${t("track_seen_text")}</span></li>
    <li><span class="at">${icon("landmark")}</span><b class="muted">${t("track_bank")}</b><span></span><span class="cap">${t("track_bank_text")}</span></li>
  </ol>
  <div class="acts" aria-disabled=${app.fresh ? "true" : "false"}><button class="btn go" data-testid="qr-seen" @click=${() => app.qrSeen()}>${icon("check")} ${t("qr_seen")}</button>
    <button class="btn" data-testid="qr-cash" @click=${() => app.show("cart")}>${icon("banknote")} ${t("qr_to_cash")}</button></div>
</section>`;

/** Cash of any sum, or a transfer and the rest in cash. @param {App} app */
export function split(app) {
  const { about, desk } = app;
  const { total } = desk.totals;
  const transfer = Math.min(Number(about.transfer) || 0, total);
  const { rounded } = cashPart(total - transfer, desk.step);
  const given = about.cash === "" ? rounded : Number(about.cash);
  const missing = Math.max(0, rounded - given);
  const type = (/** @type {string} */ key) => { about[about.field] = press(about[about.field], key); app.redraw(); };
  const field = (/** @type {"cash" | "transfer"} */ name, /** @type {number} */ shown) => html`<button class="money ${about.field === name ? "on" : ""}" data-testid="split-${name}"
    aria-pressed=${about.field === name ? "true" : "false"} @click=${() => { about.field = name; app.redraw(); }}>
    <span>${t(`split_${name}`)}</span><b class="num">${about[name] === "" ? (name === "cash" ? vnd(shown) : "0") : vnd(shown)}</b></button>`;
  const done = () => app.pay({
    other: transfer ? [{ kind: "vietqr", amount: transfer }] : [],
    cash: total - transfer > 0 ? { received: Math.max(given, 0) } : null,
  }, true);
  return html`<section class="qr-pay numbers" aria-label=${t("split")}>
    <div class="row ends"><h2 tabindex="-1" data-focus>${t("split")}</h2><button class="btn bare square" aria-label=${t("back_to_cart")} @click=${() => app.show("cart")}>${icon("x")}</button></div>
    <div class="total"><div><b>${t("to_pay")}</b></div><span class="num">${dong(total)}</span></div>
    <div class="moneys">${field("transfer", transfer)}${field("cash", given)}
      <p class="row ends ${missing ? "son" : "lua"}" role="status"><span>${missing ? t("missing") : t("change")}</span><b class="num" data-testid="split-rest">${vnd(missing || Math.max(0, given - rounded))}</b></p></div>
    ${pad(type)}
    <div class="acts" aria-disabled=${app.fresh ? "true" : "false"}><button class="btn go" data-testid="split-done" ?disabled=${missing > 0} @click=${done}>${icon("check")} ${t("split_done")}</button></div>
  </section>`;
}
