// Counting notes: opening with a float, counting it later, closing blind. What should be there is said after the seal.

import { brief, NOTES, vnd } from "../money.js";
import { CLOSE_LIMIT } from "../shift.js";
import { CLOSE_REASONS, sumOf } from "../tally.js";
import { t } from "../words.js";
import { dong, html, icon, noteClass, nothing, pad, press } from "./parts.js";
import { page } from "./page.js";

/** @typedef {import("../app.js").App} App */

/**
 * @param {App} app
 * @param {{ title: string, lead: string, go: string, sign: string, test: string, done: () => void, above?: any }} about
 */
function counting(app, { title, lead, go, sign, test, done, above = nothing }) {
  const { about } = app;
  const { count } = about;
  const set = (/** @type {number} */ note, /** @type {string} */ digits) => {
    const n = Number(digits.replace(/\D/g, "").slice(0, 4));
    if (n) count[note] = n;
    else delete count[note];
    app.redraw();
  };
  const type = (/** @type {string} */ key) => set(about.note, press(String(count[about.note] ?? ""), key, 4));
  const papers = Object.values(count).reduce((/** @type {number} */ sum, n) => sum + Number(n), 0);
  return page(app, title, html`${above}<section class="blind">
    <div class="count"><p class="muted">${lead}</p><ul>
      ${NOTES.map((note) => html`<li class=${about.note === note ? "on" : ""} @click=${() => { about.note = note; app.redraw(); }}>
        <span class="paper-note ${noteClass(note)}">${brief(note)}</span><span class="muted" aria-hidden="true">×</span>
        <input class="input r" data-testid="count-${note}" inputmode=${matchMedia("(max-width: 560px)").matches ? "numeric" : "none"} autocomplete="off" maxlength="4"
          aria-label=${t("how_many", { note: brief(note) })} .value=${count[note] ? String(count[note]) : ""}
          @focus=${(/** @type {any} */ e) => { about.note = note; e.target.select(); app.redraw(); }}
          @input=${(/** @type {any} */ e) => set(note, e.target.value)}>
        <b class="num r">${count[note] ? vnd(note * count[note]) : ""}</b></li>`)}</ul></div>
    <aside><div><span class="muted">${t("counted")}</span><div class="num sum" data-testid="counted">${dong(sumOf(count))}</div>
        <span class="muted">${t("n_notes", { n: papers })}</span></div>
      ${pad(type)}
      <div class="acts"><button class="btn go" data-testid=${test} ?disabled=${about.busy} @click=${done}>${icon(sign)} ${go}</button></div></aside>
  </section>`, "counting");
}

/** Run once; the words of a trouble and another try when it fails. @param {App} app @param {() => Promise<void>} run */
async function once(app, run) {
  const { about } = app;
  if (about.busy) return;
  about.busy = true;
  app.redraw();
  try {
    await run();
  } catch (error) {
    app.sayTrouble(error);
  }
  about.busy = false;
  app.redraw();
}

// ── The float ────────────────────────────────────────────────────────

/** Open a drawer, or count the float of one that opened by itself. @param {App} app */
export function openShift(app) {
  const { about } = app;
  const later = app.shifts.uncounted && !about.keeper;
  if (about.before === undefined) {
    about.before = null;
    if (!about.keeper) app.shifts.lastCounts().then((before) => { about.before = before; app.redraw(); });
  }
  const take = (/** @type {Record<string, number>} */ count, whole = false) => once(app, async () => {
    const by = { ...app.by, count };
    const shift = later ? await app.shifts.countFloat({ ...by, id: about.id, whole })
      : await app.shifts.open({ ...by, keeper: about.keeper ?? null, keeper_name: about.keeper_name });
    app.go("sell");
    app.say({ tone: "ok", icon: "check", title: t(later ? "float_counted" : "opened", { sum: vnd(shift?.float ?? 0) }) });
    app.sender.poke();
    await app.count();
  });
  const before = /** @type {[string, Record<string, number>][]} */ (
    [["float_as_before", about.before?.float], ["float_as_closed", about.before?.closed]].filter(([, count]) => count && sumOf(count) > 0));
  return counting(app, {
    title: about.keeper ? t("kept_open_title", { name: about.keeper_name }) : t(later ? "menu_float" : "menu_shift_open"),
    lead: t(about.keeper ? "kept_open_lead" : later ? "float_lead" : "open_lead"),
    go: t(later ? "float_go" : "open_go"), sign: later ? "check" : "door-open", test: "shift-open",
    above: before.length && !Object.keys(about.count).length ? html`<div class="row wrap suggests">${before.map(([key, count]) => html`
      <button class="btn" data-testid=${key} @click=${() => take(count, true)}>${icon("coins")} ${t(key, { sum: vnd(sumOf(count)) })}</button>`)}</div>` : nothing,
    done: () => take(about.count),
  });
}

