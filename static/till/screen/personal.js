// How this person likes the tablet: language, theme, size of text, the change said aloud. Kept for them on it.

import { SIZES, setPrefs, spokenChange, textSize } from "../prefs.js";
import { canSpeak, say, spoken } from "../speech.js";
import { language, t, theme } from "../words.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function personal(app) {
  const set = (/** @type {Partial<import("../prefs.js").Prefs>} */ change) => { setPrefs(change); app.redraw(); };
  const choice = (/** @type {string} */ sign, /** @type {string} */ name, /** @type {any} */ tabs) =>
    html`<div class="row entry choice">${icon(sign)}<span class="grow">${t(`menu_${name}`)}</span><div class="row" role="group" aria-label=${t(`menu_${name}`)}>${tabs}</div></div>`;
  const tab = (/** @type {string} */ test, /** @type {boolean} */ on, /** @type {any} */ words, /** @type {() => void} */ run, label = "") =>
    html`<button class="tab" data-testid=${test} aria-pressed=${on ? "true" : "false"} aria-label=${label || nothing} @click=${run}>${words}</button>`;
  const voice = canSpeak();
  return html`
    ${choice("languages", "language", (app.settings.languages ?? ["vi", "en"]).map((/** @type {string} */ code) =>
      tab(`language-${code}`, language() === code, code === "vi" ? "Tiếng Việt" : "English", () => set({ language: code }))))}
    ${choice("sun-moon", "theme", ["auto", "light", "dark"].map((name) => tab(`theme-${name}`, theme() === name, t(`theme_${name}`), () => set({ theme: name }))))}
    ${choice("eye", "size", SIZES.map((size, i) => tab(`size-${size}`, textSize() === size, `A${"+".repeat(i)}`, () => set({ size }), `A${"+".repeat(i)}: ${t(`size_${size}`)}`)))}
    ${choice("hand-coins", "spoken", [false, true].map((on) => tab(`spoken-${on ? "on" : "off"}`, spokenChange() === on, t(on ? "on" : "off"), () => {
      set({ spoken: on });
      if (on && voice) say(t("change_aloud", { sum: spoken(25_000) }));
    })))}
    ${spokenChange() && !voice ? html`<p class="cap nghe entry-note" data-testid="no-voice">${t("no_voice")}</p>` : nothing}`;
}
