// Behind the counter: the menu, what waits to be sent, about.

import { timeOf } from "../clock.js";
import { letterOf } from "../enrol.js";
import { vnd } from "../money.js";
import { shouldPropose } from "../rescue.js";
import { startRescue } from "../rescuing.js";
import { muted, setMuted } from "../sound.js";
import { APP } from "../version.js";
import { language, setLanguage, setTheme, t, theme } from "../words.js";
import { ago, dong, html, icon, nothing, pad, place, press } from "./parts.js";
import { openDisplay } from "./display.js";
import { openCash } from "./cash.js";
import { openFresh } from "./fresh.js";
import { openDrawer } from "./kick.js";
import { openGoods } from "./goods.js";
import { page } from "./page.js";
import { personal } from "./personal.js";
import { openInstall } from "../installing.js";
import { openReport } from "./report.js";
import { unsentWords } from "./top.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function menuDialog(app) {
  const entry = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {() => void} */ run, /** @type {any} */ more = nothing) =>
    html`<button class="btn bare entry" data-testid="menu-${name}" @click=${run}>${icon(sign)}<span class="grow">${t(`menu_${name}`)}</span>${more}</button>`;
  const open = app.shifts.current;
  return html`<dialog class="dialog menu-box" data-testid="menu-box" aria-labelledby="menu-title">
    <div class="row ends"><h2 id="menu-title">${t("menu")}</h2><button class="btn bare square" aria-label=${t("close")} @click=${() => app.back()}>${icon("x")}</button></div>
    <nav><div>
      ${open ? nothing : entry("shift_open", "door-open", () => app.go("open", { count: {}, note: 500_000, id: app.newId() }))}
      ${app.shifts.uncounted ? entry("float", "coins", () => app.go("open", { count: {}, note: 500_000, id: app.newId() })) : nothing}
      ${entry("cash", "banknote", () => openCash(app))}
      ${entry("drawer", "wallet", () => openDrawer(app))}
      ${entry("goods", "truck", () => openGoods(app))}
      ${app.desk.amendable ? entry("amend", "pen-line", () => app.amend()) : nothing}
      ${app.unseen.length ? entry("unseen", "landmark", () => app.go("unseen"), html`<span class="pill wait">${app.unseen.length}</span>`) : nothing}
      ${entry("fresh", "package-plus", () => openFresh(app))}
      ${entry("receipts", "receipt-text", () => app.go("receipts"))}
      ${entry("printer", "printer", () => app.paper.open())}
      ${open ? entry("shift_close", "lock-keyhole", () => app.startClose(), html`<span class="cap muted">${t("shift_since", { time: timeOf(open.opened_at) })}</span>`) : nothing}
      ${entry("report", "scroll-text", () => openReport(app))}
      ${entry("person", "users", () => app.lock())}
      ${app.practising ? nothing : entry("practice", "hand", () => app.practise())}
      ${entry("display", "tablet", () => openDisplay(app))}
      </div><div>
      ${personal(app)}
      <div class="row entry choice">${icon("volume-2")}<span class="grow">${t("menu_sound")}</span>
        ${[false, true].map((quiet) => html`<button class="tab" aria-pressed=${muted() === quiet ? "true" : "false"} @click=${() => { setMuted(quiet); app.redraw(); }}>${t(quiet ? "off" : "on")}</button>`)}</div>
      <hr>
      ${entry("install", "list", () => openInstall(app))}
      ${entry("about", "info", () => app.go("about"))}
    </div></nav></dialog>`;
}

/** @param {App} app */
export function unsentDialog(app) {
  const { state } = app.sender;
  const { events } = app.unsent;
  const now = app.clock.device();
  const why = state.refused_by
    ? state.refused_by[`message_${language()}`] ?? t("server_said", { status: state.refused_by.status })
    : state.reached === false ? t("offline_since", { time: timeOf(state.since ?? now) }) : t("online");
  return html`<dialog class="dialog" data-testid="unsent-box" aria-labelledby="unsent-title">
    <span class="row ${events ? "nghe" : "lua"}">${icon(events ? "cloud-off" : "check")} ${why}</span>
    <h2 id="unsent-title">${unsentWords(app)}</h2>
    <p>${events ? t("unsent_text") : t("sent_text", { time: state.at ? timeOf(state.at + app.clock.offset_ms) : "–" })}</p>
    ${state.refused ? html`<p class="son">${t("refused_alone", { n: state.refused })}</p>` : nothing}
    ${shouldPropose(app.unsent, app.clock.now()) ? html`<p class="nghe" data-testid="rescue-propose">${t("rescue_propose")}</p>` : nothing}
    ${state.quarantined ? html`<p class="nghe">${t("quarantined", { n: state.quarantined })}</p>` : nothing}
    <div class="acts"><button class="btn" data-testid="unsent-close" @click=${() => app.back()}>${t("close")}</button>
      <button class="btn" data-testid="rescue-open" @click=${() => startRescue(app)}>${icon("qr-code")} ${t("rescue_open")}</button>
      <button class="btn go" data-testid="send-now" @click=${() => app.sender.poke()}>${icon("send")} ${t("send_now")}</button></div></dialog>`;
}

/** @param {App} app */
export function about(app) {
  const { state } = app.sender;
  const storage = app.about;
  if (storage.kept === undefined) {
    storage.kept = null;
    navigator.storage?.persisted?.().then((kept) => { storage.kept = kept; app.redraw(); });
  }
  const row = (/** @type {string} */ name, /** @type {any} */ value, id = "") => html`<tr><th scope="row">${t(`about_${name}`)}</th><td data-testid=${`about-${id || name}`}>${value}</td></tr>`;
  return page(app, t("menu_about"), html`<div class="about"><div class="letter" aria-hidden="true">${letterOf(app.till.code)}</div>
    <table class="table"><tbody>
      ${row("till", html`${app.till.name} · ${app.till.code}`)}
      ${row("site", html`${app.settings.site ?? app.till.site?.name ?? ""} ${app.settings.address ? html`<span class="cap muted">${place(app.settings.address)}</span>` : nothing}`)}
      ${row("operator", app.till.operator?.name ?? "")}
      ${row("device", html`<code>${app.enrolment.device}</code>`)}
      ${row("build", APP)}
      ${row("catalogue", t("about_goods", { n: vnd(app.catalogue.size), version: app.catalogue.version }))}
      ${row("unsent", unsentWords(app))}
      ${row("server", state.at ? t("about_reached", { ago: ago(app.clock.device() - state.at) }) : t("about_never"))}
      ${row("clock", t("about_offset", { n: Math.round(app.clock.offset_ms / 1000) }))}
      ${row("storage", storage.kept === null ? "…" : t(storage.kept ? "about_kept" : "about_not_kept"))}
    </tbody></table></div>`);
}
