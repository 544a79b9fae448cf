// From a sale to the receipt document: the same rules, words and sums as the server's (pos/receipts/rules.py).
// tests/vectors/receipt-lines.json binds both. Pure; knows no tablet, no printer, no clock.

import { netOfVat, qty, vnd } from "../money.js";
import { nfc, PAPER } from "./words.js";

/**
 * @typedef {{ name: string, name_en: string | null, qty_milli: number, unit: string, price_vnd: number, gross_vnd: number,
 *   discount_vnd: number, paid_vnd: number, vat_bp: number, vat_class: string, stars: number | null, producer: string | null,
 *   discount_words?: string | null }} PaperLine  discount_words: the promotions and the hamper that took something off
 * @typedef {{ kind: string, amount_vnd: number, received_vnd: number | null, change_vnd: number | null, reference: string | null,
 *   name: string | null, name_en: string | null, of: string | null, state: string }} PaperTender
 * @typedef {{ receipt_no: string, operator_name: string, operator_tax_code: string | null, site_name: string,
 *   address: string | null, fair_name: string | null, till_code: string, cashier: string | null, sold_at: number,
 *   language: string, lines: PaperLine[], returns: PaperLine[], total_vnd: number, cash_rounding_vnd: number,
 *   tenders: PaperTender[], link: string, demo: boolean, training?: boolean }} Facts  sold_at in ms
 * @typedef {any} Block
 * @typedef {{ v: 1, locale: string, receipt_no: string, payable_vnd: number, copy: number, blocks: Block[] }} Document
 */

const HANOI_MS = 7 * 3600_000;

/** "22/11/2026 14:03" in Hanoi. @param {number} ms */
export const stamp = (ms) => new Date(ms + HANOI_MS).toISOString().replace(/^(\d+)-(\d+)-(\d+)T(\d+:\d+).*$/, "$3/$2/$1 $4");

/** @param {string} s @param {string} [size] @param {string} [align] */
export const text = (s, size = "normal", align = "left") => ({ t: "text", s: nfc(s), size, align });
/** @param {string} l @param {string} r @param {string} [size] */
export const row = (l, r, size = "normal") => ({ t: "row", l: nfc(l), r: nfc(r), size });
/** @param {string} l @param {string} r @param {string} size */
export const pair = (l, r, size) => ({ t: "pair", l: nfc(l), r: nfc(r), size });
/** @param {string} k */
export const rule = (k) => ({ t: "rule", k });
export const gap = { t: "gap" };

/** Words and figures of one language: English swaps the points of a number. @param {string} language */
function speech(language) {
  const words = PAPER[language];
  const foreign = language !== "vi";
  const figure = (/** @type {string} */ s) => (foreign ? s.replace(/[.,]/g, (c) => (c === "." ? "," : ".")) : s);
  return {
    words, foreign,
    say: (/** @type {string} */ word, /** @type {Record<string, any>} */ facts = {}) => words[word].replace(/\{(\w+)\}/g, (_, name) => String(facts[name])),
    dong: (/** @type {number} */ amount) => figure(vnd(amount)),
    quantity: (/** @type {number} */ milli) => figure(qty(milli)),
    rate: (/** @type {number} */ bp) => `${figure(qty(bp * 10))} %`,
  };
}

/** @typedef {ReturnType<typeof speech>} Speech */

/** @param {Facts} facts @param {Speech} say */
function head(facts, { say }) {
  const seller = [facts.fair_name, facts.address, facts.operator_name, facts.operator_tax_code && say("tax_code", { code: facts.operator_tax_code })];
  const kind = !facts.returns.length ? "sale" : facts.lines.length ? "exchange" : "refund";
  const who = say("till", { code: facts.till_code }) + (facts.cashier ? ` · ${facts.cashier}` : "");
  return [
    { t: "mark" }, text(facts.site_name.toUpperCase(), "title", "center"),
    ...seller.filter(Boolean).map((words) => text(String(words), "small", "center")),
    rule("thick"), pair(say(kind), facts.receipt_no, "big"), pair(stamp(facts.sold_at), who, "small"), text(say("buyer"), "small"), rule("thin"),
  ];
}

