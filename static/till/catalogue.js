// What can be sold, in memory: find by code, by words, by group. Filled from the disk in chunks, then by deltas.
// Knows nothing of the screen. Stock in it is a hint. Refuses to guess: a code is found exactly or not at all.

import { Finder } from "./finder.js";

/**
 * @typedef {any} Product  till.md: id, sku, barcodes, name, producer_name, commune, kind, unit, weighed, price, …
 *   A missing member means null: the server leaves out what is empty, and what is folded here for the search.
 * @typedef {{ device: string, version: number, etag: string | null, staff: any[], settings: any, promotions: any[],
 *             keys: any[], terms?: any[], bundles?: any[] }} About
 *   terms: what agreements say about discounts; bundles: hampers
 * @typedef {{ loadCatalogue(): Promise<{ about: About | undefined, chunks: Product[][] }>,
 *   saveCatalogue(change: { about: About, chunks: Map<number, Product[]>, replace: boolean }): Promise<void> }} Shelf
 */

export const CHUNK = 500;
export const MOST_TILES = 60;
export const KINDS = ["che", "gao", "thit", "mat", "rau", "uong", "duoc", "gom", "vai", "canh"];

export class Catalogue {
  #shelf;
  #device;
  /** @type {Product[][]} */
  #chunks = [];
  /** @type {Map<string, number>} */
  #chunkOf = new Map();
  /** @type {Map<string, Product>} */
  #byId = new Map();
  /** @type {Map<string, Product>} */
  #byCode = new Map();
  /** Words, indexed while nobody waits or when first needed. */
  #finder = new Finder();
  /** Products whose words are still to be indexed. @type {Iterator<Product> | null} */
  #unfolded = null;
  /** @type {string[]} */
  #kinds = [];
  /** @type {{ goods: Product[], links: { code: string, product: string }[] }} */
  #laid = { goods: [], links: [] };

  /** @param {Shelf} shelf @param {string} device  another enrolment has another catalogue */
  constructor(shelf, device) {
    this.#shelf = shelf;
    this.#device = device;
    /** @type {About} */
    this.about = { device, version: 0, etag: null, staff: [], settings: {}, promotions: [], keys: [] };
  }

  get version() {
    return this.about.version;
  }

  get size() {
    return this.#byId.size;
  }

