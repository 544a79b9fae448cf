// An open sale before it is paid. Pure: every verb returns a new cart; the cart's id is the sale's id.
// Prices are those of the moment the goods were put in: what the customer saw is what is charged.

import { cashPart } from "./money.js";
import { grossOf, priceBasket } from "./pricing.js";
import { ownerOf } from "./returns.js";

/**
 * @typedef {{ key: number, product: string | null, name: string, producer_name: string | null, unit: string,
 *             weighed: boolean, price: number, vat_bp: number, vat_class: string, stars: number | null,
 *             qty_milli: number, barcode: string | null, no_discount: boolean }} CartLine
 * @typedef {{ sale: string | null, line: number | null, product: string | null, name: string, qty_milli: number, paid: number,
 *             disposition: string, producer?: string | null, price?: number, reason?: string,
 *             from: { receipt_no: string, tenders: import("./returns.js").Kept[] | null } | null }} CartReturn
 *   sale null: without a receipt; from: where it was bought, for the refund
 * @typedef {{ id: string, opened_at: number, next: number, on: number | null, lines: CartLine[],
 *             returns: CartReturn[], content: string | null }} Cart
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
 * @param {{ at: number, day: string, qty_milli?: number, barcode?: string | null }} how
 */
export function addProduct(cart, product, { at, day, qty_milli = 1000, barcode = null }) {
  const { price, vat_bp } = priceAt(product, at);
  if (price === null) throw new RangeError("a product without a price cannot be sold");
  const same = cart.lines.find(
    (line) => line.product === product.id && line.price === price && line.vat_bp === vat_bp && !line.weighed,
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
    no_discount: (product.alcohol_bp ?? 0) >= 1500,
  };
  return { ...cart, next: cart.next + 1, on: line.key, lines: [...cart.lines, line] };
}

/** @param {Cart} cart @param {number} key @param {number} qtyMilli 0 or less takes the line out */
export function setQty(cart, key, qtyMilli) {
  if (qtyMilli <= 0) return removeLine(cart, key);
  const lines = cart.lines.map((line) => (line.key === key ? { ...line, qty_milli: qtyMilli } : line));
  return { ...cart, on: key, lines };
}

/** @param {Cart} cart @param {number} key */
export const removeLine = (cart, key) =>
  ({ ...cart, on: null, lines: cart.lines.filter((line) => line.key !== key) });

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

/** @param {Cart} cart @param {number} step cash rounding @param {number} [otherTenders] */
export const totalsOf = (cart, step, otherTenders = 0) =>
  priceBasket({
    lines: cart.lines,
    returns: cart.returns.map((back) => back.paid),
    cash_rounding: step,
    other_tenders: otherTenders,
  });

/** What stands in the column of sums for one line. @param {CartLine} line */
export const lineSum = (line) => grossOf(line.price, line.qty_milli);

/**
 * The tenders of a sale. The cash part is the rest after the others and takes the rounding.
 * @param {number} total @param {number} step
 * @param {{ other?: { kind: string, amount: number, reference?: string | null, state?: string, issuer?: string,
 *             customer?: string, payee?: string }[],
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
 *   approvals?: import("./approval.js").Approval[] }} about
 */
export function saleBody(cart, paid, about) {
  const priced = totalsOf(cart, 0);
  return {
    receipt_no: about.receipt_no,
    lines: cart.lines.map((line, i) => ({
      line: i + 1,
      product: line.product,
      qty_milli: line.qty_milli,
      price: line.price,
      gross: priced.lines[i].gross,
      line_discounts: [],
      basket_discount: priced.lines[i].basket_discount,
      paid: priced.lines[i].paid,
      vat_bp: line.vat_bp,
      vat_class: line.vat_class,
      stars: line.stars,
      barcode: line.barcode,
      ...(line.product ? {} : { name: line.name }),
    })),
    returns: cart.returns.map(({ sale, line, product, qty_milli, paid: back, disposition, producer, price, reason }) =>
      ({ sale, line, product, qty_milli, paid: back, disposition, ...(sale ? {} : { producer, price, reason }) })),
    discounts: [],
    tenders: paid.tenders,
    total: priced.total,
    cash_rounding: paid.cash_rounding,
    seller: about.seller,
    age_checked: false,
    language: about.language,
    approvals: about.approvals ?? [],
    ...(about.undo_of ? { undo_of: about.undo_of } : {}),
  };
}
