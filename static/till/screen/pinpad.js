// A PIN being typed: dots, what went wrong, the pad. The same for letting in and for approving.

import { LONGEST_PIN, SHORTEST_PIN } from "../lockout.js";
import { t } from "../words.js";
import { html, pad } from "./parts.js";

/** How long to wait, in words. @param {number} ms */
export const waitWords = (ms) =>
  ms > 90_000 ? t("pin_wait_minutes", { n: Math.ceil(ms / 60_000) }) : t("pin_wait_seconds", { n: Math.ceil(ms / 1000) });

/** @param {number} typed */
export const dots = (typed) => html`<div class="dots" role="img" aria-label=${t("pin_typed", { n: typed })}>
  ${Array.from({ length: Math.min(LONGEST_PIN, Math.max(SHORTEST_PIN, typed)) }, (_, i) => html`<i class=${i < typed ? "on" : ""}></i>`)}</div>`;

/**
 * @param {import("../lockout.js").Typing} typing @param {string} test of what is said
 * @param {(key: string) => void} act a digit, "del" or "enter"
 */
export const pinPad = (typing, test, act) => html`${dots(typing.digits.length)}
  <p class="son" role="alert" data-testid=${test}>${typing.wait > 0 ? waitWords(typing.wait) : typing.wrong_now ? t(typing.wrong > 2 ? "pin_wrong_often" : "pin_wrong") : ""}</p>
  ${pad(act, "")}`;

/** Digits of a real keyboard. @param {KeyboardEvent} event @param {(key: string) => void} act */
export function pinKey(event, act) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (digit) act(digit);
  else if (event.key === "Backspace") act("del");
  else if (event.key === "Enter" && event.target === event.currentTarget) act("enter");
}
