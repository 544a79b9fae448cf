// A hamper in the cart: one head with its price, its parts under it. The head is what a hand changes.

import { hamperSum, setHampers } from "../hampers.js";
import { vnd } from "../money.js";
import { removeHamper } from "../removing.js";
import { t } from "../words.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** The head, before the first of its parts. @param {App} app @param {import("../cart.js").Cart} cart @param {number} i which line comes */
export function hamperRow(app, cart, i) {
  const { bundle: key } = cart.lines[i];
  if (key === undefined || cart.lines[i - 1]?.bundle === key) return nothing;
  const hamper = cart.bundles?.find((one) => one.key === key);
  if (!hamper) return nothing;
  const on = cart.on === key;
  const set = (/** @type {number} */ n) => { if (n <= 0) return removeHamper(app, key); app.desk.change((now) => setHampers(now, key, n)); app.redrawWhenReady(); };
  return html`<li class="line hamper ${on ? "on" : ""}" data-testid="hamper" data-id=${hamper.id} data-n=${hamper.n}>
    <b class="qty">${hamper.n}</b>
    <div><button class="what" aria-expanded=${on ? "true" : "false"} @click=${() => { app.desk.choose(on ? null : key); app.redraw(); }}>${hamper.name}</button>
      <div class="how">${t("hamper_parts", { n: cart.lines.filter((line) => line.bundle === key).length })}</div></div>
    <b class="num sum">${vnd(hamperSum(cart, key))}</b>
    ${on ? html`<div class="do"><span class="stepper"><button data-testid="hamper-less" aria-label=${t("one_less")} @click=${() => set(hamper.n - 1)}>${icon("minus")}</button>
        <output>${hamper.n}</output><button data-testid="hamper-more" aria-label=${t("one_more")} @click=${() => set(hamper.n + 1)}>${icon("plus")}</button></span>
      <span class="grow"></span><button class="btn bare square" data-testid="hamper-remove" aria-label=${t("remove", { name: hamper.name })} @click=${() => set(0)}>${icon("trash-2")}</button></div>` : nothing}</li>`;
}
