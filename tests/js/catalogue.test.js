import assert from "node:assert/strict";
import { test } from "node:test";

import { Catalogue, CHUNK } from "../../static/till/catalogue.js";
import { pinFits } from "../../static/till/pin.js";
import { Memory } from "./memory.js";

const aProduct = (n, more = {}) => ({
  id: `p${n}`, sku: `S${n}`, barcodes: [`893${String(n).padStart(10, "0")}`], name: `Chè Đinh số ${n}`,
  producer_name: "HTX Tân Cương", commune: "Xã Tân Cương", kind: "che", price: 1000 * n, vat_bp: 800, ...more,
});
const aFull = (n, version = 1) => ({
  version, full: true, products: Array.from({ length: n }, (_, i) => aProduct(i + 1)), removed: [], staff: [], settings: { site: "S" },
});

test("full, then a delta: only touched chunks are written", async () => {
  const disk = new Memory();
  const catalogue = new Catalogue(disk, "d1");
  await catalogue.apply(aFull(1234), '"e1"');
  assert.deepEqual(disk.written, [0, 1, 2]);
  await catalogue.apply({ version: 2, full: false, products: [aProduct(700, { price: 5 }), aProduct(5000)], removed: ["p3"] }, '"e2"');
  assert.deepEqual(disk.written.sort(), [0, 1, 2]);
  await catalogue.apply({ version: 3, full: false, products: [aProduct(1)], removed: [] }, '"e3"');
  assert.deepEqual(disk.written, [0]);

  const again = new Catalogue(disk, "d1");
  await again.load();
  assert.equal(again.version, 3);
  assert.equal(again.size, 1234);
  assert.equal(again.find("p700").price, 5);
  assert.equal(again.find("p3"), undefined);
  assert.equal(again.findByCode("8930000005000").id, "p5000");
  assert.equal(again.about.settings.site, "S");
  assert.equal(again.about.etag, '"e3"');
  assert.ok([...disk.catalogue.chunks.values()].every((chunk) => chunk.length <= CHUNK));
});

test("another enrolment does not see the old catalogue", async () => {
  const disk = new Memory();
  await new Catalogue(disk, "d1").apply(aFull(3), null);
  const other = new Catalogue(disk, "d2");
  await other.load();
  assert.deepEqual([other.size, other.version], [0, 0]);
});

test("codes are found exactly", async () => {
  const catalogue = new Catalogue(new Memory(), "d1");
  await catalogue.apply(aFull(3), null);
  assert.equal(catalogue.findByCode("8930000000002").id, "p2");
  assert.equal(catalogue.findByCode("S3").id, "p3");
  for (const code of ["893000000000", "88930000000002", "s3", ""]) assert.equal(catalogue.findByCode(code), undefined);
});

test("search without accents, by producer and commune, names first", async () => {
  const catalogue = new Catalogue(new Memory(), "d1");
  const products = [
    aProduct(1, { name: "Mật ong hoa nhãn", producer_name: "Chè Ba Vì", commune: "Ba Vì" }),
    aProduct(2, { name: "Trà và chè sen" }),
    aProduct(3, { name: "Chè Đinh" }),
    aProduct(4, { name: "Giò lụa", producer_name: "Ước Lễ", commune: "Thanh Oai" }),
  ];
  await catalogue.apply({ version: 1, full: true, products, removed: [] }, null);
  const found = (words) => catalogue.search(words).map((p) => p.id);
  assert.deepEqual(found("che"), ["p3", "p2", "p1"]);
  assert.deepEqual(found("CHÈ đinh"), ["p3"]);
  assert.deepEqual(found("uoc le"), ["p4"]);
  assert.deepEqual(found("thanh gio"), ["p4"]);
  assert.deepEqual(found("  "), []);
  assert.deepEqual(found("xyz"), []);
});

test("what the server leaves out is none, no or nothing", async () => {
  const bare = { id: "p1", sku: "0001", name: "Chè Đinh", producer: "m1", producer_name: "HTX Tân Cương", kind: "che",
    unit: "hộp", price: null, vat_bp: 0, vat_class: "direct" };
  const catalogue = new Catalogue(new Memory(), "d1");
  await catalogue.apply({ version: 1, full: true, products: [bare, aProduct(2, { name: "Chè Nõn", name_en: undefined })], removed: [] }, null);
  assert.deepEqual(catalogue.search("tan cuong").map((p) => p.id), ["p1", "p2"]);
  assert.deepEqual(catalogue.search("nan"), []);
  assert.deepEqual(catalogue.search("undefined"), []);
  assert.deepEqual(catalogue.tiles(null, new Map()).map((p) => p.id), ["p2", "p1"]);
  assert.equal(catalogue.findByCode("0001").id, "p1");
  const { price, ...unpriced } = bare;
  await catalogue.apply({ version: 2, full: false, products: [unpriced], removed: [] }, null);
  assert.deepEqual(catalogue.tiles(null, new Map()).map((p) => p.id), ["p2", "p1"]);
  assert.equal(price, null);
});

