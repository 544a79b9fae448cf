// One line that says whether this tablet is fit for the day; what is not, below it, for whom it concerns.

import { askBrowser, readiness } from "../ready.js";
import { t } from "../words.js";
import { openInstall } from "../installing.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @type {{ persisted: boolean | null, installed: boolean, free_bytes: number | null }} */
let browser = { persisted: null, installed: false, free_bytes: null };
let askedAt = -Infinity;
const ASK_EVERY_MS = 30_000;

/** Something was granted: ask the browser at the next drawing. */
export const lookAgain = () => { askedAt = -Infinity; };

/** @param {App} app */
export function factsOf(app) {
  const now = app.clock.device();
  if (performance.now() - askedAt > ASK_EVERY_MS) {
    askedAt = performance.now();
    askBrowser().then((told) => { browser = told; app.redraw(); });
  }
  const { events, oldest_at } = app.unsent;
  const asked = app.catalogue.size > 0 || app.goodsAt !== null;
  return {
    ...browser, refused: app.sender?.state.refused_by?.status === 401,
    unsent: events, unsent_ms: events ? app.clock.now() - (oldest_at ?? app.clock.now()) : 0,
    goods: asked ? app.catalogue.size : 1, goods_ms: app.goodsAt === null ? null : now - app.goodsAt,
    people: asked ? app.people.list().length : 1, pins: app.people.pins, approvers: app.people.approvers,
    printer: app.paper.any, clock_ms: app.clock.offset_ms, uncounted: app.shifts.uncounted, stale: app.shifts.isStale(),
  };
}

/** @param {App} app */
export function ready(app) {
  const { tone, doubts } = readiness(factsOf(app));
  const red = tone === "bad";
  const head = html`${icon(red ? "triangle-alert" : "circle-check")}<b>${t(red ? "ready_bad" : "ready_ok")}</b>`;
  if (!doubts.length) return html`<p class="ready lua" data-testid="ready" data-tone=${tone}>${head}</p>`;
  const list = html`<ul>${doubts.map(({ tone: one, key, n }) => html`<li class=${one === "bad" ? "son" : "nghe"} data-testid="ready-doubt" data-key=${key}>
    ${icon(one === "bad" ? "triangle-alert" : "circle-alert")}<span>${t(`ready_${key}`, { n: n ?? 0 })}</span></li>`)}</ul>
    <button class="btn" data-testid="install-open" @click=${() => openInstall(app)}>${icon("list")} ${t("install_open")}</button>`;
  if (red) return html`<div class="ready son" data-testid="ready" data-tone=${tone} role="alert"><p>${head}</p>${list}</div>`;
  const open = app.readyOpen;
  return html`<div class="ready lua" data-testid="ready" data-tone=${tone}><p>${head}
    <button class="btn bare nghe" data-testid="ready-more" aria-expanded=${open ? "true" : "false"} @click=${() => { app.readyOpen = !open; app.redraw(); }}>
      ${icon("circle-alert")} ${t("ready_more", { n: doubts.length })} ${icon(open ? "chevron-up" : "chevron-down")}</button></p>${open ? list : nothing}</div>`;
}
