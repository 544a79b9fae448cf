import assert from "node:assert/strict";
import { test } from "node:test";

import { Catalogue } from "../../static/till/catalogue.js";
import { Clock } from "../../static/till/clock.js";
import { Fresh, producersLike } from "../../static/till/fresh.js";
import { uuid7 } from "../../static/till/ids.js";
import { mayLink, take } from "../../static/till/linking.js";
import { Log } from "../../static/till/log.js";
import { Shifts } from "../../static/till/shift.js";
import { Locks, Memory } from "./memory.js";

const by = { staff: "h", catalogue: 7 };
const honey = { id: "p1", sku: "0001", barcodes: ["8930000000017"], name: "Mật ong", producer: "m1", producer_name: "HTX Ba Vì", kind: "mat", price: 100_000 };
const answer = (version, products, more = {}) => ({ version, full: false, products, removed: [], staff: [], settings: {}, ...more });

async function aTill(store = new Memory()) {
  const now = { ms: Date.parse("2026-11-22T03:00:00Z") };
  const clock = new Clock({ device: () => now.ms });
  const log = new Log(store, new Locks(), { device: "d1", till_code: "HK03A", app: "0", offset_ms: () => 0 });
  const shifts = new Shifts({ log, store, clock, newId: () => uuid7() });
  const catalogue = new Catalogue(store, "d1");
  await catalogue.load();
  const goods = new Fresh({ log, store, clock, catalogue, shifts });
  await goods.load();
  return { store, catalogue, goods, clock };
}

test("new goods are written once, found at once, and again after a restart", async () => {
  const { store, goods, catalogue } = await aTill();
  await catalogue.apply({ ...answer(1, [honey]), full: true }, null);
  const id = uuid7();
  const photo = new TextEncoder().encode("a picture").buffer;
  const named = { name: "Chè lam", price: 35_000, producer: { id: "m1", name: "HTX Ba Vì" }, barcode: "8938500001234", photo };
  const made = await goods.name(id, named, by);
  assert.equal(await goods.name(id, named, by), made);
  const events = store.all("d1");
  assert.equal(events.length, 1);
  const { photo: sha256, ...body } = events[0].event.body;
  assert.deepEqual([events[0].kind, body], ["product.new", { id, name: "Chè lam", price: 35_000, producer: "m1", barcode: "8938500001234" }]);
  assert.match(sha256, /^[0-9a-f]{64}$/);
  const again = await aTill(store);
  for (const { catalogue: one } of [{ catalogue }, again]) {
    assert.equal(one.findByCode("8938500001234").id, id);
    assert.deepEqual(one.search("che lam").map((p) => p.id), [id]);
    assert.deepEqual(one.tiles(null, new Map()).map((p) => p.id), [id, "p1"]);
    assert.equal(one.size, 2);
  }
});

test("the server's goods replace the new ones without doubling; a refusal or a merge takes them away", async () => {
  const { store, goods, catalogue } = await aTill();
  await catalogue.apply({ ...answer(1, [honey]), full: true }, null);
  const ids = [uuid7(), uuid7(), uuid7()];
  for (const [n, id] of ids.entries()) await goods.name(id, { name: `Món ${n}`, price: 1000 }, by);
  await catalogue.apply(answer(2, [{ ...honey, id: ids[0], sku: "0002", barcodes: [], name: "Chè lam Thạch Xá" }], { removed: [ids[1]], settings: { merged: { [ids[2]]: "p1" } } }), null);
  await goods.tidy();
  assert.equal(catalogue.find(ids[0]).name, "Chè lam Thạch Xá");
  assert.deepEqual(catalogue.search("mon"), []);
  assert.equal(catalogue.size, 2);
  assert.deepEqual((await aTill(store)).goods.goods, []);
});

test("a linked code finds its goods here until the server knows it", async () => {
  const { store, goods, catalogue } = await aTill();
  await catalogue.apply({ ...answer(1, [honey]), full: true }, null);
  await goods.link("8930000009999", catalogue.find("p1"));
  await goods.link("8930000000017", { id: "p9" }); // known already: stays
  assert.equal(catalogue.findByCode("8930000009999").id, "p1");
  assert.equal(catalogue.findByCode("8930000000017").id, "p1");
  assert.equal((await aTill(store)).catalogue.findByCode("8930000009999").id, "p1");
  await goods.tidy();
  assert.equal(goods.links.length, 1);
  await catalogue.apply(answer(2, [{ ...honey, barcodes: [...honey.barcodes, "8930000009999"] }]), null);
  await goods.tidy();
  assert.deepEqual(goods.links, []);
  assert.equal(catalogue.findByCode("8930000009999").id, "p1");
});

test("only who approves links; a cashier's line carries the code all the same", () => {
  const added = [], linked = [];
  const app = (approve) => ({
    staff: { limits: { approve } }, linking: "8930000009999", words: "mat", add: (...what) => added.push(what), say() {}, sayTrouble() {},
    newGoods: { link: async (...what) => linked.push(what) },
  });
  for (const approve of [false, true]) {
    const one = app(approve);
    assert.equal(mayLink(one), approve);
    take(one, honey);
    assert.equal(one.linking, null);
    take(one, honey);
  }
  assert.deepEqual(added, [[honey, "8930000009999"], [honey], [honey, "8930000009999"], [honey]]);
  assert.deepEqual(linked, [["8930000009999", honey]]);
});

test("pictures wait for the server; what it will never take is let go", async () => {
  const { store, goods } = await aTill();
  for (const text of ["one", "two", "three"]) await goods.name(uuid7(), { name: text, price: 1, photo: new TextEncoder().encode(text).buffer }, by);
  const waiting = async () => (await store.metas("photo|")).length;
  await goods.sendPhotos(async () => { throw new TypeError("no network"); });
  assert.equal(await waiting(), 3);
  await goods.sendPhotos(async () => ({ status: 503 }));
  assert.equal(await waiting(), 3);
  const statuses = [201, 422, 503];
  await goods.sendPhotos(async () => ({ status: statuses.shift() }));
  assert.equal(await waiting(), 1);
  await goods.sendPhotos(async () => ({ status: 200 }));
  assert.equal(await waiting(), 0);
});

test("a producer is found by some letters of the name", async () => {
  const { catalogue } = await aTill();
  await catalogue.apply({ ...answer(1, [honey, { ...honey, id: "p2", name: "Sữa ong", barcodes: [], sku: "2" }]), full: true }, null);
  assert.deepEqual(producersLike(catalogue, "ba vi"), [{ id: "m1", name: "HTX Ba Vì" }]);
});
