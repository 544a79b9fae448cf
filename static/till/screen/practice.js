// The bar of a practice sale: not a sale, in three sentences, left at any time.

import { t } from "../words.js";
import { html, icon } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const practiceBar = (app) => html`<div class="watermark practice" data-testid="practice" data-lesson=${app.lesson} role="status">
  <b>${t("practice_mark")}</b><span class="grow"><span class="step num">${app.lesson}/3</span> ${t(`practice_${app.lesson}`)}</span>
  <button class="btn" data-testid="practice-leave" @click=${() => app.leavePractice()}>${icon(app.lesson === 3 ? "check" : "x")} ${t(app.lesson === 3 ? "practice_done" : "practice_skip")}</button></div>`;
