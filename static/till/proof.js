// What the QR of a receipt proves: which goods a sale had, signed by the tablet that sold them, so that
// another tablet can take them back without a network. Bytes, big-endian: sale id 16, key id 4,
// minute 4 (Unix time / 60), number of lines 1, per line (at most 15) product number 4, qty_milli 4, paid 4,
// then the ECDSA P-256 signature 64 over all before. Same rule as pos/till/rules/proof.py.

import { base64url, fromBase64, toHex, uuidBytes } from "./ids.js";

export const MOST_LINES = 15;
const HEAD = 25;
const LINE = 12;
const SIGNATURE = 64;
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };

/** @typedef {{ number: number, qty_milli: number, paid: number }} ProofLine */
/** @typedef {{ sale: string, key: string, minute: number, lines: ProofLine[] }} Proof */
/** @typedef {{ id: string, till?: string, jwk: JsonWebKey, until?: number }} Key  until: the last minute of a stolen tablet's */

/**
 * The first four bytes of the key's thumbprint (RFC 7638), hex.
 * @param {{ crv?: string, kty?: string, x?: string, y?: string }} jwk @param {SubtleCrypto} [subtle]
 */
export async function keyIdOf({ crv, kty, x, y }, subtle = globalThis.crypto.subtle) {
  const text = JSON.stringify({ crv, kty, x, y });
  return toHex(new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(text))).slice(0, 4));
}

/** @param {Proof} proof @returns {Uint8Array} without the signature */
export function bytesOf({ sale, key, minute, lines }) {
  const kept = lines.slice(0, MOST_LINES);
  const bytes = new Uint8Array(HEAD + LINE * kept.length);
  const view = new DataView(bytes.buffer);
  bytes.set(uuidBytes(sale), 0);
  bytes.set(Uint8Array.from({ length: 4 }, (_, i) => Number.parseInt(key.slice(2 * i, 2 * i + 2), 16)), 16);
  view.setUint32(20, minute);
  view.setUint8(24, kept.length);
  kept.forEach((line, i) => {
    for (const [n, value] of [line.number, line.qty_milli, line.paid].entries()) {
      view.setUint32(HEAD + LINE * i + 4 * n, Math.min(value, 0xffffffff));
    }
  });
  return bytes;
}

/**
 * The text behind the `#` of a receipt's link.
 * @param {Proof} proof @param {CryptoKey} privateKey @param {SubtleCrypto} [subtle]
 */
export async function sign(proof, privateKey, subtle = globalThis.crypto.subtle) {
  const bytes = bytesOf(proof);
  const signature = new Uint8Array(await subtle.sign(ALGORITHM, privateKey, bytes));
  return base64url(Uint8Array.from([...bytes, ...signature]));
}

/** What a proof says, unverified; null when it is none. @param {string} text @returns {Proof | null} */
export function read(text) {
  const bytes = decoded(text);
  if (!bytes) return null;
  const view = new DataView(bytes.buffer);
  const hex = toHex(bytes.slice(0, 16));
  const sale = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  const lines = Array.from({ length: bytes[24] }, (_, i) => {
    const at = HEAD + LINE * i;
    return { number: view.getUint32(at), qty_milli: view.getUint32(at + 4), paid: view.getUint32(at + 8) };
  });
  return { sale, key: toHex(bytes.slice(16, 20)), minute: view.getUint32(20), lines };
}

/** Whether the tablet was stolen before it signed this. @param {{ until?: number }} key @param {Proof} proof */
export const isOver = ({ until }, { minute }) => until !== undefined && minute > until;

/**
 * The proof when one of the operator's keys signed it while it held; null otherwise.
 * @param {string} text @param {Key[]} keys  `keys` of the catalogue
 * @param {SubtleCrypto} [subtle] @returns {Promise<Proof | null>}
 */
export async function verify(text, keys, subtle = globalThis.crypto.subtle) {
  const proof = read(text);
  const bytes = decoded(text);
  if (!proof || !bytes) return null;
  const cut = bytes.length - SIGNATURE;
  for (const { jwk } of keys.filter((key) => key.id === proof.key && !isOver(key, proof))) {
    const { kty, crv, x, y } = jwk;
    const key = await subtle.importKey("jwk", { kty, crv, x, y }, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    if (await subtle.verify(ALGORITHM, key, bytes.slice(cut), bytes.slice(0, cut))) return proof;
  }
  return null;
}

/** @param {string} text */
function decoded(text) {
  if (!/^[0-9A-Za-z_-]+$/.test(text)) return null;
  const bytes = fromBase64(text);
  const whole = bytes.length > HEAD && bytes.length === HEAD + LINE * bytes[24] + SIGNATURE;
  return whole && bytes[24] <= MOST_LINES ? bytes : null;
}
