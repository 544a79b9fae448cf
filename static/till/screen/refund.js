// The pay row when money goes back: one button as it was paid, the other ways beside it.

import { vnd } from "../money.js";
import { wayOf } from "../paying.js";
import { refundOf } from "../returns.js";
import { t } from "../words.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app @param {{ kind: string, amount: number }[]} parts */
const said = (app, parts) => parts.map(({ kind, amount }) => `${wayOf(app, { kind })} ${vnd(Math.abs(amount))}`).join(" + ");

/** @param {App} app @param {number} total below 0 @param {number} cash all of it in cash, rounded */
export function refundKeys(app, total, cash) {
  const { desk, settings } = app;
  const plan = refundOf(desk.cart, total, desk.step);
  const parts = [...plan.other, ...(plan.cash ? [{ kind: "cash", amount: plan.cash }] : [])];
  const other = plan.other;
  const asPaid = () => app.pay({ other, cash: { received: null } });
  const only = parts.length === 1 ? parts[0].kind : "";
  const takes = settings.tenders ?? ["cash"];
  const label = parts.length ? t("refund_by", { parts: said(app, parts) }) : t("finish_zero");
  return html`<p class="cap muted refund-why" data-testid="refund-why">${!plan.known ? t("refund_unknown") : plan.kept.length > 1 ? t("refund_split", { parts: said(app, plan.kept) }) : plan.kept.length ? t("refund_same") : nothing}</p>
    <div class="notes"><button class="note go" data-testid="refund-as-paid" @click=${asPaid}><b>${label}</b></button></div>
    <div class="other">
      ${only === "cash" || cash === 0 ? nothing : html`<button class="btn way" data-testid="note-exact" @click=${() => app.pay({ cash: { received: null } })}>${icon("banknote")}<span>${t("refund_cash", { sum: vnd(-cash) })}</span></button>`}
      ${only === "vietqr" || !takes.includes("vietqr") ? nothing : html`<button class="btn way" data-testid="pay-transfer" @click=${() => app.payWith("vietqr")}>${icon("landmark")}<span>${t("refund_transfer", { sum: vnd(-total) })}</span></button>`}
    </div>`;
}
