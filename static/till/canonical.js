// The one byte form of an event, and its hash. Written by hand: JavaScript reorders integer-like keys.
// Refuses what the contract refuses: floats, −0, NaN, U+0000, lone surrogates, foreign keys, too deep, too big.

import { toHex } from "./ids.js";

export const MAX_BYTES = 64 * 1024;
export const MAX_DEPTH = 16;
export const FIRST_PREV = "0".repeat(64);

const utf8 = new TextEncoder();

export class NotCanonical extends Error {
  /** @param {string} why @param {string} path */
  constructor(why, path) {
    super(`${why} at ${path || "the top"}`);
    this.name = "NotCanonical";
  }
}

/** @param {unknown} value @returns {string} keys sorted, no spaces, non-ASCII as it is */
export function canonical(value) {
  return write(value, "", 1);
}

/** @param {any} value @param {string} path @param {number} depth @returns {string} */
function write(value, path, depth) {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      if (!Number.isSafeInteger(value)) throw new NotCanonical("not a whole number", path);
      if (Object.is(value, -0)) throw new NotCanonical("minus zero", path);
      return String(value);
    case "string":
      if (!wellFormed(value)) throw new NotCanonical("a lone surrogate", path);
      if (value.includes("\u0000")) throw new NotCanonical("U+0000", path);
      return JSON.stringify(value);
    case "object":
      break;
    default:
      throw new NotCanonical(`a ${typeof value}`, path);
  }
  if (depth > MAX_DEPTH) throw new NotCanonical("too deep", path);
  if (Array.isArray(value)) {
    return `[${value.map((item, i) => write(item, `${path}[${i}]`, depth + 1)).join(",")}]`;
  }
  const keys = Object.keys(value).filter((key) => value[key] !== undefined).sort();
  const members = keys.map((key) => {
    if (!/^[\x01-\x7f]*$/.test(key)) throw new NotCanonical("a key outside ASCII", path);
    return `${JSON.stringify(key)}:${write(value[key], path ? `${path}.${key}` : key, depth + 1)}`;
  });
  return `{${members.join(",")}}`;
}

/** @param {string} text */
const wellFormed = (text) => !/\p{Surrogate}/u.test(text);

/** Deep copy in which every string is NFC and nothing is undefined. @param {any} value @returns {any} */
export function nfc(value) {
  if (typeof value === "string") return value.normalize("NFC");
  if (Array.isArray(value)) return value.map(nfc);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, nfc(v)]),
  );
}

/** What is hashed: the event as sent without `hash` and `private`. @param {Record<string, any>} event */
export function hashedText(event) {
  const { hash: _hash, private: _private, ...rest } = event;
  return canonical(rest);
}

/**
 * Lower-case hex SHA-256 of the canonical bytes.
 * @param {Record<string, any>} event @param {SubtleCrypto} [subtle]
 */
export async function hashOf(event, subtle = globalThis.crypto.subtle) {
  const bytes = utf8.encode(hashedText(event));
  if (bytes.length > MAX_BYTES) throw new NotCanonical(`${bytes.length} bytes, more than ${MAX_BYTES}`, "");
  return toHex(new Uint8Array(await subtle.digest("SHA-256", bytes)));
}
