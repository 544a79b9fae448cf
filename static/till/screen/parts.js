// Small parts every screen uses: icons, sums, stars, codes. No state.

import qrcode from "../../vendor/qrcode-generator-2.0.4/qrcode.mjs";
import { html, nothing, svg } from "../../vendor/lit-html-3.3.3/lit-html.js";
import { vnd } from "../money.js";
import { t } from "../words.js";

export { html, nothing, svg };

/** @param {string} name of Lucide */
export const icon = (name, more = "") =>
  html`<svg class="icon ${more}" aria-hidden="true"><use href="#i-${name}"></use></svg>`;

/** The sprite goes into the page once: icons then change without a flicker, and without the network. */
export async function loadIcons() {
  const answer = await fetch("/static/icons/lucide.svg");
  const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  sprite.setAttribute("hidden", "");
  document.body.append(document.adoptNode(sprite));
}

/** A hero sum with its small đồng sign. @param {number} amount */
export const dong = (amount) => html`${vnd(amount)}<small>₫</small>`;

/** @param {number | null} n */
export const stars = (n) =>
  n ? html`<span class="stars x${n}" role="img" aria-label=${t("stars", { n })}></span>` : nothing;

export const mark = html`<svg class="mark" viewBox="0 0 32 32" role="img" aria-label="OCOP POS">
  <rect width="32" height="32" rx="7"></rect><path d="M5.5 14.5 16 6.5l10.5 8M9.5 16.5a6.5 6.5 0 0 0 13 0"></path></svg>`;

/** @param {number} note 200000 → "n-200k" */
export const noteClass = (note) => `n-${note / 1000}k`;

export const KIND_ICON = /** @type {Record<string, string>} */ ({
  rau: "carrot", che: "leaf", gao: "wheat", mat: "hexagon", thit: "ham", uong: "wine", duoc: "sprout",
  gom: "amphora", vai: "spool", canh: "package",
});

/** @type {Map<string, { size: number, path: string }>} */
const drawn = new Map();

/** One path of squares: crisp at any size, nothing fetched. @param {string} text @param {"L" | "M" | "Q"} level */
function squares(text, level) {
  const key = `${level}${text}`;
  const known = drawn.get(key);
  if (known) return known;
  const code = qrcode(0, level);
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      let run = 0;
      while (col + run < size && code.isDark(row, col + run)) run += 1;
      if (run) path += `M${col} ${row}h${run}v1h-${run}z`;
      col += run;
    }
  }
  if (drawn.size > 20) drawn.clear();
  drawn.set(key, { size, path });
  return { size, path };
}

/** @param {string} text @param {string} label for those who cannot see it @param {"L" | "M" | "Q"} [level] */
export function qr(text, label, level = "M") {
  const { size, path } = squares(text, level);
  return html`<svg class="qr" data-testid="qr" data-text=${text} role="img" aria-label=${label}
    viewBox="-4 -4 ${size + 8} ${size + 8}"><rect x="-4" y="-4" width=${size + 8} height=${size + 8} fill="#fff"></rect>
    <path fill="#1e1a16" d=${path}></path></svg>`;
}

/**
 * A pad of digits. The keyboard of the device never opens.
 * @param {(key: string) => void} press "0"…"9", the extra key, or "del" @param {string} [extra] "000", "00" or ""
 */
export const pad = (press, extra = "000") => html`<div class="pad" role="group" aria-label=${t("pad")}>
  ${["7", "8", "9", "4", "5", "6", "1", "2", "3", ...(extra ? ["0", extra] : ["", "0"])].map((key) =>
    key ? html`<button type="button" data-testid="pad-${key}" @click=${() => press(key)}>${key}</button>` : html`<span></span>`)}
  <button type="button" data-testid="pad-del" aria-label=${t("delete_one")} @click=${() => press("del")}>${icon("delete")}</button>
</div>`;

/** @param {string} digits @param {string} key @param {number} [longest] */
export const press = (digits, key, longest = 9) =>
  key === "del" ? digits.slice(0, -1) : (digits + key).replace(/^0+(?=\d)/, "").slice(0, longest);

/** How long ago, short. @param {number} ms */
export function ago(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t("just_now");
  if (minutes < 60) return t("minutes", { n: minutes });
  if (minutes < 48 * 60) return t("hours", { n: Math.floor(minutes / 60) });
  return t("days", { n: Math.floor(minutes / 1440) });
}

/** "Xã Bát Tràng, huyện Gia Lâm" → "Bát Tràng"; "Phường Bưởi" → "P. Bưởi". @param {string | null | undefined} commune */
export const place = (commune) =>
  (commune ?? "").split(",")[0].trim().replace(/^Xã\s+/i, "").replace(/^Phường\s+/i, "P. ").replace(/^Thị trấn\s+/i, "TT. ");

const SHORT_NAMES = /** @type {[RegExp, string][]} */ ([
  [/^Hộ kinh doanh\s+/i, "HKD "], [/^Hợp tác xã\s+/i, "HTX "], [/^Tổ hợp tác\s+/i, "THT "],
  [/^Công ty (?:trách nhiệm hữu hạn|TNHH)\s+/i, "Cty "], [/^Công ty (?:cổ phần|CP)\s+/i, "CTCP "],
]);

/** "Hộ kinh doanh Thanh Vân" → "HKD Thanh Vân": on screen only, paper keeps the full name. @param {string | null | undefined} name */
export const maker = (name) => SHORT_NAMES.reduce((short, [long, brief]) => short.replace(long, brief), name ?? "");
