// VietQR (NAPAS on EMVCo TLV): the text inside the code a customer scans with any bank's app.
// Pure. Refuses what a bank would read wrongly rather than cutting it silently.

import { ascii } from "./fold.js";

const GUID = "A000000727";

/**
 * CRC-16/CCITT-FALSE, four upper-case hex digits.
 * @param {string} text ASCII
 */
export function crc16(text) {
  let crc = 0xffff;
  for (const char of text) {
    crc ^= char.charCodeAt(0) << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}

/** @param {string} tag @param {string} value */
function tlv(tag, value) {
  if (value.length > 99) throw new RangeError(`VietQR field ${tag} is ${value.length} long, 99 at most`);
  return `${tag}${String(value.length).padStart(2, "0")}${value}`;
}

/**
 * @param {{ bin: string, account: string, amount?: number | null, bill?: string | null,
 *           reference?: string | null, purpose?: string | null, service?: "QRIBFTTA" | "QRIBFTTC" }} asked
 *   amount in đồng; without one the customer types it
 */
export function vietqr({ bin, account, amount = null, bill, reference, purpose, service = "QRIBFTTA" }) {
  if (!/^\d{6}$/.test(bin)) throw new RangeError("a bank's BIN has six digits");
  if (!/^[0-9A-Za-z]{1,19}$/.test(account)) throw new RangeError("an account has 1 to 19 letters and digits");
  if (amount !== null && !(Number.isSafeInteger(amount) && amount > 0)) {
    throw new RangeError("an amount is a whole number of đồng above 0");
  }
  const words = purpose ? ascii(purpose) : "";
  if (/[^ -~]/.test(words)) throw new RangeError("the content is ASCII");
  const merchant = tlv("00", GUID);
  const beneficiary = tlv("00", bin) + tlv("01", account);
  const extra =
    (bill ? tlv("01", bill) : "") + (reference ? tlv("05", reference) : "") + (words ? tlv("08", words) : "");
  const text =
    tlv("00", "01") +
    tlv("01", amount === null ? "11" : "12") +
    tlv("38", merchant + tlv("01", beneficiary) + tlv("02", service)) +
    tlv("53", "704") +
    (amount === null ? "" : tlv("54", String(amount))) +
    tlv("58", "VN") +
    (extra ? tlv("62", extra) : "") +
    "6304";
  return text + crc16(text);
}

/**
 * The content of one sale's transfer: letters and digits only, at most 25, so that every bank keeps it whole.
 * @param {string} tillCode @param {string} day yyyy-mm-dd @param {number} n the till's n-th code that day
 */
export function transferContent(tillCode, day, n) {
  const till = ascii(tillCode).toUpperCase().replace(/[^0-9A-Z]/g, "");
  const tail = `${day.replaceAll("-", "").slice(2)}${String(n).padStart(3, "0")}`;
  return `OCOP${till.slice(-(25 - 4 - tail.length))}${tail}`;
}
