// One run of the simulation: tablets in this process, the server in another, told what to do line by line.
// stdin's first line: {origin, seed, events, enrolments}. Asks on stdout {do: kill|start|backup|restore|price}, is answered
// on stdin; the last line is {ending: {...}}.

import { createInterface } from "node:readline";

import { between, seeded } from "../vectors.js";
import { Network } from "./network.js";
import { Tablet } from "./tablet.js";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);
const say = (/** @type {any} */ what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const ask = async (/** @type {string} */ what) => {
  say({ do: what });
  return hear();
};
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

const { origin, seed, events, enrolments } = await hear();
const random = seeded(seed);
const network = new Network(origin, seeded(seed + 1));
/** @type {any[]} */
const market = [];
const tablets = enrolments.map((/** @type {any} */ enrolment, /** @type {number} */ n) =>
  new Tablet(enrolment, { network, random: seeded(seed * 100 + n), events, market }));

let full = false;
const began = performance.now();
const lives = Promise.all(tablets.map((tablet) => tablet.live()));
const heads = Promise.all(tablets.map(async (tablet) => {
  while (tablet.seq < events) await pause(20);
})).then(() => (full = true));

/** The server's bad day: it crashes, it comes back, once or twice with an old disk. */
const counts = { kills: 0, restores: 0, prices: 0 };
let copies = 0;
while (!full) {
  await pause(between(random, 60, 500));
  const fate = random();
  if (fate < 0.3) {
    await ask("kill");
    counts.kills += 1;
    await pause(random() * 250);
    if (copies && random() < 0.5 && counts.restores < 2) {
      await ask("restore");
      counts.restores += 1;
    }
    await ask("start");
  } else if (fate < 0.5) {
    await ask("backup");
    copies += 1;
  } else if (fate < 0.6) {
    await ask("price");
    counts.prices += 1;
  }
}
await heads;
if (copies) { // and once more when every tablet believes that nearly everything is sent
  await ask("kill");
  await ask("restore");
  await ask("start");
  counts.kills += 1;
  counts.restores += 1;
}
await pause(200);
network.heal();
await lives;
await network.quiet();
const endings = await Promise.all(tablets.map((tablet) => tablet.ending()));
const sum = (/** @type {string} */ name) => tablets.reduce((n, tablet) => n + tablet[name], 0);
const told = JSON.stringify({ ending: {
  tablets_told: endings, wrong: endings.flatMap((end) => end.wrong), printed: endings.reduce((n, end) => n + end.printed, 0),
  faults: network.seen, ...counts, tabs_killed: sum("kills"), clock_jumps: sum("jumps"), takeovers: sum("takeovers"),
  ms: Math.round(performance.now() - began),
} });
process.stdout.write(`${told}\n`, () => process.exit(0));
