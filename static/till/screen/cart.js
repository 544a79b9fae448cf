// The cart column: open carts, lines, the total, and the pay row under it. A note tap finishes the sale.

import { repeat } from "../../vendor/lit-html-3.3.3/directives/repeat.js";
import { countOf, isEmpty, lineSum, totalsOf } from "../cart.js";
import { haggledOn } from "../discounts.js";
import { brief, NOTES, qty, quickCash, vnd } from "../money.js";
import { wayOf } from "../paying.js";
import { asks, onRow, SIGN, sumOfParts } from "../tenders.js";
import { t } from "../words.js";
import { ageStrip, botBar, botButton, botRow, reduced } from "./bot.js";
import { hamperRow } from "./hamper.js";
import { drawerChip, takenHere } from "./drawers.js";
import { dong, html, icon, maker, noteClass, nothing, stars } from "./parts.js";
import { cancelCart, setLine } from "../removing.js";
import { practiceOffer } from "./practice.js";
import { refundKeys } from "./refund.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function cart(app) {
  const { desk } = app;
  const empty = isEmpty(desk.cart);
  return html`<section class="cart ${app.sheet ? "open" : ""} ${empty ? "empty" : ""}" aria-label=${t("cart")}>
    ${desk.held.length ? carts(app) : html`<div class="row carts one"><h2 class="grow">${t("this_cart")}</h2>${desk.last && empty
      ? html`<button class="btn bare" data-testid="last-sale" @click=${() => app.show("change")}>${icon("receipt-text")} ${t("last_sale")}</button>` : nothing}</div>`}
    ${amending(app)}
    ${lines(app, empty)}
    ${pay(app, empty)}
  </section>`;
}

/** @param {App} app */
function amending(app) {
  const { amends } = app.desk.cart;
  if (!amends) return nothing;
  return html`<div class="strip wait amending" data-testid="amending" data-receipt=${amends.receipt_no}>${icon("pen-line")}
    <div class="grow"><b>${t("amending", { no: amends.receipt_no })}</b>${t("amending_text", { sum: vnd(amends.paid) })}</div>
    <button class="btn" data-testid="amend-leave" @click=${async () => { await app.desk.leaveAsItWas(); app.redrawWhenReady(); }}>${t("amend_leave")}</button></div>`;
}

/** @param {App} app */
function carts(app) {
  const { desk } = app;
  const all = desk.carts.some((c) => c.id === desk.cart.id) ? desk.carts : [...desk.carts, desk.cart];
  return html`<div class="row carts"><div class="tabs grow" role="group" aria-label=${t("open_carts")}>
    ${all.map((one, i) => {
      const on = one.id === desk.cart.id;
      return html`<button class="tab" data-testid="cart-tab" aria-pressed=${on ? "true" : "false"}
        @click=${() => { desk.pick(one.id); app.redrawWhenReady(); }}>${on ? nothing : icon("pause")}${t("cart_n", { n: i + 1 })}
        ${on ? nothing : html`<span class="num">${vnd(totalsOf(one, desk.step).cash)}</span>`}</button>`;
    })}</div>
    <button class="btn bare square" data-testid="cart-new" aria-label=${t("new_cart")} ?disabled=${isEmpty(desk.cart)} @click=${() => app.hold()}>${icon("plus")}</button></div>`;
}

/** @param {App} app @param {boolean} empty */
function lines(app, empty) {
  const { cart: own } = app.desk;
  if (empty) {
    return html`<div class="lines"><div class="state" data-testid="cart-empty">${icon("shopping-basket")}<b>${t("cart_empty")}</b><span>${t("cart_empty_text")}</span>${practiceOffer(app)}</div></div>`;
  }
  return html`<ul class="lines" data-testid="lines">
    ${repeat(own.returns, (back) => `${back.sale}${back.line}${back.product}`, (back) => html`<li class="line back" data-testid="return-line">
      <b class="qty">${qty(back.qty_milli)}</b>
      <div><span class="what">${back.name}</span><div class="how son">${t("goods_back")} · ${back.from?.receipt_no ?? t("no_receipt_short")} · ${t(`to_${back.disposition}`)}</div></div>
      <b class="num sum">${vnd(-back.paid)}</b>
      <div class="do"><span class="grow"></span><button class="btn bare square" aria-label=${t("remove", { name: back.name })}
        @click=${() => { app.desk.keepSold(back); app.redrawWhenReady(); }}>${icon("trash-2")}</button></div></li>`)}
    ${repeat(own.lines, (line) => line.key, (line, i) => html`${hamperRow(app, own, i)}${row(app, line)}`)}
    ${botRow(app)}
  </ul>`;
}

