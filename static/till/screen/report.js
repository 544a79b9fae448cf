// The shift so far (X) and the sealed ones (Z). Before the seal a cashier sees what was sold and how it was paid,
// never what the drawer should hold nor the takings it could be told from; a supervisor sees all.

import { dateOf, timeOf } from "../clock.js";
import { vnd } from "../money.js";
import { t } from "../words.js";
import { openCash } from "./cash.js";
import { chooseDrawer, chooseLost } from "./drawers.js";
import { page } from "./page.js";
import { ago, dong, html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../shift.js").Open} Open */

/** @param {App} app */
export function openReport(app) {
  const about = { drawers: null, closed: null, all: app.people.supervises(app.staff), waiting: new Map() };
  app.go("report", about);
  load(app, about).catch((error) => app.sayTrouble(error));
}

/** @param {App} app @param {any} about */
async function load(app, about) {
  const { shifts } = app;
  about.drawers = await Promise.all(shifts.open_ones.map(async (shift) => ({ shift, sums: await shifts.report(shift) })));
  about.closed = await Promise.all((await shifts.closed()).map(async (row) => ({ row, sealed: await shifts.sealed(row), here: await waitingHere(app, row) })));
  app.redraw();
  const told = (await app.api.status(app.enrolment.token).catch(() => null))?.body;
  if (!told?.shifts) return;
  for (const { id, state, waiting } of told.shifts) about.waiting.set(id, state === "closing" ? waiting : 0);
  about.told = true;
  app.redraw();
}

/** How many events up to this one have not left the tablet. @param {App} app @param {import("../log.js").Row} row */
const waitingHere = async (app, row) => (await app.store.waiting(row.device, 5000)).filter((each) => each.seq <= row.seq).length;

/** @param {App} app */
export function report(app) {
  const { about } = app;
  if (!about.drawers) return page(app, t("menu_report"), html`<div class="state" aria-busy="true"><b>${t("opening")}</b></div>`);
  const look = async () => {
    if (await app.approve({ action: "report", amount: null, need: { approve: true } })) {
      about.all = true;
      app.redraw();
    }
  };
  return page(app, t("menu_report"), html`<div class="reports">
    ${about.drawers.map((/** @type {any} */ one) => drawer(app, one, look))}
    ${about.drawers.length ? nothing : html`<div class="state">${icon("moon")}<b>${t("shift_none")}</b><span>${t("shift_none_text")}</span></div>`}
    <div class="row wrap">
      ${app.shifts.current ? nothing : html`<button class="btn" data-testid="continue" @click=${() => chooseLost(app)}>${icon("tablet")} ${t("continue_open")}</button>`}
      <button class="btn" data-testid="drawer-new" @click=${() => chooseDrawer(app)}>${icon("wallet")} ${t("kept_new")}</button></div>
    ${about.closed?.length ? html`<h3>${t("closed_shifts")}</h3><ul class="receipts">${about.closed.map((/** @type {any} */ one) => closed(app, one))}</ul>` : nothing}
  </div>`);
}

/** @param {App} app @param {{ shift: Open, sums: ReturnType<typeof import("../tally.js").tally> }} one @param {() => void} look */
function drawer(app, { shift, sums }, look) {
  const all = app.about.all;
  const row = (/** @type {any} */ name, /** @type {any} */ value, test = "") => html`<li><span></span><span>${name}</span><b class="num" data-testid=${test}>${value}</b></li>`;
  const others = Object.entries(sums.tenders).filter(([, sum]) => sum !== 0);
  return html`<section class="card x" data-testid="x" data-keeper=${shift.keeper ?? ""}>
    <div class="row ends"><h3>${shift.keeper ? t("kept_of", { name: shift.keeper_name ?? "" }) : t("x_title")}</h3><span class="muted">${t("shift_since", { time: timeOf(shift.opened_at) })} · ${ago(app.clock.now() - shift.opened_at)}</span></div>
    ${shift.known ? html`<p class="strip info">${icon("tablet")}<span>${t("known_text", { till: shift.known.till })}</span></p>` : nothing}
    <ul class="sums">
      ${row(t("x_sales"), sums.sales, "x-sales")}
      ${sums.refunds ? row(t("x_refunds"), sums.refunds, "x-refunds") : nothing}
      ${others.map(([kind, sum]) => row(html`<span class="muted">${t(`way_${kind}`)}</span>`, vnd(sum), `x-${kind}`))}
      ${sums.moves.map((move) => row(html`<span class="muted">${timeOf(Date.parse(move.at))} · ${t(`cash_${move.direction}`)}${moveWords(move)}</span>`, vnd(move.direction === "in" ? move.amount : -move.amount)))}
      ${all ? html`${row(t("x_float"), vnd(sums.float), "x-float")}
        <li class="total-row"><span></span><span>${t("x_drawer")}</span><b class="num" data-testid="x-drawer">${vnd(sums.cash)}</b></li>
        ${row(t("x_takings"), vnd(sums.takings), "x-takings")}` : nothing}</ul>
    ${all ? nothing : html`<p class="row wrap muted x-hidden">${icon("eye-off")}<span class="grow">${t("x_hidden")}</span><button class="btn" data-testid="x-all" @click=${look}>${icon("eye")} ${t("x_all")}</button></p>`}
    <div class="row wrap acts-row">
      ${!shift.keeper && app.shifts.uncounted ? html`<button class="btn" data-testid="x-float-count" @click=${() => app.go("open", { count: {}, note: 500_000, id: app.newId() })}>${icon("coins")} ${t("menu_float")}</button>` : nothing}
      <button class="btn" data-testid="x-cash" @click=${() => openCash(app, shift.keeper ?? null)}>${icon("banknote")} ${t("menu_cash")}</button>
      <button class="btn" data-testid="x-close" @click=${() => app.startClose(shift.keeper ?? null)}>${icon("lock-keyhole")} ${t("menu_shift_close")}</button></div>
  </section>`;
}

/** @param {{ reason: string | null, note: string | null, bag: string | null }} move */
const moveWords = ({ reason, note, bag }) => [reason ? t(`cash_reason_${reason}`) : "", note ?? "", bag ? t("bag_n", { bag }) : ""]
  .filter(Boolean).map((word) => ` · ${word}`).join("");

/** Closed, and whether the books have all of it. @param {number} here @param {number | undefined} server @param {boolean} told */
export function closedState(here, server, told) {
  if (here) return html`<span class="pill wait" data-testid="z-waits" data-n=${here}>${icon("cloud-off")} ${t("closed_waits", { n: here })}</span>`;
  if (server) return html`<span class="pill wait" data-testid="z-waits" data-n=${server}>${icon("clock")} ${t("closed_waits_others", { n: server })}</span>`;
  return html`<span class="pill ok" data-testid="z-posted">${icon("check")} ${t(told ? "closed_posted" : "closed_sent")}</span>`;
}

/** @param {App} app @param {{ row: import("../log.js").Row, sealed: any, here: number }} one */
function closed(app, { sealed, here }) {
  const server = app.about.waiting.get(sealed.shift.id);
  return html`<li><button class="btn receipt-row" data-testid="z-row" data-z=${sealed.z ?? ""} @click=${() => app.go("sealed", { sealed, here, server, told: app.about.told, again: true })}>
    <b class="num">${dateOf(sealed.closed_at)}</b><span class="grow cut"><b>${sealed.z ?? "Z"}</b><span class="cap muted cut">${timeOf(sealed.shift.opened_at)} – ${timeOf(sealed.closed_at)}${sealed.shift.keeper_name ? ` · ${sealed.shift.keeper_name}` : ""}</span></span>
    ${closedState(here, server, app.about.told)}<b class="num ${sealed.difference < 0 ? "son" : ""}">${vnd(sealed.difference)}</b></button></li>`;
}

/** @param {App} app */
export function sealed(app) {
  const { about } = app;
  const { shift, z, counted, first, reason, expected, difference, sums, hash, seq, closed_at, staff } = about.sealed;
  if (about.here === undefined) {
    about.here = null;
    waitingHere(app, { device: app.enrolment.device, seq }).then((n) => { about.here = n; app.redraw(); });
  }
  const limit = app.settings.close_limit;
  const tone = difference === 0 ? "lua" : difference < 0 ? "son" : "nghe";
  const who = app.people.list().find((person) => person.id === staff)?.name;
  const row = (/** @type {any} */ name, /** @type {any} */ value, test = "") => html`<li><span></span><span>${name}</span><b class="num" data-testid=${test}>${value}</b></li>`;
  return page(app, t("sealed_title"), html`<div class="sealed z-paper" data-testid="sealed">
    <div class="row ends"><b class="z-no" data-testid="z-no">${z ?? ""}</b>${about.here === null ? nothing : closedState(app.unsent.events ? about.here : 0, about.server, about.told)}</div>
    <p class="muted">${app.till.operator?.name ?? ""} · ${app.settings.site ?? app.till.site?.name ?? ""} · ${app.till.name}${shift.keeper_name ? ` · ${shift.keeper_name}` : ""}</p>
    <p class="row lua">${icon("lock-keyhole")} ${t("sealed_at", { from: `${dateOf(shift.opened_at)} ${timeOf(shift.opened_at)}`, to: `${dateOf(closed_at)} ${timeOf(closed_at)}` })}${who ? ` · ${who}` : ""}</p>
    <div class="total"><div><b class=${tone}>${t(difference === 0 ? "fits" : difference < 0 ? "short" : "over")}</b>${limit && Math.abs(difference) > limit ? html`<span class="cap son">${t("over_limit", { limit: vnd(limit) })}</span>` : nothing}</div>
      <span class="num ${tone}" data-testid="sealed-difference">${dong(difference)}</span></div>
    <ul class="sums">
      ${row(t("counted"), vnd(counted), "sealed-counted")}
      ${row(t("expected"), vnd(expected), "sealed-expected")}
      <li class="total-row"><span></span><span>${t("difference")}</span><b class="num">${vnd(difference)}</b></li>
      ${first === null ? nothing : row(html`<span class="muted">${t("first_counted")}</span>`, vnd(first))}
      ${reason ? row(html`<span class="muted">${t("close_reason")}: ${t(`close_reason_${reason}`)}</span>`, "") : nothing}
      ${row(t("x_float"), vnd(sums.float))}
      ${Object.entries(sums.tenders).filter(([, sum]) => sum !== 0).map(([kind, sum]) => row(html`<span class="muted">${t(`way_${kind}`)}</span>`, vnd(/** @type {number} */ (sum))))}
      ${sums.moves.map((/** @type {any} */ move) => row(html`<span class="muted">${timeOf(Date.parse(move.at))} · ${t(`cash_${move.direction}`)}${moveWords(move)}</span>`, vnd(move.direction === "in" ? move.amount : -move.amount)))}
      ${row(html`<span class="muted">${t("n_sales", { n: sums.sales })}${sums.refunds ? ` · ${t("n_refunds", { n: sums.refunds })}` : nothing}</span>`, vnd(sums.takings))}</ul>
    <p class="cap muted hash">${t("last_hash")} <code data-testid="z-hash">${hash}</code></p>
    <div class="acts"><button class="btn" data-testid="z-print" @click=${() => app.paper.report(about.sealed)}>${icon("printer")} ${t("z_print")}</button>
      <button class="btn go big" data-testid="sealed-done" @click=${() => (about.again ? openReport(app) : app.shifts.open_ones.length ? app.go("sell") : app.lock())}>${icon("check")} ${t("sealed_done")}</button></div></div>`);
}
