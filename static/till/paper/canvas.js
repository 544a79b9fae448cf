// Draws a laid-out document on a canvas of the browser and reads it back as black and white dots.

import qrcode from "../../vendor/qrcode-generator-2.0.4/qrcode.mjs";
import { layOut } from "./layout.js";

const FAMILY = '"Be Vietnam Pro", system-ui, sans-serif';
const THRESHOLD = 150; // a shade above the middle: thin strokes of small type stay whole
const STAR = [
  [12, 1.8], [15.1, 8.3], [22.2, 9.3], [17, 14.2], [18.3, 21.3], [12, 17.9], [5.7, 21.3], [7, 14.2], [1.8, 9.3], [8.9, 8.3],
];

/** @param {number} px @param {boolean} bold */
const fontOf = (px, bold) => `${bold ? 700 : 600} ${px}px ${FAMILY}`;

/** Rows of dark modules: correction M as on the server's paper, L where M would not fit. @param {string} data */
function modules(data) {
  const make = (/** @type {"L" | "M"} */ level) => {
    const code = qrcode(0, level);
    code.addData(data, "Byte");
    code.make();
    return code;
  };
  let code = make("M");
  if ((code.getModuleCount() + 8) * 3 > 384) code = make("L");
  const n = code.getModuleCount();
  return Array.from({ length: n }, (_, j) => Array.from({ length: n }, (__, i) => code.isDark(j, i)));
}

/** @param {CanvasRenderingContext2D} pen @param {import("./layout.js").Stroke} stroke */
function paint(pen, stroke) {
  pen.fillStyle = "#000";
  if (stroke.op === "box") return pen.fillRect(stroke.x, stroke.y, stroke.w, stroke.h);
  if (stroke.op === "words") {
    pen.font = fontOf(stroke.px, stroke.bold);
    if (stroke.white) pen.fillStyle = "#fff";
    let { x } = stroke;
    for (const word of stroke.s.split(" ")) {
      pen.fillText(word, Math.round(x), stroke.y);
      x += pen.measureText(word).width + stroke.space;
    }
    return;
  }
  pen.save();
  pen.translate(stroke.x, stroke.y);
  if (stroke.op === "star") {
    pen.scale(stroke.side / 24, stroke.side / 24);
    pen.beginPath();
    for (const [a, b] of STAR) pen.lineTo(a, b);
    pen.fill();
  } else { // the letter Ô, a bowl under a conical hat, cut out of a seal
    pen.scale(stroke.side / 32, stroke.side / 32);
    pen.beginPath();
    pen.roundRect(0, 0, 32, 32, 7);
    pen.fill();
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2.6;
    pen.lineCap = pen.lineJoin = "round";
    pen.stroke(new Path2D("M5.5 14.5 16 6.5l10.5 8M9.5 16.5a6.5 6.5 0 0 0 13 0"));
  }
  pen.restore();
}

/** @param {number} width @param {number} height */
function blank(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  pen.textBaseline = "alphabetic";
  return { canvas, pen };
}

/** The type is there, with its Vietnamese letters; a page may never have used it. */
const typeReady = () => Promise.all([600, 700].map((weight) => document.fonts.load(`${weight} 24px "Be Vietnam Pro"`, "Aằễ₫")));

/**
 * @param {import("./document.js").Document} paper @param {384 | 576} width
 * @returns {Promise<{ canvas: HTMLCanvasElement, packed: Uint8Array, across: number, height: number }>}
 */
export async function drawDocument(paper, width) {
  await typeReady();
  const ruler = blank(1, 1).pen;
  const measure = (/** @type {string} */ words, /** @type {number} */ px, /** @type {boolean} */ bold) => {
    ruler.font = fontOf(px, bold);
    return ruler.measureText(words).width;
  };
  const { height, strokes } = layOut(paper, width, { measure, modules });
  const { canvas, pen } = blank(width, height);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  for (const stroke of strokes) paint(pen, stroke);
  const { data } = pen.getImageData(0, 0, width, height);
  const across = width / 8;
  const packed = new Uint8Array(across * height);
  for (let dot = 0; dot < width * height; dot++) if (data[dot * 4] <= THRESHOLD) packed[dot >> 3] |= 0x80 >> (dot & 7);
  return { canvas, packed, across, height };
}
