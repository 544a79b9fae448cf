// What stands between the cashier and the last tap: discounts above a limit, and the age question.
// Verbs on the app; the arithmetic is in `discounts.js`. Nothing is awaited unless somebody is asked.

import { covers, mayAlone, stillCovers } from "./approval.js";
import { haggleBasket, haggled, haggleLine, isOf, needOf, reducible, settleAt } from "./discounts.js";
import { vnd } from "./money.js";
import { isStrong } from "./promotions.js";
import { t } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").Cart} Cart */

/** Basis points as people write them: 550 → "5,5". @param {number} bp */
export const percent = (bp) => String(bp / 100).replace(".", ",");

/** What the person at the till may take off alone: đồng of this basket. @param {App} app */
export const mayHaggle = (app) =>
  Math.floor((haggled(app.desk.cart).gross * (app.staff?.limits?.discount_bp ?? 0)) / 10_000);

/** Which limit holds, in words. @param {App} app */
const whyDiscount = (app) => {
  const limit = app.staff?.limits?.discount_bp ?? 0;
  return t("limit_discount", { name: app.staff?.name ?? t("nobody"), percent: percent(limit), most: vnd(mayHaggle(app)) });
};

/** Whether what is taken off a cart is within the person's limit or approved. @param {App} app @param {Cart} cart */
function isAllowed(app, cart) {
  const off = haggled(cart);
  const need = needOf(off);
  if (off.amount === 0 || mayAlone(app.staff, need)) return true;
  return (cart.approvals ?? []).some((given) => given.action === "discount" && stillCovers(given, off.amount)
    && covers(app.catalogue.about.staff.find((/** @type {any} */ one) => one.id === given.staff)?.limits, need));
}

/** Ask for what is above the limit. @param {App} app @param {Cart} cart @returns {Promise<Cart | null>} with the approval */
async function approvedCart(app, cart) {
  const off = haggled(cart);
  const given = await app.approve({ action: "discount", amount: off.amount, need: needOf(off), why: whyDiscount(app) });
  return given && { ...cart, approvals: [...(cart.approvals ?? []), given] };
}

/** Put a haggled cart on the counter, asking first where it goes beyond the limit. @param {App} app @param {Cart} next */
async function take(app, next) {
  const { id } = app.desk.cart;
  const less = haggled(next).amount <= haggled(app.desk.cart).amount;
  const cart = less || isAllowed(app, next) ? next : await approvedCart(app, next);
  if (!cart || app.desk.cart.id !== id) return;
  app.desk.change(() => cart);
  app.redrawWhenReady();
}

/** Whose lines the person may reduce: those of a producer's people are their own. @param {App} app */
const ownProducer = (app) => app.staff?.producers ?? app.staff?.producer ?? null;

/** The line the bar is about, or null for the basket. @param {App} app */
export const haggleLineOf = (app) => app.desk.cart.lines.find((line) => line.key === app.haggling?.key) ?? null;

/** @param {App} app @param {number} more đồng */
export function haggleMore(app, more) {
  app.touch();
  const { cart } = app.desk;
  const line = haggleLineOf(app);
  if (line) return take(app, haggleLine(cart, line.key, (line.bot ?? 0) + more));
  return take(app, haggleBasket(cart, (cart.bot ?? 0) + more, ownProducer(app)));
}

/** Nothing is taken off any more. @param {App} app */
export function haggleNot(app) {
  const { cart } = app.desk;
  const line = haggleLineOf(app);
  return take(app, line ? haggleLine(cart, line.key, 0) : haggleBasket(cart, 0));
}

/** "Chốt tổng": the sum the two agreed on. @param {App} app @param {number} total */
export const settle = (app, total) => take(app, settleAt(app.desk.cart, total, ownProducer(app)));

/** What can still be reduced where the bar points; 0 says why in `whyNot`. @param {App} app */
export function canHaggle(app) {
  const line = haggleLineOf(app);
  const own = ownProducer(app);
  if (!line) return reducible(app.desk.cart, own) - (app.desk.cart.bot ?? 0);
  return isStrong(line) || !isOf(own, line.producer) ? 0 : reducible({ ...app.desk.cart, lines: [line], returns: [], bundles: [] }, own);
}

/** Why some goods take no share, or "". @param {App} app */
export function whyNot(app) {
  const line = haggleLineOf(app);
  const lines = line ? [line] : app.desk.cart.lines;
  if (lines.some(isStrong)) return t("bot_strong");
  const own = ownProducer(app);
  return lines.some((one) => !isOf(own, one.producer)) ? t("bot_own_only") : "";
}

// ── Age ──────────────────────────────────────────────────────────────

/** Goods nobody under eighteen may buy. @param {{ alcohol_bp?: number }} line */
export const isAlcohol = (line) => (line.alcohol_bp ?? 0) > 0;

/** Whether the question is still open. @param {Cart} cart */
export const asksAge = (cart) => !cart.age_ok && cart.lines.some(isAlcohol);

/** @param {App} app @param {boolean} grown */
export function answerAge(app, grown) {
  app.touch();
  const gone = app.desk.cart.lines.filter(isAlcohol);
  app.desk.change((cart) => grown ? { ...cart, age_ok: true } : { ...cart, on: null, lines: cart.lines.filter((line) => !isAlcohol(line)) });
  app.age_missed = false;
  if (!grown) app.say({ tone: "info", icon: "wine", title: t("age_removed", { names: gone.map((line) => line.name).join(", ") }) });
  app.redrawWhenReady();
}

/**
 * What must be answered before the money: null when nothing, so that a tap on a note waits for nothing.
 * @param {App} app @returns {Promise<boolean> | null}
 */
export function beforePaying(app) {
  const { cart } = app.desk;
  if (asksAge(cart)) {
    app.age_missed = true;
    app.show("cart");
    return Promise.resolve(false);
  }
  if (isAllowed(app, cart)) return null;
  return approvedCart(app, cart).then((given) => {
    if (!given || app.desk.cart.id !== cart.id) return false;
    app.desk.change(() => given);
    return true;
  });
}
