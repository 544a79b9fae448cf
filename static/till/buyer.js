// Who an invoice is for, as the cashier types it. The buyer travels in the event's `private`, outside the hash;
// the body has only a salted digest. Same rules as pos/till/rules/buyers.py.

import { canonical } from "./canonical.js";
import { dayOf } from "./clock.js";
import { toHex } from "./ids.js";

/** @typedef {{ name: string, code: string, address: string, email: string }} Buyer */

const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/** "0314409058-002" → "0314409058002"; anything else stays. @param {string} text */
export const plainCode = (text) => {
  const bare = text.replace(/[ .-]/g, "");
  return /^\d+$/.test(bare) ? bare : text.trim();
};

/** 10, 12 or 13 digits; a branch is never 000. @param {string} code */
export const isCode = (code) => /^(\d{10}|\d{12}|\d{13})$/.test(code) && !(code.length === 13 && code.endsWith("000"));

/** Whether the check digit fits; a personal number of 12 digits has none. @param {string} code */
export const checkFits = (code) =>
  code.length === 12 || Number(code[9]) === 10 - (WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(code[i]), 0) % 11);

/** What is wrong, by field: a sentence's name. @param {Buyer} buyer @param {string} sure the code sent once already */
export function wrongIn({ name, code, address, email }, sure) {
  /** @type {Record<string, string>} */
  const wrong = {};
  if (!name.trim()) wrong.name = "buyer_needed";
  if (!address.trim()) wrong.address = "buyer_needed";
  const bare = plainCode(code);
  if (!isCode(bare)) wrong.code = "buyer_code_wrong";
  else if (!checkFits(bare) && sure !== bare) wrong.code = "buyer_check";
  if (!/^[^@\s<>"']{1,64}@[^@\s<>"']+\.[^@\s<>"'.]{2,}$/.test(email.trim())) wrong.email = "buyer_email_wrong";
  return wrong;
}

/** Until the end of the business day. @param {string} day of the sale @param {number} now ms */
export const mayAsk = (day, now) => dayOf(now) <= day;

/** @param {Buyer} buyer @param {string} salt @param {SubtleCrypto} [subtle] */
export async function digestOf(buyer, salt, subtle = globalThis.crypto.subtle) {
  return toHex(new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(canonical({ buyer, salt })))));
}

/** @param {Buyer} typed @returns {Buyer} */
export const cleaned = ({ name, code, address, email }) => {
  const tidy = (/** @type {string} */ text) => text.normalize("NFC").trim().replace(/\s+/g, " ");
  return { name: tidy(name), code: plainCode(code), address: tidy(address), email: email.trim() };
};

/**
 * The event's body and private part.
 * @param {string} sale @param {Buyer} buyer cleaned @param {(bytes: Uint8Array) => Uint8Array} [random]
 */
export async function requestOf(sale, buyer, random = (bytes) => crypto.getRandomValues(bytes)) {
  const salt = toHex(random(new Uint8Array(16)));
  return { body: { sale, buyer_sha256: await digestOf(buyer, salt) }, private: { buyer, salt } };
}
