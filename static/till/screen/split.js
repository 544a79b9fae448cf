// A sum put together from several ways of paying: what is left, the parts, the ways, a pad. Any number of parts.
// The same for a wrong tender that becomes others. A way that needs one more word asks it in the pad's place.

import { cashPart, vnd } from "../money.js";
import { drop, owedBefore, showQr, sumInHand, sumMended, take, takeOwed, wayOf } from "../paying.js";
import { asks, offered, SIGN, standOf } from "../tenders.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { dong, html, icon, nothing, pad, press } from "./parts.js";
import { takenHere } from "./drawers.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../paying.js").Sum} Sum */

/** @param {App} app */
export function split(app) {
  const sum = sumInHand(app);
  return html`<section class="qr-pay numbers parts-panel" aria-label=${t("split")}>
    <div class="row ends"><h2 tabindex="-1" data-focus>${t("split")}</h2><button class="btn bare square" data-testid="split-back" aria-label=${t("back_to_cart")}
      @click=${() => app.show("cart")}>${icon("x")}</button></div>
    ${summing(app, sum, t("split_done"))}</section>`;
}

/** The page of a wrong tender. @param {App} app */
export function mendPage(app) {
  const { about } = app;
  const sum = sumMended(app);
  return page(app, t("mend_title"), html`<div class="two-col">
    <div class="col"><p>${t("mend_text", { no: about.row.event.body.receipt_no })}</p>
      <ul class="sums"><li><span></span><span>${t("mend_was")}</span><b class="num">${vnd(about.tender.amount)}</b></li>
        <li class="total-row"><span></span><span>${wayOf(app, about.tender)}</span><span></span></li></ul>
      <label class="field"><span>${t("reason")}</span><input class="input" data-testid="mend-reason" maxlength="120" autocomplete="off" placeholder=${t("mend_reason")}
        .value=${about.reason} @input=${(/** @type {any} */ e) => { about.reason = e.target.value; }}></label></div>
    <div class="col numbers parts-panel"><h3>${t("mend_is")}</h3>${summing(app, sum, t("mend_done"))}</div></div>`);
}

/** @param {App} app @param {Sum} sum @param {string} doneWords */
function summing(app, sum, doneWords) {
  const { about } = app;
  const { left, change, done } = standOf(sum.total, sum.parts, sum.step);
  const shown = sum.step && left > 0 ? left : Math.max(left, 0);
  const dead = app.fresh ? "true" : "false";
  return html`
    <div class="total"><div><b>${done ? (change ? t("change") : t("covered")) : sum.parts.length ? t("still_missing") : t("to_pay")}</b>
        ${sum.parts.length ? html`<span class="cap muted">${t("of_sum", { sum: vnd(sum.total) })}</span>` : nothing}</div>
      <span class="num ${done ? "lua" : ""}" data-testid="split-rest" data-left=${left} data-change=${change}>${dong(done ? change : shown)}</span></div>
    ${sum.parts.length ? html`<ul class="parts" data-testid="parts">${sum.parts.map((part) => html`<li data-testid="part" data-kind=${part.kind} data-sum=${part.amount}>
        ${icon(SIGN[kindBase(app, part.kind)] ?? "coins")}<span class="grow cut">${wayOf(app, part)}</span>
        <b class="num">${vnd(part.received ?? part.amount)}</b>
        <button class="btn bare square" aria-label=${t("remove", { name: wayOf(app, part) })} @click=${() => drop(app, sum, part)}>${icon("x")}</button></li>`)}</ul>` : nothing}
    ${done ? html`<span class="grow-space"></span>` : about.pick ? picking(app, sum) : html`
      <div class="ways" role="group" aria-label=${t("ways")} aria-disabled=${dead}>${ways(app, sum, left)}</div>
      <div class="padded"><p class="row ends typed"><span class="muted">${t("typed_sum")}</span><b class="num" data-testid="split-typed">${about.digits ? vnd(Number(about.digits)) : t("all_that_is_left")}</b></p>
      ${pad((key) => { about.digits = press(about.digits, key); app.redraw(); })}</div>`}
    ${done ? html`<div class="acts" aria-disabled=${dead}><button class="btn go" data-testid="split-done" @click=${() => sum.done()}>${icon("check")} ${doneWords}</button></div>` : nothing}`;
}

/** @param {App} app @param {string} code */
const kindBase = (app, code) => offered(app.settings).find((kind) => kind.code === code)?.base ?? code;

