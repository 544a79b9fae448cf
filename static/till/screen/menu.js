// Behind the counter: the menu, what waits to be sent, cash in and out, receipts of this tablet, about.

import { dateOf, timeOf } from "../clock.js";
import { letterOf } from "../enrol.js";
import { qty, vnd } from "../money.js";
import { muted, setMuted } from "../sound.js";
import { APP } from "../version.js";
import { language, setLanguage, setTheme, t, theme } from "../words.js";
import { ago, dong, html, icon, nothing, pad, place, press, qr } from "./parts.js";
import { receiptLink } from "./paid.js";
import { unsentWords } from "./top.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function menuDialog(app) {
  const entry = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {() => void} */ run, /** @type {any} */ more = nothing) =>
    html`<button class="btn bare entry" data-testid="menu-${name}" @click=${run}>${icon(sign)}<span class="grow">${t(`menu_${name}`)}</span>${more}</button>`;
  const open = app.shifts.current;
  return html`<dialog class="dialog menu-box" data-testid="menu-box" aria-labelledby="menu-title">
    <div class="row ends"><h2 id="menu-title">${t("menu")}</h2><button class="btn bare square" aria-label=${t("close")} @click=${() => app.back()}>${icon("x")}</button></div>
    <nav>
      ${open ? nothing : entry("shift_open", "door-open", () => app.go("open", { count: {}, note: 500_000 }))}
      ${entry("cash", "banknote", () => app.go("cash", { direction: "in", digits: "", reason: "", id: app.newId() }))}
      ${entry("receipts", "receipt-text", () => app.go("receipts"))}
      ${open ? entry("shift_close", "lock-keyhole", () => app.startClose(), html`<span class="cap muted">${t("shift_since", { time: timeOf(open.opened_at) })}</span>`) : nothing}
      ${entry("person", "users", () => app.lock())}
      <hr>
      <div class="row entry choice">${icon("languages")}<span class="grow">${t("menu_language")}</span>
        ${(app.settings.languages ?? ["vi", "en"]).map((/** @type {string} */ code) => html`<button class="tab" data-testid="language-${code}" lang=${code} aria-pressed=${language() === code ? "true" : "false"}
          @click=${() => { setLanguage(code); app.redraw(); }}>${code === "vi" ? "Tiếng Việt" : "English"}</button>`)}</div>
      <div class="row entry choice">${icon("sun-moon")}<span class="grow">${t("menu_theme")}</span>
        ${["auto", "light", "dark"].map((name) => html`<button class="tab" data-testid="theme-${name}" aria-pressed=${theme() === name ? "true" : "false"}
          @click=${() => { setTheme(name); app.redraw(); }}>${t(`theme_${name}`)}</button>`)}</div>
      <div class="row entry choice">${icon("volume-2")}<span class="grow">${t("menu_sound")}</span>
        ${[false, true].map((quiet) => html`<button class="tab" aria-pressed=${muted() === quiet ? "true" : "false"} @click=${() => { setMuted(quiet); app.redraw(); }}>${t(quiet ? "off" : "on")}</button>`)}</div>
      <hr>
      ${entry("about", "info", () => app.go("about"))}
    </nav></dialog>`;
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
    ${state.quarantined ? html`<p class="nghe">${t("quarantined", { n: state.quarantined })}</p>` : nothing}
    <div class="acts"><button class="btn" data-testid="unsent-close" @click=${() => app.back()}>${t("close")}</button>
      <button class="btn go" data-testid="send-now" @click=${() => app.sender.poke()}>${icon("send")} ${t("send_now")}</button></div></dialog>`;
}

/** @param {App} app @param {string} title @param {any} body */
export const page = (app, title, body, more = "") => html`<main class="page ${more}">
  <div class="row page-head"><button class="btn bare square" data-testid="back" aria-label=${t("back")} @click=${() => app.back()}>${icon("arrow-left")}</button>
    <h2 tabindex="-1" data-focus>${title}</h2></div>${body}</main>`;

/** @param {App} app */
export function cash(app) {
  const { about } = app;
  const amount = Number(about.digits);
  const type = (/** @type {string} */ key) => { about.digits = press(about.digits, key); app.redraw(); };
  const done = async () => {
    if (!amount || about.busy) return;
    about.busy = true;
    try {
      await app.shifts.moveCash({ ...app.by, direction: about.direction, amount, reason: about.reason.trim() || null });
      app.go("sell");
      app.say({ tone: "ok", icon: "check", title: t(`cash_done_${about.direction}`, { sum: vnd(amount) }) });
      app.sender.poke();
      await app.count();
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  };
  return page(app, t("menu_cash"), html`<div class="two-col">
    <div class="col">
      <div class="tabs" role="group" aria-label=${t("menu_cash")}>${["in", "out", "drop"].map((way) => html`<button class="tab" data-testid="cash-${way}" aria-pressed=${about.direction === way ? "true" : "false"}
        @click=${() => { about.direction = way; app.redraw(); }}>${icon(way === "in" ? "arrow-down-to-line" : way === "out" ? "arrow-up-from-line" : "lock-keyhole")} ${t(`cash_${way}`)}</button>`)}</div>
      <p class="muted">${t(`cash_${about.direction}_text`)}</p>
      <label class="field"><span>${t("reason")}</span><input class="input" data-testid="cash-reason" .value=${about.reason} maxlength="120" autocomplete="off"
        @input=${(/** @type {any} */ e) => { about.reason = e.target.value; }}></label>
    </div>
    <div class="col"><div class="total"><b>${t("amount")}</b><span class="num" data-testid="cash-amount">${dong(amount)}</span></div>
      ${pad(type)}<button class="btn go big" data-testid="cash-done" ?disabled=${!amount || about.busy} @click=${done}>${icon("check")} ${t("write_down")}</button></div></div>`);
}

/** @param {App} app */
export function receipts(app) {
  const { about } = app;
  if (!about.rows) {
    about.rows = [];
    app.store.latest("sale", 100).then((rows) => { about.rows = rows; about.read = true; app.redraw(); });
  }
  const list = about.rows.map((/** @type {any} */ row) => {
    const { body, at } = row.event;
    const ms = Date.parse(at);
    const ways = [...new Set(body.tenders.map((/** @type {any} */ tender) => t(`way_${tender.kind}`)))].join(", ");
    return html`<li><button class="btn receipt-row" data-testid="receipt-row" data-receipt=${body.receipt_no} @click=${() => app.go("receipt", { row })}>
      <b class="num">${timeOf(ms)}</b><span class="grow cut"><b>${body.receipt_no}</b><span class="cap muted cut">${dateOf(ms)} · ${ways || "–"} · ${(row.memo?.lines ?? []).map((/** @type {any} */ line) => line.name).join(", ")}</span></span>
      ${row.waiting ? html`<span class="pill wait">${icon("cloud-off")}<span class="opt">${t("waits")}</span></span>` : html`<span class="lua">${icon("check")}<span class="only-sr">${t("sent")}</span></span>`}
      <b class="num ${body.total < 0 ? "son" : ""}">${vnd(body.total + body.cash_rounding)}</b></button></li>`;
  });
  return page(app, about.back ? t("take_back_which") : t("menu_receipts"), about.read && !list.length
    ? html`<div class="state">${icon("receipt-text")}<b>${t("no_receipts")}</b><span>${t("no_receipts_text")}</span></div>` : html`<ul class="receipts">${list}</ul>`);
}

/** @param {App} app */
export function receipt(app) {
  const { about } = app;
  const { row } = about;
  const { body, at } = row.event;
  if (!about.lines) {
    about.lines = [];
    app.store.latest("sale", 1000).then((rows) => { about.lines = app.desk.returnable(row, rows); app.redraw(); });
  }
  const giveBack = (/** @type {any} */ line) => {
    app.desk.takeBackLine(row.id, line, Math.min(line.left, line.qty_milli % 1000 ? line.left : 1000), "shelf");
    app.say({ tone: "info", icon: "undo-2", title: t("back_in_cart", { name: line.name }), text: t("back_in_cart_text") });
    app.go("sell");
    app.redrawWhenReady();
  };
  return page(app, body.receipt_no, html`<div class="two-col">
    <div class="col">
      <p class="muted">${dateOf(Date.parse(at))} ${timeOf(Date.parse(at))} · ${row.waiting ? t("waits") : t("sent")}</p>
      <ul class="sums">${about.lines.map((/** @type {any} */ line) => html`<li><b>${qty(line.qty_milli)}</b><span>${line.name}
          ${line.returned ? html`<span class="cap son"> ${t("came_back", { n: qty(line.returned) })}</span>` : nothing}
          ${line.left > 0 ? html`<button class="btn give-back" data-testid="give-back" data-line=${line.line} @click=${() => giveBack(line)}>${icon("undo-2")} ${t("take_back_one")}</button>` : nothing}</span><b class="num">${vnd(line.paid)}</b></li>`)}
        ${body.returns.map((/** @type {any} */ back, /** @type {number} */ i) => html`<li><b>${qty(back.qty_milli)}</b><span class="son">${t("goods_back")}: ${row.memo?.returns[i] ?? ""}</span><b class="num">${vnd(-back.paid)}</b></li>`)}
        ${body.cash_rounding ? html`<li><span></span><span class="muted">${t("rounding")}</span><b class="num">${vnd(body.cash_rounding)}</b></li>` : nothing}
        <li class="total-row"><span></span><span>${t("total")}</span><b class="num">${vnd(body.total + body.cash_rounding)}</b></li>
        ${body.tenders.map((/** @type {any} */ tender) => html`<li><span></span><span class="muted">${t(`way_${tender.kind}`)}</span><b class="num">${vnd(tender.amount)}</b></li>`)}</ul>
    </div>
    <div class="col qr-paper">${qr(receiptLink(app, row), t("receipt_qr"), "L")}<b data-testid="receipt-shown">${body.receipt_no}</b>
      ${app.settings.printer ? html`<button class="btn big" data-testid="reprint" @click=${() => app.reprint(row)}>${icon("printer")} ${t("reprint_copy")}</button>` : nothing}</div></div>`);
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
