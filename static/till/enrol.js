// A tablet becomes a till: by a code the office shows, once, with a key of its own that cannot leave it.
// Old enrolments stay on the disk with their logs and tokens: what they hold is still sent.

/** "k7qf 2m9x" → "K7QF-2M9X"; what is not yet whole stays as far as it goes. @param {string} typed */
export function codeOf(typed) {
  const letters = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, 8);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}

/** @param {string} code */
export const isWhole = (code) => /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code);

/** The code in `/till/#enrol=K7QF-2M9X`. @param {string} hash */
export function codeInHash(hash) {
  const found = /^#enrol=([^&]+)/.exec(hash);
  return found ? codeOf(decodeURIComponent(found[1])) : null;
}

/** The code of a pairing QR, or null. @param {string} text */
export function codeInLink(text) {
  const at = text.indexOf("#enrol=");
  const code = at >= 0 ? codeInHash(text.slice(at)) : codeOf(text);
  return code && isWhole(code) && (at >= 0 || text.trim().length <= 9) ? code : null;
}

/** @param {string} tillCode "HK03A" → "A" */
export const letterOf = (tillCode) => tillCode.slice(-1);

/**
 * @param {string} code
 * @param {{ api: import("./api.js").Api, store: any, newId: () => string, subtle?: SubtleCrypto, now?: () => number }} ports
 * @returns {Promise<{ enrolment?: any, refused?: any }>} a thrown error means "not reached"
 */
export async function enrol(code, { api, store, newId, subtle = globalThis.crypto.subtle, now = Date.now }) {
  // The same device asks again with the same code when the first answer was lost.
  let pending = await store.meta("pending");
  if (pending?.code !== code) {
    const keys = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    pending = { code, device: newId(), keys };
    await store.setMeta("pending", pending);
  }
  const { kty, crv, x, y } = await subtle.exportKey("jwk", pending.keys.publicKey);
  const answer = await api.enrol({ code, device: pending.device, public_key: { kty, crv, x, y } });
  if (answer.status !== 200 && answer.status !== 201) return { refused: { status: answer.status, ...answer.body } };

  const before = await store.enrolments();
  const enrolled_at = Math.max(now(), ...before.map((/** @type {any} */ e) => e.enrolled_at + 1));
  const { device, token, till, rescue } = answer.body;
  const enrolment = { device, token, till, rescue: rescue ?? null, keys: pending.keys, enrolled_at };
  await store.saveEnrolment(enrolment);
  await store.setMeta("pending", null);
  return { enrolment };
}
