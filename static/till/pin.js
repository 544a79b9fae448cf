// A PIN opens the till to a name; it never opens the office. Checked here, so it works without the network.

import { fromBase64 } from "./ids.js";

/**
 * @param {string} typed @param {{ salt: string, iterations: number, hash: string }} pin base64, PBKDF2-SHA-256
 * @param {SubtleCrypto} [subtle]
 */
export async function pinFits(typed, pin, subtle = globalThis.crypto.subtle) {
  const wanted = fromBase64(pin.hash);
  const key = await subtle.importKey("raw", new TextEncoder().encode(typed), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromBase64(pin.salt), iterations: pin.iterations };
  const got = new Uint8Array(await subtle.deriveBits(how, key, wanted.length * 8));
  return got.reduce((differs, byte, i) => differs | (byte ^ wanted[i]), 0) === 0;
}

export const ITERATIONS = 210_000;

/** What a tablet keeps of a new PIN: never the PIN. @param {string} typed @param {SubtleCrypto} [subtle] */
export async function pinOf(typed, subtle = globalThis.crypto.subtle) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await subtle.importKey("raw", new TextEncoder().encode(typed), "PBKDF2", false, ["deriveBits"]);
  const bits = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS }, key, 256);
  return { salt: toBase64(salt), iterations: ITERATIONS, hash: toBase64(new Uint8Array(bits)) };
}

/** @param {Uint8Array} bytes */
const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** What is wrong with a new PIN, as pos/access/rules.py has it: null, "digits" or "weak". @param {string} pin */
export function pinTrouble(pin) {
  if (!/^\d{4,6}$/.test(pin)) return "digits";
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  const run = steps.size === 1 && [0, 1, -1].includes([...steps][0]);
  const pairs = pin.length % 2 === 0 && new Set(pin.match(/../g)).size === 1;
  return run || pairs || /^(19|20)\d\d$/.test(pin) ? "weak" : null;
}
