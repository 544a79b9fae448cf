// A code nobody knows, and the goods a person finds for it by name: on this tablet at once, everywhere when the office
// says so. Every line sold so carries the code, also a cashier's who may not link: the office proposes from them.

import { t } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** Whoever approves at this till may also say what a code is. @param {App} app */
export const mayLink = (app) => app.staff?.limits?.approve === true;

/** Search by name for the goods of a code. @param {App} app @param {string} code */
export function findFor(app, code) {
  app.find();
  app.linking = code;
  app.redraw();
}

/** @param {App} app */
export function unlink(app) {
  app.linking = null;
}

/** A tile was tapped: into the cart, with the code that waits for its goods. @param {App} app @param {any} product */
export function take(app, product) {
  const code = app.linking;
  if (code === null || product.hamper) return app.add(product);
  unlink(app);
  app.words = "";
  app.add(product, code);
  if (!mayLink(app)) return;
  app.newGoods.link(code, product).catch((/** @type {unknown} */ error) => app.sayTrouble(error));
  app.say({ tone: "ok", icon: "link", title: t("link_done", { code, name: product.name }) });
}