/** @param {App} app @param {import("../cart.js").CartLine} line */
function row(app, line) {
  const { desk } = app;
  const on = desk.cart.on === line.key && line.bundle === undefined;
  const set = (/** @type {number} */ milli) => setLine(app, line, milli);
  return html`<li class="line ${line.bundle === undefined ? "" : "part"} ${on ? "on" : ""} ${on && app.flash % 2 ? "just-added" : ""} ${on && !(app.flash % 2) ? "just-added-2" : ""}"
      data-testid="line" data-product=${line.product} data-qty=${line.qty_milli}>
    <b class="qty">${qty(line.qty_milli)}</b>
    <div><button class="what" aria-expanded=${on ? "true" : "false"} @click=${() => { desk.choose(on ? null : line.key); app.redraw(); }}>${line.name}</button>
      <div class="how">${line.weighed ? `${line.unit || "kg"} × ${vnd(line.price)}` : `${vnd(line.price)}${line.unit ? ` / ${line.unit}` : ""}`}
        ${line.stars ? html`· ${stars(line.stars)}` : nothing}${line.producer_name ? html`<i class="opt"> · ${maker(line.producer_name)}</i>` : nothing}</div></div>
    <b class="num sum">${vnd(lineSum(line))}</b>
    ${reduced(line, haggledOn(line))}
    ${on ? html`<div class="do">
      ${line.weighed ? nothing : html`<span class="stepper"><button data-testid="less" aria-label=${t("one_less")} @click=${() => set(line.qty_milli - 1000)}>${icon("minus")}</button>
        <output>${qty(line.qty_milli)}</output>
        <button data-testid="more" aria-label=${t("one_more")} @click=${() => set(line.qty_milli + 1000)}>${icon("plus")}</button></span>`}
      <button class="btn" data-testid="type-qty" @click=${() => app.show("number", { for: "qty", key: line.key, weighed: line.weighed, name: line.name, unit: line.unit, digits: "" })}>
        ${line.weighed ? t("weight") : t("type_qty")}</button>
      <button class="btn" data-testid="line-bot" @click=${() => { app.haggling = { key: line.key }; app.redraw(); }}>${t("bot")}</button>
      <span class="grow"></span>
      <button class="btn bare square" data-testid="remove" aria-label=${t("remove", { name: line.name })} @click=${() => app.removeLine(line)}>${icon("trash-2")}</button>
    </div>` : nothing}</li>`;
}

/** @param {App} app @param {boolean} empty */
function pay(app, empty) {
  const { desk } = app;
  const { total, cash, vat } = desk.totals;
  const started = (desk.cart.parts ?? []).length > 0;
  const dead = !desk.ready;
  const n = countOf(desk.cart);
  return html`<div class="pay">
    ${ageStrip(app)}${botBar(app)}${drawerChip(app)}
    <div class="tools">
      <button class="btn bare" data-testid="hold" ?disabled=${empty} @click=${() => app.hold()}>${icon("pause")} ${t("hold")} <span class="key">F8</span></button>
      <button class="btn bare" data-testid="take-back" @click=${() => app.go("receipts", { back: true })}>${icon("undo-2")} ${t("take_back")}</button>
      ${botButton(app, empty)}
      <span class="grow"></span>
      <button class="btn bare" data-testid="cancel-cart" ?disabled=${empty} @click=${() => cancelCart(app)}>${icon("x")} ${t("cancel_cart")}</button>
    </div>
    <div class="total"><button class="sheet-toggle" data-testid="sheet" aria-expanded=${app.sheet ? "true" : "false"} @click=${() => { app.sheet = !app.sheet; app.redraw(); }}>
        <b>${total < 0 ? t("give_back") : t("to_pay")} ${icon("chevron-up")}</b>
        <span class="cap muted">${empty ? t("nothing_yet") : html`${n ? t("n_items", { n }) : t("n_back", { n: desk.cart.returns.length })}${vat > 0 ? html`<i class="opt"> · ${t("with_vat", { vat: vnd(vat) })}</i>` : nothing}`}</span></button>
      <span class="num" data-testid="total">${dong(Math.abs(cash))}</span></div>
    <div class="keys" data-testid="pay-row" data-ready=${dead ? "false" : "true"} aria-disabled=${dead ? "true" : "false"}>
      ${total < 0 && !desk.cart.amends ? refundKeys(app, total, cash)
        : started ? goOn(app, total) : html`${notes(app, desk.due, total, empty)}${ways(app, total, empty)}`}
    </div>
  </div>`;
}

