// The golden vectors, read once. The server's tests read the same files.

import { readFileSync } from "node:fs";

/** @param {string} name */
export const vector = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));

/** A seeded stream of numbers in [0, 1): the same cases on every run. @param {number} seed */
export function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number in [from, to]. @param {() => number} random @param {number} from @param {number} to */
export const between = (random, from, to) => from + Math.floor(random() * (to - from + 1));
