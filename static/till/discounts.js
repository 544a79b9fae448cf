// "Bớt": what a cashier takes off, on a line or on the basket, and whether the person may. Pure: every verb returns a
// new cart. Nobody is asked who pays: the agreement says it, else the operator. Strong alcohol takes no share.

import { grossOf, priceBasket } from "./pricing.js";
import { fundersFor, isStrong, promote } from "./promotions.js";

/** What the books read as the reason: haggling has no other. */
export const HAGGLED = "Bớt tại quầy";

/**
 * @typedef {import("./cart.js").Cart} Cart
 * @typedef {import("./cart.js").CartLine} CartLine
 * @typedef {import("./promotions.js").Terms} Terms
 * @typedef {string | string[] | null | undefined} Own  of whose producers somebody is; nothing: the operator's, so of all
 */

/** @param {CartLine} line */
export const lineGross = (line) => line.gross ?? grossOf(line.price, line.qty_milli);

/**
 * What the agreement in force says about discounts on a producer's goods.
 * @param {{ producer: string, from: string, discount_producer_bp: number, discount_max_bp: number }[]} terms
 * @param {string | null | undefined} producer @param {string} day @returns {Terms | null}
 */
export function termsOn(terms, producer, day) {
  const due = terms.filter((one) => one.producer === producer && one.from <= day);
  const found = due.sort((a, b) => (a.from < b.from ? -1 : 1)).at(-1);
  return found ? { discount_producer_bp: found.discount_producer_bp, discount_max_bp: found.discount_max_bp } : null;
}

/** The promotions of this moment, written on the lines: what the customer sees is what is charged.
 * @param {Cart} cart @param {import("./promotions.js").Promotion[]} promotions @param {number} at @returns {Cart} */
export function withPromotions(cart, promotions, at) {
  const found = promote(promotions, cart.lines.map((line) => ({ ...line, gross: lineGross(line) })), at);
  return { ...cart, priced_at: at, lines: cart.lines.map((line, i) => ({ ...line, promo: found[i] })) };
}

/** What of a line's haggling counts: never more than is left. @param {CartLine} line */
export const haggledOn = (line) =>
  isStrong(line) ? 0 : Math.min(line.bot ?? 0, lineGross(line) - (line.promo?.amount ?? 0));

/**
 * The reductions on the basket, in their order: each hamper's, then the haggling.
 * @param {Cart} cart
 */
export function sharedDiscounts(cart) {
  const made = (cart.bundles ?? []).map((bundle) => {
    const parts = cart.lines.filter((line) => line.bundle === bundle.key);
    const worth = parts.reduce((sum, line) => sum + lineGross(line), 0);
    return {
      amount: Math.max(0, worth - bundle.price * bundle.n), reason: bundle.name, promotion: bundle.id,
      takes: (/** @type {number} */ i) => cart.lines[i].bundle === bundle.key,
    };
  });
  const only = cart.bot_producer ?? null;
  return [...made, {
    amount: cart.bot ?? 0, reason: HAGGLED, promotion: /** @type {string | null} */ (null),
    takes: (/** @type {number} */ i) => isOf(only, cart.lines[i].producer),
  }].filter(({ amount }) => amount > 0);
}

/** @param {Cart} cart @param {number} step cash rounding @param {number} [otherTenders] */
export const totalsOf = (cart, step, otherTenders = 0) =>
  priceBasket({
    lines: cart.lines.map((line) => ({
      price: line.price, qty_milli: line.qty_milli, vat_bp: line.vat_bp, gross: lineGross(line),
      discount: (line.promo?.amount ?? 0) + haggledOn(line), no_discount: isStrong(line),
    })),
    basket_discounts: sharedDiscounts(cart),
    returns: cart.returns.map((back) => back.paid),
    cash_rounding: step,
    other_tenders: otherTenders,
  });

