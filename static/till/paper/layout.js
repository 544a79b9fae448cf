// Where everything of a receipt document stands on 384 or 576 dots: the measures and breaks of pos/receipts/raster.py.
// Pure: widths of words come from `measure`, the code's modules from `modules`; what comes out is a list of strokes.

import { nfc } from "./words.js";

/** @typedef {(words: string, px: number, bold: boolean) => number} Measure  the width of one word in dots */
/**
 * @typedef {{ op: "words", x: number, y: number, s: string, px: number, bold: boolean, white: boolean, space: number }
 *   | { op: "box", x: number, y: number, w: number, h: number }
 *   | { op: "star" | "mark", x: number, y: number, side: number }} Stroke
 */

const WIDE = { small: 21, normal: 24, big: 27, title: 32, total: 68 };
const NARROW = { small: 20, normal: 22, big: 24, title: 26, total: 62 };
const LOOKS = /** @type {Record<number, any>} */ ({
  576: { margin: 24, top: 20, bottom: 32, gap: 13, rule: 14, mark: 72, star: 22, qr: 216, sizes: WIDE },
  384: { margin: 12, top: 14, bottom: 24, gap: 12, rule: 12, mark: 56, star: 20, qr: 256, sizes: NARROW },
});
const RULES = /** @type {Record<string, number>} */ ({ thick: 5, thin: 2, dots: 3 });
const QUIET = 4; // modules of white around a code
/** Python's round: halves to the even neighbour. @param {number} n */
const round = (n) => (n % 1 === 0.5 || n % 1 === -0.5 ? 2 * Math.round(n / 2) : Math.round(n));
const space = (/** @type {number} */ px) => px * 0.28;

/** Breaks words into lines. @param {Measure} measure */
export function breaker(measure) {
  /** Word by word with spaces of one width. @param {string} words @param {number} px @param {boolean} [bold] */
  const width = (words, px, bold = false) => {
    const parts = words.split(" ");
    return Math.ceil(parts.reduce((sum, part) => sum + measure(part, px, bold), 0) + space(px) * (parts.length - 1));
  };

  /** A word wider than the paper, cut where it must be. @param {string} word @param {number} px @param {number} room */
  const cut = (word, px, room) => {
    const parts = [];
    let part = "";
    for (const letter of word) {
      if (part && width(part + letter, px) > room) {
        parts.push(part);
        part = "";
      }
      part += letter;
    }
    return [...parts, part];
  };

  /** Lines no wider than `room` (the first no wider than `first`), at least one. @param {string} words @param {number} px @param {number} room @param {number} [first] */
  const wrap = (words, px, room, first) => {
    /** @type {string[]} */
    const lines = [];
    let line = "";
    const left = () => (first !== undefined && !lines.length ? first : room);
    for (const word of nfc(words).split(" ")) {
      const longer = line ? `${line} ${word}` : word;
      if (width(longer, px) <= left()) {
        line = longer;
        continue;
      }
      if (line || left() < room) lines.push(line);
      const parts = cut(word, px, room);
      line = parts.pop() ?? "";
      lines.push(...parts);
    }
    return [...lines, line];
  };

  /** As few lines, of about one length: no single word left below. @param {string} words @param {number} px @param {number} room */
  const balanced = (words, px, room) => {
    const lines = wrap(words, px, room);
    let [low, high] = [Math.floor(room / 2), room];
    while (high - low > 4) {
      const middle = Math.floor((low + high) / 2);
      if (wrap(words, px, middle).length === lines.length) high = middle;
      else low = middle;
    }
    return lines.length > 1 ? wrap(words, px, high) : lines;
  };
  return { width, wrap, balanced };
}

/**
 * @param {import("./document.js").Document} document @param {384 | 576} paper
 * @param {{ measure: Measure, modules: (data: string) => boolean[][] }} ports
 * @returns {{ width: number, height: number, strokes: Stroke[] }}
 */
