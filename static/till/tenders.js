// Ways of paying: which the operator offers and what they are called, and a sum put together from several.
// Pure. A part is a tender that is not written yet; the cash part is always last and takes the rounding.

import { cashPart } from "./money.js";

/**
 * @typedef {{ code: string, base: string, name: string | null, name_en: string | null, place: "row" | "more" }} Kind
 * @typedef {{ kind: string, amount: number, state?: "shown" | "seen", reference?: string | null,
 *   issuer?: string, payee?: string, customer?: string, received?: number | null,
 *   note?: string, buyer?: { name: string, phone: string } }} Part
 *   note: the issuer's, producer's or customer's name, for the screen; buyer: travels in `private` only
 */

/** Lucide signs, by what a way of paying is in the books. */
export const SIGN = /** @type {Record<string, string>} */ ({
  cash: "banknote", vietqr: "landmark", card: "credit-card", voucher: "file-text", owed: "user-round", producer: "users",
});

/** Those that need one more word before they are a tender. */
const ASKS = new Set(["voucher", "owed", "producer"]);

/** @param {any} settings of the catalogue; an old server names only codes @returns {Kind[]} */
export const offered = (settings) =>
  settings.tender_kinds
  ?? (settings.tenders ?? ["cash"]).map((/** @type {string} */ code) => ({ code, base: code, name: null, name_en: null, place: "row" }));

/** What a way of paying is in the books: an own one is what its base is. @param {any} settings @param {string} code */
export const baseOf = (settings, code) => offered(settings).find((kind) => kind.code === code)?.base ?? code;

/** @param {Kind} kind */
export const asks = (kind) => ASKS.has(kind.base);

/** Besides cash and the two of a transfer: those on the pay row, as many as fit, in the operator's order. @param {any} settings */
export const onRow = (settings) =>
  offered(settings).filter((kind) => kind.place === "row" && kind.code !== "cash" && kind.code !== "vietqr").slice(0, 2);

/** @param {Part[]} parts */
export const sumOfParts = (parts) => parts.reduce((sum, part) => sum + part.amount, 0);

/**
 * One more part. Cash that covers the rest ends the sum; a second lot of cash joins the first.
 * @param {number} total @param {Part[]} parts @param {Part & { typed?: number | null }} more  amount: what is asked for
 * @param {number} step cash rounding @returns {Part[]}
 */
export function withPart(total, parts, more, step) {
  const left = total - sumOfParts(parts);
  const { typed = null, ...part } = more;
  if (part.kind !== "cash") {
    const amount = Math.min(typed ?? left, left);
    return amount > 0 ? sorted([...parts, { ...part, amount }]) : parts;
  }
  const before = parts.find((one) => one.kind === "cash");
  const given = typed ?? cashPart(left, step).rounded;
  const covers = given >= cashPart(left, step).rounded;
  const cash = {
    kind: "cash", amount: (before?.amount ?? 0) + (covers ? left : given),
    received: typed === null && before?.received == null ? null : (before?.received ?? before?.amount ?? 0) + given,
  };
  return sorted([...parts.filter((one) => one !== before), cash]);
}

/** @param {Part[]} parts */
const sorted = (parts) => [...parts.filter((one) => one.kind !== "cash"), ...parts.filter((one) => one.kind === "cash")];

/**
 * Where a sum stands: what is missing, what the customer gets back. A rest that cash rounds away is not missing.
 * @param {number} total @param {Part[]} parts @param {number} step
 */
export function standOf(total, parts, step) {
  const left = total - sumOfParts(parts);
  const cash = parts.find((one) => one.kind === "cash");
  const due = cash ? cashPart(cash.amount, step).rounded : 0;
  return { left, change: cash?.received == null ? 0 : Math.max(0, cash.received - due), done: left === 0 && parts.length > 0 };
}

/**
 * Parts as `tendersOf` wants them.
 * @param {Part[]} parts
 * @returns {{ other: Part[], cash: { received: number | null } | null }}
 */
export function paidBy(parts) {
  const cash = parts.find((one) => one.kind === "cash");
  return { other: parts.filter((one) => one !== cash), cash: cash ? { received: cash.received ?? null } : null };
}

/** The members of a tender that only some kinds have. @param {any} tender */
export const extrasOf = ({ issuer, payee, customer, reference }) => ({
  ...(issuer ? { issuer } : {}), ...(payee ? { payee } : {}), ...(customer ? { customer } : {}),
  ...(reference ? { reference } : {}),
});

/** Who owes, for `private`: never in the hashed body. @param {Part[]} parts */
export function privateOf(parts) {
  const customers = Object.fromEntries(parts.flatMap(({ customer, buyer }) => (customer && buyer ? [[customer, buyer]] : [])));
  return Object.keys(customers).length ? { customers } : null;
}

/** What moved by each way between two sets of tenders; nothing where it stayed. @param {any[]} before @param {any[]} after */
export function movedBetween(before, after) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const [sign, tenders] of /** @type {[number, any[]][]} */ ([[-1, before], [1, after]])) {
    for (const { kind, amount } of tenders) sums.set(kind, (sums.get(kind) ?? 0) + sign * amount);
  }
  return [...sums].filter(([, amount]) => amount !== 0).map(([kind, amount]) => ({ kind, amount }));
}
