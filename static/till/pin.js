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
