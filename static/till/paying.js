// The verbs of a payment that is not one tap: parts of a sum, who owes, a transfer seen later, a wrong tender mended.
// Joins the pure rules of `tenders.js`, the desk and the log for the screens; draws nothing.

import { makersIn } from "./makers.js";
import { openReceipt } from "./receipts.js";
import { standOf, paidBy, privateOf, extrasOf, withPart } from "./tenders.js";
import { language, t } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./tenders.js").Part} Part */
/**
 * A sum being put together: of the sale in hand, or of a wrong tender.
 * @typedef {{ total: number, step: number, parts: Part[], keep: (parts: Part[]) => void, approve: (approval: any) => void,
 *   done: () => Promise<void>, makers: { id: string, name: string, paid: number }[], mends: boolean }} Sum
 */

/** @param {App} app @returns {Sum} */
export function sumInHand(app) {
  const { desk } = app;
  const { total, lines } = desk.totals;
  return {
    total, step: desk.step, parts: desk.cart.parts ?? [], mends: false,
    keep: (parts) => desk.keepParts(parts),
    approve: (approval) => desk.keepApproval(approval),
    done: () => app.pay(paidBy(desk.cart.parts ?? []), true),
    makers: makersIn(app.catalogue, desk.cart.lines.map((line, i) => ({ product: line.product, paid: lines[i].paid }))),
  };
}

/** @param {App} app the page "mend": `about` holds the sale's row and the wrong tender @returns {Sum} */
export function sumMended(app) {
  const { about } = app;
  return {
    total: about.tender.amount, step: 0, parts: about.parts, mends: true,
    keep: (parts) => { about.parts = parts; },
    approve: (approval) => { about.approval = approval; },
    done: () => mend(app),
    makers: makersIn(app.catalogue, about.row.event.body.lines),
  };
}

/** What was typed, or nothing. @param {App} app */
const typedIn = (app) => Number(app.about.digits) || null;

/**
 * One more part, of what was typed or of all that is left. The second tap of a double tap does nothing.
 * @param {App} app @param {Sum} sum @param {Partial<Part> & { kind: string }} part
 */
export function take(app, sum, part) {
  if (app.fresh) return;
  const typed = "amount" in part ? part.amount : typedIn(app);
  sum.keep(withPart(sum.total, sum.parts, { state: "seen", ...part, amount: 0, typed }, sum.step));
  app.about.digits = "";
  app.about.pick = null;
  app.freshen();
}

/** @param {App} app @param {Sum} sum @param {Part} part */
export function drop(app, sum, part) {
  sum.keep(sum.parts.filter((one) => one !== part));
  app.freshen();
}

/** A VietQR of a part: of what was typed, or of the rest. @param {App} app @param {Sum} sum */
export async function showQr(app, sum) {
  if (app.fresh || !app.settings.vietqr) return;
  const { left } = standOf(sum.total, sum.parts, sum.step);
  const amount = Math.min(typedIn(app) ?? left, left);
  if (amount <= 0) return;
  const content = await app.desk.transferContent();
  app.show("qr", { content, shown_at: app.clock.now(), sum: amount, part: true });
}

/**
 * The transfer on the screen is paid, or the customer leaves and nobody has seen the money yet.
 * @param {App} app @param {"shown" | "seen"} state
 */
export async function finishQr(app, state) {
  const { sum: amount, part, content: reference } = app.about;
  if (app.fresh) return;
  if (!part) {
    await app.pay({ other: [{ kind: "vietqr", amount, reference, state }] }, true);
    return countUnseen(app);
  }
  const sum = sumInHand(app);
  sum.keep(withPart(sum.total, sum.parts, { kind: "vietqr", amount: 0, typed: amount, state, reference }, sum.step));
  app.show("split", { digits: "", pick: null });
}

/**
 * A named customer pays later: somebody with the right says yes to this sum.
 * @param {App} app @param {Sum} sum @param {{ id?: string, name: string, phone: string }} buyer
 */
