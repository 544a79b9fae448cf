// Rescue as the screen calls it: seal what waits, show it code by code, save it, read a neighbour's, carry it to the server.

import { codesOf, fileOf, Gatherer, keepRelay, parcels, sendRelays } from "./rescue.js";

/** @typedef {import("./app.js").App} App */

const gatherer = new Gatherer();

/** Seal everything unsent of this tablet, older enrolments too. @param {App} app */
export async function startRescue(app) {
  const about = /** @type {any} */ ({ codes: null, i: 0, parcels: [], have: 0, of: 0, relays: 0 });
  app.go("rescue", about);
  about.relays = ((await app.store.meta("relay")) ?? []).length;
  const key = app.settings.rescue ?? app.enrolment.rescue;
  if (!key) {
    about.why = "rescue_no_key";
    return app.redraw();
  }
  try {
    for (const { device } of await app.store.enrolments()) about.parcels.push(...(await parcels(app.store, key, device)));
    about.codes = about.parcels.flatMap(codesOf);
    if (!about.codes.length) about.why = "rescue_nothing";
  } catch (error) {
    app.sayTrouble(error);
  }
  app.redraw();
}

/** @param {App} app */
export function saveRescue(app) {
  const text = fileOf(app.about.parcels, app.till.code, app.clock.now());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `ocop-${app.till.code}-${new Date(app.clock.now()).toISOString().slice(0, 16).replace(/\D/g, "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * A code of a neighbour, from a camera, a scanner or a person. False: not of ours.
 * @param {App} app @param {string} code
 */
export function readRescue(app, code) {
  const told = gatherer.take(code);
  if (!told) return false;
  Object.assign(app.about, { have: told.have, of: told.of });
  if (told.whole && !app.about.kept) {
    const { whole } = told;
    app.about.kept = true;
    keepRelay(app.store, whole).then(() => {
      app.about.relays += 1;
      app.camera.close();
      carryRelays(app);
    });
  }
  app.redraw();
  return true;
}

/** Called when the server was reached; what it does not take stays. @param {App} app */
export async function carryRelays(app) {
  if (!((await app.store.meta("relay")) ?? []).length) return;
  const told = await sendRelays(app.store, (parcel) => app.api.rescue(app.enrolment.token, parcel));
  if (app.view === "rescue") app.about.relays = told.left;
  app.redraw();
}
