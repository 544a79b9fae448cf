// An open sale before it is paid. Pure: every verb returns a new cart; the cart's id is the sale's id.
// Prices are those of the moment the goods were put in: what the customer saw is what is charged.

import { basketDiscounts, haggledOn, lineDiscounts, lineGross, totalsOf } from "./discounts.js";
import { cashPart } from "./money.js";
import { ownerOf } from "./returns.js";

export { totalsOf };

/**
 * @typedef {{ key: number, product: string | null, name: string, producer_name: string | null, unit: string,
 *             weighed: boolean, price: number, vat_bp: number, vat_class: string, stars: number | null,
 *             qty_milli: number, barcode: string | null, producer?: string | null, group?: string | null,
 *             alcohol_bp?: number, terms?: import("./promotions.js").Terms | null, gross?: number,
 *             bot?: number, promo?: import("./promotions.js").LineDiscount | null, bundle?: number,
 *             lot?: string | null }} CartLine
 *   gross: what a label says; bot: haggled off; bundle: the key of its hamper
 * @typedef {{ key: number, id: string, name: string, price: number, n: number }} CartBundle
 * @typedef {{ sale: string | null, line: number | null, product: string | null, name: string, qty_milli: number, paid: number,
 *             disposition: string, producer?: string | null, price?: number, reason?: string,
 *             from: { receipt_no: string, tenders: import("./returns.js").Kept[] | null } | null }} CartReturn
 *   sale null: without a receipt; from: where it was bought, for the refund
 * @typedef {{ id: string, opened_at: number, next: number, on: number | null, lines: CartLine[],
 *             returns: CartReturn[], content: string | null, bundles?: CartBundle[], bot?: number,
 *             bot_producer?: string | string[] | null, priced_at?: number, age_ok?: boolean,
 *             approvals?: import("./approval.js").Approval[], parts?: import("./tenders.js").Part[],
 *             amends?: import("./amend.js").Amends | null, keeper?: string | null }} Cart
 */

/** @param {string} id the sale's id @param {number} openedAt ms @returns {Cart} */
export const openCart = (id, openedAt) =>
  ({ id, opened_at: openedAt, next: 1, on: null, lines: [], returns: [], content: null });

/** @param {Cart} cart */
export const isEmpty = (cart) => cart.lines.length === 0 && cart.returns.length === 0;

/** The price in force at an instant: `next` holds those announced for later. @param {any} product @param {number} atMs */
export function priceAt(product, atMs) {
  const due = (product.next ?? [])
    .filter((/** @type {any} */ change) => Date.parse(change.from) <= atMs)
    .sort((/** @type {any} */ a, /** @type {any} */ b) => Date.parse(a.from) - Date.parse(b.from));
  const { price, vat_bp } = due.at(-1) ?? product;
  return { price: price ?? null, vat_bp: vat_bp ?? product.vat_bp };
}

/** Stars are those of a certificate in force today. @param {any} product @param {string} day yyyy-mm-dd */
export const starsOn = (product, day) =>
  product.stars && (!product.certificate_until || product.certificate_until >= day) ? product.stars : null;

/**
 * One more of a product: the same goods at the same price join their line, unless they are weighed.
 * @param {Cart} cart @param {any} product of the catalogue
 * @param {{ at: number, day: string, qty_milli?: number, barcode?: string | null, gross?: number,
 *   terms?: import("./promotions.js").Terms | null, bundle?: number, lot?: string | null }} how  gross: a label's
 */
export function addProduct(cart, product, { at, day, qty_milli = 1000, barcode = null, gross, terms = null, bundle, lot = null }) {
  const { price, vat_bp } = priceAt(product, at);
  if (price === null) throw new RangeError("a product without a price cannot be sold");
  const same = cart.lines.find(
    (line) => line.product === product.id && line.price === price && line.vat_bp === vat_bp && !line.weighed
      && line.gross === undefined && gross === undefined && line.bundle === bundle && (line.lot ?? null) === lot,
  );
  if (same) return { ...setQty(cart, same.key, same.qty_milli + qty_milli), on: same.key };
  const line = {
    key: cart.next,
    product: product.id,
    name: product.name,
    producer_name: product.producer_name ?? null,
    unit: product.unit ?? "",
    weighed: Boolean(product.weighed),
    price,
    vat_bp: vat_bp ?? 0,
    vat_class: product.vat_class ?? "standard",
    stars: starsOn(product, day),
    qty_milli,
    barcode,
    producer: product.producer ?? null,
    group: product.group ?? null,
    alcohol_bp: product.alcohol_bp ?? 0,
    terms,
    ...(gross === undefined ? {} : { gross }),
    ...(bundle === undefined ? {} : { bundle }),
    ...(lot ? { lot } : {}),
  };
  return { ...cart, next: cart.next + 1, on: line.key, lines: [...cart.lines, line] };
}

/**
 * Goods nobody has in a list: a name, a price, and whose they are if anybody knows.
 * @param {Cart} cart
 * @param {{ name: string, price: number, producer: string | null, producer_name: string | null, vat_bp: number, vat_class: string,
 *   terms?: import("./promotions.js").Terms | null }} item
 */
export function addOpen(cart, { name, price, producer, producer_name, vat_bp, vat_class, terms = null }) {
  const line = {
    key: cart.next, product: null, name, producer_name, unit: "", weighed: false, price, vat_bp, vat_class, stars: null,
    qty_milli: 1000, barcode: null, producer, group: null, alcohol_bp: 0, terms,
  };
  return { ...cart, next: cart.next + 1, on: line.key, lines: [...cart.lines, line] };
}

