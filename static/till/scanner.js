// A barcode scanner that types: key events in, codes out. Enter ends a code, or silence after a burst.
// Reads `event.code` for digits and letters, so that Telex and VNI cannot change them. Never reads a text box.

/** Faster than any hand between two keys, slow enough for Bluetooth. */
const GAP_MS = 50;
const SILENCE_MS = 90;
const SHORTEST = 4;
/** Without Enter only a burst this long is a code. */
const SHORTEST_SILENT = 8;

/** @typedef {{ key: string, code: string, shift: boolean, at: number }} Key */

/** The character a key means on any keyboard layout, or "" . @param {Key} key */
export function charOf({ key, code, shift }) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  if (digit && !shift) return digit[1];
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return shift ? letter[1] : letter[1].toLowerCase();
  if (code === "Minus" && !shift) return "-";
  return key.length === 1 ? key : "";
}

/** Gathers keys into codes. Pure but for its memory: time comes with the keys. */
export class Gatherer {
  #text = "";
  #last = -Infinity;

  /** How many keys of a burst are held. */
  get length() {
    return this.#text.length;
  }

  /** Whether the keys so far came faster than a hand. */
  get isBurst() {
    return this.#text.length >= 3;
  }

  /** @param {Key} key @returns {string | null} a code, when this key ends one */
  feed(key) {
    if (key.at - this.#last > GAP_MS) this.clear();
    if (key.key === "Enter" || key.key === "Tab") {
      const code = this.#text;
      const whole = code.length >= SHORTEST;
      this.clear();
      return whole ? code : null;
    }
    const char = charOf(key);
    if (!char) return null;
    this.#text += char;
    this.#last = key.at;
    return null;
  }

  /** Call after SILENCE_MS without a key. @returns {string | null} */
  silence() {
    const code = this.#text;
    this.clear();
    return code.length >= SHORTEST_SILENT && /^\d+$/.test(code) ? code : null;
  }

  clear() {
    this.#text = "";
    this.#last = -Infinity;
  }
}

/**
 * Listen on a page. A burst that fell into a text box is taken out of it again.
 * @param {EventTarget} target @param {(code: string) => void} onCode @returns {() => void} stop
 */
export function listenForCodes(target, onCode) {
  const gatherer = new Gatherer();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {{ box: HTMLInputElement, value: string } | null} */
  let before = null;

  const restore = () => {
    if (!before) return;
    before.box.value = before.value;
    before.box.dispatchEvent(new Event("input", { bubbles: true }));
    before = null;
  };
  const found = (/** @type {string} */ code) => {
    restore();
    onCode(code);
  };
  const onKey = (/** @type {any} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const box = event.target?.matches?.("input, textarea") ? event.target : null;
    clearTimeout(timer);
    const was = gatherer.length;
    const code = gatherer.feed({ key: event.key, code: event.code, shift: event.shiftKey, at: event.timeStamp });
    if (code) {
      event.preventDefault(); // the scanner's Enter must not press the button that has the focus
      event.stopImmediatePropagation();
      found(code);
      return;
    }
    if (gatherer.length === 1 && was !== 1) before = box ? { box, value: box.value } : null;
    if (gatherer.isBurst && event.key !== "Enter") event.preventDefault();
    if (gatherer.length) {
      timer = setTimeout(() => {
        const silent = gatherer.silence();
        if (silent) found(silent);
        else before = null;
      }, SILENCE_MS);
    }
  };
  target.addEventListener("keydown", onKey, { capture: true });
  return () => target.removeEventListener("keydown", onKey, { capture: true });
}
