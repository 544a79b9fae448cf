// Goods first named here, and codes linked here: they sell at once, before the office has completed them.
// They lie over the catalogue until it knows them. A picture travels apart from the log and never holds it up.

import { toHex } from "./ids.js";
import { dayFor } from "./shift.js";

const KEEP_MS = 60 * 24 * 3600_000;
/** No VAT is printed until a person says which (as the server does). */
const NO_VAT = { vat_bp: 0, vat_class: "direct" };
const GONE_FOR_GOOD = [400, 404, 413, 415, 422];

/** @typedef {{ name: string, price: number, producer?: { id: string, name: string } | null, barcode?: string | null, photo?: ArrayBuffer | null }} Named */

export class Fresh {
  #log; #store; #clock; #catalogue; #shifts;
  #sending = false;
  /** @type {any[]} */
  goods = [];
  /** @type {{ code: string, product: string, at: number }[]} */
  links = [];

  /**
   * @param {{ log: import("./log.js").Log, store: any, clock: { now(): number }, catalogue: import("./catalogue.js").Catalogue,
   *   shifts: { current: import("./shift.js").Open | null } }} ports
   */
  constructor({ log, store, clock, catalogue, shifts }) {
    this.#log = log;
    this.#store = store;
    this.#clock = clock;
    this.#catalogue = catalogue;
    this.#shifts = shifts;
  }

  get #key() {
    return `fresh|${this.#log.device}`;
  }

  async load() {
    const kept = (await this.#store.meta(this.#key)) ?? { goods: [], links: [] };
    const lately = this.#clock.now() - KEEP_MS;
    this.goods = kept.goods.filter((/** @type {any} */ product) => product.named_at > lately);
    this.links = kept.links.filter((/** @type {any} */ link) => link.at > lately);
    this.#lay();
  }

  #lay() {
    this.#catalogue.lay(this.goods, this.links);
  }

  /** The office has completed, merged or linked: what it knows is forgotten here. Call after each refresh. */
  async tidy() {
    const merged = this.#catalogue.about.settings.merged ?? {};
    const goods = this.goods.filter(({ id }) => this.#catalogue.find(id)?.fresh && !merged[id]);
    const links = this.links.filter(({ code, product }) => !this.#catalogue.knows(code) && this.#catalogue.find(product));
    if (goods.length === this.goods.length && links.length === this.links.length) return;
    Object.assign(this, { goods, links });
    this.#lay();
    await this.#save();
  }

  #save() {
    return this.#store.setMeta(this.#key, { goods: this.goods, links: this.links });
  }

  /** From now on this code finds these goods on this tablet. @param {string} code @param {any} product */
  async link(code, product) {
    if (this.#catalogue.findByCode(code)) return;
    this.links = [...this.links, { code, product: product.id, at: this.#clock.now() }];
    this.#lay();
    await this.#save();
  }

  /**
   * Write new goods down; they can be sold when this resolves. The id is minted when the page opens: two taps, one product.
   * @param {string} id @param {Named} named @param {{ staff: string | null, catalogue: number }} by
   */
  async name(id, { name, price, producer = null, barcode = null, photo = null }, by) {
    const at = this.#clock.now();
    const shift = this.#shifts.current;
    const sha256 = photo ? toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", photo))) : null;
    if (sha256) await this.#store.setMeta(`photo|${sha256}`, { sha256, bytes: photo, at });
    await this.#log.append({
      id, kind: "product.new", at, day: dayFor(shift, at), shift: shift?.id ?? null, ...by,
      body: { id, name, price, producer: producer?.id ?? null, barcode, photo: sha256 }, memo: null,
    });
    const known = this.goods.find((product) => product.id === id);
    if (known) return known;
    const product = {
      id, name, price, ...NO_VAT, producer: producer?.id ?? null, producer_name: producer?.name ?? null, kind: "canh", unit: "",
      barcodes: barcode ? [barcode] : [], fresh: true, named_at: at,
    };
    this.goods = [product, ...this.goods];
    this.#lay();
    await this.#save();
    return product;
  }

  /**
   * Send the pictures that wait, one after another. What the server will never take is let go.
   * @param {(sha256: string, bytes: ArrayBuffer) => Promise<{ status: number }>} send @returns {Promise<number>} how many left
   */
  async sendPhotos(send) {
    if (this.#sending) return 0;
    this.#sending = true;
    let left = 0;
    try {
      for (const { sha256, bytes } of await this.#store.metas("photo|")) {
        const { status } = await send(sha256, bytes);
        if (status !== 200 && status !== 201 && !GONE_FOR_GOOD.includes(status)) break;
        await this.#store.dropMeta(`photo|${sha256}`);
        left += 1;
      }
    } catch {
      // Not reached: they wait for the next time.
    } finally {
      this.#sending = false;
    }
    return left;
  }
}

/** Producers whose name holds the words, a few. @param {import("./catalogue.js").Catalogue} catalogue @param {string} words */
export function producersLike(catalogue, words) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { producer, producer_name } of catalogue.search(words)) {
    if (producer && producer_name) found.set(producer, producer_name);
  }
  return [...found].slice(0, 6).map(([id, name]) => ({ id, name }));
}