export function layOut(document, paper, { measure, modules }) {
  const look = LOOKS[paper];
  const { width, wrap, balanced } = breaker(measure);
  const { sizes } = look;
  const [left, right] = [look.margin, paper - look.margin];
  const room = right - left;
  /** @type {Stroke[]} */
  const strokes = [];
  let y = look.top;

  const line = (/** @type {number} */ px) => round(px * 1.3);
  const base = (/** @type {number} */ px) => y + round(px * 1.02);
  const box = (/** @type {number} */ x, /** @type {number} */ top, /** @type {number} */ w, /** @type {number} */ h) => strokes.push({ op: "box", x, y: top, w, h });
  /** @param {string} s @param {number} x @param {number} at the baseline @param {number} px @param {{ anchor?: number, bold?: boolean, white?: boolean }} [how] anchor: 0 left, .5 middle, 1 right */
  const put = (s, x, at, px, { anchor = 0, bold = false, white = false } = {}) =>
    strokes.push({ op: "words", x: x - round(anchor * width(s, px, bold)), y: at, s, px, bold, white, space: space(px) });

  const draw = /** @type {Record<string, (block: any) => void>} */ ({
    text({ s, size, align }) {
      const px = sizes[size];
      const [x, anchor] = align === "center" ? [Math.floor(paper / 2), 0.5] : align === "right" ? [right, 1] : [left, 0];
      for (const words of align === "center" ? balanced(s, px, room) : wrap(s, px, room)) {
        put(words, x, base(px), px, { anchor });
        y += line(px);
      }
    },
    pair({ l, r, size }) {
      const px = sizes[size];
      if (width(l, px) + width(r, px) + Math.floor(px / 2) > room) {
        draw.text({ s: l, size, align: "left" });
        draw.text({ s: r, size, align: "left" });
        return;
      }
      put(l, left, base(px), px);
      put(r, right, base(px), px, { anchor: 1 });
      y += line(px);
    },
    row({ l, r, size }) {
      if (size === "total") return total(l, r);
      const px = sizes[size];
      const taken = width(r, px, true);
      if (taken > room) return draw.text({ s: `${l} ${r}`, size, align: "left" }); // a figure never breaks, words do
      const lines = wrap(l, px, room);
      const last = lines[lines.length - 1];
      const beside = width(last, px) + taken + Math.floor(px / 2) <= room;
      for (const words of beside ? lines.slice(0, -1) : lines) {
        put(words, left, base(px), px);
        y += line(px);
      }
      if (beside) put(last, left, base(px), px);
      put(r, right, base(px), px, { anchor: 1, bold: true });
      y += line(px);
    },
    rule({ k }) {
      const thick = RULES[k];
      const top = y + look.rule;
      if (k === "dots") for (let x = left; x < right; x += 2 * thick) box(x, top, Math.min(thick, right - x), thick);
      else box(left, top, room, thick);
      y = top + thick + look.rule;
    },
    gap() {
      y += look.gap;
    },
    maker({ stars, s }) {
      const px = sizes.small;
      const top = base(px) - round(px * 0.84);
      for (let n = 0; n < stars; n++) strokes.push({ op: "star", x: left + n * look.star, y: top, side: look.star });
      const indent = stars ? stars * look.star + 6 : 0;
      wrap(s, px, room, room - indent).forEach((words, n) => {
        put(words, left + (n === 0 ? indent : 0), base(px), px);
        y += line(px);
      });
    },
    band({ s }) {
      let px = sizes.title;
      while (width(s, px, true) > room - px && px > sizes.small) px -= 1;
      const lines = balanced(s, px, room - px);
      const top = y + (strokes.length ? look.gap : 0);
      const bottom = top + line(px) * lines.length + Math.floor(px / 2);
      box(left, top, room, bottom - top);
      lines.forEach((words, n) => {
        const at = top + Math.floor(px / 4) + round(px * 1.02) + n * line(px);
        put(words, Math.floor((left + right) / 2), at, px, { anchor: 0.5, bold: true, white: true });
      });
      y = bottom + look.gap;
    },
    mark() {
      strokes.push({ op: "mark", x: Math.floor((paper - look.mark) / 2), y, side: look.mark });
      y += look.mark + 8;
    },
    qr({ data, l, s }) {
      const rows = modules(data);
      const module = Math.max(3, Math.floor(look.qr / rows.length));
      if ((rows.length + 2 * QUIET) * module > paper) throw new RangeError("the QR does not fit the paper");
      const [side, quiet] = [rows.length * module, QUIET * module];
      const beside = paper === 576 && side <= Math.floor(room / 2);
      const x = beside ? left : Math.floor((paper - side) / 2);
      const top = y + Math.max(0, quiet - look.rule);
      rows.forEach((dots, j) => dots.forEach((dark, i) => dark && box(x + i * module, top + j * module, module, module)));
      if (!beside) {
        y = top + side + Math.floor(quiet / 2);
        draw.text({ s: l, size: "big", align: "center" });
        draw.text({ s, size: "normal", align: "center" });
        return;
      }
      const column = x + side + quiet;
      const lines = [...(l ? wrap(l, sizes.big, right - column).map((words) => /** @type {[string, number]} */ ([words, sizes.big])) : []),
        ...wrap(s, sizes.normal, right - column).map((words) => /** @type {[string, number]} */ ([words, sizes.normal]))];
      y = top + Math.max(0, Math.floor((side - lines.reduce((sum, [, px]) => sum + line(px), 0)) / 2));
      for (const [words, px] of lines) {
        put(words, column, base(px), px);
        y += line(px);
      }
      y = Math.max(y, top + side + Math.max(0, quiet - look.rule));
    },
    cut() {},
    drawer() {},
  });

  /** @param {string} l @param {string} r */
  function total(l, r) {
    const label = sizes.title;
    let px = sizes.total;
    while (width(r, px, true) > room && px > label) px -= 2;
    y += 2;
    let words = l;
    if (width(l, label) + width(r, px, true) + label > room) {
      put(l, left, base(label), label);
      y += line(label);
      words = "";
    }
    const at = y + round(px * 0.8);
    if (words) put(words, left, at, label);
    put(r, right, at, px, { anchor: 1, bold: true });
    y = at + round(px * 0.16);
  }

  for (const block of document.blocks) {
    if (!(block.t in draw)) throw new RangeError(`receipt block ${block.t}`);
    draw[block.t](block);
  }
  return { width: paper, height: y + look.bottom, strokes };
}
