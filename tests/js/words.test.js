import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { WORDS } from "../../static/till/sentences.js";
import { t } from "../../static/till/words.js";

const island = new URL("../../static/till/", import.meta.url);
const sources = [island, new URL("screen/", island), new URL("paper/", island)].flatMap((folder) =>
  readdirSync(folder).filter((name) => name.endsWith(".js")).map((name) => readFileSync(new URL(name, folder), "utf8")));

test("every sentence is there in both languages, with the same facts", () => {
  const facts = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [key, [vi, en]] of Object.entries(WORDS)) {
    assert.equal(typeof vi, "string", key);
    assert.equal(typeof en, "string", key);
    assert.ok(vi, key);
    assert.deepEqual(facts(vi), facts(en), key);
    assert.equal(vi, vi.normalize("NFC"), key);
  }
});

test("every sentence the screens ask for exists", () => {
  const asked = new Set(sources.flatMap((text) => [...text.matchAll(/\bt\(\s*"(\w+)"/g)].map(([, key]) => key)));
  assert.ok(asked.size > 100);
  for (const key of asked) assert.ok(key in WORDS, key);
});

test("no sentence lies unused", () => {
  const all = sources.filter((text) => !text.includes("export const WORDS")).join("\n");
  const families = [...all.matchAll(/\bt\(`(\w+)\$\{/g)].map(([, start]) => start);
  for (const key of Object.keys(WORDS)) {
    const named = new RegExp(`"${key}"`).test(all) || families.some((start) => key.startsWith(start));
    assert.ok(named, key);
  }
});

test("facts go into their places", () => {
  assert.equal(t("unsent_sales", { n: 12, age: "14 phút" }), "Còn 12 đơn chưa gửi · 14 phút");
  assert.equal(t("role_never_heard"), "Người bán");
});

test("no inline style reaches the page: the policy forbids it", () => {
  for (const text of sources) assert.doesNotMatch(text, /\sstyle=/);
});

test("every icon the screens name is in the sprite", () => {
  const sprite = readFileSync(new URL("../icons/lucide.svg", island), "utf8");
  const named = sources.flatMap((text) => [...text.matchAll(/\bicon(?:\(|: )"([a-z0-9-]+)"/g)].map(([, name]) => name));
  assert.ok(named.length > 40);
  for (const name of named) assert.ok(sprite.includes(`id="i-${name}"`), name);
});
