// When nothing reaches the server for hours: the unsent events, sealed for the server alone, as a file or a run of QR codes.
// Any tablet of the operator or the office may carry them; nobody on the way can read or change them. Deletes nothing.

import { base64url } from "./ids.js";

const MAGIC = "OCOPR1";
const AT_ONCE = 150; // events in one sealed parcel: far below what a request may hold
const CHUNK = 620; // characters in one code: still read from a scratched screen
const utf8 = new TextEncoder();

/** From here on the till proposes it. */
export const PROPOSE_EVENTS = 20;
export const PROPOSE_MS = 2 * 3600_000;

/** @param {{ events: number, oldest_at: number | null }} unsent @param {number} now */
export const shouldPropose = (unsent, now) =>
  unsent.events >= PROPOSE_EVENTS || (unsent.events > 0 && now - (unsent.oldest_at ?? now) >= PROPOSE_MS);

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Uint8Array} bytes */
async function zipped(bytes) {
  const stream = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {JsonWebKey} key the server's public key @param {string} device @param {any[]} events as they would be sent
 * @returns {Promise<string>} base64url; the form is that of pos/till/rules/rescue.py
 */
export async function seal(key, device, events, subtle = globalThis.crypto.subtle) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await subtle.importKey("jwk", key, curve, false, []);
  const mine = await subtle.generateKey(curve, false, ["deriveBits"]);
  const point = new Uint8Array(await subtle.exportKey("raw", mine.publicKey));
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const stretched = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const cipherKey = await subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: point, info: utf8.encode(`ocop rescue 1 ${device}`) },
    stretched, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const head = joined([utf8.encode(MAGIC), point]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = await zipped(utf8.encode(JSON.stringify({ events })));
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: head }, cipherKey, /** @type {any} */ (plain));
  return base64url(joined([head, nonce, new Uint8Array(sealed)]));
}

/**
 * Everything of one log that still waits, in parcels.
 * @param {{ waiting(device: string, limit: number): Promise<import("./log.js").Row[]> }} store
 * @param {JsonWebKey} key @param {string} device @returns {Promise<{ device: string, cipher: string }[]>}
 */
export async function parcels(store, key, device) {
  const rows = await store.waiting(device, 100_000);
  const made = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    made.push({ device, cipher: await seal(key, device, rows.slice(at, at + AT_ONCE).map((row) => row.event)) });
  }
  return made;
}

/** The text of the file. @param {{ device: string, cipher: string }[]} made @param {string} till @param {number} at */
export const fileOf = (made, till, at) => JSON.stringify({ ocop_rescue: 1, till, at: new Date(at).toISOString(), parcels: made });

/**
 * One parcel as texts for QR codes: `OCOPR1/<parcel>/<i>/<n>/<device>/<part>`.
 * @param {{ device: string, cipher: string }} parcel
 */
export function codesOf({ device, cipher }) {
  const name = cipher.slice(-8); // of the authentication tag: another parcel, another name
  const n = Math.ceil(cipher.length / CHUNK);
  return Array.from({ length: n }, (_, i) =>
    `${MAGIC}/${name}/${i + 1}/${n}/${device}/${cipher.slice(i * CHUNK, (i + 1) * CHUNK)}`);
}

/** Gathers a run of codes in any order, each as often as it is seen; several parcels at once. */
export class Gatherer {
  /** @type {Map<string, { device: string, n: number, parts: Map<number, string> }>} */
  #runs = new Map();

  /**
   * @param {string} text what a camera, a scanner or a person read
   * @returns {{ have: number, of: number, whole: { device: string, cipher: string } | null } | null} null: no code of ours
   */
  take(text) {
    const found = /^OCOPR1\/([\w-]{8})\/(\d{1,4})\/(\d{1,4})\/([0-9a-f-]{36})\/([\w-]+)$/.exec(text.trim());
    if (!found) return null;
    const [, name, i, n, device, part] = found;
    if (Number(i) < 1 || Number(i) > Number(n)) return null;
    const run = this.#runs.get(name) ?? { device, n: Number(n), parts: new Map() };
    if (run.n !== Number(n) || run.device !== device) return null;
    this.#runs.set(name, run);
    run.parts.set(Number(i), part);
    if (run.parts.size < run.n) return { have: run.parts.size, of: run.n, whole: null };
    const cipher = Array.from({ length: run.n }, (_, k) => run.parts.get(k + 1)).join("");
    return { have: run.n, of: run.n, whole: { device, cipher } };
  }
}

/**
 * Parcels of a neighbour, kept on this tablet until the server has them: it may have no network either.
 * @param {{ meta(key: string): Promise<any>, setMeta(key: string, value: any): Promise<void> }} store
 * @param {{ device: string, cipher: string }} parcel
 */
export async function keepRelay(store, parcel) {
  const kept = (await store.meta("relay")) ?? [];
  if (!kept.some((/** @type {any} */ other) => other.cipher === parcel.cipher)) await store.setMeta("relay", [...kept, parcel]);
}

/**
 * Bring them to the server; what it took, or can never open, is let go.
 * @param {{ meta(key: string): Promise<any>, setMeta(key: string, value: any): Promise<void> }} store
 * @param {(parcel: { device: string, cipher: string }) => Promise<{ status: number, body: any }>} send
 * @returns {Promise<{ taken: number, refused: any[], left: number }>}
 */
export async function sendRelays(store, send) {
  const told = { taken: 0, refused: /** @type {any[]} */ ([]), left: 0 };
  for (const parcel of (await store.meta("relay")) ?? []) {
    const answer = await send(parcel).catch(() => null);
    const done = answer?.status === 200 && Number.isInteger(answer.body?.received_through);
    const never = answer !== null && [400, 404].includes(answer.status) && Boolean(answer.body?.error);
    if (done) told.taken += answer.body.results.length;
    else if (never) told.refused.push(answer.body);
    else {
      told.left += 1;
      continue;
    }
    const kept = (await store.meta("relay")) ?? [];
    await store.setMeta("relay", kept.filter((/** @type {any} */ other) => other.cipher !== parcel.cipher));
  }
  return told;
}