/** @param {Cart} cart @param {number} key @param {number} qtyMilli 0 or less takes the line out */
export function setQty(cart, key, qtyMilli) {
  if (qtyMilli <= 0) return removeLine(cart, key);
  const lines = cart.lines.map((line) => (line.key === key ? { ...line, qty_milli: qtyMilli, gross: undefined } : line));
  return { ...cart, on: key, lines };
}

/** @param {Cart} cart @param {number} key */
export const removeLine = (cart, key) =>
  ({ ...cart, on: null, lines: cart.lines.filter((line) => line.key !== key) });

/** A line taken out by mistake, in its old place. @param {Cart} cart @param {CartLine} line @param {number} at */
export const putBack = (cart, line, at) =>
  cart.lines.some(({ key }) => key === line.key) ? cart
    : { ...cart, on: line.key, lines: [...cart.lines.slice(0, at), line, ...cart.lines.slice(at)] };

/** @param {Cart} cart @param {CartReturn} back the same line of the same sale is replaced, not added */
export const takeBack = (cart, back) => ({
  ...cart,
  returns: [...cart.returns.filter((r) => !sameBack(r, back)), back],
});

/** @param {CartReturn} a @param {CartReturn} b */
const sameBack = (a, b) => a.sale === b.sale && a.line === b.line && (a.sale !== null || a.product === b.product);

/** How many things, as a person counts: a weighed line is one. @param {Cart} cart */
export const countOf = (cart) =>
  cart.lines.reduce((n, line) => n + (line.weighed ? 1 : Math.ceil(line.qty_milli / 1000)), 0);

/** What stands in the column of sums for one line. @param {CartLine} line */
export const lineSum = (line) => lineGross(line) - (line.promo?.amount ?? 0) - haggledOn(line);

/**
 * The tenders of a sale. The cash part is the rest after the others and takes the rounding.
 * @param {number} total @param {number} step
 * @param {{ other?: import("./tenders.js").Part[],
 *           cash?: { received: number | null } | null }} paid  received null: exactly the sum
 * @param {() => string} newId
 */
export function tendersOf(total, step, { other = [], cash = null }, newId) {
  const tenders = other.filter((tender) => tender.amount !== 0).map((tender) => ({
    id: newId(),
    kind: tender.kind,
    amount: tender.amount,
    state: tender.state ?? "seen",
    reference: tender.reference ?? null,
    ...ownerOf(tender),
  }));
  const rest = total - tenders.reduce((sum, tender) => sum + tender.amount, 0);
  if (!cash) {
    if (rest !== 0) throw new RangeError(`${rest} đồng are not paid`);
    return { tenders, cash_rounding: 0, change: 0 };
  }
  const { rounded, cash_rounding } = cashPart(rest, step);
  const received = cash.received ?? rounded;
  if (rounded > 0 && received < rounded) throw new RangeError(`${rounded - received} đồng are missing`);
  const change = rounded > 0 ? received - rounded : 0;
  const line = rounded > 0
    ? { id: newId(), kind: "cash", amount: rounded, state: "seen", received, change }
    : { id: newId(), kind: "cash", amount: rounded, state: "seen" };
  return { tenders: rounded === 0 ? tenders : [...tenders, line], cash_rounding, change };
}

/**
 * The body of the `sale` event. The receipt's number is given by the log when it is written.
 * @param {Cart} cart @param {{ tenders: any[], cash_rounding: number }} paid
 * @param {{ receipt_no: string, seller: string | null, language: string, undo_of?: string | null,
 *   approvals?: import("./approval.js").Approval[], printed_by?: string | null }} about
 * @param {() => string} newId
 */
export function saleBody(cart, paid, about, newId) {
  const priced = totalsOf(cart, 0);
  return {
    receipt_no: about.receipt_no,
    lines: cart.lines.map((line, i) => ({
      line: i + 1,
      product: line.product,
      qty_milli: line.qty_milli,
      price: line.price,
      gross: priced.lines[i].gross,
      line_discounts: lineDiscounts(line),
      basket_discount: priced.lines[i].basket_discount,
      paid: priced.lines[i].paid,
      vat_bp: line.vat_bp,
      vat_class: line.vat_class,
      stars: line.stars,
      barcode: line.barcode,
      ...(line.lot ? { lot: line.lot } : {}),
      ...(line.bundle === undefined ? {} : { bundle: bundleOf(cart, line.bundle) }),
      ...(line.product ? {} : { name: line.name, producer: line.producer ?? null }),
    })),
    returns: cart.returns.map(({ sale, line, product, qty_milli, paid: back, disposition, producer, price, reason }) =>
      ({ sale, line, product, qty_milli, paid: back, disposition, ...(sale ? {} : { producer, price, reason }) })),
    discounts: basketDiscounts(cart, priced.shares, newId),
    tenders: paid.tenders,
    total: priced.total,
    cash_rounding: paid.cash_rounding,
    seller: about.seller,
    age_checked: cart.age_ok === true,
    language: about.language,
    approvals: [...(cart.approvals ?? []), ...(about.approvals ?? [])],
    ...(cart.priced_at && cart.lines.length ? { priced_at: new Date(cart.priced_at).toISOString() } : {}),
    ...(about.undo_of ? { undo_of: about.undo_of } : {}),
    ...(about.printed_by ? { printed_by: about.printed_by } : {}),
  };
}

/** @param {Cart} cart @param {number} key */
function bundleOf(cart, key) {
  const found = (cart.bundles ?? []).find((bundle) => bundle.key === key);
  return found ? { id: found.id, name: found.name } : null;
}
