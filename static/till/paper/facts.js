// What paper needs to know of a sale, from this tablet alone: the log's row, the catalogue, the operator's settings.
// Twin of the server's pos/till/service/paper.py.

import { lineGross } from "../discounts.js";

/** Ways of paying whose words stand on paper already; every other is the operator's own, by its name. */
const USUAL = new Set(["cash", "vietqr", "card", "voucher", "owed", "producer", "transfer"]);

/**
 * @param {{ settings: any, till: any, catalogue: { find(id: string): any, about: { staff: any[] } } }} about
 * @param {{ kind: string, event: any, memo: any }} row of a sale or a practice sale @param {string} link behind the QR
 * @returns {import("./document.js").Facts}
 */
export function factsOf({ settings, till, catalogue }, { kind, event, memo }, link) {
  const { body } = event;
  const goods = (/** @type {string | null | undefined} */ id) => (id ? catalogue.find(id) : null);
  const known = new Map();
  for (const { product } of [...body.lines, ...body.returns]) {
    const found = goods(product);
    if (found?.producer) known.set(found.producer, found.producer_name);
  }
  return {
    receipt_no: body.receipt_no,
    operator_name: settings.operator ?? till.operator?.name ?? "",
    operator_tax_code: settings.tax_code ?? null,
    site_name: settings.site ?? till.site?.name ?? "",
    address: settings.address ?? null,
    fair_name: till.fair?.name ?? null,
    till_code: till.code,
    cashier: catalogue.about.staff.find((person) => person.id === event.staff)?.name ?? null,
    sold_at: Date.parse(event.at),
    language: body.language === "en" ? "en" : "vi",
    lines: body.lines.map((/** @type {any} */ line, /** @type {number} */ i) => sold(line, memo?.lines?.[i], goods(line.product))),
    returns: body.returns.map((/** @type {any} */ back, /** @type {number} */ i) => returned(back, memo?.returns?.[i], goods(back.product))),
    total_vnd: body.total,
    cash_rounding_vnd: body.cash_rounding,
    tenders: body.tenders.map((/** @type {any} */ tender) => paid(tender, settings, known)),
    link,
    demo: Boolean(settings.watermark),
    training: kind === "training.sale",
  };
}

/** @param {any} line @param {any} memo @param {any} product */
const sold = (line, memo, product) => ({
  name: memo?.name ?? product?.name ?? line.name ?? "?", name_en: product?.name_en ?? null,
  qty_milli: line.qty_milli, unit: line.product ? memo?.unit ?? product?.unit ?? "" : "", price_vnd: line.price,
  gross_vnd: line.gross, discount_vnd: line.gross - line.paid, paid_vnd: line.paid, vat_bp: line.vat_bp,
  vat_class: line.vat_class, stars: line.stars ?? null, producer: product?.producer_name ?? null,
  discount_words: whyLess(line),
});

/** The promotions on a line, and the hamper it was sold in. @param {any} line */
function whyLess({ line_discounts: off = [], bundle }) {
  const named = off.filter((/** @type {any} */ one) => one.promotion && one.reason).map((/** @type {any} */ one) => one.reason);
  return [...new Set([...named, ...(bundle?.name ? [bundle.name] : [])])].join(", ") || null;
}

/** @param {any} back @param {string | undefined} name @param {any} product */
function returned(back, name, product) {
  const price = back.price ?? Math.floor((back.paid * 1000) / back.qty_milli);
  return {
    name: product?.name ?? name ?? "?", name_en: product?.name_en ?? null, qty_milli: back.qty_milli, unit: product?.unit ?? "",
    price_vnd: price, gross_vnd: back.price == null ? back.paid : lineGross({ price, qty_milli: back.qty_milli }),
    discount_vnd: 0, paid_vnd: back.paid, vat_bp: 0, vat_class: "direct", stars: null, producer: product?.producer_name ?? null,
  };
}

/** @param {any} tender @param {any} settings @param {Map<string, string>} makers */
function paid(tender, settings, makers) {
  const own = USUAL.has(tender.kind) ? null : (settings.tender_kinds ?? []).find((/** @type {any} */ kind) => kind.code === tender.kind);
  const issuer = (settings.voucher_issuers ?? []).find((/** @type {any} */ one) => one.id === tender.issuer)?.name;
  return {
    kind: tender.kind, amount_vnd: tender.amount, received_vnd: tender.received ?? null, change_vnd: tender.change ?? null,
    reference: tender.reference ?? null, name: own?.name ?? null, name_en: own?.name_en ?? null,
    of: issuer ?? makers.get(tender.issuer ?? tender.payee ?? "") ?? tender.issuer ?? null, state: tender.state ?? "seen",
  };
}
