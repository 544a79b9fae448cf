// Which goods are drawn on the shelf, remembered until the tab, the words or the catalogue change.
// Best sellers are counted when the till starts, so that tiles do not run away under a finger.

import { asTile, findHampers } from "./hampers.js";

/** The tab of hampers, where there are any. */
export const HAMPERS = "hampers";

/** @type {{ key: string, tiles: any[], settings?: any }} */
let kept = { key: "", tiles: [] };

/** @type {Map<string, number>} */
let sold = new Map();

/** While a person types, so many are drawn at once; the rest follow when the hand rests. */
const WHILE_TYPING = 16;

/** @param {import("./app.js").App} app */
export function listTiles(app) {
  const key = `${app.catalogue.version} ${app.catalogue.size} ${app.kind} ${app.words} ${(app.catalogue.about.bundles ?? []).length}`;
  const { settings } = app;
  if (kept.key !== key || kept.settings !== settings) {
    const hampers = app.catalogue.about.bundles ?? [];
    const tiles = app.words.trim() ? [...findHampers(hampers, app.words).map(asTile), ...app.catalogue.search(app.words)]
      : app.kind === HAMPERS ? hampers.map(asTile) : app.catalogue.tiles(app.kind, sold);
    kept = { key, tiles, settings };
  }
  return app.typing ? kept.tiles.slice(0, WHILE_TYPING) : kept.tiles;
}

/** What sold here lately: product → times. @param {any[]} rows sales of the log */
export function countSold(rows) {
  sold = new Map();
  for (const { event } of rows) {
    for (const line of event.body.lines) {
      if (line.product) sold.set(line.product, (sold.get(line.product) ?? 0) + 1);
    }
  }
  kept = { key: "", tiles: [] };
}
