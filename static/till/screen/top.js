// The bar over everything: whose till, what waits to be sent, who sells. And the strip that informs and leaves.

import { timeOf } from "../clock.js";
import { t } from "../words.js";
import { unseenPill } from "./tenders.js";
import { ago, html, icon, mark, nothing } from "./parts.js";
import { practiceBar } from "./practice.js";
import { renewPill } from "./renew.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const placeName = (app) => {
  const { till } = app;
  return till?.fair?.name ? `${till.fair.name}${till.site ? ` · ${till.site.name}` : ""}` : till?.site?.name ?? till?.operator?.name ?? "";
};

/** @param {App} app */
export function unsentWords(app) {
  const { events, sales, oldest_at } = app.unsent;
  if (!events) return t("all_sent");
  const age = ago(app.clock.now() - (oldest_at ?? app.clock.now()));
  return sales ? t("unsent_sales", { n: sales, age }) : t("unsent_events", { n: events, age });
}

/** @param {App} app */
function pill(app) {
  const { events, sales, oldest_at } = app.unsent;
  const refused = app.sender?.state.refused_by?.status === 401;
  const fresh = events > 0 && app.clock.now() - (oldest_at ?? 0) < 8_000 && app.sender?.state.reached !== false;
  const [tone, name] = refused ? ["bad", "triangle-alert"] : !events ? ["ok", "check"] : fresh ? ["", "send"] : ["wait", "cloud-off"];
  const words = refused ? t("not_accepted") : fresh ? t("sending") : unsentWords(app);
  return html`<button class="pill ${tone}" data-testid="pill-unsent" data-unsent=${events}
    aria-haspopup="dialog" @click=${() => { app.dialog = "unsent"; app.sender?.poke(); app.redraw(); }}>
    ${icon(name)}${events && !refused && !fresh ? html`<span class="cut opt">${words}</span><span class="brief">${t("unsent_brief", { n: sales || events })}</span>`
      : html`<span class="cut">${words}</span>`}</button>`;
}

/** The printer of this tablet: an icon while it is well, words when somebody must look. @param {App} app */
function paperPill(app) {
  const { printer, here } = app.paper;
  if (!here) return nothing;
  const state = printer?.state ?? "connecting";
  const well = ["ready", "printing", "connecting"].includes(state);
  return html`<button class="pill paper ${well ? "" : "wait"}" data-testid="paper-pill" data-state=${state} title=${t(`printer_state_${state}`)}
    @click=${() => app.paper.open()}>${icon("printer")}<span class=${well ? "only-sr" : "cut"}>${t("printer_title")}: ${t(`printer_state_${state}`)}</span></button>`;
}

/** @param {App} app */
export const header = (app) => html`
  ${app.practising ? practiceBar(app) : app.settings.watermark
    ? html`<aside class="watermark" data-testid="watermark"><b>${app.settings.watermark}</b> <span class="cut">${t("demo")}</span></aside>` : nothing}
  <header>
    ${mark}
    <div class="grow"><h1 class="cut">${app.till.name}</h1><span class="cap muted cut">${placeName(app)}</span></div>
    ${renewPill(app)}${unseenPill(app)}${paperPill(app)}${pill(app)}
    ${app.view === "who" ? nothing : html`<button class="who" data-testid="who" @click=${() => app.lock()}>
      ${icon("user-round")}<b class="cut">${app.staff?.name ?? t("nobody")}<span class="only-sr">. ${t("switch_person")}.</span></b><span class="cap muted cut">${shiftWords(app)}</span></button>`}
    <span class="num clock">${timeOf(app.clock.now())}</span>
    <button class="btn bare square" data-testid="menu" aria-label=${t("open_menu")} aria-haspopup="dialog"
      @click=${() => { app.dialog = "menu"; app.redraw(); }}>${icon("menu")}</button>
  </header>`;

/** @param {App} app */
export const shiftWords = (app) => {
  const open = app.shifts?.current;
  if (!open) return t("shift_none");
  return t(app.shifts.uncounted ? "shift_uncounted" : "shift_since", { time: timeOf(open.opened_at) });
};

/** @param {App} app */
export function strip(app) {
  const said = app.strip;
  if (!said) return nothing;
  return html`<div class="strip ${said.tone}" data-testid="strip" role=${said.tone === "bad" ? "alert" : "status"}>
    ${icon(said.icon)}<div class="grow"><b>${said.title}</b>${said.text ?? nothing}</div>
    ${said.act ? html`<button class="btn" data-testid="strip-act" @click=${said.act.run}>${said.act.label}</button>` : nothing}
    <button class="btn bare square" aria-label=${t("dismiss")} @click=${() => app.hush()}>${icon("x")}</button></div>`;
}
