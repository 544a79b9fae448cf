// What the QR of an announced delivery, or of a transfer on its way, says: counted against it without a network.
// The same as pos/stock/rules/ticket.py; vectors/announced.json holds both to it.

const MARK = "OCOPN1.";
const HEAD = 32, LINE = 20;

/** @typedef {{ id: string, from: string, lines: { product: string, qty_milli: number }[] }} Ticket */

/** @param {Uint8Array} bytes */
function idOf(bytes) {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The delivery a code tells of; null for any other code, or one that is cut. @param {string} text @returns {Ticket | null} */
export function readTicket(text) {
  const code = text.trim();
  if (!code.startsWith(MARK)) return null;
  let raw;
  try {
    raw = atob(code.slice(MARK.length).replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return null;
  }
  const bytes = Uint8Array.from(raw, (char) => char.charCodeAt(0));
  if (bytes.length < HEAD || (bytes.length - HEAD) % LINE) return null;
  const lines = [];
  for (let at = HEAD; at < bytes.length; at += LINE) {
    const qty_milli = new DataView(bytes.buffer).getUint32(at + 16);
    lines.push({ product: idOf(bytes.slice(at, at + 16)), qty_milli });
  }
  return { id: idOf(bytes.slice(0, 16)), from: idOf(bytes.slice(16, 32)), lines };
}

/** Thousandths of what is typed: `12`, `1,5`; null where nothing is, or nothing that is a number. @param {string} typed @returns {number | null} */
export function milliOf(typed) {
  const found = /^\s*(\d{1,6})(?:[.,](\d{1,3}))?\s*$/.exec(typed);
  return found ? Number(found[1]) * 1000 + Number((found[2] ?? "").padEnd(3, "0")) : null;
}

/** The lines of the event: what was counted, nothing where nothing came. @param {Ticket} ticket @param {(string | undefined)[]} typed */
export function countedLines(ticket, typed) {
  return ticket.lines
    .map(({ product }, n) => ({ product, qty_milli: milliOf(typed[n] ?? "") ?? 0 }))
    .filter(({ qty_milli }) => qty_milli > 0);
}
