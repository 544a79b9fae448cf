// Which language and which theme this tablet speaks, and a sentence by its name.

import { WORDS } from "./sentences.js";

const LANGUAGES = ["vi", "en"];

/** @param {string} name @param {string} otherwise */
const kept = (name, otherwise) => globalThis.localStorage?.getItem(`till.${name}`) ?? otherwise;

let spoken = Math.max(0, LANGUAGES.indexOf(kept("language", "vi")));

export const language = () => LANGUAGES[spoken];

/** @param {string} code */
export function setLanguage(code) {
  spoken = Math.max(0, LANGUAGES.indexOf(code));
  localStorage.setItem("till.language", language());
  document.documentElement.lang = language();
}

export const theme = () => kept("theme", "auto");

/** @param {string} name auto, light or dark */
export function setTheme(name) {
  localStorage.setItem("till.theme", name);
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

/** @param {string} key @param {Record<string, string | number>} [facts] */
export function t(key, facts = {}) {
  const words = WORDS[key] ?? (key.startsWith("role_") ? WORDS.role_other : [key, key]);
  return words[spoken].replace(/\{(\w+)\}/g, (_, name) => String(facts[name] ?? ""));
}