/** @param {PaperLine} line @param {1 | -1} sign @param {Speech} speech */
function item(line, sign, { say, foreign, quantity, dong }) {
  const english = foreign ? line.name_en : null;
  return [
    gap, text(english || line.name, "big"), ...(english ? [text(line.name, "small")] : []),
    row(`${quantity(line.qty_milli)} ${line.unit} × ${dong(line.price_vnd)}`, dong(sign * line.gross_vnd)),
    ...(line.discount_vnd ? [row(say(sign > 0 ? "discount" : "discount_back") + (line.discount_words ? `: ${line.discount_words}` : ""), dong(-sign * line.discount_vnd))] : []),
    ...(line.producer || line.stars ? [{ t: "maker", stars: line.stars ?? 0, s: nfc(line.producer ?? "") }] : []),
  ];
}

/** @param {Facts} facts @param {Speech} speech */
function items({ lines, returns }, speech) {
  const both = lines.length > 0 && returns.length > 0;
  return [
    ...(both ? [gap, text(speech.say("bought"), "small")] : []),
    ...lines.flatMap((line) => item(line, 1, speech)),
    ...(both ? [gap, rule("thin"), gap, text(speech.say("returned"), "small")] : []),
    ...returns.flatMap((line) => item(line, -1, speech)),
    gap,
  ];
}

/** @param {PaperTender} tender @param {Speech} speech */
function tenderRows(tender, { words, say, foreign, dong }) {
  let how = (foreign && tender.name_en) || tender.name || words[tender.kind] || tender.kind;
  if (tender.of) how += ` · ${tender.of}`;
  if (tender.state === "shown") how += ` (${say("not_seen")})`;
  const { amount_vnd: amount, received_vnd: received, change_vnd: change } = tender;
  const blocks = amount < 0 ? [row(say("paid_back", { how }), dong(-amount))]
    : received !== null && (tender.kind === "cash" || change)
      ? [row(tender.kind === "cash" ? say("cash_given") : how, dong(received)), row(say("change"), dong(change ?? 0), "big")]
      : [row(how, dong(amount))];
  return tender.reference ? [...blocks, text(say("reference", { reference: tender.reference }), "small")] : blocks;
}

/** What was to be paid after cash rounding; below 0 it was paid back. @param {Facts} facts */
export const payable = ({ total_vnd, cash_rounding_vnd }) => total_vnd + cash_rounding_vnd;

/** @param {Facts} facts @param {Speech} speech */
function money(facts, speech) {
  const { say, dong } = speech;
  const due = payable(facts);
  return [
    ...(facts.cash_rounding_vnd ? [rule("thin"), row(say("goods"), dong(facts.total_vnd)), row(say("rounding"), dong(facts.cash_rounding_vnd))] : []),
    rule("thick"), row(say(due < 0 ? "due_back" : "due"), dong(Math.abs(due)), "total"), rule("thick"),
    ...facts.tenders.flatMap((tender) => tenderRows(tender, speech)),
  ];
}

/**
 * The VAT of the lines by class and rate, highest rate first; the direct method has none. Returns count down.
 * @param {PaperLine[]} lines @param {PaperLine[]} returns
 */
export function vatByRate(lines, returns) {
  /** @type {Map<string, { vat_class: string, bp: number, paid: number, vat: number }>} */
  const found = new Map();
  for (const [sign, group] of /** @type {[number, PaperLine[]][]} */ ([[1, lines], [-1, returns]])) {
    for (const { vat_class, vat_bp, paid_vnd } of group) {
      if (vat_class === "direct") continue;
      const bp = vat_class === "standard" ? vat_bp : 0;
      const sum = found.get(`${bp} ${vat_class}`) ?? { vat_class, bp, paid: 0, vat: 0 };
      found.set(`${bp} ${vat_class}`, { ...sum, paid: sum.paid + sign * paid_vnd, vat: sum.vat + sign * netOfVat(paid_vnd, bp).vat });
    }
  }
  return [...found.values()].sort((a, b) => b.bp - a.bp || (a.vat_class < b.vat_class ? -1 : 1));
}

