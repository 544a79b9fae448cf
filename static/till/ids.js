// Names for things: UUIDv7 that grow even within one millisecond, and base64url for QR links.

let last = 0;
let counter = 0;

/**
 * A UUIDv7. Ids made by this page are strictly increasing, also when the clock steps back.
 * @param {number} [nowMs] @param {(bytes: Uint8Array) => Uint8Array} [random]
 */
export function uuid7(nowMs = Date.now(), random = (bytes) => crypto.getRandomValues(bytes)) {
  const bytes = random(new Uint8Array(16));
  if (nowMs > last) {
    last = nowMs;
    counter = ((bytes[6] & 0x07) << 8) | bytes[7]; // room to count up: the top bit of 12 stays 0
  } else if (++counter > 0xfff) {
    last += 1;
    counter = 0;
  }
  let ms = last;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @param {Uint8Array} bytes */
export const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** The 16 bytes of a UUID. @param {string} uuid */
export function uuidBytes(uuid) {
  const hex = uuid.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** @param {Uint8Array} bytes */
export const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** @param {string} text base64, plain or url-safe */
export const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
