// What stands between a tap or a scan and the cart: a price, a weight, a certificate or a lot that is over, a hamper
// that is whole, a label's own sum. Verbs on the app; nothing is asked unless something is wrong.

import { priceAt } from "./cart.js";
import { dayOf } from "./clock.js";
import { addHamper, missingParts } from "./hampers.js";
import { itemOf, readLabel } from "./labels.js";
import { qtyOfGross } from "./pricing.js";
import { vnd } from "./money.js";
import { t } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** A certificate there was and is no longer. @param {any} product @param {string} day */
export const isOver = (product, day) => Boolean(product.certificate_until) && product.certificate_until < day;

/** The lots here whose last day is past, of those that have one. @param {any} product @param {string} day */
export function overLots(product, day) {
  const dated = (product.lots ?? []).filter((/** @type {any} */ lot) => lot.expires);
  const over = dated.filter((/** @type {any} */ lot) => lot.expires < day);
  return { over, all: over.length > 0 && over.length === dated.length && dated.length === (product.lots ?? []).length };
}

/**
 * Put goods into the cart.
 * @param {App} app @param {any} product of the catalogue, or a hamper's tile
 * @param {{ barcode?: string | null, gross?: number, qty_milli?: number }} [how]
 */
export function put(app, product, how = {}) {
  app.touch();
  if (product.hamper) return putHamper(app, product.hamper);
  if ((product.price ?? null) === null) {
    return app.say({ tone: "wait", icon: "badge-percent", title: t("no_price_title", { name: product.name }), text: t("no_price_text") });
  }
  app.strip = null; // a QR on the screen goes: its amount is no longer the cart's
  const asked = app.desk.cart.lines.some((line) => line.product === product.id) ? null : wanted(app, product);
  if (!asked) return putAllowed(app, product, how);
  const { id } = app.desk.cart;
  return app.approve(asked).then((given) => {
    if (!given || app.desk.cart.id !== id) return;
    app.desk.change((cart) => ({ ...cart, approvals: [...(cart.approvals ?? []), given] }));
    putAllowed(app, product, how);
  });
}

/** What somebody must approve before these goods are sold, or null. @param {App} app @param {any} product */
function wanted(app, product) {
  const day = dayOf(app.clock.now());
  const { over, all } = overLots(product, day);
  if (all) return { action: "lot", amount: product.price, why: t("lot_over_why", { name: product.name, day: said(over[0].expires) }) };
  if (isOver(product, day) && app.settings.certificate_policy === "block") {
    return { action: "certificate", amount: product.price, why: t("certificate_over_why", { name: product.name, day: said(product.certificate_until) }) };
  }
  return null;
}

/** "2026-11-22" → "22/11/2026". @param {string} day */
const said = (day) => day.split("-").reverse().join("/");

/** @param {App} app @param {any} product @param {any} how */
function putAllowed(app, product, how) {
  if (product.weighed && how.qty_milli === undefined) {
    return app.show("number", { for: "weigh", product, barcode: how.barcode ?? null, digits: "" });
  }
  const day = dayOf(app.clock.now());
  const { over, all } = overLots(product, day);
  app.desk.add(product, { ...how, ...(all && over.length === 1 ? { lot: over[0].id } : {}) });
  app.added();
  if (over.length && !all) app.say({ tone: "wait", icon: "calendar-x-2", title: t("lot_some_over", { name: product.name }), text: t("lot_some_over_text") });
  else if (isOver(product, day)) app.say({ tone: "wait", icon: "calendar-x-2", title: t("certificate_over", { name: product.name }), text: t("certificate_over_text", { day: said(product.certificate_until) }) });
}

/** @param {App} app @param {import("./hampers.js").Hamper} hamper */
function putHamper(app, hamper) {
  const find = (/** @type {string} */ id) => app.catalogue.find(id);
  if (missingParts(hamper, find).length) {
    return app.say({ tone: "wait", icon: "shopping-basket", title: t("hamper_missing", { name: hamper.name }), text: t("hamper_missing_text") });
  }
  app.strip = null;
  app.desk.change((cart) => addHamper(cart, hamper, { find, how: (product) => app.desk.howNow(product) }));
  app.added();
}

/**
 * A label of a scale, or a hamper's code. @param {App} app @param {string} code @returns {boolean} whether it was one
 */
export function putCode(app, code) {
  const hamper = (app.catalogue.about.bundles ?? []).find((/** @type {any} */ one) => one.code === code);
  if (hamper) {
    putHamper(app, hamper);
    return true;
  }
  const label = readLabel(code, app.settings.label_patterns ?? []);
  const product = label && itemOf(label.item, app.catalogue);
  const price = product && priceAt(product, app.clock.now()).price;
  if (!label || !price) return false;
  if (label.grams) put(app, product, { barcode: code, qty_milli: label.grams });
  else if (label.gross) {
    const qty_milli = qtyOfGross(label.gross, price);
    if (qty_milli <= 0) return false;
    put(app, product, { barcode: code, gross: label.gross, qty_milli });
    app.say({ tone: "info", icon: "scan-barcode", title: t("label_read", { name: product.name, sum: vnd(label.gross) }) });
  }
  return true;
}