// ── The close ────────────────────────────────────────────────────────

/** @param {App} app */
export function closeShift(app) {
  const { about } = app;
  const shift = app.shifts.of(about.keeper ?? null);
  if (!shift) return page(app, t("close_title"), html`<div class="state">${icon("lock-keyhole")}<b>${t("shift_none")}</b></div>`);
  const title = shift.keeper ? t("close_kept_title", { name: shift.keeper_name ?? "" }) : t("close_title");
  const seal = async () => {
    const sealed = await app.shifts.close({
      id: about.id, ...app.by, count: about.count, keeper: about.keeper ?? null, first: about.first, reason: about.reason, approval: about.approval,
    });
    app.go("sealed", { sealed });
    app.sender.poke();
    await app.count();
  };
  /** The first count is compared in silence; too far off, it is counted once more. */
  const done = () => once(app, async () => {
    if (!(await app.shifts.tooFar(shift, about.count, app.settings.close_limit ?? CLOSE_LIMIT))) return seal();
    if (about.stage === "count") Object.assign(about, { stage: "again", first: sumOf(about.count), count: {}, note: 500_000 });
    else about.stage = "reason";
  });
  if (about.stage === "reason") return why(app, title, () => once(app, seal));
  return counting(app, {
    title, lead: t(shift.keeper ? "close_kept_lead" : "close_lead"), go: t("close_go"), sign: "lock-keyhole", test: "close-seal", done,
    above: about.stage === "again" ? html`<div class="strip wait" role="alert" data-testid="count-again">${icon("rotate-ccw")}<div class="grow"><b>${t("count_again")}</b>${t("count_again_text")}</div></div>` : nothing,
  });
}

/** Still too far off: why may it be? The sum stays unsaid. @param {App} app @param {string} title @param {() => void} seal */
function why(app, title, seal) {
  const { about } = app;
  const again = async () => {
    const allowed = await app.allow({ action: "recount", amount: null, need: { approve: true } });
    if (!allowed) return;
    Object.assign(about, { stage: "again", count: {}, note: 500_000, approval: allowed.approval });
    app.redraw();
  };
  return page(app, title, html`<section class="col why-off" data-testid="close-why">
    <div class="strip wait">${icon("circle-alert")}<div class="grow"><b>${t("still_off")}</b>${t("still_off_text")}</div></div>
    <div class="total"><b>${t("counted")}</b><span class="num" data-testid="counted">${dong(sumOf(about.count))}</span></div>
    <div class="chips" role="group" aria-label=${t("close_reason")}>${CLOSE_REASONS.map((reason) => html`<button class="btn" data-testid="close-reason-${reason}"
      aria-pressed=${about.reason === reason ? "true" : "false"} @click=${() => { about.reason = reason; app.redraw(); }}>${t(`close_reason_${reason}`)}</button>`)}</div>
    <div class="acts"><button class="btn" data-testid="count-once-more" @click=${again}>${icon("rotate-ccw")} ${t("count_once_more")}</button>
      <button class="btn go big" data-testid="close-seal" ?disabled=${!about.reason || about.busy} @click=${seal}>${icon("lock-keyhole")} ${t("close_go")}</button></div>
  </section>`);
}
