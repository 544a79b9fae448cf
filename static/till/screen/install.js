// Is this tablet fit, point by point; and how the till gets onto the home screen, in pictures, for this kind of tablet.

import { checklist, install, keep, kindOf, offered, STEPS } from "../installing.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { factsOf, lookAgain } from "./ready.js";
import { html, icon, nothing, svg } from "./parts.js";

/** @typedef {import("../app.js").App} App */

const SIGNS = { ok: "circle-check", wait: "circle-alert", bad: "triangle-alert" };
const TONES = { ok: "lua", wait: "nghe", bad: "son" };

/** Where the finger goes, on a small tablet. @type {Record<string, any>} */
const PICTURES = {
  ios_share: svg`<rect class="bar" x="8" y="6" width="104" height="14" rx="4"></rect><g class="hit"><circle cx="96" cy="13" r="9"></circle><path d="M96 16v-8m-3 3 3-3 3 3M92.5 12.5v5h7v-5"></path></g>`,
  ios_add: svg`<rect class="bar" x="34" y="14" width="62" height="52" rx="5"></rect><path class="words" d="M40 24h34M40 34h28"></path><g class="hit"><rect x="37" y="42" width="56" height="16" rx="4"></rect><path d="M82 46h8v8h-8zM86 48v4m-2-2h4M42 50h30"></path></g>`,
  ios_ok: svg`<rect class="bar" x="24" y="12" width="72" height="54" rx="5"></rect><rect class="app" x="32" y="30" width="18" height="18" rx="4"></rect><path class="words" d="M56 36h30M56 43h20"></path><g class="hit"><rect x="70" y="14" width="24" height="12" rx="4"></rect><path d="m77 20 3 3 6-6"></path></g>`,
  android_menu: svg`<rect class="bar" x="8" y="6" width="104" height="14" rx="4"></rect><g class="hit"><circle cx="101" cy="13" r="9"></circle><path class="dots" d="M101 8.5v.1M101 13v.1M101 17.5v.1"></path></g>`,
  android_install: svg`<rect class="bar" x="48" y="10" width="64" height="58" rx="5"></rect><path class="words" d="M55 20h36M55 29h28M55 60h32"></path><g class="hit"><rect x="51" y="36" width="58" height="16" rx="4"></rect><path d="M58 40v6m-3-2 3 3 3-3M68 44h34"></path></g>`,
  android_ok: svg`<rect class="bar" x="22" y="22" width="76" height="36" rx="5"></rect><rect class="app" x="28" y="28" width="14" height="14" rx="3"></rect><path class="words" d="M48 32h38M48 39h24"></path><g class="hit"><rect x="66" y="44" width="28" height="11" rx="4"></rect><path d="m76 49.5 3 3 6-6"></path></g>`,
  other_bar: svg`<rect class="bar" x="8" y="6" width="104" height="14" rx="4"></rect><path class="words" d="M16 13h50"></path><g class="hit"><rect x="86" y="5" width="18" height="16" rx="4"></rect><path d="M95 8v6m-3-2 3 3 3-3M90 17h10"></path></g>`,
  open: svg`<path class="words" d="M18 18h10v10H18zM40 18h10v10H40zM62 18h10v10H62zM18 44h10v10H18z"></path><g class="hit"><rect class="app" x="38" y="40" width="20" height="20" rx="5"></rect><path d="M43 50.5 48 46l5 4.5M44.5 52a3.5 3.5 0 0 0 7 0"></path></g>`,
};

/** @param {"ios" | "android" | "other"} kind */
export const steps = (kind) => html`<ol class="steps" data-testid="install-steps" data-kind=${kind}>${STEPS[kind].map((name, n) => html`<li>
  <svg class="step" viewBox="0 0 120 80" aria-hidden="true"><rect class="glass" x="2" y="2" width="116" height="76" rx="8"></rect>${PICTURES[name]}</svg>
  <p><b class="num">${n + 1}.</b> ${t(`step_${name}`)}</p></li>`)}</ol>`;

/** @param {App} app @param {import("../installing.js").Check} check */
function act(app, { act: what }) {
  const done = async (/** @type {() => Promise<boolean>} */ ask) => {
    const yes = await ask().catch(() => false);
    app.about.said = yes ? null : t("check_no");
    lookAgain();
    app.redraw();
  };
  if (what === "install" && offered()) return html`<button class="btn go" data-testid="install-now" @click=${() => done(install)}>${icon("download")} ${t("install_now")}</button>`;
  if (what === "keep") return html`<button class="btn" data-testid="install-keep" @click=${() => done(keep)}>${t("check_keep")}</button>`;
  return nothing;
}

/** @param {App} app */
export function installation(app) {
  const paired = Boolean(app.enrolment);
  const facts = paired ? factsOf(app) : null;
  const kind = kindOf(navigator);
  return page(app, t("install_title"), html`<div class="${paired ? "two-col" : ""} installing">
    ${facts ? html`<section class="col"><h3>${t("check_title")}</h3>
      <ul class="checks">${checklist(facts).map((check) => html`<li class=${TONES[check.state]} data-testid="check" data-key=${check.key} data-state=${check.state}>
        ${icon(SIGNS[check.state])}<span class="grow"><b>${t(`check_${check.key}`)}</b>${check.state === "ok" ? nothing : html`<span class="cap">${t(`check_${check.key}_why`)}</span>`}</span>${act(app, check)}</li>`)}</ul>
      <p class="nghe" role="status" data-testid="install-said">${app.about.said ?? ""}</p></section>` : nothing}
    <section class="col"><h3>${t(facts?.installed ? "install_again" : "install_how")}</h3>
      ${kind === "ios" && !facts?.installed ? html`<p class="strip info">${icon("info")}<span>${t("install_ios_first")}</span></p>` : nothing}
      ${steps(kind)}</section></div>`);
}
