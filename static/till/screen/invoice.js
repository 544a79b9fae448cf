// Asking for an invoice at the till: four fields, the customer's yes, one event. The buyer is not kept on the screen.

import { cleaned, mayAsk, requestOf, wrongIn } from "../buyer.js";
import { dayOf } from "../clock.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

const FIELDS = /** @type {const} */ ([["name", "text", "off"], ["code", "numeric", "off"], ["address", "text", "off"], ["email", "email", "off"]]);

/** Until the end of the sale's business day. @param {App} app */
export function invoiceButton(app) {
  const { sold, row, list } = app.about;
  if (!sold.lines.length || !mayAsk(row?.event.day ?? dayOf(sold.at), app.clock.now())) return nothing;
  return html`<button class="btn big" data-testid="invoice" @click=${() => app.go("invoice", { list, sale: sold.sale, receipt_no: sold.receipt_no, buyer: { name: "", code: "", address: "", email: "" }, wrong: {}, sure: "", agreed: false })}>${icon("file-text")} ${t("invoice")}</button>`;
}

/** @param {App} app */
export function invoice(app) {
  const { about } = app;
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (about.busy) return;
    const buyer = cleaned(about.buyer);
    about.wrong = wrongIn(buyer, about.sure);
    about.sure = about.wrong.code === "buyer_check" ? buyer.code : about.sure;
    const [first] = Object.keys(about.wrong);
    if (first) {
      app.redraw();
      queueMicrotask(() => /** @type {HTMLElement | null} */ (document.getElementById(`buyer-${first}`))?.focus());
      return;
    }
    if (!about.agreed) return;
    about.busy = true;
    try {
      await app.control.write("invoice.request", await requestOf(about.sale, buyer));
      app.go("sell");
      app.say({ tone: "ok", icon: "check", title: t("invoice_sent"), text: t("invoice_sent_text") });
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  };
  const field = (/** @type {typeof FIELDS[number]} */ [name, mode, complete]) => html`<div class="field"><label for="buyer-${name}">${t(`buyer_${name}`)}</label>
    <input class="input" id="buyer-${name}" data-testid="buyer-${name}" inputmode=${mode} autocomplete=${complete} maxlength="300" .value=${about.buyer[name]}
      aria-invalid=${about.wrong[name] ? "true" : "false"} aria-describedby="wrong-${name}" @input=${(/** @type {any} */ e) => { about.buyer[name] = e.target.value; }}>
    <span class="error" id="wrong-${name}" role="alert">${about.wrong[name] ? html`${icon("triangle-alert")} ${t(about.wrong[name])}` : nothing}</span></div>`;
  return page(app, `${t("invoice")} · ${about.receipt_no}`, html`<form class="buyer" novalidate @submit=${send}>
    <p class="muted">${t("invoice_lead")}</p>
    ${FIELDS.map(field)}
    <label class="tick"><input class="check" type="checkbox" data-testid="buyer-agreed" .checked=${about.agreed} @change=${(/** @type {any} */ e) => { about.agreed = e.target.checked; app.redraw(); }}><span>${t("invoice_agreed")}</span></label>
    <button class="btn go big" data-testid="buyer-send" ?disabled=${!about.agreed || about.busy}>${icon("check")} ${t("invoice_send")}</button></form>`);
}
