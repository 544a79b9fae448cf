// What only the server can know and the cashier should hear later: goods that came back here had come back elsewhere too.

import { t } from "./words.js";

const TOO_MUCH = "returned_too_much";

/** A refund of a receipt of which more has come back than was sold. Without a receipt nothing was sold: no news. @param {any} row of the log */
export const tooMuch = (row) =>
  (row?.flags ?? []).includes(TOO_MUCH) && (row.event.body.returns ?? []).some((/** @type {any} */ back) => back.sale !== null);

/**
 * The server has answered for events: say what concerns the cashier. The money given stands; the office has its flag.
 * @param {import("./app.js").App} app @param {{ id: string, flags?: string[] }[]} results
 */
export async function hearAnswers(app, results) {
  for (const { id, flags } of results.filter((each) => each.flags?.includes(TOO_MUCH))) {
    const row = await app.store.find(id);
    if (!tooMuch({ ...row, flags })) continue;
    app.say({
      tone: "wait", icon: "undo-2", stays: true, title: t("too_much", { no: row.event.body.receipt_no }), text: t("too_much_text"),
    });
  }
}
