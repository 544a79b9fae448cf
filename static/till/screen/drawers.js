// Whose drawer: a producer who keeps their own takings opens one of their own; the shift of a lost tablet goes on here.

import { timeOf } from "../clock.js";
import { keptKinds, producersOf } from "../drawers.js";
import { offered } from "../tenders.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { ago, html, icon, maker, nothing, place } from "./parts.js";

/** @typedef {import("../app.js").App} App */

// ── Producers' own drawers ───────────────────────────────────────────

/** @param {App} app */
export const chooseDrawer = (app) => app.go("drawers", { words: "" });

/** @param {App} app */
export function drawers(app) {
  const { about } = app;
  const words = about.words.trim();
  const goods = about.only && !words ? [...app.catalogue.all()] : words ? app.catalogue.search(words, 400) : app.catalogue.tiles(null, new Map(), 2000);
  const found = producersOf(goods).filter(({ id }) => !app.shifts.of(id) && (about.only?.includes(id) ?? true)).slice(0, 60);
  const open = (/** @type {{ id: string, name: string }} */ one) =>
    app.go("open", { count: {}, note: 500_000, id: app.newId(), keeper: one.id, keeper_name: one.name });
  return page(app, t("kept_new"), html`<div class="col narrow">
    <p class="muted">${t("kept_text")}</p>
    <label class="search">${icon("search")}<span class="only-sr">${t("kept_search")}</span><input class="input" type="search" data-testid="kept-search" placeholder=${t("kept_search")} .value=${about.words}
      autocomplete="off" @input=${(/** @type {any} */ e) => { about.words = e.target.value; app.redraw(); }}></label>
    ${found.length ? html`<ul class="people">${found.map((one) => html`<li><button class="btn person" data-testid="kept-producer" data-name=${one.name} @click=${() => open(one)}>
      ${icon("wallet")}<span class="grow"><b>${maker(one.name)}</b><span class="cap muted">${place(one.commune)}</span></span></button></li>`)}</ul>`
      : html`<div class="state">${icon("search")}<b>${words ? t("nothing_found", { words }) : t("no_goods")}</b></div>`}
  </div>`);
}

/** Ways of paying into the drawer of the cart in hand. @param {App} app */
export const takenHere = (app) => (app.desk.keeper ? keptKinds(offered(app.settings)) : offered(app.settings));

/** Whose money the cart in hand will be, in the pay area: only when a producer's drawer could take it. @param {App} app */
export function drawerChip(app) {
  const { kept } = app.shifts;
  const { keeper, fits } = app.desk;
  const own = fits ? kept.find((shift) => shift.keeper === fits) : null;
  if (!own) return nothing;
  return html`<div class="drawer-chip ${keeper ? "on" : ""}" data-testid="drawer-chip" data-keeper=${keeper ?? ""}>${icon("wallet")}
    <span class="grow">${keeper ? t("pays_kept", { name: maker(own.keeper_name) }) : t("pays_operator")}</span>
    <button class="btn bare" data-testid="drawer-change" @click=${() => { app.desk.payInto(keeper ? null : fits); app.redrawWhenReady(); }}>${t("pays_change")}</button></div>`;
}

// ── A lost tablet ────────────────────────────────────────────────────

/** @param {App} app */
export async function chooseLost(app) {
  const about = { others: /** @type {any[] | null} */ (null), failed: false };
  app.go("continue", about);
  const told = (await app.api.status(app.enrolment.token).catch(() => null))?.body;
  if (told?.others) about.others = told.others.filter((/** @type {any} */ one) => !app.shifts.of(one.keeper ?? null));
  else about.failed = true;
  app.redraw();
}

/** @param {App} app */
export function lost(app) {
  const { about } = app;
  const take = async (/** @type {any} */ offer) => {
    const allowed = await app.allow({ action: "continue", amount: null, need: { approve: true } });
    if (!allowed || about.busy) return;
    about.busy = true;
    try {
      await app.shifts.goOn({ ...app.by, offer, reason: "lost", approval: allowed.approval });
      app.go("sell");
      app.say({ tone: "ok", icon: "check", title: t("continued", { till: offer.till }), text: t("continued_text") });
      app.sender.poke();
      await app.count();
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  };
  const state = about.failed ? html`<div class="state">${icon("cloud-off")}<b>${t("continue_offline")}</b><button class="btn" @click=${() => chooseLost(app)}>${icon("refresh-cw")} ${t("try_again")}</button></div>`
    : !about.others ? html`<div class="state" aria-busy="true"><b>${t("opening")}</b></div>`
    : html`<div class="state">${icon("circle-check")}<b>${t("continue_none")}</b></div>`;
  return page(app, t("continue_open"), html`<div class="col narrow"><p class="muted">${t("continue_text")}</p>
    ${about.others?.length ? html`<ul class="people">${about.others.map((/** @type {any} */ one) => html`<li><button class="btn person" data-testid="lost-shift" data-till=${one.till} @click=${() => take(one)}>
      ${icon("tablet")}<span class="grow"><b>${one.till}</b><span class="cap muted">${t("shift_since", { time: timeOf(Date.parse(one.opened_at)) })} · ${one.opened_by ?? t("nobody")} · ${t("n_sales", { n: one.sales })}</span>
      <span class="cap muted">${t("last_word", { ago: ago(app.clock.now() - Date.parse(one.last_at)) })}</span></span></button></li>`)}</ul>` : state}</div>`);
}