  async load() {
    const { about, chunks } = await this.#shelf.loadCatalogue();
    if (!about || about.device !== this.#device) return;
    this.about = about;
    this.#chunks = chunks;
    this.#remember();
  }

  /**
   * Goods and codes of this tablet that the server does not know yet lie over its catalogue.
   * @param {Product[]} goods @param {{ code: string, product: string }[]} links
   */
  lay(goods, links) {
    if (!goods.length && !links.length && !this.#laid.goods.length && !this.#laid.links.length) return;
    this.#laid = { goods, links };
    this.#remember();
  }

  /** Whether the server's catalogue itself has this code. @param {string} code */
  knows(code) {
    const product = this.#byCode.get(code);
    return Boolean(product && (product.sku === code || product.barcodes?.includes(code)) && !product.fresh);
  }

  #remember() {
    this.#byId.clear();
    this.#byCode.clear();
    this.#chunkOf.clear();
    this.#finder = new Finder();
    this.#chunks.forEach((chunk, n) => {
      for (const product of chunk) {
        this.#byId.set(product.id, product);
        this.#chunkOf.set(product.id, n);
        for (const code of product.barcodes ?? []) this.#byCode.set(code, product);
      }
    });
    for (const product of this.#laid.goods) {
      if (this.#byId.has(product.id)) continue;
      this.#byId.set(product.id, product);
      for (const code of product.barcodes) if (!this.#byCode.has(code)) this.#byCode.set(code, product);
    }
    for (const { code, product: id } of this.#laid.links) {
      const product = this.#byId.get(id);
      if (product && !this.#byCode.has(code)) this.#byCode.set(code, product);
    }
    const kinds = new Set();
    for (const product of this.#byId.values()) {
      if (product.sku && !this.#byCode.has(product.sku)) this.#byCode.set(product.sku, product);
      kinds.add(kindOf(product));
    }
    this.#kinds = KINDS.filter((kind) => kinds.has(kind));
    this.#unfolded = this.#byId.values();
  }

  /**
   * Take the server's answer to `catalogue?since=`. Only touched chunks are written.
   * @param {any} answer @param {string | null} etag
   */
  async apply(answer, etag) {
    const touched = new Set();
    const replace = Boolean(answer.full);
    if (replace) {
      this.#chunks = [];
      for (let i = 0; i < answer.products.length; i += CHUNK) this.#chunks.push(answer.products.slice(i, i + CHUNK));
      this.#chunks.forEach((_, n) => touched.add(n));
    } else {
      const removed = new Set([...(answer.removed ?? []), ...answer.products.map((/** @type {Product} */ p) => p.id)]);
      const slots = new Map(answer.products.map((/** @type {Product} */ p) => [p.id, p]));
      this.#chunks = this.#chunks.map((chunk, n) => {
        if (!chunk.some((product) => removed.has(product.id))) return chunk;
        touched.add(n);
        return chunk.flatMap((product) => {
          if (!removed.has(product.id)) return [product];
          const next = slots.get(product.id);
          slots.delete(product.id);
          // A delta may leave the stock hint out: keep the one we had.
          return next ? [{ stock_milli: product.stock_milli, ...next }] : [];
        });
      });
      for (const product of slots.values()) {
        if (!this.#chunks.length || this.#chunks[this.#chunks.length - 1].length >= CHUNK) this.#chunks.push([]);
        this.#chunks[this.#chunks.length - 1].push(product);
        touched.add(this.#chunks.length - 1);
      }
    }
    const gone = new Set(answer.removed ?? []);
    this.#laid = { ...this.#laid, goods: this.#laid.goods.filter(({ id }) => !gone.has(id)) };
    const { staff, settings, promotions, keys, terms, bundles } = answer;
    this.about = {
      device: this.#device, version: answer.version, etag,
      staff: staff ?? this.about.staff, settings: settings ?? this.about.settings,
      promotions: promotions ?? this.about.promotions, keys: keys ?? this.about.keys,
      terms: terms ?? this.about.terms ?? [], bundles: bundles ?? this.about.bundles ?? [],
    };
    const chunks = new Map([...touched].map((n) => [n, this.#chunks[n]]));
    this.#remember();
    await this.#shelf.saveCatalogue({ about: this.about, chunks, replace });
  }

  /**
   * Ask for what changed. @param {{ catalogue(since: number, etag: string | null): Promise<any> }} api
   * @returns {Promise<boolean>} whether anything changed
   */
  async refresh(api) {
    let answer = await api.catalogue(this.version, this.about.etag);
    if (answer.status !== 200) return false;
    if (!answer.body.full && answer.body.version < this.version) answer = await api.catalogue(0, null);
    if (answer.status !== 200) return false;
    await this.apply(answer.body, answer.etag ?? null);
    return true;
  }

  /** @param {string} id */
  find(id) {
    return this.#byId.get(id);
  }

  /** The product with this short number; receipts' codes name goods so. @param {number} number */
  findByNumber(number) {
    if (!number) return undefined;
    for (const product of this.#byId.values()) if (/^\d{1,9}$/.test(product.sku ?? "") && Number(product.sku) === number) return product;
    return undefined;
  }

  /** Every product here. @returns {Iterable<Product>} */
  all() {
    return this.#byId.values();
  }

  /** Exactly this code or nothing. @param {string} code */
  findByCode(code) {
    return this.#byCode.get(code);
  }

  /** @returns {string[]} */
  kinds() {
    return this.#kinds;
  }

  /**
   * Index some more words. @param {number} [some] how many at most
   * @returns {boolean} whether all are indexed
   */
  warm(some = Infinity) {
    while (this.#unfolded && some-- > 0) {
      const { value: product, done } = this.#unfolded.next();
      if (done) {
        this.#unfolded = null;
        break;
      }
      this.#finder.add(product);
    }
    return this.#unfolded === null;
  }

  /**
   * All words must be there, anywhere; names that begin so come first.
   * @param {string} words @param {number} [limit]
   */
  search(words, limit = MOST_TILES) {
    this.warm();
    return this.#finder.search(words, limit);
  }

  /**
   * The tiles of a tab. Pinned first, then what sells here (as the server counted it until yesterday, and this
   * tablet since), then by name.
   * @param {string | null} kind null: the best of all @param {Map<string, number>} sold product → times
   */
  tiles(kind, sold, limit = MOST_TILES) {
    const { best: ranked = [], pins = [] } = this.about.settings;
    const rank = new Map(ranked.map((/** @type {string} */ id, /** @type {number} */ n) => [id, ranked.length - n]));
    const pinned = new Set(pins);
    const score = (/** @type {Product} */ p) =>
      (p.pinned || pinned.has(p.id) ? 1e6 : p.fresh ? 5e5 : 0) + (rank.get(p.id) ?? 0) + (sold.get(p.id) ?? 0) + ((p.price ?? null) === null ? -1 : 0);
    const before = (/** @type {Product} */ a, /** @type {Product} */ b) =>
      score(b) - score(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    // The best sixty of twenty thousand: far cheaper than sorting them all.
    /** @type {Product[]} */
    let best = [];
    for (const product of this.#byId.values()) {
      if (kind !== null && kindOf(product) !== kind) continue;
      if (best.length >= 4 * limit) best = best.sort(before).slice(0, limit);
      if (best.length < limit || before(product, best[limit - 1]) < 0) best.push(product);
    }
    return best.sort(before).slice(0, limit);
  }
}

/** @param {Product} product */
export const kindOf = (product) => (KINDS.includes(product.kind) ? product.kind : "canh");
