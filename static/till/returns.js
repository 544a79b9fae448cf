// Taking back: what of a sale can still come back, what is paid for it, and how. Pure; the counter is `desk.js`.
// A sale is known from this tablet's log, from the server, or from the signed code of its receipt.

import { allocate, cashPart, fundersOf, mulDiv, part } from "./money.js";

/**
 * @typedef {{ kind: string, amount: number, issuer?: string, customer?: string, payee?: string }} Kept  money by one means
 * @typedef {{ ticket: string, returned: number, lines: { line: number, qty_milli: number, paid: number }[],
 *   tenders: Kept[] }} Back  what one ticket took back of a sale; `returned` is all that ticket took back, of any sale
 * @typedef {{ line: number, product: string | null, name: string, qty_milli: number, paid: number, parts: number[],
 *   returned: number, left: number }} SoldLine  parts: gross, then what each funder gave off, as the books froze them
 * @typedef {{ sale: string, receipt_no: string, at: number, source: "here" | "server" | "code", lines: SoldLine[],
 *   tenders: Kept[] | null, cut: boolean }} Sold  tenders null: the code does not tell; cut: it holds no more lines
 */

const OWN = /** @type {const} */ (["issuer", "customer", "payee"]);

/** Of whom a tender is, besides its kind. @param {any} tender @returns {Omit<Kept, "kind" | "amount">} */
export const ownerOf = (tender) => Object.fromEntries(OWN.filter((name) => tender[name]).map((name) => [name, tender[name]]));

/** Each line's gross and what producer, organizer and operator gave off: the amounts a return takes parts of. @param {any} body */
export function partsOf(body) {
  const sums = body.lines.map((/** @type {any} */ line) => [line.gross, 0, 0, 0]);
  const add = (/** @type {number[]} */ shares, /** @type {any[]} */ funders, /** @type {number[]} */ at) => {
    const bp = Object.fromEntries(funders.map(({ who, bp: rate }) => [who, rate]));
    const { producers, organizer, operator } = fundersOf(shares, bp.producer ?? 0, bp.organizer ?? 0);
    at.forEach((n, i) => [producers, organizer, operator].forEach((who, of) => { sums[n][of + 1] += who[i]; }));
  };
  body.lines.forEach((/** @type {any} */ line, /** @type {number} */ n) => {
    for (const discount of line.line_discounts ?? []) add([discount.amount], discount.funders, [n]);
  });
  for (const discount of body.discounts ?? []) add(discount.shares, discount.funders, body.lines.map((/** @type {any} */ _, /** @type {number} */ n) => n));
  return sums;
}

/** @param {Back[]} backs one ticket may be told twice: by the server and by this tablet */
const distinct = (backs) => [...new Map(backs.map((back) => [back.ticket, back])).values()];

/** @param {Back[]} backs @param {number} line */
const returnedOf = (backs, line) =>
  backs.flatMap((back) => back.lines).reduce((sum, row) => sum + (row.line === line ? row.qty_milli : 0), 0);

/**
 * A sale as its event tells it.
 * @param {{ sale: string, at: number, body: any, names: string[], backs: Back[], corrections?: any[],
 *   source: "here" | "server" }} known  corrections: bodies of `tender.correct` of this sale
 * @returns {Sold}
 */
export function soldOf({ sale, at, body, names, backs, corrections = [], source }) {
  const told = distinct(backs);
  const parts = partsOf(body);
  return {
    sale, at, source, receipt_no: body.receipt_no, cut: false,
    lines: body.lines.map((/** @type {any} */ line, /** @type {number} */ i) => {
      const returned = returnedOf(told, line.line);
      return {
        line: line.line, product: line.product ?? null, name: names[i] ?? line.name ?? "", qty_milli: line.qty_milli,
        paid: line.paid, parts: parts[i], returned, left: Math.max(0, line.qty_milli - returned),
      };
    }),
    tenders: keptOf(body.tenders, corrections, told),
  };
}

/**
 * A sale as the code of its receipt proves it: goods by number, quantity and what was paid. Not how it was paid.
 * @param {import("./proof.js").Proof} proof @param {string} receiptNo @param {Back[]} backs
 * @param {(number: number) => any} goods a product by its number in this operator's catalogue
 * @param {number} most lines a code can hold @param {(number: number) => string} unknown a name for goods not in the catalogue
 * @returns {Sold}
 */
export function soldOfProof(proof, receiptNo, backs, goods, most, unknown) {
  const told = distinct(backs);
  return {
    sale: proof.sale, at: proof.minute * 60_000, source: "code", receipt_no: receiptNo, tenders: null,
    cut: proof.lines.length >= most,
    lines: proof.lines.map(({ number, qty_milli, paid }, i) => {
      const returned = returnedOf(told, i + 1);
      const product = goods(number);
      return {
        line: i + 1, product: product?.id ?? null, name: product?.name ?? unknown(number), qty_milli, paid,
        parts: [paid, 0, 0, 0], returned, left: Math.max(0, qty_milli - returned),
      };
    }),
  };
}

