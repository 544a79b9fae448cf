import assert from "node:assert/strict";
import { test } from "node:test";

import { codeInLink } from "../../static/till/enrol.js";
import { FORMATS, isNative, Sightings, spellings } from "../../static/till/reader.js";

const ean = (text) => ({ text, format: "ean_13" });

test("a code counts when it comes into the picture, once while it stays, again after it left", () => {
  const sightings = new Sightings(700);
  const taken = (at, ...found) => sightings.take(found.map(ean), at).map(({ text }) => text);
  assert.deepEqual(taken(0, "1"), ["1"]);
  for (let at = 140; at <= 5000; at += 140) assert.deepEqual(taken(at, "1"), []);
  assert.deepEqual(taken(5100), []); // a blurred picture or two
  assert.deepEqual(taken(5240), []);
  assert.deepEqual(taken(5380, "1"), []);
  for (let at = 5520; at <= 6200; at += 140) taken(at);
  assert.deepEqual(taken(6300, "1"), ["1"]);
  assert.deepEqual(taken(6400, "1", "2", "2"), ["2"]);
  assert.deepEqual(taken(6500, "2", "1"), []);
});

test("a tablet that needs a second and more for one picture counts what stays in it once", () => {
  const sightings = new Sightings(700);
  const taken = (at, ...found) => sightings.take(found.map(ean), at).map(({ text }) => text);
  assert.deepEqual(taken(0, "1"), ["1"]);
  for (const at of [1200, 2400]) assert.deepEqual(taken(at, "1"), []);
  assert.deepEqual(taken(3600), []); // one picture blurred
  assert.deepEqual(taken(4800, "1"), []);
  taken(6000);
  taken(7200);
  assert.deepEqual(taken(8400, "1"), ["1"]);
  sightings.clear();
  assert.deepEqual(taken(8500, "1"), ["1"]);
});

test("UPC-A and EAN-13 with a 0 are the same code", () => {
  assert.deepEqual(spellings({ text: "036000291452", format: "upc_a" }), ["036000291452", "0036000291452"]);
  assert.deepEqual(spellings({ text: "0036000291452", format: "ean_13" }), ["0036000291452", "036000291452"]);
  assert.deepEqual(spellings(ean("8931234567897")), ["8931234567897"]);
  assert.deepEqual(spellings({ text: "0123456789012", format: "qr_code" }), ["0123456789012"]);
});

test("the browser's own detector only where it knows every format", async () => {
  const knowing = (formats) => ({ getSupportedFormats: async () => formats });
  assert.equal(await isNative(undefined), false);
  assert.equal(await isNative(knowing(["qr_code"])), false);
  assert.equal(await isNative(knowing([...FORMATS, "pdf417"])), true);
  assert.equal(await isNative({ getSupportedFormats: () => Promise.reject(new Error("no")) }), false);
});

test("a pairing QR holds a code; other texts do not", () => {
  assert.equal(codeInLink("https://pos.example/till/#enrol=k7qf2m9x"), "K7QF-2M9X");
  assert.equal(codeInLink("K7QF-2M9X"), "K7QF-2M9X");
  for (const text of ["https://pos.example/r/HK03A-261122-1#abc", "8931234567897", "#enrol=K7", "https://example.com/K7QF2M9X"]) {
    assert.equal(codeInLink(text), null, text);
  }
});
