// Who may give money back: within the role's limit alone, above it by the PIN of somebody who may. Offline too.

import { mayAlone } from "./approval.js";
import { vnd } from "./money.js";
import { takenBack, withoutReceipt } from "./returns.js";
import { t } from "./words.js";

/** Who sells where the office has sent no list: as a cashier (pos/access/rules.py). */
const NOBODY = Object.freeze({ limits: { refund: 200_000 } });

/**
 * What has to be approved before a cart's returns are paid out; nothing when the person may do it alone.
 * A tablet that has no list of people yet gives back as much as a cashier may, and nothing without a receipt: nobody
 * can be asked.
 * @param {import("./cart.js").Cart} cart @param {any} person who sells @param {any[]} staff
 * @returns {import("./approval.js").Wanted[]}
 */
export function wantedFor(cart, person, staff) {
  const alone = staff.length ? person : NOBODY;
  const none = withoutReceipt(cart);
  const rest = takenBack(cart) - none;
  /** @type {import("./approval.js").Wanted[]} */
  const wanted = [];
  if (none > 0) wanted.push({ action: "return_without_receipt", amount: none, need: { return_without_receipt: true, refund: none }, why: t("why_without_receipt") });
  if (rest > 0) wanted.push({ action: "refund", amount: rest, need: { refund: rest }, why: t("why_refund", { limit: vnd(alone?.limits?.refund ?? 0) }) });
  return wanted.filter(({ need }) => !mayAlone(alone, /** @type {any} */ (need)));
}

/**
 * Ask for each. Null: somebody did not get a yes, and nothing is paid out.
 * @param {import("./app.js").App} app @returns {Promise<import("./approval.js").Approval[] | null>}
 */
export async function allowReturns(app) {
  const given = [];
  for (const wanted of wantedFor(app.desk.cart, app.staff, app.catalogue.about.staff)) {
    const approval = await app.approve(wanted);
    if (!approval) return null;
    given.push(approval);
  }
  return given;
}
