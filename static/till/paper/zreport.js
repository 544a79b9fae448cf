// The report of a sealed drawer on paper: what the screen shows, in its language.

import { dateOf, timeOf } from "../clock.js";
import { vnd } from "../money.js";
import { language, t } from "../words.js";
import { gap, pair, row, rule, sheet, stamp, text } from "./document.js";
import { PAPER } from "./words.js";

/** @param {any} move */
const moveWords = ({ at, direction, reason, note }) =>
  [`${timeOf(Date.parse(at))} · ${t(`cash_${direction}`)}`, reason ? t(`cash_reason_${reason}`) : "", note ?? ""].filter(Boolean).join(" · ");

/** @param {import("../app.js").App} app @param {any} sealed as `Shifts.sealed` answers @returns {import("./document.js").Document} */
export function reportDocument(app, { shift, z, counted, first, reason, expected, difference, sums, hash, closed_at, staff }) {
  const { settings, till } = app;
  const who = app.people.list().find((person) => person.id === staff)?.name;
  const ways = Object.entries(sums.tenders).filter(([, sum]) => sum !== 0);
  const state = t(difference === 0 ? "fits" : difference < 0 ? "short" : "over");
  const band = settings.watermark ? [{ t: "band", k: "sample", s: PAPER[language()].sample }] : [];
  return sheet([
    ...band, { t: "mark" }, text((settings.site ?? till.site?.name ?? "").toUpperCase(), "title", "center"),
    ...[settings.operator, `${till.name} · ${till.code}`, shift.keeper_name].filter(Boolean).map((words) => text(words, "small", "center")),
    rule("thick"), pair(t("z_title"), z ?? "", "big"),
    pair(`${dateOf(shift.opened_at)} ${timeOf(shift.opened_at)} –`, stamp(closed_at), "small"), ...(who ? [text(who, "small")] : []), rule("thin"), gap,
    row(t("x_float"), vnd(sums.float)), row(t("n_sales", { n: sums.sales }) + (sums.refunds ? ` · ${t("n_refunds", { n: sums.refunds })}` : ""), vnd(sums.takings)),
    ...ways.map(([kind, sum]) => row(t(`way_${kind}`), vnd(Number(sum)))),
    ...sums.moves.map((/** @type {any} */ move) => row(moveWords(move), vnd(move.direction === "in" ? move.amount : -move.amount))),
    gap, rule("thin"), row(t("counted"), vnd(counted), "big"), row(t("expected"), vnd(expected)),
    ...(first === null ? [] : [row(t("first_counted"), vnd(first))]),
    ...(reason ? [text(`${t("close_reason")}: ${t(`close_reason_${reason}`)}`, "small")] : []),
    rule("thick"), row(state, vnd(difference), "total"), rule("thick"),
    text(`${t("last_hash")}: ${hash}`, "small"), ...band,
  ]);
}
