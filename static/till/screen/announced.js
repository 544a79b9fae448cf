// Counting an announced delivery in: what was announced beside what is here, one event for all of it.

import { countedLines, milliOf } from "../announced.js";
import { qty } from "../money.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { html, icon, nothing } from "./parts.js";

/** @param {import("../app.js").App} app */
export function announced(app) {
  const { about } = app;
  const { ticket, typed } = about;
  const goods = ticket.lines.map((/** @type {any} */ line) => app.catalogue.find(line.product) ?? null);
  const lines = countedLines(ticket, typed);
  const wrong = typed.some((/** @type {string | undefined} */ text) => text?.trim() && milliOf(text) === null);
  const write = async () => {
    if (wrong || !lines.length || about.busy) return;
    about.busy = true;
    try {
      const first = app.catalogue.find(lines[0].product);
      const name = `${first?.name ?? t("announced_unknown")}${lines.length > 1 ? ` +${lines.length - 1}` : ""}`;
      await app.goods.count({ ...app.by, id: about.id, from: ticket.from, announced: ticket.id, lines, memo: { name, unit: first?.unit ?? "", weighed: Boolean(first?.weighed) } });
      app.go("sell");
      app.say({ tone: "ok", icon: "check", title: t("announced_done", { n: lines.length }) });
      app.sender.poke();
      await app.count();
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  };
  const all = () => { about.typed = ticket.lines.map((/** @type {any} */ line) => qty(line.qty_milli).replace(".", "")); app.redraw(); };
  const row = (/** @type {any} */ line, /** @type {number} */ n) => {
    const product = goods[n];
    const counted = milliOf(typed[n] ?? "");
    const off = counted !== null && counted !== line.qty_milli;
    return html`<li class="announced-line">
      <span class="grow"><b>${product?.name ?? t("announced_unknown")}</b><span class="cap muted">${t("announced_told", { n: qty(line.qty_milli) })} ${product?.unit ?? ""}</span></span>
      ${off ? html`<span class="pill">${counted > line.qty_milli ? "+" : "−"}${qty(Math.abs(counted - line.qty_milli))}</span>` : nothing}
      <input class="input num" data-testid="announced-qty" inputmode=${product?.weighed ? "decimal" : "numeric"} autocomplete="off" aria-label=${t("announced_count", { name: product?.name ?? "" })}
        .value=${typed[n] ?? ""} @input=${(/** @type {any} */ e) => { typed[n] = e.target.value; app.redraw(); }}></li>`;
  };
  return page(app, t("announced"), html`<div class="col">
    <div class="row"><p class="grow muted">${goods.find(Boolean)?.producer_name ?? ""}</p><button class="btn" data-testid="announced-all" @click=${all}>${icon("check")} ${t("announced_all")}</button></div>
    <ul class="receipts">${ticket.lines.map(row)}</ul>
    <button class="btn go big" data-testid="announced-write" aria-disabled=${wrong || !lines.length ? "true" : "false"} @click=${write}>${icon("arrow-down-to-line")} ${t("announced_write", { n: lines.length })}</button></div>`);
}
