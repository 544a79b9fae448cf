// Đồng as whole numbers: rounding, sharing out, cash. Pure; the same golden vectors bind the server.
// Every product goes through BigInt, so 999,999,999,999 đ at 99.99 % is exact. Refuses fractions.

/** @typedef {number} Vnd  whole đồng, may be negative */

/** The steps a customer's hand makes: the sum rounded up to each of these. */
const STEPS = [10_000, 20_000, 50_000, 100_000, 200_000, 500_000];

/** Banknotes in circulation that a drawer holds, largest first. */
export const NOTES = [500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000];

/**
 * a·b/d, rounded half away from zero.
 * @param {number} a @param {number} b @param {number} d positive
 */
export function mulDiv(a, b, d) {
  const product = BigInt(a) * BigInt(b);
  const den = BigInt(d);
  if (den <= 0n) throw new RangeError("divisor must be positive");
  const half = (abs(product) * 2n + den) / (den * 2n);
  return Number(product < 0n ? -half : half);
}

/** @param {bigint} n */
const abs = (n) => (n < 0n ? -n : n);

/** A percentage in basis points. @param {Vnd} amount @param {number} bp */
export const pct = (amount, bp) => mulDiv(amount, bp, 10_000);

/** Prices include VAT. @param {Vnd} gross @param {number} bp @returns {{net: Vnd, vat: Vnd}} */
export function netOfVat(gross, bp) {
  const net = mulDiv(gross, 10_000, 10_000 + bp);
  return { net, vat: gross - net };
}

/**
 * Shares a total over weights: largest remainder, ties to the lowest line. A weight of 0 takes nothing.
 * @param {Vnd} total @param {number[]} weights @returns {Vnd[]}
 */
export function allocate(total, weights) {
  const sum = weights.reduce((a, w) => a + BigInt(w), 0n);
  if (weights.some((w) => w < 0)) throw new RangeError("a weight is never negative");
  if (sum === 0n) {
    if (total !== 0) throw new RangeError("nothing to share the total over");
    return weights.map(() => 0);
  }
  const whole = abs(BigInt(total));
  const shares = weights.map((w) => (whole * BigInt(w)) / sum);
  const order = weights
    .map((w, line) => ({ line, rest: (whole * BigInt(w)) % sum }))
    .sort((a, b) => (a.rest === b.rest ? a.line - b.line : a.rest > b.rest ? -1 : 1));
  let left = whole - shares.reduce((a, s) => a + s, 0n);
  for (const { line } of order) {
    if (left === 0n) break;
    shares[line] += 1n;
    left -= 1n;
  }
  return shares.map((s) => Number(total < 0 ? -s : s));
}

/**
 * Down the lines: round(prefix·num/den) minus the one before.
 * @param {Vnd[]} parts @param {number} num @param {number} den @returns {Vnd[]}
 */
export function cumulative(parts, num, den) {
  let prefix = 0;
  let before = 0;
  return parts.map((part) => {
    prefix += part;
    const now = mulDiv(prefix, num, den);
    const own = now - before;
    before = now;
    return own;
  });
}

/**
 * Who pays a discount's line shares: producers, then the organizer over the rest, then the operator.
 * @param {Vnd[]} shares @param {number} producersBp @param {number} organizerBp
 */
export function fundersOf(shares, producersBp, organizerBp) {
  const producers = cumulative(shares, producersBp, 10_000);
  const rest = shares.map((share, i) => share - producers[i]);
  const organizer =
    producersBp === 10_000 ? rest.map(() => 0) : cumulative(rest, organizerBp, 10_000 - producersBp);
  const operator = rest.map((share, i) => share - organizer[i]);
  return { producers, organizer, operator };
}

/**
 * The share of a primary amount that goes back with a part return.
 * @param {Vnd} total of the line @param {number} whole its qty_milli
 * @param {number} before qty_milli returned before @param {number} now qty_milli returned now
 */
export function part(total, whole, before, now) {
  return mulDiv(total, before + now, whole) - mulDiv(total, before, whole);
}

/**
 * What a part return gives back of one sold line: primary amounts by `part`, the others derived.
 * @param {Record<string, Vnd>} sold gross, discount_operator, discount_producer, vat, commission, commission_vat
 * @param {number} whole @param {number} before @param {number} now
 */
export function partLine(sold, whole, before, now) {
  const of = (/** @type {string} */ name) => part(sold[name] ?? 0, whole, before, now);
  const gross = of("gross");
  const discount_operator = of("discount_operator");
  const discount_producer = of("discount_producer");
  const vat = of("vat");
  const commission = of("commission");
  const commission_vat = of("commission_vat");
  const paid = gross - discount_operator - discount_producer;
  return {
    gross, discount_operator, discount_producer, vat, commission, commission_vat, paid,
    net: paid - vat,
    producer_due: gross - discount_producer - commission - commission_vat,
  };
}

/**
 * What is paid in cash: the size rounded down to the step, the sign put back.
 * @param {Vnd} amount @param {number} step 0, 500 or 1,000
 */
export function cashPart(amount, step) {
  const size = Math.abs(amount);
  const kept = step ? size - (size % step) : size;
  const rounded = kept === 0 ? 0 : amount < 0 ? -kept : kept;
  return { rounded, cash_rounding: rounded - amount };
}

/** The sums a customer is likely to hand over, the exact one first. @param {Vnd} due rounded for cash */
export function quickCash(due) {
  if (due <= 0) return [];
  const sums = new Set([due, ...STEPS.map((step) => Math.ceil(due / step) * step)]);
  return [...sums].sort((a, b) => a - b).slice(0, 5);
}

/** The fewest notes that make a sum, for the hand that gives change. @param {Vnd} sum */
export function notesFor(sum) {
  const notes = [];
  for (const note of NOTES) {
    while (sum >= note) {
      notes.push(note);
      sum -= note;
    }
  }
  return { notes, left: sum };
}

/** 1234567 → "1.234.567"; the minus is U+2212. @param {Vnd} amount */
export function vnd(amount) {
  const digits = String(Math.abs(amount)).replace(/\B(?=(\d{3})+$)/g, ".");
  return amount < 0 ? `\u2212${digits}` : digits;
}

/** 200000 → "200k", 185500 → "185.500". @param {Vnd} amount */
export const brief = (amount) => (amount % 1000 ? vnd(amount) : `${vnd(amount / 1000)}k`);

/** 350 → "0,35"; 2000 → "2". @param {number} milli */
export function qty(milli) {
  const whole = Math.trunc(Math.abs(milli) / 1000);
  const rest = String(Math.abs(milli) % 1000).padStart(3, "0").replace(/0+$/, "");
  return `${milli < 0 ? "\u2212" : ""}${vnd(whole)}${rest && `,${rest}`}`;
}