test("a delta replaces a product whole, but for the hint of stock", async () => {
  const catalogue = new Catalogue(new Memory(), "d1");
  await catalogue.apply({ version: 1, full: true, products: [aProduct(1, { stars: 4, pinned: true, stock_milli: 3000 })], removed: [] }, null);
  await catalogue.apply({ version: 2, full: false, products: [aProduct(1)], removed: [] }, null);
  const { stars, pinned, stock_milli } = catalogue.find("p1");
  assert.deepEqual([stars, pinned, stock_milli], [undefined, undefined, 3000]);
});

test("twenty thousand products are searched between two keys", async () => {
  const catalogue = new Catalogue(new Memory(), "d1");
  await catalogue.apply(aFull(20_000), null);
  catalogue.warm();
  const start = performance.now();
  for (let i = 0; i < 10; i++) assert.equal(catalogue.search("xyz tan").length, 0);
  assert.ok((performance.now() - start) / 10 < 50);
  assert.equal(catalogue.search("che dinh").length, 60);
});

test("tiles: at most sixty, pinned, then sold here, then by name", async () => {
  const catalogue = new Catalogue(new Memory(), "d1");
  const full = aFull(100);
  full.products[40].pinned = true;
  full.products[70].kind = "strange";
  await catalogue.apply(full, null);
  const tiles = catalogue.tiles(null, new Map([["p9", 3], ["p12", 7]]));
  assert.deepEqual(tiles.slice(0, 3).map((p) => p.id), ["p41", "p12", "p9"]);
  assert.equal(tiles.length, 60);
  assert.deepEqual(catalogue.kinds(), ["che", "canh"]);
  assert.deepEqual(catalogue.tiles("canh", new Map()).map((p) => p.id), ["p71"]);
});

test("a server with older books is asked for everything", async () => {
  const catalogue = new Catalogue(new Memory(), "d1");
  await catalogue.apply(aFull(3, 9), '"x"');
  const asked = [];
  const api = {
    catalogue: async (since, etag) => {
      asked.push([since, etag]);
      return since ? { status: 200, body: { version: 4, full: false, products: [], removed: [] } } : { status: 200, body: aFull(2, 4), etag: '"y"' };
    },
  };
  assert.equal(await catalogue.refresh(api), true);
  assert.deepEqual(asked, [[9, '"x"'], [0, null]]);
  assert.deepEqual([catalogue.version, catalogue.size], [4, 2]);
  assert.equal(await catalogue.refresh({ catalogue: async () => ({ status: 304, body: null }) }), false);
});

test("a PIN fits its own record only", async () => {
  const { subtle } = globalThis.crypto;
  const salt = new Uint8Array(16).fill(7);
  const key = await subtle.importKey("raw", new TextEncoder().encode("2468"), "PBKDF2", false, ["deriveBits"]);
  const bits = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: 1000 }, key, 256);
  const base64 = (bytes) => Buffer.from(bytes).toString("base64");
  const pin = { salt: base64(salt), iterations: 1000, hash: base64(new Uint8Array(bits)) };
  assert.equal(await pinFits("2468", pin), true);
  assert.equal(await pinFits("2469", pin), false);
});

test("best sellers: pinned here, then what the site sold, with this tablet's own sales, then by name", async () => {
  const catalogue = new Catalogue(new Memory(), "d1");
  const settings = { best: ["p5", "p9", "p7"], pins: ["p3"] };
  await catalogue.apply({ ...aFull(9), settings }, null);
  const ids = (sold) => catalogue.tiles(null, new Map(sold), 6).map(({ id }) => id);
  assert.deepEqual(ids([]), ["p3", "p5", "p9", "p7", "p1", "p2"]);
  assert.deepEqual(ids([["p7", 5], ["p1", 1]]), ["p3", "p7", "p5", "p9", "p1", "p2"]);
});
