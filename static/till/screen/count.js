// Counting notes: opening with a float, closing blind. What should be there is said only after the seal.

import { timeOf } from "../clock.js";
import { brief, NOTES, vnd } from "../money.js";
import { sumOf } from "../shift.js";
import { t } from "../words.js";
import { dong, html, icon, noteClass, nothing, pad, press } from "./parts.js";
import { page } from "./menu.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app @param {{ title: string, lead: string, go: string, sign: string, test: string, done: () => void }} about */
function counting(app, { title, lead, go, sign, test, done }) {
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
  return page(app, title, html`<section class="blind">
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

/** @param {App} app */
export const openShift = (app) => counting(app, {
  title: t("menu_shift_open"), lead: t("open_lead"), go: t("open_go"), sign: "door-open", test: "shift-open",
  done: async () => {
    if (app.about.busy) return;
    app.about.busy = true;
    try {
      const shift = await app.shifts.open({ ...app.by, count: app.about.count });
      app.go("sell");
      app.say({ tone: "ok", icon: "check", title: t("opened", { sum: vnd(shift.float) }) });
      app.sender.poke();
      await app.count();
    } catch (error) {
      app.about.busy = false;
      app.sayTrouble(error);
    }
  },
});

/** @param {App} app */
export const closeShift = (app) => counting(app, {
  title: t("close_title"), lead: t("close_lead"), go: t("close_go"), sign: "lock-keyhole", test: "close-seal",
  done: async () => {
    const { about } = app;
    if (about.busy) return;
    about.busy = true;
    try {
      const sealed = await app.shifts.close({ id: about.id, ...app.by, count: about.count });
      app.go("sealed", { sealed });
      app.sender.poke();
      await app.count();
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  },
});

/** @param {App} app */
export function sealed(app) {
  const { shift, counted, expected, difference, sums, hash } = app.about.sealed;
  const tone = difference === 0 ? "lua" : difference < 0 ? "son" : "nghe";
  return page(app, t("sealed_title"), html`<div class="sealed" data-testid="sealed">
    <p class="row lua">${icon("lock-keyhole")} ${t("sealed_at", { from: timeOf(shift.opened_at), to: timeOf(app.clock.now()) })}</p>
    <div class="total"><div><b class=${tone}>${t(difference === 0 ? "fits" : difference < 0 ? "short" : "over")}</b></div>
      <span class="num ${tone}" data-testid="sealed-difference">${dong(difference)}</span></div>
    <ul class="sums">
      <li><span></span><span>${t("counted")}</span><b class="num" data-testid="sealed-counted">${vnd(counted)}</b></li>
      <li><span></span><span>${t("expected")}</span><b class="num" data-testid="sealed-expected">${vnd(expected)}</b></li>
      <li class="total-row"><span></span><span>${t("difference")}</span><b class="num">${vnd(difference)}</b></li>
      ${Object.entries(sums.tenders).filter(([, sum]) => sum !== 0).map(([kind, sum]) => html`<li><span></span><span class="muted">${t(`way_${kind}`)}</span><b class="num">${vnd(sum)}</b></li>`)}
      <li><span></span><span class="muted">${t("n_sales", { n: sums.sales })}${sums.refunds ? ` · ${t("n_refunds", { n: sums.refunds })}` : nothing}</span><b class="num">${vnd(sums.takings)}</b></li></ul>
    <p class="cap muted">${t("last_hash")} <code>${hash.slice(0, 16)}…</code></p>
    <button class="btn go big" data-testid="sealed-done" @click=${() => app.lock()}>${icon("check")} ${t("sealed_done")}</button></div>`);
}