export async function takeOwed(app, sum, { id, name, phone }) {
  const { pick } = app.about;
  if (app.fresh || !name.trim() || pick?.busy) return;
  const { left } = standOf(sum.total, sum.parts, sum.step);
  const amount = Math.min(pick.typed ?? left, left);
  pick.busy = true;
  const approval = await app.approve({ action: "owed", amount, need: { approve: true }, why: t("owed_why", { name: name.trim() }) });
  pick.busy = false;
  if (!approval) return app.redraw();
  sum.approve(approval);
  take(app, sum, {
    kind: pick.kind, amount, customer: id ?? app.newId(), note: name.trim(), buyer: { name: name.trim(), phone: phone.trim() },
  });
}

/** Who owed at this tablet lately, the newest first. @param {App} app @returns {Promise<{ id: string, name: string, phone: string }[]>} */
export async function owedBefore(app) {
  const rows = [...(await app.store.latest("sale", 500)), ...(await app.store.latest("tender.correct", 100))];
  /** @type {Map<string, any>} */
  const found = new Map();
  for (const { event } of rows) {
    for (const [id, buyer] of Object.entries(event.private?.customers ?? {})) if (!found.has(id)) found.set(id, { id, ...buyer });
  }
  return [...found.values()].slice(0, 6);
}

/** The office's count of money on its way, for the pill. @param {App} app */
export async function countUnseen(app) {
  app.unseen = await app.mending.unseen();
  app.redraw();
}

/** @param {App} app @param {{ row: any, tender: any }} one */
export async function seeTransfer(app, { row, tender }) {
  try {
    if (!(await app.mending.markSeen(row, tender, app.by))) return;
    app.sender.poke();
    await Promise.all([countUnseen(app), app.count()]);
  } catch (error) {
    app.sayTrouble(error);
  }
}

/** @param {App} app */
async function mend(app) {
  const { about } = app;
  const { row, tender, parts, reason } = about;
  if (app.fresh || about.busy || !standOf(tender.amount, parts, 0).done) return;
  about.busy = true;
  try {
    const alone = app.staff?.limits?.refund ?? 0;
    if (tender.kind === "cash" && tender.amount > alone && !about.approval) {
      about.approval = await app.approve({ action: "cash", amount: tender.amount, need: { refund: tender.amount }, why: t("mend_why") });
      if (!about.approval) { about.busy = false; return app.redraw(); }
    }
    const tenders = parts.map((/** @type {Part} */ part) => ({
      id: app.newId(), kind: part.kind, amount: part.amount, state: part.state ?? "seen", ...extrasOf(part),
    }));
    await app.mending.correct(row, tender, tenders, {
      ...app.by, reason: reason || t("mend_reason"), approval: about.approval, private: privateOf(parts),
    });
    await openReceipt(app, row);
    app.say({ tone: "ok", icon: "check", title: t("mended"), text: t("mended_text", { no: row.event.body.receipt_no }) });
    app.sender.poke();
    await Promise.all([countUnseen(app), app.count()]);
  } catch (error) {
    about.busy = false;
    app.sayTrouble(error);
  }
}

/** A tender in words: the operator's name of it, with whose it is. @param {App} app @param {any} tender */
export function wayOf(app, tender) {
  const found = (app.settings.tender_kinds ?? []).find((/** @type {any} */ kind) => kind.code === tender.kind);
  const own = (language() === "en" && found?.name_en) || found?.name;
  const key = `way_${tender.kind}`;
  const usual = t(key);
  const name = own || (usual === key ? tender.kind : usual);
  const whose = tender.note
    ?? (app.settings.voucher_issuers ?? []).find((/** @type {any} */ issuer) => issuer.id === tender.issuer)?.name;
  return `${name}${whose ? ` · ${whose}` : ""}${tender.state === "shown" ? ` · ${t("not_seen_yet")}` : ""}`;
}