/** @param {App} app @param {number} cash @param {number} total @param {boolean} empty */
function notes(app, cash, total, empty) {
  const pay = (/** @type {number | null} */ received) => app.pay({ cash: { received } });
  const { amends } = app.desk.cart;
  if (!empty && cash <= 0) {
    const words = amends ? (cash < 0 ? t("back_cash", { sum: vnd(-cash) }) : t("same_sum")) : t("finish_zero");
    return html`<div class="notes"><button class="note go" data-testid="note-exact" @click=${() => pay(null)}><b>${words}</b></button></div>`;
  }
  const sums = quickCash(cash).slice(0, 4);
  return html`<div class="notes" role="group" aria-label=${t("cash_given")}>
    <button class="note go" data-testid="note-exact" ?disabled=${empty} @click=${() => pay(null)}><b>${t(amends ? "add_cash" : "exact")}</b><span>${empty ? t("cash") : vnd(cash)}<i class="key"> · F9</i></span></button>
    ${empty ? [20_000, 50_000, 100_000].map((note) => html`<button class="note ${noteClass(note)}" disabled><b>${brief(note)}</b><span>&nbsp;</span></button>`)
      : sums.slice(1).map((sum) => html`<button class="note ${NOTES.includes(sum) ? noteClass(sum) : ""} ${sum >= 1e6 ? "wide" : ""}" data-testid="note-${sum}" @click=${() => pay(sum)}>
        <b>${brief(sum)}</b><span><i class="opt">${t("change_1")} </i>${t("change_2")} ${vnd(sum - cash)}</span></button>`)}
  </div>`;
}

/** Some of it is paid already: the rest is asked for where the parts are. @param {App} app @param {number} total */
function goOn(app, total) {
  const left = total - sumOfParts(app.desk.cart.parts ?? []);
  return html`<div class="notes"><button class="note go" data-testid="pay-split" @click=${() => app.desk.ready && app.show("split", { digits: "", pick: null })}><b>${t("continue_paying", { sum: vnd(left) })}</b></button></div>`;
}

/** @param {App} app @param {number} total @param {boolean} empty */
function ways(app, total, empty) {
  const { settings } = app;
  const off = empty || total <= 0;
  const kinds = takenHere(app);
  const transfer = kinds.some((kind) => kind.code === "vietqr" && kind.place === "row");
  const open = (/** @type {any} */ pick) => app.desk.ready && app.show("split", { digits: "", pick });
  return html`<div class="other">
    ${transfer ? html`<button class="btn way" data-testid="pay-transfer" ?disabled=${off} @click=${() => app.payWith("vietqr")}>
      ${icon("landmark")}<span>${t("transfer_seen")}</span></button>` : nothing}
    ${transfer && settings.vietqr && !app.desk.keeper ? html`<button class="btn way" data-testid="pay-qr" ?disabled=${off} @click=${() => app.openQr()}>
      ${icon("qr-code")}<span>${t("qr")} <i class="key">F10</i></span></button>` : nothing}
    ${onRow({ tender_kinds: kinds }).map((kind) => html`<button class="btn way" data-testid="pay-${kind.code}" ?disabled=${off}
      @click=${() => (asks(kind) ? open({ kind: kind.code, base: kind.base, typed: null, name: "", phone: "", known: null }) : app.payWith(kind.code))}>
      ${icon(SIGN[kind.base])}<span>${kind.code === "card" && !kind.name ? t("card") : wayOf(app, { kind: kind.code })}</span></button>`)}
    <button class="btn way" data-testid="pay-split" ?disabled=${off} @click=${() => open(null)}>
      ${icon("split")}<span>${t(kinds.length > 3 ? "other_ways" : "split")}</span></button></div>`;
}