/** @param {App} app @param {Sum} sum @param {number} left */
function ways(app, sum, left) {
  const typed = Number(app.about.digits) || null;
  const of = (/** @type {number} */ most) => vnd(typed === null ? most : Math.min(typed, most));
  const way = (/** @type {string} */ id, /** @type {string} */ sign, /** @type {string} */ name, /** @type {any} */ amount, /** @type {() => any} */ run) =>
    html`<button class="btn way" data-testid="way-${id}" @click=${run}>${icon(sign)}<span class="grow cut">${name}</span><span class="num">${amount}</span></button>`;
  return takenHere(app).map((kind) => {
    const name = wayOf(app, { kind: kind.code });
    if (kind.base === "cash") {
      const due = cashPart(left, sum.step).rounded;
      return way(kind.code, SIGN.cash, name, typed === null ? vnd(due) : vnd(sum.mends ? Math.min(typed, due) : typed), () => take(app, sum, {
        kind: kind.code, ...(sum.mends && typed !== null && typed > left ? { amount: left } : {}),
      }));
    }
    if (asks(kind)) {
      return way(kind.code, SIGN[kind.base], name, of(left), () => {
        if (app.fresh) return;
        app.about.pick = { kind: kind.code, base: kind.base, typed, name: "", phone: "", known: null };
        app.freshen();
      });
    }
    return html`${way(kind.code, SIGN[kind.base], kind.code === "vietqr" ? t("transfer_seen") : name, of(left), () => take(app, sum, { kind: kind.code }))}
      ${kind.code === "vietqr" && app.settings.vietqr && !sum.mends ? way("qr", "qr-code", t("qr_for_part"), of(left), () => showQr(app, sum)) : nothing}`;
  });
}

/** One more word: whose voucher, which producer, who owes. @param {App} app @param {Sum} sum */
function picking(app, sum) {
  const { pick } = app.about;
  const leave = html`<button class="btn bare" data-testid="pick-back" @click=${() => { app.about.pick = null; app.freshen(); }}>${icon("arrow-left")} ${t("another_way")}</button>`;
  if (pick.base === "owed") return owing(app, sum, leave);
  const list = pick.base === "voucher" ? app.settings.voucher_issuers ?? [] : sum.makers;
  return html`<div class="picking" aria-disabled=${app.fresh ? "true" : "false"}><b>${t(pick.base === "voucher" ? "whose_voucher" : "which_producer")}</b>
    ${list.map((/** @type {any} */ one) => html`<button class="btn" data-testid="pick-${pick.base}" @click=${() => take(app, sum, {
      kind: pick.kind, note: one.name, ...(pick.typed ? { amount: pick.typed } : one.paid ? { amount: one.paid } : { amount: sum.total }),
      ...(pick.base === "voucher" ? { issuer: one.id } : { payee: one.id }),
    })}><span class="grow cut">${one.name}</span>${one.paid && !pick.typed ? html`<span class="num">${vnd(one.paid)}</span>` : nothing}</button>`)}
    ${list.length ? nothing : html`<p class="muted">${t(pick.base === "voucher" ? "no_issuers" : "no_makers")}</p>`}${leave}</div>`;
}

/** @param {App} app @param {Sum} sum @param {any} leave */
function owing(app, sum, leave) {
  const { pick } = app.about;
  if (!pick.known) {
    pick.known = [];
    owedBefore(app).then((known) => { pick.known = known; app.redraw(); });
  }
  const go = (/** @type {any} */ buyer) => takeOwed(app, sum, buyer);
  const field = (/** @type {"name" | "phone"} */ name, /** @type {any} */ more) => html`<label class="field"><span>${t(`owed_${name}`)}</span>
    <input class="input" data-testid="owed-${name}" maxlength=${name === "name" ? 60 : 15} autocomplete="off" inputmode=${name === "phone" ? "tel" : "text"}
      .value=${pick[name]} @input=${(/** @type {any} */ e) => { pick[name] = e.target.value; app.redraw(); }} placeholder=${more}></label>`;
  return html`<form class="picking" @submit=${(/** @type {any} */ e) => { e.preventDefault(); }}><b>${t("who_owes")}</b>
    ${pick.known.map((/** @type {any} */ one) => html`<button type="button" class="btn" data-testid="owed-known" @click=${() => go(one)}><span class="grow cut">${one.name}</span><span class="muted num">${one.phone}</span></button>`)}
    ${field("name", t("owed_name_hint"))}${field("phone", t("owed_phone_hint"))}
    <p class="cap muted">${t("owed_private")}</p>
    <button type="button" class="btn go" data-testid="owed-ok" ?disabled=${!pick.name.trim() || pick.busy} @click=${() => go({ name: pick.name, phone: pick.phone })}>${icon("check")} ${t("owed_ok")}</button>${leave}</form>`;
}