/** What is still there of each means: kept, corrected, less what earlier tickets paid out. @param {any[]} tenders @param {any[]} corrections @param {Back[]} backs */
function keptOf(tenders, corrections, backs) {
  /** @type {Map<string, Kept>} */
  const kept = new Map();
  const add = (/** @type {any} */ tender, /** @type {number} */ amount) => {
    const own = ownerOf(tender);
    const key = [tender.kind, ...Object.values(own)].join(" ");
    kept.set(key, { kind: tender.kind, amount: (kept.get(key)?.amount ?? 0) + amount, ...own });
  };
  for (const tender of tenders) add(tender, tender.amount);
  for (const { from, tenders: right } of corrections) {
    add(from, -from.amount);
    for (const tender of right) add(tender, tender.amount);
  }
  for (const back of backs) {
    const mine = back.lines.reduce((sum, row) => sum + row.paid, 0);
    for (const tender of back.tenders) {
      if (tender.amount < 0 && back.returned > 0) add(tender, mulDiv(tender.amount, mine, back.returned));
    }
  }
  return [...kept.values()].filter(({ amount }) => amount > 0);
}

/**
 * So much of a line, as a cart takes it back. Every amount is a part of what was frozen at the sale.
 * @param {Sold} sold @param {SoldLine} line @param {number} qtyMilli @param {string} disposition
 * @returns {import("./cart.js").CartReturn}
 */
export function backOf(sold, line, qtyMilli, disposition) {
  const [gross, ...off] = line.parts.map((amount) => part(amount, line.qty_milli, line.returned, qtyMilli));
  return {
    sale: sold.sale, line: line.line, product: line.product, name: line.name, qty_milli: qtyMilli,
    paid: off.reduce((sum, amount) => sum - amount, gross), disposition,
    from: { receipt_no: sold.receipt_no, tenders: sold.tenders },
  };
}

/**
 * Goods without a receipt: at a price, for a reason.
 * @param {any} product @param {{ qty_milli: number, price: number, reason: string, disposition: string }} how
 * @returns {import("./cart.js").CartReturn}
 */
export const backWithoutReceipt = (product, { qty_milli, price, reason, disposition }) => ({
  sale: null, line: null, product: product.id, producer: product.producer ?? null, name: product.name, qty_milli, price,
  paid: mulDiv(price, qty_milli, 1000), reason, disposition, from: null,
});

/** What a cart takes back, in đồng. @param {import("./cart.js").Cart} cart */
export const takenBack = (cart) => cart.returns.reduce((sum, back) => sum + back.paid, 0);

/** The part of it that no receipt stands behind. @param {import("./cart.js").Cart} cart */
export const withoutReceipt = (cart) => cart.returns.reduce((sum, back) => sum + (back.sale ? 0 : back.paid), 0);

/**
 * How money goes back: as it came, in proportion to what is left of each means; what is not known is cash.
 * Cash is last: it takes what the others leave, and the rounding.
 * @param {import("./cart.js").Cart} cart @param {number} total below 0 @param {number} step cash rounding
 * @returns {{ other: Kept[], cash: number, known: boolean, kept: Kept[] }}  negative sums; kept: how it was paid
 */
export function refundOf(cart, total, step) {
  const receipts = new Map(cart.returns.map((back) => [back.sale, back.from?.tenders ?? null]));
  const kept = [...receipts.values()].flatMap((tenders) => tenders ?? []);
  const known = [...receipts.values()].every((tenders) => tenders !== null);
  const room = kept.reduce((sum, { amount }) => sum + amount, 0);
  const size = -total;
  // Where one of several receipts does not tell, its part is cash.
  const told = cart.returns.reduce((sum, back) => sum + (back.from?.tenders ? back.paid : 0), 0);
  const all = takenBack(cart);
  const spread = Math.min(room, known || !all ? size : mulDiv(size, told, all));
  const shares = allocate(spread, kept.map(({ amount }) => amount));
  const other = kept.map((tender, i) => ({ ...tender, amount: -shares[i] })).filter(({ kind, amount }) => kind !== "cash" && amount);
  const rest = total - other.reduce((sum, { amount }) => sum + amount, 0);
  return { other, cash: cashPart(rest, step).rounded, known, kept };
}

/** What this tablet itself knows to have come back of a sale. @param {string} sale */
export const backKey = (sale) => `back|${sale}`;

/**
 * Writes for the refund's own transaction, so that the next look at these sales knows what is gone.
 * @param {{ meta(key: string): Promise<any> }} store @param {import("./cart.js").Cart} cart @param {Kept[]} tenders
 * @returns {Promise<import("./log.js").Also[]>}
 */
export async function rememberBacks(store, cart, tenders) {
  const sales = [...new Set(cart.returns.map((back) => back.sale))].filter((sale) => sale !== null);
  return Promise.all(sales.map(async (sale) => {
    const known = (await store.meta(backKey(sale))) ?? [];
    const lines = cart.returns.filter((back) => back.sale === sale)
      .map(({ line, qty_milli, paid }) => ({ line, qty_milli, paid }));
    const back = {
      ticket: cart.id, returned: takenBack(cart), lines,
      tenders: tenders.map((tender) => ({ kind: tender.kind, amount: tender.amount, ...ownerOf(tender) })),
    };
    return { store: /** @type {const} */ ("meta"), key: backKey(sale), value: [...known, back] };
  }));
}
