// Finds goods by words among twenty thousand: an index of the words themselves, so that a key never reads all goods.
// Pure but for its memory. A word is found anywhere inside another ("inh" in "đinh"), without accents, in any field.

import { fold } from "./fold.js";

/** @typedef {import("./catalogue.js").Product} Product */

/** What was folded once stays folded while the product does not change. @type {WeakMap<Product, { name: string, words: string[] }>} */
const folded = new WeakMap();

/** @param {Product} product */
function foldedOf(product) {
  let known = folded.get(product);
  if (!known) {
    const name = fold(product.name);
    const more = [product.name_en, product.producer_name, product.commune, product.sku].filter(Boolean);
    known = { name, words: [...new Set(`${name} ${fold(more.join(" "))}`.split(/\s+/).filter(Boolean))] };
    folded.set(product, known);
  }
  return known;
}

export class Finder {
  /** @type {Product[]} */
  #products = [];
  /** @type {string[]} */
  #names = [];
  /** word → numbers of the products that have it @type {Map<string, number[]>} */
  #where = new Map();
  /** What was typed → the words that hold it; a longer text looks only among those of the shorter. @type {Map<string, string[]>} */
  #typed = new Map();

  /** @param {Product} product */
  add(product) {
    const { name, words } = foldedOf(product);
    const n = this.#products.push(product) - 1;
    this.#names.push(name);
    for (const word of words) {
      const held = this.#where.get(word);
      if (held) held.push(n);
      else this.#where.set(word, [n]);
    }
    if (this.#typed.size) this.#typed.clear();
  }

  /** @param {string} part @returns {string[]} */
  #holding(part) {
    const known = this.#typed.get(part);
    if (known) return known;
    let among = /** @type {Iterable<string>} */ (this.#where.keys());
    for (let length = part.length - 1; length > 0; length--) {
      const before = this.#typed.get(part.slice(0, length));
      if (!before) continue;
      among = before;
      break;
    }
    const found = [];
    for (const word of among) if (word.includes(part)) found.push(word);
    if (this.#typed.size > 50) this.#typed.clear();
    this.#typed.set(part, found);
    return found;
  }

  /**
   * All words must be there, anywhere; names that begin so come first, then names that have them, then the rest.
   * @param {string} words @param {number} limit @returns {Product[]}
   */
  search(words, limit) {
    const wanted = [...new Set(fold(words.trim()).split(/\s+/).filter(Boolean))];
    if (!wanted.length) return [];
    const whole = fold(words.trim()).replace(/\s+/g, " ");
    const has = new Uint8Array(this.#products.length);
    wanted.forEach((part, nth) => {
      for (const word of this.#holding(part)) {
        for (const n of /** @type {number[]} */ (this.#where.get(word))) if (has[n] === nth) has[n] = nth + 1;
      }
    });
    /** @type {Product[][]} */
    const ranks = [[], [], [], []];
    for (let n = 0; n < has.length; n++) {
      if (has[n] !== wanted.length) continue;
      const name = this.#names[n];
      const at = name.indexOf(whole);
      const rank = at === 0 ? 0 : at > 0 && name[at - 1] === " " ? 1 : at > 0 || wanted.every((w) => name.includes(w)) ? 2 : 3;
      if (ranks[rank].length < limit) ranks[rank].push(this.#products[n]);
      if (ranks[0].length >= limit) break;
    }
    return ranks.flat().slice(0, limit);
  }
}
