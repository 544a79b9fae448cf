import assert from "node:assert/strict";
import { test } from "node:test";

import { documentBytes, INIT, joined, PULSE, rasterBytes } from "../../static/till/paper/bands.js";
import { asCopy, receiptDocument, sheet, testDocument, withoutDrawer } from "../../static/till/paper/document.js";
import { factsOf } from "../../static/till/paper/facts.js";
import { breaker, layOut } from "../../static/till/paper/layout.js";
import { linkOf } from "../../static/till/paper/rawbt.js";
import { inPieces, Trouble } from "../../static/till/paper/trouble.js";
import { vector } from "./vectors.js";

const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, "base64"));

for (const { name, facts, document, copy, late } of vector("receipt-lines")) {
  test(`paper of the tablet says what the server's says: ${name}`, () => {
    const made = receiptDocument(facts);
    assert.deepEqual(made, document);
    assert.deepEqual(asCopy(made, 2), copy);
    assert.deepEqual(asCopy(asCopy(made, 1), 2), copy);
    assert.deepEqual(withoutDrawer(made), late);
  });
}

for (const { name, width, height, dots, bytes: wanted } of vector("receipt-bands").pictures) {
  test(`dots become the server's bytes: ${name}`, () => {
    assert.deepEqual(rasterBytes(bytes(dots), width / 8, height), bytes(wanted));
  });
}

test("pulse and cut are the server's, and only where document and printer say so", () => {
  const { pulse, cut } = vector("receipt-bands");
  assert.deepEqual(joined([INIT, PULSE]), bytes(pulse));
  const white = { packed: new Uint8Array(48 * 38), across: 48, height: 38 };
  assert.deepEqual(documentBytes(sheet([]), white, true), bytes(cut));
  const cash = { ...sheet([]), blocks: [{ t: "drawer" }, { t: "cut" }] };
  const opens = (/** @type {any} */ document, /** @type {boolean} */ drawer) => Buffer.from(documentBytes(document, white, drawer)).includes(PULSE);
  assert.deepEqual([opens(cash, true), opens(cash, false), opens(withoutDrawer(cash), true)], [true, false, false]);
});

// ── Where things stand ───────────────────────────────────────────────

const measure = (/** @type {string} */ words, /** @type {number} */ px, /** @type {boolean} */ bold) => words.length * px * (bold ? 0.6 : 0.5);
const modules = () => Array.from({ length: 45 }, (_, j) => Array.from({ length: 45 }, (__, i) => (i + j) % 2 === 0));

test("nothing leaves the paper, figures end at its margin, on 58 and 80 mm", () => {
  for (const width of /** @type {const} */ ([384, 576])) {
    for (const { name, document } of vector("receipt-lines")) {
      const { height, strokes } = layOut(document, width, { measure, modules });
      const margin = width === 384 ? 12 : 24;
      const ruler = breaker(measure);
      let ends = 0;
      for (const stroke of strokes) {
        const wide = stroke.op === "words" ? ruler.width(stroke.s, stroke.px, stroke.bold) : stroke.op === "box" ? stroke.w : stroke.side;
        assert.ok(stroke.x >= 0 && stroke.x + wide <= width, `${name} ${width}: ${JSON.stringify(stroke)}`);
        assert.ok(stroke.y > 0 && stroke.y < height);
        if (stroke.op === "words" && stroke.bold && !stroke.white) ends += Math.abs(stroke.x + wide - (width - margin)) <= 1 ? 1 : -100;
      }
      assert.ok(ends >= 2, `${name} ${width}`);
    }
  }
});

test("words wrap between words, a word too long is cut, a last word does not stand alone in the middle", () => {
  const { wrap, balanced } = breaker(measure);
  assert.deepEqual(wrap("Mật ong hoa nhãn", 20, 90), ["Mật ong", "hoa nhãn"]);
  assert.deepEqual(wrap("abcdefghij", 20, 50), ["abcde", "fghij"]);
  assert.deepEqual(balanced("một hai ba bốn năm", 20, 160), ["một hai ba", "bốn năm"]);
});

test("an unknown block and a code that does not fit are errors", () => {
  assert.throws(() => layOut(sheet([{ t: "hologram" }]), 384, { measure, modules }), /hologram/);
  const huge = () => Array.from({ length: 150 }, () => Array.from({ length: 150 }, () => true));
  assert.throws(() => layOut(testDocument("x", 0, "https://x"), 384, { measure, modules: huge }), /QR/);
});

