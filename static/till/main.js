// Opens the till: asks whether this place can keep sales, wires the parts, listens to keys, draws.
// What a test in a browser may ask for by data-testid is listed in tests/browser/testids.txt.

import { Api } from "./api.js";
import { App } from "./app.js";
import { Camera } from "./camera.js";
import { Catalogue } from "./catalogue.js";
import { Clock } from "./clock.js";
import { condition, watchCondition } from "./condition.js";
import { Control } from "./control.js";
import { Desk } from "./desk.js";
import { CHANNEL, Display } from "./display.js";
import { codeInHash } from "./enrol.js";
import { Goods } from "./goods.js";
import { Fresh } from "./fresh.js";
import { Disk } from "./idb.js";
import { uuid7 } from "./ids.js";
import { Lockout } from "./lockout.js";
import { KEEP_MS, Log } from "./log.js";
import { listenForOffer } from "./installing.js";
import { holdTab } from "./one-tab.js";
import { isNative } from "./reader.js";
import { listenForCodes } from "./scanner.js";
import { draw } from "./screen/draw.js";
import { loadIcons } from "./screen/parts.js";
import { keyIdOf, sign } from "./proof.js";
import { Relay } from "./relay.js";
import { carryRelays } from "./rescuing.js";
import { askForNewer, keepShell, renewShell } from "./renewing.js";
import { Sender } from "./sender.js";
import { Shifts } from "./shift.js";
import { sighted } from "./sights.js";
import { Staff } from "./staff.js";
import { isEmpty } from "./cart.js";
import { Mending } from "./mending.js";
import { hearAnswers } from "./notices.js";
import { countUnseen } from "./paying.js";
import { usePrefs } from "./prefs.js";
import { countSold } from "./tiles.js";
import { practiceDesk } from "./training.js";
import { APP } from "./version.js";
import { setLanguage, setTheme, language, t, theme } from "./words.js";

