// How a person likes this tablet: language, theme, size of text, change spoken aloud. Remembered per person on it.

import { language, setLanguage, setTheme, theme } from "./words.js";

export const SIZES = ["a", "a1", "a2"];
const NOBODY = "-";

/** @typedef {{ language: string, theme: string, size: string, spoken: boolean }} Prefs */

/** @param {string | null | undefined} staff */
const key = (staff) => `till.prefs.${staff ?? NOBODY}`;

let whose = NOBODY;
let size = "a";
let aloud = false;

export const textSize = () => size;
export const spokenChange = () => aloud;

/** @param {string} wanted */
function show(wanted) {
  size = SIZES.includes(wanted) ? wanted : "a";
  document.documentElement.dataset.text = size;
}

/** What the tablet is like now becomes this person's. */
function keep() {
  localStorage.setItem(key(whose), JSON.stringify({ language: language(), theme: theme(), size, spoken: aloud }));
}

/** Somebody sells now: the tablet becomes as they left it; who is new here finds it as it is. @param {string | null} staff */
export function usePrefs(staff) {
  whose = staff ?? NOBODY;
  /** @type {Partial<Prefs>} */
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(key(whose)) ?? "{}") ?? {};
  } catch {
    // what cannot be read is as if it were not there
  }
  if (kept.language) setLanguage(kept.language);
  if (kept.theme) setTheme(kept.theme);
  show(kept.size ?? size);
  aloud = kept.spoken ?? aloud;
}

/** @param {Partial<Prefs>} change */
export function setPrefs(change) {
  if (change.language) setLanguage(change.language);
  if (change.theme) setTheme(change.theme);
  if (change.size) show(change.size);
  if (change.spoken !== undefined) aloud = change.spoken;
  keep();
}
