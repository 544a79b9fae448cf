// What a picture says: barcodes and QR codes in it. The browser's own BarcodeDetector where it knows all our formats,
// else zxing in WebAssembly, loaded when the camera first opens. Knows no goods. See docs/decisions/0018.

export const FORMATS = ["ean_13", "ean_8", "upc_a", "code_128", "qr_code"];
const ZXING = new URL("../vendor/zxing-wasm-3.1.4/", import.meta.url).href;
const NAMES = /** @type {Record<string, string>} */ ({ EAN13: "ean_13", EAN8: "ean_8", UPCA: "upc_a", Code128: "code_128", QRCode: "qr_code" });
/** Wide enough for an EAN at arm's length, small enough for a cheap tablet. */
const WIDEST = 960;

/** @typedef {{ text: string, format: string }} Seen */
/** @typedef {(video: HTMLVideoElement) => Promise<Seen[]>} Reader */

/** Whether the browser reads all our formats by itself. */
export async function isNative(detector = /** @type {any} */ (globalThis).BarcodeDetector) {
  if (!detector) return false;
  const known = await detector.getSupportedFormats().catch(() => []);
  return FORMATS.every((format) => known.includes(format));
}

/** @returns {Promise<Reader>} */
export async function makeReader() {
  return (await isNative()) ? nativeReader() : zxingReader();
}

/** @returns {Reader} */
function nativeReader() {
  const detector = new /** @type {any} */ (globalThis).BarcodeDetector({ formats: FORMATS });
  return async (video) => {
    const found = await detector.detect(video);
    return found.map((/** @type {any} */ { rawValue, format }) => ({ text: rawValue, format }));
  };
}

/** @returns {Promise<Reader>} */
async function zxingReader() {
  const { prepareZXingModule, readBarcodes } = await import(`${ZXING}reader/index.js`);
  const wasm = `${ZXING}zxing_reader.wasm`;
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), {
      formats: Object.keys(NAMES), tryHarder: true, maxNumberOfSymbols: 4,
    });
    return found.filter((/** @type {any} */ one) => one.isValid !== false && one.text)
      .map((/** @type {any} */ one) => ({ text: one.text, format: NAMES[one.format] ?? "other" }));
  };
}

/** A code may be written in other ways: UPC-A is an EAN-13 with a 0 before it. @param {Seen} seen @returns {string[]} */
export function spellings({ text, format }) {
  if (format === "upc_a" && text.length === 12) return [text, `0${text}`];
  if ((format === "upc_a" || format === "ean_13") && /^0\d{12}$/.test(text)) return [text, text.slice(1)];
  return [text];
}

/** A code counts when it comes into the picture; while it stays, a picture missed or blurred is no new one. */
export class Sightings {
  /** @type {Map<string, { last: number, missed: number }>} when each was last seen, and in how many pictures not since */
  #seen = new Map();

  /** @param {number} goneMs unseen this long, and in two pictures: it has left. A slow tablet takes longer for one picture. */
  constructor(goneMs = 700) {
    this.goneMs = goneMs;
  }

  /** @param {Seen[]} found @param {number} at ms @returns {Seen[]} those that came in */
  take(found, at) {
    for (const [text, one] of this.#seen) if (one.missed >= 2 && at - one.last > this.goneMs) this.#seen.delete(text);
    const came = found.filter(({ text }, n) => !this.#seen.has(text) && found.findIndex((one) => one.text === text) === n);
    for (const one of this.#seen.values()) one.missed += 1;
    for (const { text } of found) this.#seen.set(text, { last: at, missed: 0 });
    return came;
  }

  /** The camera opens again: nothing has been seen yet. */
  clear() {
    this.#seen.clear();
  }
}
