// Taking goods out of a cart, or a whole cart away: one tap, a strip that puts it back, and a note for the owner.

import { isEmpty } from "./cart.js";
import { putHampersBack, setHampers } from "./hampers.js";
import { t } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").CartLine} CartLine */

/** @param {App} app @param {string} title @param {() => void} back */
const offer = (app, title, back) =>
  app.say({ tone: "info", icon: "trash-2", title, act: { label: t("put_back"), run: () => { app.hush(); back(); app.redrawWhenReady(); } } });

/** @param {App} app @param {CartLine} line */
export function removeLine(app, line) {
  const { desk, control } = app;
  const { cart } = desk;
  const at = cart.lines.findIndex((each) => each.key === line.key);
  if (at < 0) return;
  desk.remove(line.key);
  const id = control.lineRemoved(cart, line);
  offer(app, t("removed", { name: line.name }), () => {
    if (desk.insert(cart.id, line, at)) control.putBack("line.remove", id, cart, [line]);
  });
  app.redrawWhenReady();
}

/** A hamper goes with all its parts, and comes back with them. @param {App} app @param {number} key */
export function removeHamper(app, key) {
  const { desk, control } = app;
  const { cart } = desk;
  const bundle = cart.bundles?.find((each) => each.key === key);
  if (!bundle) return;
  const at = cart.lines.findIndex((line) => line.bundle === key);
  const parts = cart.lines.filter((line) => line.bundle === key);
  desk.change((now) => setHampers(now, key, 0));
  const id = control.linesRemoved(cart, parts);
  offer(app, t("removed", { name: bundle.name }), () => {
    if (desk.changeOf(cart.id, (now) => putHampersBack(now, bundle, parts, at))) control.putBack("line.remove", id, cart, parts);
  });
  app.redrawWhenReady();
}

/** Less than one is none. @param {App} app @param {CartLine} line @param {number} qtyMilli */
export function setLine(app, line, qtyMilli) {
  if (qtyMilli <= 0) return removeLine(app, line);
  app.desk.setQty(line.key, qtyMilli);
  app.redrawWhenReady();
}

/** @param {App} app */
export function cancelCart(app) {
  const { desk, control } = app;
  const { cart } = desk;
  if (isEmpty(cart)) return;
  desk.cancel();
  const id = control.cartCancelled(cart);
  offer(app, t("cart_cancelled"), () => {
    desk.restore(cart);
    control.putBack("cart.cancel", id, cart, cart.lines);
  });
  app.redrawWhenReady();
}
