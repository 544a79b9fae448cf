// Finding a receipt: in this tablet's log, by the code on the paper, or at the server. Says why one cannot be believed.

import { fromBase64, toHex } from "./ids.js";
import { fold } from "./fold.js";
import { dateOf, timeOf } from "./clock.js";
import { vnd } from "./money.js";
import { isOver, MOST_LINES, read, verify } from "./proof.js";
import { backKey, soldOf, soldOfProof } from "./returns.js";
import { play } from "./sound.js";
import { language, t } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./returns.js").Sold} Sold */

const WAIT_MS = 3_000;
const NUMBER = /^([A-Z0-9.-]+)-(\d{6})-(\d{1,6})$/;

/** What stands in a receipt's code; null when it is another code. @param {string} text */
export function receiptCode(text) {
  const found = /^(https?:\/\/[^/\s]+)?.*\/r\/([A-Za-z0-9][A-Za-z0-9.-]{2,63})(?:#(.*))?$/s.exec(text.trim());
  return found ? { origin: found[1] ?? "", receipt_no: found[2], key: (found[3] ?? "").trim() } : null;
}

/** Whether somebody typed the whole number of a receipt. @param {string} text @returns {string | null} */
export const numberTyped = (text) => (NUMBER.test(text.trim().toUpperCase()) ? text.trim().toUpperCase() : null);

/** A sale's id standing alone in a code: a receipt without a proof. @param {string} key */
function idAlone(key) {
  if (!/^[0-9A-Za-z_-]{22}$/.test(key)) return null;
  const hex = toHex(fromBase64(key));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Why a code without the server's word is not believed.
 * @param {{ origin: string, receipt_no: string, key: string }} code @param {{ origin?: string, keys: any[] }} known
 * @returns {"cut" | "foreign" | "unknown_key" | "stolen" | "forged" | "unsigned"}
 */
export function whyNot({ origin, receipt_no, key }, { origin: own, keys }) {
  const till = NUMBER.exec(receipt_no.toUpperCase())?.[1];
  if ((own && origin && origin.toLowerCase() !== own.toLowerCase()) || !keys.some((each) => each.till === till)) return "foreign";
  const proof = read(key);
  if (!proof) return idAlone(key) ? "unsigned" : "cut";
  const known = keys.filter(({ id }) => id === proof.key);
  if (known.some((each) => isOver(each, proof))) return "stolen";
  return known.length ? "forged" : "unknown_key";
}

// ── This tablet's own ────────────────────────────────────────────────

/** @param {any} row of the log */
export const payableOf = (row) => row.event.body.total + row.event.body.cash_rounding;

/** @type {WeakMap<any, string>} */
const hays = new WeakMap();

/** What a receipt can be found by, folded: number, sum, time, day, goods. @param {any} row */
function hayOf(row) {
  const known = hays.get(row);
  if (known) return known;
  const { body, at } = row.event;
  const ms = Date.parse(at);
  const sum = Math.abs(payableOf(row));
  const names = [...(row.memo?.lines ?? []).map((/** @type {any} */ line) => line.name), ...(row.memo?.returns ?? [])];
  const hay = fold(` ${body.receipt_no} ${sum} ${vnd(sum)} ${sum % 1000 ? "" : `${sum / 1000}k`} ${timeOf(ms)} ${dateOf(ms)} ${names.join(" ")} `);
  hays.set(row, hay);
  return hay;
}

/** All words must be there, without accents. @param {any[]} rows @param {string} words */
export function filterReceipts(rows, words) {
  const wanted = fold(words.trim()).split(/\s+/).filter(Boolean);
  return wanted.length ? rows.filter((row) => wanted.every((word) => hayOf(row).includes(word))) : rows;
}

/** A sale of this tablet, with what has come back. @param {App} app @param {any} row @returns {Promise<Sold>} */
export async function soldHere(app, row) {
  const [backs, corrections] = await Promise.all([app.store.meta(backKey(row.id)), app.store.latest("tender.correct", 500)]);
  return soldOf({
    sale: row.id, at: Date.parse(row.event.at), body: row.event.body, source: "here", backs: backs ?? [],
    names: (row.memo?.lines ?? []).map((/** @type {any} */ line) => line.name),
    corrections: corrections.map((each) => each.event.body).filter((body) => body.sale === row.id),
  });
}

/** Show a receipt of this tablet; what others took back of it is asked where there is a network. @param {App} app @param {any} row @param {any} [list] */
export async function openReceipt(app, row, list) {
  const about = { row, list, sold: await soldHere(app, row), receipt_no: row.event.body.receipt_no, asked: false };
  app.go("receipt", { ...fresh(app, about.sold), ...about });
  if (row.waiting || app.sender.state.reached === false) return;
  const shown = app.about;
  const told = await ask(app, about.receipt_no);
  if (app.about !== shown || told?.status !== 200 || told.body.sale !== row.id) return;
  const sold = await soldThere(app, told.body);
  shown.sold = { ...shown.sold, tenders: sold.tenders, lines: sold.lines };
  for (const line of sold.lines) shown.picked[line.line] = Math.min(shown.picked[line.line] ?? 0, line.left);
  app.redraw();
}

// ── By the code on the paper ─────────────────────────────────────────

/**
 * What a scanner, a camera or a hand read. Answers whether it was a receipt's code; then a screen or a strip follows.
 * @param {App} app @param {string} text
 */
export async function readReceipt(app, text) {
  const code = receiptCode(text);
  if (!code) return false;
  app.touch();
  app.hush();
  app.camera?.close(); // one receipt at a time
  const proof = read(code.key);
  const sale = proof?.sale ?? idAlone(code.key);
  const row = sale ? await app.store.find(sale) : undefined;
  if (row?.kind === "sale") {
    await openReceipt(app, row);
    return true;
  }
  const before = app.view;
  app.go("receipt", { looking: true, receipt_no: code.receipt_no });
  const looking = app.about;
  const { keys } = app.catalogue.about;
  const signed = await verify(code.key, keys);
  const told = await ask(app, code.receipt_no);
  if (app.about !== looking) return true; // somebody went on
  if (told?.status === 200 && sale && told.body.sale === sale) {
    const sold = await soldThere(app, told.body);
    app.go("receipt", { ...fresh(app, sold), sold, receipt_no: sold.receipt_no });
  } else if (signed) {
    const backs = (await app.store.meta(backKey(signed.sale))) ?? [];
    const sold = soldOfProof(signed, code.receipt_no, backs, (n) => app.catalogue.findByNumber(n), MOST_LINES, (n) => t("goods_no", { n }));
    app.go("receipt", { ...fresh(app, sold), sold, receipt_no: sold.receipt_no });
  } else {
    refuse(app, before, whyNot(code, { origin: app.settings.origin, keys }), code.receipt_no);
  }
  return true;
}

/** A receipt by its number, at the server: one of another tablet. @param {App} app @param {string} receiptNo @param {any} list to come back to */
export async function askReceipt(app, receiptNo, list) {
  app.go("receipt", { looking: true, receipt_no: receiptNo, list });
  const looking = app.about;
  const told = await ask(app, receiptNo);
  if (app.about !== looking) return;
  if (told?.status === 200) {
    const sold = await soldThere(app, told.body);
    return app.go("receipt", { ...fresh(app, sold), sold, receipt_no: sold.receipt_no, list });
  }
  app.go("receipts", list);
  const why = told ? "unknown" : "offline";
  app.say({ tone: told ? "bad" : "wait", icon: told ? "receipt-text" : "cloud-off", title: t(`code_${why}`, { no: receiptNo }), text: t(`code_${why}_text`) });
}

/** @param {App} app @param {string} before @param {string} why @param {string} no */
function refuse(app, before, why, no) {
  app.go(before === "sell" ? "sell" : "receipts");
  play("unknown");
  app.say({ tone: "bad", icon: "receipt-text", title: t(`code_${why}`, { no }), text: t(`code_${why}_text`), stays: true });
}

/** The server's word, or null when it does not come soon. @param {App} app @param {string} receiptNo */
async function ask(app, receiptNo) {
  try {
    const late = new Promise((resolve) => setTimeout(resolve, WAIT_MS, null));
    const answer = await Promise.race([app.api.receipt(app.enrolment.token, receiptNo), late]);
    return answer && [200, 404].includes(answer.status) ? answer : null;
  } catch {
    return null;
  }
}

/** @param {App} app @param {any} told the server's answer @returns {Promise<Sold>} */
async function soldThere(app, told) {
  const backs = [...told.backs, ...((await app.store.meta(backKey(told.sale))) ?? [])];
  const { sale, sold_at, body, names, corrections } = told;
  return soldOf({ sale, at: Date.parse(sold_at), body, names: names[language()] ?? names.vi, backs, corrections, source: "server" });
}

/** What of a receipt the cart in hand takes back already. @param {App} app @param {Sold} sold */
function fresh(app, sold) {
  const mine = app.desk.cart.returns.filter((back) => back.sale === sold.sale);
  return {
    picked: Object.fromEntries(mine.map((back) => [back.line, back.qty_milli])),
    to: mine[0]?.disposition ?? "shelf",
  };
}