// ── From the log ─────────────────────────────────────────────────────

test("facts come from the row, the catalogue and the settings alone", () => {
  const product = { id: "p", name: "Trà nụ vối", name_en: "Voi bud tea", unit: "hộp", producer: "m", producer_name: "Hà Diệp" };
  const about = {
    settings: { operator: "Công ty", tax_code: "0101", site: "Hồ Gươm", address: "B07", watermark: null, voucher_issuers: [{ id: "v1", name: "Sở Công Thương" }], tender_kinds: [{ code: "momo", name: "Ví MoMo", name_en: "MoMo" }, { code: "cash", name: null }] },
    till: { code: "HG07A", name: "Gian 7", fair: { name: "Hội chợ" } },
    catalogue: { find: (/** @type {string} */ id) => (id === "p" ? product : null), about: { staff: [{ id: "lan", name: "Lan" }] } },
  };
  const line = { line: 1, product: "p", qty_milli: 2000, price: 10_000, gross: 20_000, paid: 18_000, vat_bp: 800, vat_class: "standard", stars: 4, line_discounts: [{ amount: 2000, promotion: "x", reason: "Giờ vàng" }], bundle: { id: "b", name: "Giỏ quà" } };
  const open = { line: 2, product: null, name: "Hàng lẻ", qty_milli: 1000, price: 5000, gross: 5000, paid: 5000, vat_bp: 0, vat_class: "direct", stars: null };
  const body = {
    receipt_no: "HG07A-261122-1", lines: [line, open], returns: [{ product: "p", qty_milli: 3000, paid: 10_000 }], total: 13_000, cash_rounding: 0, language: "vi",
    tenders: [{ kind: "voucher", amount: 5000, issuer: "v1" }, { kind: "producer", amount: 3000, payee: "m" }, { kind: "momo", amount: 5000, state: "shown", reference: "r" }],
  };
  const row = { kind: "sale", event: { staff: "lan", at: "2026-11-22T07:03:00.000Z", body }, memo: { lines: [{ name: "Trà nụ vối", unit: "hộp" }, { name: "Hàng lẻ", unit: "" }], returns: ["Trà nụ vối"] } };
  const facts = factsOf(about, row, "https://x/r/1");
  assert.deepEqual(
    [facts.cashier, facts.fair_name, facts.operator_tax_code, facts.demo, facts.training, facts.sold_at],
    ["Lan", "Hội chợ", "0101", false, false, Date.parse("2026-11-22T07:03:00Z")],
  );
  assert.deepEqual(facts.lines.map((one) => [one.name, one.name_en, one.unit, one.discount_vnd, one.discount_words, one.producer]), [
    ["Trà nụ vối", "Voi bud tea", "hộp", 2000, "Giờ vàng, Giỏ quà", "Hà Diệp"], ["Hàng lẻ", null, "", 0, null, null],
  ]);
  assert.deepEqual(facts.returns.map((one) => [one.price_vnd, one.gross_vnd, one.paid_vnd, one.vat_class]), [[3333, 10_000, 10_000, "direct"]]);
  assert.deepEqual(facts.tenders.map((one) => [one.name, one.of, one.state, one.reference]), [
    [null, "Sở Công Thương", "seen", null], [null, "Hà Diệp", "seen", null], ["Ví MoMo", null, "shown", "r"],
  ]);
  assert.equal(factsOf(about, { ...row, kind: "training.sale" }, "").training, true);
});

// ── On the way ───────────────────────────────────────────────────────

test("a link for RawBT carries the very bytes", () => {
  const job = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) & 255);
  const [scheme, data] = linkOf(job).split(",");
  assert.equal(scheme, "rawbt:base64");
  assert.deepEqual(bytes(data), job);
});

test("what broke before the first piece was not sent; after it, it may be on the paper", async () => {
  const taken = /** @type {number[]} */ ([]);
  const write = (/** @type {number} */ until) => async (/** @type {Uint8Array} */ piece) => {
    if (taken.length >= until) throw new Error("cable");
    taken.push(piece.length);
  };
  await assert.rejects(inPieces(new Uint8Array(5000), write(0)), (error) => error instanceof Trouble && error.why === "off" && !error.sent);
  await assert.rejects(inPieces(new Uint8Array(5000), write(1)), (error) => error instanceof Trouble && error.why === "cut_off" && error.sent);
  taken.length = 0;
  await inPieces(new Uint8Array(5000), write(9));
  assert.deepEqual(taken, [2048, 2048, 904]);
});