const FETCH_EVERY_MS = 60_000;
const clock = new Clock();
const api = new Api();
const newId = () => uuid7(clock.now());
const display = new Display({ channel: "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : null });
const app = new App({ draw: (now) => { draw(now, document.getElementById("till")); display.tell(now); now.relay?.tell(now); }, clock, api, newId });

listenForOffer(window, () => app.redraw());
app.camera = new Camera({ changed: () => app.redraw(), found: (seen) => sighted(app, seen) });

/** The browser's Web Locks, as the log wants them. */
const locks = { request: (/** @type {string} */ name, /** @type {() => Promise<any>} */ run) => navigator.locks.request(name, run) };

async function open() {
  setTheme(theme());
  setLanguage(language());
  usePrefs(null);
  loadIcons().catch(() => {}); // words stand beside every icon
  if (!isSecureContext || !globalThis.crypto?.subtle) return app.go("refused", { why: "insecure" });
  if (!navigator.locks || !("structuredClone" in globalThis)) return app.go("refused", { why: "old" });
  keepShell();
  await holdTab({
    other: (take) => app.go("other-tab", { take }),
    taking: () => app.go("starting"),
    taken: () => { app.sender?.stop(); app.go("other-tab", { take: () => location.reload() }); },
  });
  try {
    app.store = await Disk.open({
      blocked: () => { app.about = { slow: true }; app.redraw(); },
      closed: () => location.reload(),
    });
    if (!(await app.store.holds())) throw new Error("IndexedDB does not read back");
  } catch (error) {
    return app.go("refused", { why: "storage", detail: String(error) });
  }
  clock.offset_ms = (await app.store.meta("offset")) ?? 0;
  const [enrolment] = await app.store.enrolments();
  if (enrolment) await work(enrolment);
  askCode();
  if (!enrolment && app.view !== "enrol") pair("");
}

// ── Pairing ──────────────────────────────────────────────────────────

function askCode() {
  const code = codeInHash(location.hash);
  if (code === null) return;
  history.replaceState(null, "", location.pathname);
  if (app.shifts?.open_ones.length) return app.say({ tone: "wait", icon: "info", title: t("enrol_close_first") });
  pair(code);
}

/** @param {string} code */
function pair(code) {
  const done = async (/** @type {any} */ enrolment) => {
    app.sender?.stop();
    if (app.enrolment) return location.reload(); // another till: everything starts anew
    await work(enrolment);
  };
  app.go("enrol", { code, done, cancel: () => app.go("who") });
}

// ── Working ──────────────────────────────────────────────────────────

/** @param {any} enrolment */
async function work(enrolment) {
  const { store } = app;
  const { device, till } = enrolment;
  app.enrolment = enrolment;
  const log = new Log(store, locks, { device, till_code: till.code, app: APP, offset_ms: () => clock.offset_ms });
  app.catalogue = new Catalogue(store, device);
  app.lockout = new Lockout({ store, device, clock });
  app.shifts = new Shifts({ log, store, clock, newId });
  app.goods = new Goods({ log, store, clock, newId, shifts: app.shifts });
  app.people = new Staff({ log, store, clock, newId, catalogue: app.catalogue, shifts: app.shifts });
  const ports = { log, store, clock, catalogue: app.catalogue, newId, tick: () => performance.now(), settings: () => app.settings };
  app.desk = new Desk({ ...ports, shifts: app.shifts, till_code: till.code, prove: prover(enrolment), printedBy: () => app.paper.printedBy });
  app.practiceDesk = () => practiceDesk(ports);
  app.mending = new Mending({ log, store, shifts: app.shifts, clock, newId });
  app.control = new Control({
    log, shifts: app.shifts, clock, newId, by: () => app.by, written: () => { app.sender.poke(); app.count(); },
  });
  app.sender = new Sender({
    store, api, locks, clock, enrolments: () => store.enrolments(), changed: heard, answered: (results) => hearAnswers(app, results),
  });
  app.relay = new Relay({
    store, device, call: (method, body) => api.display(enrolment.token, method, body), changed: () => app.redraw(),
  });
  app.newGoods = new Fresh({ log, store, clock, catalogue: app.catalogue, shifts: app.shifts });
  await Promise.all([app.catalogue.load().then(() => app.newGoods.load()), app.shifts.load(), app.people.load(), app.desk.load(), app.relay.load()]);
  app.goodsAt = (await store.meta(`goods|${device}`)) ?? null;
  api.state = () => ({ unsent: app.unsent.events, ...condition });
  watchCondition();
  const [rows] = await Promise.all([store.latest("sale", 500), app.count()]);
  countSold(rows);
  countUnseen(app);
  app.begin();
  app.sender.start();
  fetchGoods();
  warmUp();
  keepReader();
  app.paper.load();
}

/** The camera's reader and the printer's part are kept for days without a network, when nobody waits for anything. */
async function keepReader() {
  if (!navigator.serviceWorker) return;
  const native = await isNative();
  const { active } = await navigator.serviceWorker.ready;
  (globalThis.requestIdleCallback ?? setTimeout)(() => active?.postMessage(native ? "paper" : "extras"));
}

/** Signs with the key of this enrolment, which cannot leave the tablet. @param {any} enrolment */
function prover({ keys }) {
  /** @type {Promise<string> | null} */
  let key = null;
  return async (/** @type {any} */ { sale, at, lines }) => {
    if (!keys) return null;
    key ??= crypto.subtle.exportKey("jwk", keys.publicKey).then((jwk) => keyIdOf(jwk));
    return sign({ sale, key: await key, minute: Math.floor(at / 60_000), lines }, keys.privateKey);
  };
}

/** Fold the words for search a few hundred at a time, while nobody waits. */
function warmUp() {
  const { catalogue } = app;
  const some = () => catalogue === app.catalogue && !catalogue.warm(400) && idle(some);
  const idle = (/** @type {() => void} */ run) => (globalThis.requestIdleCallback ?? setTimeout)(run);
  idle(some);
}

let offset = 0;
let pruned = false;

/** Pictures go when the log has nothing to send: they never hold it up. */
async function sendPhotos() {
  if (app.unsent.events === 0) await app.newGoods.sendPhotos((sha256, bytes) => api.photo(app.enrolment.token, sha256, bytes));
}

/** The sender has news. @param {any} state */
function heard(state) {
  if (clock.offset_ms !== offset) {
    offset = clock.offset_ms;
    app.store.setMeta("offset", offset);
  }
  app.count().then(() => state.reached && sendPhotos());
  if (!state.reached) return;
  carryRelays(app);
  if (app.catalogue.size === 0) fetchGoods();
  if (!pruned && state.server_at !== null) { // by the server's own word: a clock that jumped forgets nothing
    app.store.prune(state.server_at - KEEP_MS);
    pruned = true;
  }
}

let fetchedAt = -Infinity;

async function fetchGoods() {
  if (app.fetching || performance.now() - fetchedAt < 5_000) return;
  app.fetching = true;
  fetchedAt = performance.now();
  app.redraw();
  try {
    const changed = await app.catalogue.refresh({
      catalogue: (since, etag) => api.catalogue(app.enrolment.token, since, etag),
    });
    app.fetchFailed = false;
    app.goodsAt = clock.device();
    app.store.setMeta(`goods|${app.enrolment.device}`, app.goodsAt);
    if (changed) await app.newGoods.tidy();
    if (changed) warmUp();
    app.listCame();
    sendPhotos();
  } catch {
    app.fetchFailed = true;
  }
  app.fetching = false;
  app.redraw();
}

// ── Keys and time ────────────────────────────────────────────────────

const KEYS = /** @type {Record<string, () => void>} */ ({
  F2: () => app.find(),
  F8: () => app.hold(),
  F9: () => app.panel === "cart" && app.pay({ cash: { received: null } }),
  F10: () => app.panel === "cart" && app.openQr(),
});

addEventListener("keydown", (event) => {
  app.touch();
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    app.back();
    /** @type {HTMLElement | null} */ (document.activeElement)?.blur?.();
  }
  if (!(event.key in KEYS) || !app.canSell || event.repeat) return;
  event.preventDefault();
  KEYS[event.key]();
});
addEventListener("pointerdown", () => app.touch(), { passive: true });
addEventListener("hashchange", askCode);
addEventListener("online", () => app.sender?.poke());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  app.sender?.poke();
  if (app.catalogue) fetchGoods();
});
listenForCodes(window, (code) => app.scanned(code));

setInterval(() => {
  if (!app.desk) return renewShell(app);
  app.lockIfIdle();
  renewShell(app);
  if (performance.now() - fetchedAt > FETCH_EVERY_MS) {
    fetchGoods();
    askForNewer();
  }
  if (app.view === "sell" && !app.strip && app.shifts.isStale() && isEmpty(app.desk.cart)) app.sayStale();
  app.redraw();
}, 1000);

open().catch((error) => app.go("refused", { why: "storage", detail: String(error) }));
