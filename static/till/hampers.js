// Hampers: several producers' goods at one price. Each part is a line of its own, so it is sold, settled and taken
// from the stock like any other; what the hamper costs less is a discount shared over its parts. Pure.

import { addProduct } from "./cart.js";
import { lineGross } from "./discounts.js";
import { fold } from "./fold.js";

/**
 * @typedef {import("./cart.js").Cart} Cart
 * @typedef {{ id: string, name: string, code?: string | null, price: number, parts: { product: string, qty_milli: number }[] }} Hamper
 */

/** A hamper as the shelf draws it. @param {Hamper} hamper */
export const asTile = (hamper) => ({
  id: hamper.id, sku: hamper.code ?? null, name: hamper.name, price: hamper.price, kind: "canh", hamper,
});

/** Those whose name holds all words. @param {Hamper[]} hampers @param {string} words */
export function findHampers(hampers, words) {
  const wanted = fold(words.trim()).split(/\s+/).filter(Boolean);
  return wanted.length ? hampers.filter(({ name }) => wanted.every((word) => fold(name).includes(word))) : [];
}

/** Parts that cannot be sold now. @param {Hamper} hamper @param {(id: string) => any} find */
export const missingParts = (hamper, find) =>
  hamper.parts.filter(({ product }) => ((one) => !one || (one.price ?? null) === null)(find(product)));

/**
 * One more of a hamper; the same again is one more of it.
 * @param {Cart} cart @param {Hamper} hamper
 * @param {{ find: (id: string) => any, how: (product: any) => any }} with_ @returns {Cart}
 */
export function addHamper(cart, hamper, { find, how }) {
  const same = cart.bundles?.find((one) => one.id === hamper.id && one.price === hamper.price);
  if (same) return setHampers(cart, same.key, same.n + 1);
  const key = cart.next;
  const made = hamper.parts.reduce((now, { product, qty_milli }) => {
    const one = find(product);
    return addProduct(now, one, { ...how(one), qty_milli, bundle: key });
  }, { ...cart, next: key + 1 });
  const bundle = { key, id: hamper.id, name: hamper.name, price: hamper.price, n: 1 };
  return { ...made, on: key, bundles: [...(cart.bundles ?? []), bundle] };
}

/** So many of a hamper, all its parts with it; none takes it out. @param {Cart} cart @param {number} key @param {number} n @returns {Cart} */
export function setHampers(cart, key, n) {
  const before = cart.bundles?.find((one) => one.key === key);
  if (!before) return cart;
  if (n <= 0) {
    return { ...cart, on: null, bundles: cart.bundles?.filter((one) => one !== before), lines: cart.lines.filter((line) => line.bundle !== key) };
  }
  return {
    ...cart,
    on: key,
    bundles: cart.bundles?.map((one) => (one === before ? { ...one, n } : one)),
    lines: cart.lines.map((line) => (line.bundle === key ? { ...line, qty_milli: (line.qty_milli / before.n) * n } : line)),
  };
}

/**
 * Hampers removed are back where they were, all their parts with them.
 * @param {Cart} cart @param {import("./cart.js").CartBundle} bundle @param {import("./cart.js").CartLine[]} parts @param {number} at @returns {Cart}
 */
export function putHampersBack(cart, bundle, parts, at) {
  if (cart.bundles?.some(({ key }) => key === bundle.key)) return cart;
  const lines = [...cart.lines.slice(0, at), ...parts, ...cart.lines.slice(at)];
  return { ...cart, on: bundle.key, bundles: [...(cart.bundles ?? []), bundle], lines };
}

/** What the hampers of one key cost: their price, or their parts where these are cheaper by now. @param {Cart} cart @param {number} key */
export function hamperSum(cart, key) {
  const bundle = cart.bundles?.find((one) => one.key === key);
  const worth = cart.lines.reduce((sum, line) => sum + (line.bundle === key ? lineGross(line) : 0), 0);
  return Math.min(worth, (bundle?.price ?? 0) * (bundle?.n ?? 0));
}