/** A line's own discounts, as the event keeps them. @param {CartLine} line */
export function lineDiscounts(line) {
  const bot = haggledOn(line);
  const gross = lineGross(line);
  const haggled = bot > 0 && {
    amount: bot, reason: HAGGLED, promotion: null,
    funders: fundersFor({ producer_bp: line.terms?.discount_producer_bp }, line.terms, bot, gross),
  };
  return [line.promo, haggled].filter(Boolean);
}

/**
 * `discounts[]` of the event: one entry for each way the parts are paid for, so that every producer bears its own.
 * @param {Cart} cart @param {number[][]} shares of `totalsOf` @param {() => string} newId
 */
export function basketDiscounts(cart, shares, newId) {
  return sharedDiscounts(cart).flatMap(({ reason, promotion }, n) => {
    /** @type {Map<string, { funders: any[], own: number[] }>} */
    const byFunders = new Map();
    shares[n].forEach((share, i) => {
      if (share === 0) return;
      const { terms } = cart.lines[i];
      const funders = fundersFor({ producer_bp: terms?.discount_producer_bp }, terms, share, lineGross(cart.lines[i]));
      const key = JSON.stringify(funders);
      const entry = byFunders.get(key) ?? { funders, own: shares[n].map(() => 0) };
      entry.own[i] = share;
      byFunders.set(key, entry);
    });
    return [...byFunders.values()].map(({ funders, own }) => ({
      id: newId(), amount: own.reduce((sum, share) => sum + share, 0), reason, promotion, funders, shares: own,
    }));
  });
}

/** How much was haggled off, and of how much. @param {Cart} cart */
export function haggled(cart) {
  const { shares } = totalsOf(cart, 0);
  const last = sharedDiscounts(cart).findIndex(({ promotion }) => promotion === null);
  const basket = last < 0 ? 0 : shares[last].reduce((sum, share) => sum + share, 0);
  return {
    basket,
    amount: basket + cart.lines.reduce((sum, line) => sum + haggledOn(line), 0),
    gross: cart.lines.reduce((sum, line) => sum + lineGross(line), 0),
  };
}

/** The limit such a discount needs, in basis points of the basket's gross. @param {{ amount: number, gross: number }} off */
export const needOf = ({ amount, gross }) =>
  ({ discount_bp: amount === 0 ? 0 : gross === 0 ? 10_000 : Math.ceil((amount * 10_000) / gross) });

/** Whether goods are of those whose lines may be reduced. @param {Own} own @param {string | null} producer */
export const isOf = (own, producer) => !own || [own].flat().includes(/** @type {string} */ (producer));

/** What can still be taken off: the lines that take a share, of some producers or all. @param {Cart} cart @param {Own} own */
export const reducible = (cart, own) =>
  totalsOf({ ...cart, bot: 0 }, 0).lines.reduce((sum, { paid }, i) =>
    sum + (isStrong(cart.lines[i]) || !isOf(own, cart.lines[i].producer) ? 0 : paid), 0);

/**
 * Take so much off the basket, instead of what was taken before.
 * @param {Cart} cart @param {number} amount @param {Own} own whose lines alone may be reduced
 */
export const haggleBasket = (cart, amount, own = null) =>
  ({ ...cart, bot: Math.max(0, Math.min(amount, reducible(cart, own))), bot_producer: own });

/** Agree on a total: what is above it goes. @param {Cart} cart @param {number} total @param {Own} own */
export const settleAt = (cart, total, own = null) => haggleBasket(cart, totalsOf({ ...cart, bot: 0 }, 0).total - total, own);

/** Take so much off one line. @param {Cart} cart @param {number} key @param {number} amount @returns {Cart} */
export const haggleLine = (cart, key, amount) => ({
  ...cart,
  lines: cart.lines.map((line) => {
    if (line.key !== key || isStrong(line)) return line;
    return { ...line, bot: Math.max(0, Math.min(amount, lineGross(line) - (line.promo?.amount ?? 0))) };
  }),
});
