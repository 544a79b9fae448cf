// The page of this tablet's own printer: how it is, its paper, a test; and the ways to join one.

import { ask, ways } from "../paper/printer.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../paper/printer.js").Choice} Choice */

const WAYS = /** @type {[Choice["kind"], string][]} */ ([
  ["bluetooth", "smartphone"], ["usb", "zap"], ["rawbt", "send"], ["serial", "link"], ["system", "file-text"],
]);
const SPEEDS = [9600, 19_200, 38_400, 115_200];
const TONES = /** @type {Record<string, [string, string]>} */ ({
  connecting: ["", "refresh-cw"], ready: ["ok", "check"], printing: ["", "printer"], lost: ["wait", "triangle-alert"], trouble: ["bad", "triangle-alert"],
});

/** @param {App} app */
export function printerScreen(app) {
  const { paper } = app;
  const here = paper.printer && paper.choice;
  return page(app, t("printer_title"), html`<div class="printers">
    <p class="muted">${t("printer_lead")}</p>
    ${here ? chosen(app) : html`<p class="strip info" data-testid="printer-none">${icon("printer")}<span>${t(app.settings.printer ? "printer_none_server" : "printer_none")}</span></p>`}
    ${here && !app.about.other ? html`<button class="btn" data-testid="printer-other" @click=${() => { app.about.other = true; app.redraw(); }}>${icon("refresh-cw")} ${t("printer_other")}</button>`
      : html`<ul class="ways">${WAYS.map(([kind, sign]) => way(app, kind, sign))}</ul>`}
  </div>`);
}

/** @param {App} app @param {Choice["kind"]} kind @param {string} sign */
function way(app, kind, sign) {
  const can = ways()[kind];
  const used = app.paper.choice?.kind === kind;
  return html`<li class="way ${can ? "" : "cannot"}">${icon(sign)}<div class="grow"><b>${t(`printer_${kind}`)}</b><span class="cap muted">${t(`printer_${kind}_text`)}</span></div>
    ${can ? html`<button class="btn" data-testid="printer-choose" data-kind=${kind} ?disabled=${app.about.busy} @click=${() => choose(app, kind)}
        aria-label=${`${t("printer_choose")}: ${t(`printer_${kind}`)}`}>${used ? t("printer_chosen") : t("printer_choose")}</button>`
      : html`<span class="cap muted">${t("printer_cannot")}</span>`}</li>`;
}

/** @param {App} app @param {Choice["kind"]} kind */
async function choose(app, kind) {
  const { paper, about } = app;
  about.busy = true;
  app.redraw();
  try {
    const found = await ask(kind);
    if (found) {
      const { width = 384, drawer = false, baud } = paper.choice ?? {};
      await paper.choose({ width, drawer, baud, ...found });
      about.other = false;
    }
  } catch (error) {
    app.say({ tone: "bad", icon: "printer", title: t("printer_state_lost"), text: t(`printer_why_${/** @type {any} */ (error)?.why ?? "unknown"}`) });
  }
  about.busy = false;
  app.redraw();
}

/** @param {App} app */
function chosen(app) {
  const { paper } = app;
  const choice = /** @type {Choice} */ (paper.choice);
  const printer = /** @type {import("../paper/printer.js").Printer} */ (paper.printer);
  const { state, why } = printer;
  const [tone, sign] = TONES[state];
  const change = (/** @type {Partial<Choice>} */ part) => paper.choose({ ...choice, ...part });
  const test = async () => {
    try {
      await printer.test();
      app.say({ tone: "ok", icon: "printer", title: t("printer_tested"), text: t("printer_tested_text") });
    } catch { /* the card says why */ }
  };
  const tab = (/** @type {string} */ words, /** @type {boolean} */ on, /** @type {() => void} */ run, /** @type {string} */ test) =>
    html`<button class="tab" data-testid=${test} aria-pressed=${on ? "true" : "false"} @click=${run}>${words}</button>`;
  const choices = (/** @type {string} */ title, /** @type {any} */ tabs) => html`<div class="row wrap ends choice"><span>${title}</span><div class="tabs" role="group" aria-label=${title}>${tabs}</div></div>`;
  return html`<section class="card printer" data-testid="printer-card" data-kind=${choice.kind} data-state=${state}>
    <div class="row wrap ends"><h3 class="row">${icon("printer")} ${choice.name ?? t(`printer_${choice.kind}`)}</h3>
      <span class="pill ${tone}" role="status" data-testid="printer-state">${icon(sign)} ${t(`printer_state_${state}`)}</span></div>
    ${why ? html`<p class="strip ${state === "trouble" ? "bad" : "wait"}" data-testid="printer-why" data-why=${why}>${icon("triangle-alert")}<span>${t(`printer_why_${why}`)}</span></p>` : nothing}
    ${choices(t("printer_width"), [[384, 58], [576, 80]].map(([dots, mm]) => tab(t("printer_mm", { mm }), choice.width === dots, () => change({ width: /** @type {384 | 576} */ (dots) }), `printer-${mm}`)))}
    ${choice.kind === "system" ? nothing : choices(t("printer_drawer"), [true, false].map((on) => tab(t(on ? "on" : "off"), choice.drawer === on, () => change({ drawer: on }), `printer-drawer-${on ? "on" : "off"}`)))}
    ${choice.kind === "serial" ? choices(t("printer_baud"), SPEEDS.map((baud) => tab(String(baud), (choice.baud ?? 115_200) === baud, () => change({ baud }), `printer-baud-${baud}`))) : nothing}
    <div class="acts"><button class="btn go" data-testid="printer-test" ?disabled=${printer.busy} @click=${test}>${icon("printer")} ${t("printer_test")}</button>
      ${state === "lost" || state === "trouble" ? html`<button class="btn" data-testid="printer-connect" @click=${() => printer.connect()}>${icon("refresh-cw")} ${t("printer_connect")}</button>` : nothing}
      <button class="btn" data-testid="printer-forget" @click=${() => paper.forget()}>${icon("x")} ${t("printer_forget")}</button></div>
  </section>`;
}
