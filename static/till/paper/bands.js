// A picture of black and white dots as ESC/POS: bands of at most 256 rows, long white runs fed, as the server makes
// them (pos/receipts/escpos_bytes.py; tests/vectors/receipt-bands.json binds both). Pure.

const BAND_ROWS = 256;
const FEED_FROM = 16; // white rows worth a feed instead of a band
const MOST_FEED = 255;
const REAL_TIME = [0x04, 0x05, 0x14]; // after DLE printers act on these even inside an image

export const INIT = Uint8Array.of(0x1b, 0x40);
export const PULSE = Uint8Array.of(0x1b, 0x70, 0x00, 0x32, 0x32);
export const CUT = Uint8Array.of(0x1b, 0x64, 0x06, 0x1d, 0x56, 0x01); // six lines out, then a partial cut

/** @param {Uint8Array[]} parts */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** ESC J, as often as it takes. @param {number} rows */
function feed(rows) {
  const parts = [];
  for (; rows > 0; rows -= MOST_FEED) parts.push(Uint8Array.of(0x1b, 0x4a, Math.min(rows, MOST_FEED)));
  return joined(parts);
}

/**
 * Inked stretches [from, to), short white runs between them included.
 * @param {Uint8Array} packed @param {number} across bytes of a row @param {number} height
 */
function stretches(packed, across, height) {
  const inked = (/** @type {number} */ row) => packed.subarray(row * across, (row + 1) * across).some(Boolean);
  /** @type {[number, number][]} */
  const found = [];
  for (let start = 0; start < height;) {
    const ink = inked(start);
    let end = start + 1;
    while (end < height && inked(end) === ink) end += 1;
    const last = found.at(-1);
    if (ink || (end - start < FEED_FROM && last)) {
      if (last && last[1] === start) last[1] = end;
      else found.push([start, end]);
    }
    start = end;
  }
  return found;
}

/**
 * Rows of dots, 1 is black, the highest bit left.
 * @param {Uint8Array} packed @param {number} across bytes of a row @param {number} height
 */
export function rasterBytes(packed, across, height) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let at = 0;
  for (const [start, end] of stretches(packed, across, height)) {
    parts.push(feed(start - at));
    for (let top = start; top < end; top += BAND_ROWS) {
      const bottom = Math.min(top + BAND_ROWS, end);
      const rows = bottom - top;
      parts.push(Uint8Array.of(0x1d, 0x76, 0x30, 0x00, across & 255, across >> 8, rows & 255, rows >> 8));
      const band = packed.slice(top * across, bottom * across);
      for (let i = 0; i + 1 < band.length; i++) if (band[i] === 0x10 && REAL_TIME.includes(band[i + 1])) band[i] = 0x30;
      parts.push(band);
    }
    at = end;
  }
  parts.push(feed(height - at));
  return joined(parts);
}

/**
 * What goes to the printer: the drawer first, and only if document and printer say so.
 * @param {import("./document.js").Document} document @param {{ packed: Uint8Array, across: number, height: number }} picture
 * @param {boolean} drawer
 */
export function documentBytes(document, { packed, across, height }, drawer) {
  const has = (/** @type {string} */ t) => document.blocks.some((block) => block.t === t);
  return joined([
    INIT, ...(drawer && has("drawer") ? [PULSE] : []), rasterBytes(packed, across, height), ...(has("cut") ? [CUT] : []),
  ]);
}
