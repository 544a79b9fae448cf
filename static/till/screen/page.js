// A page behind the counter: its title with the way back, then what it is about.

import { t } from "../words.js";
import { html, icon } from "./parts.js";

/** @param {import("../app.js").App} app @param {string} title @param {any} body */
export const page = (app, title, body, more = "") => html`<main class="page ${more}">
  <div class="row page-head"><button class="btn bare square" data-testid="back" aria-label=${t("back")} @click=${() => app.back()}>${icon("arrow-left")}</button>
    <h2 tabindex="-1" data-focus>${title}</h2></div>${body}</main>`;
