// The bar of a practice sale: not a sale, in three sentences, left at any time.

import { t } from "../words.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const practiceBar = (app) => html`<div class="watermark practice" data-testid="practice" data-lesson=${app.lesson} role="status">
  <b>${t("practice_mark")}</b><span class="grow"><span class="step num">${app.lesson}/3</span> ${t(`practice_${app.lesson}`)}</span>
  <button class="btn" data-testid="practice-leave" @click=${() => app.leavePractice()}>${icon(app.lesson === 3 ? "check" : "x")} ${t(app.lesson === 3 ? "practice_done" : "practice_skip")}</button></div>`;

/** Offered once to each new name, while the first cart is empty. @param {App} app */
export const practiceOffer = (app) => app.practising || app.practiceFor === null ? nothing : html`<div class="offer" data-testid="practice-offer">
  <b>${t("practice_offer", { name: app.practiceFor.name })}</b><span>${t("practice_offer_text")}</span>
  <button class="btn" data-testid="practice-go" @click=${() => app.practise()}>${icon("hand")} ${t("practice_go")}</button></div>`;