/** @param {Facts} facts @param {Speech} speech */
function vat({ lines, returns }, { say, dong, rate }) {
  const rows = vatByRate(lines, returns);
  const [only] = rows;
  if (rows.length === 1 && only.vat_class === "standard") return [row(say("vat_all", { rate: rate(only.bp) }), dong(only.vat), "small")];
  return rows.map(({ vat_class, bp, paid, vat: tax }) => {
    const word = vat_class === "KCT" || vat_class === "KKKNT" ? vat_class : "vat_some";
    return row(say(word, { rate: rate(bp), base: dong(paid) }), dong(tax), "small");
  });
}

/** @param {Facts} facts @param {Speech} speech */
function foot({ link, lines, training }, { say }) {
  const makers = new Set(lines.map((line) => line.producer).filter(Boolean)).size;
  return [
    rule("dots"), ...(training ? [] : [{ t: "qr", data: link, l: say("scan"), s: say("scan_for") }, rule("dots")]),
    text(say("thanks"), "big", "center"),
    ...(makers > 1 ? [text(say("makers", { n: makers }), "small", "center")] : []),
    gap, text(say("not_invoice"), "small", "center"),
  ];
}

/** @param {Facts} facts @returns {Document} */
export function receiptDocument(facts) {
  const said = speech(facts.language);
  const mark = facts.training ? "training" : facts.demo ? "sample" : null;
  const band = mark ? [{ t: "band", k: mark, s: said.say(mark) }] : [];
  const drawer = !facts.training && facts.tenders.some((tender) => tender.kind === "cash") ? [{ t: "drawer" }] : [];
  return {
    v: 1, locale: facts.language, receipt_no: facts.receipt_no, payable_vnd: payable(facts), copy: 0,
    blocks: [
      ...drawer, ...band, ...head(facts, said), ...items(facts, said), ...money(facts, said), ...vat(facts, said), ...foot(facts, said),
      ...band, { t: "cut" },
    ],
  };
}

/** The same paper that leaves the drawer shut. @param {Document} document @returns {Document} */
export const withoutDrawer = (document) => ({ ...document, blocks: document.blocks.filter((block) => block.t !== "drawer") });

/** The n-th reprint: says BẢN SAO on top and leaves the drawer shut. @param {Document} document @param {number} n from 1 @returns {Document} */
export function asCopy(document, n) {
  const blocks = withoutDrawer(document).blocks.filter((block) => !(block.t === "band" && block.k === "copy"));
  const band = { t: "band", k: "copy", s: PAPER[document.locale].copy.replace("{n}", String(n)) };
  blocks.splice(blocks[0]?.t === "band" ? 1 : 0, 0, band);
  return { ...document, copy: n, blocks };
}

/** A document that is no receipt. @param {Block[]} blocks @returns {Document} */
export const sheet = (blocks) => ({ v: 1, locale: "vi", receipt_no: "", payable_vnd: 0, copy: 0, blocks: [...blocks, { t: "cut" }] });

/** All marks, stars, a code and the whole width: what a good printer can do. @param {string} name @param {number} at ms @param {string} link */
export const testDocument = (name, at, link) => sheet([
  { t: "mark" }, text("IN THỬ · TEST", "title", "center"), text(name, "big", "center"), rule("thick"),
  row(stamp(at), "OCOP POS"), row("Mật ong hoa nhãn 500 ml", "125.000"), { t: "maker", stars: 5, s: "Hợp tác xã, xã Đoài Phương" },
  text("Ă Â Đ Ê Ô Ơ Ư ă â đ ê ô ơ ư", "normal", "center"), text("Ằ Ẳ Ẵ Ắ Ặ Ề Ể Ễ Ế Ệ Ờ Ở Ỡ Ớ Ợ Ừ Ử Ữ Ứ Ự", "normal", "center"),
  rule("dots"), { t: "qr", data: link, l: "Quét thử mã này", s: "mở được trang quầy là in đủ nét." }, rule("thin"),
  text("Đọc rõ mọi dấu, không mất mép là máy in tốt.", "small", "center"),
]);
