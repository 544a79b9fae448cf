// Copies the browser files we ship from node_modules into static/vendor/<name>-<version>/.
// Run by `npm ci && npm run vendor` when a version changes; the result is committed, so running needs no Node.
// Cuts source map links, adds the licences, writes static/vendor/manifest.json (path → SHA-256).
// `--check` copies nothing and fails if a committed file is not the one the manifest names.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "static", "vendor");
const outForTests = join(root, "tests", "js", "vendor");

// qrcode-generator publishes its licence in the head of each file only.
const QRCODE_LICENCE = `MIT License

Copyright (c) 2009 Kazuhiko Arase

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

The word "QR Code" is a registered trademark of DENSO WAVE INCORPORATED.
`;

const ZXING_NOTICE = `zxing_reader.wasm is zxing-cpp (https://github.com/zxing-cpp/zxing-cpp) compiled to WebAssembly.
Copyright zxing-cpp and ZXing authors. Licensed under the Apache License, Version 2.0:
https://www.apache.org/licenses/LICENSE-2.0
Unless required by applicable law or agreed to in writing, it is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
`;

/** package → { version, folder name, files as from: to } */
const WANTED = [
  {
    package: "htmx.org",
    version: "2.0.11",
    files: { "dist/htmx.min.js": "htmx.min.js", LICENSE: "LICENSE" },
  },
  {
    package: "idb",
    version: "8.0.4",
    files: { "build/index.js": "index.js", LICENSE: "LICENSE" },
  },
  {
    package: "lit-html",
    version: "3.3.3",
    files: {
      "lit-html.js": "lit-html.js",
      "directive.js": "directive.js",
      "directive-helpers.js": "directive-helpers.js",
      "directives/repeat.js": "directives/repeat.js",
      LICENSE: "LICENSE",
    },
  },
  {
    package: "qrcode-generator",
    version: "2.0.4",
    files: { "dist/qrcode.mjs": "qrcode.mjs" },
    written: { LICENSE: QRCODE_LICENCE },
  },
  {
    package: "zxing-wasm",
    version: "3.1.4",
    files: {
      "dist/es/reader/index.js": "reader/index.js",
      "dist/es/share.js": "share.js",
      "dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
      LICENSE: "LICENSE",
    },
    written: { NOTICE: ZXING_NOTICE },
  },
  {
    package: "@expo-google-fonts/be-vietnam-pro",
    version: "0.4.1",
    name: "be-vietnam-pro",
    files: {
      "400Regular/BeVietnamPro_400Regular.ttf": "BeVietnamPro-Regular.ttf",
      "600SemiBold/BeVietnamPro_600SemiBold.ttf": "BeVietnamPro-SemiBold.ttf",
      "700Bold/BeVietnamPro_700Bold.ttf": "BeVietnamPro-Bold.ttf",
      LICENSE_FONT: "OFL.txt",
    },
  },
];

/** Only for the tests: a browser's disk in memory, with IndexedDB's own rules; the judge of accessibility. A folder or one file each. */
const FOR_TESTS = [
  { package: "fake-indexeddb", version: "6.2.8", folder: "build/esm", licence: "LICENSE" },
  { package: "axe-core", version: "4.14.1", file: "axe.min.js", licence: "LICENSE" },
];

const TEXT = /\.(js|mjs)$/;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function filesUnder(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesUnder(path)));
    else found.push(path);
  }
  return found.sort();
}

/** Where a package lies, once it is the one we want. */
async function installed(wanted) {
  const from = join(root, "node_modules", wanted.package);
  const { version } = JSON.parse(await readFile(join(from, "package.json"), "utf8"));
  if (version !== wanted.version) throw new Error(`${wanted.package}: ${version} is installed, ${wanted.version} is wanted`);
  return from;
}

/** Empties a folder; returns what writes into it and the manifest of what was written. */
async function anew(folder) {
  const manifest = {};
  await rm(folder, { recursive: true, force: true });
  const keep = async (path, bytes) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
    manifest[path] = sha256(bytes);
  };
  return { manifest, keep };
}

async function closed(folder, manifest) {
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  console.log(`${Object.keys(sorted).length} files in ${relative(root, folder)}`);
}

async function copy() {
  const tests = await anew(outForTests);
  for (const wanted of FOR_TESTS) {
    const from = await installed(wanted);
    const folder = `${wanted.package}-${wanted.version}`;
    const [base, paths] = wanted.file ? [from, [join(from, wanted.file)]] : [join(from, wanted.folder), await filesUnder(join(from, wanted.folder))];
    for (const path of paths) await tests.keep(`${folder}/${relative(base, path)}`, await readFile(path));
    await tests.keep(`${folder}/LICENSE`, await readFile(join(from, wanted.licence)));
  }
  await closed(outForTests, tests.manifest);

  const { manifest, keep } = await anew(out);
  for (const wanted of WANTED) {
    const from = await installed(wanted);
    const folder = `${wanted.name ?? wanted.package}-${wanted.version}`;
    for (const [source, target] of Object.entries(wanted.files)) {
      let bytes = await readFile(join(from, source));
      if (TEXT.test(target)) {
        bytes = Buffer.from(bytes.toString("utf8").replace(/^\/\/# sourceMappingURL=.*\n?/gm, ""));
      }
      await keep(`${folder}/${target}`, bytes);
    }
    for (const [target, text] of Object.entries(wanted.written ?? {})) {
      await keep(`${folder}/${target}`, Buffer.from(text));
    }
  }
  await closed(out, manifest);
}

async function check() {
  const problems = [...(await wrongIn(out)), ...(await wrongIn(outForTests))];
  if (problems.length) {
    console.error(problems.join("\n"));
    process.exit(1);
  }
}

async function wrongIn(folder) {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const present = (await filesUnder(folder)).map((path) => relative(folder, path).replaceAll("\\", "/"));
  const problems = [];
  for (const path of present) {
    if (path === "manifest.json") continue;
    if (!(path in manifest)) problems.push(`${path}: not in the manifest`);
    else if (sha256(await readFile(join(folder, path))) !== manifest[path]) problems.push(`${path}: changed`);
  }
  for (const path of Object.keys(manifest)) if (!present.includes(path)) problems.push(`${path}: missing`);
  return problems;
}

await (process.argv.includes("--check") ? check() : copy());
