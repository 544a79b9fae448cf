// The customer's screen: what the till says, in huge type. Takes nothing in but that; a finger on it does nothing.
// It hears the till on this device over a channel, or one on another tablet over the server, by the key of its QR.

import { html, nothing, render } from "../vendor/lit-html-3.3.3/lit-html.js";
import { BEAT_MS, CHANNEL, THANKS_MS } from "./display.js";
import { askForNewer, keepShell, takeNewer } from "./renewing.js";
import { qty, vnd } from "./money.js";
import { loadIcons, icon, mark, qr } from "./screen/parts.js";
import { asker, forgetKey, keyInHash, takeKey, Watcher } from "./watching.js";
import { language, setLanguage, setTheme, t, theme } from "./words.js";

/** @typedef {import("./display.js").Message} Message */

const NEWER_MS = 3600_000;
const PLACE = "till.display.place";

/** @type {Message | null} */
let told = null;
let heardAt = -Infinity; // on this device
let thanked = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Watcher | null} the till on another tablet */
let watcher = null;
/** @type {Watcher | null} one question at a time */
let asking = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;

/** Whose till this screen hears: it stands there also when the screen begins without the network. */
let place = localStorage.getItem(PLACE) ?? "";

const root = /** @type {HTMLElement} */ (document.getElementById("display"));
const beside = () => performance.now() - heardAt <= 3 * BEAT_MS;

/** Why there is nothing to show: "" while the till speaks. */
const away = () => (beside() ? "" : watcher ? watcher.why || (told ? "" : "waiting") : "away");

/** @param {string} place */
const welcome = (place) => html`<main class="guest idle" data-testid="display" data-state="idle">${mark}<h1>${place}</h1><p>${t("display_welcome")}</p></main>`;

/** @param {Message} message */
const cart = ({ lines = [], total = 0, left = null }) => html`<main class="guest cart" data-testid="display" data-state="cart">
  <ul>${lines.map((line, i) => html`<li class=${i === lines.length - 1 ? "new" : ""}><b>${qty(line.qty_milli)}${line.unit ? ` ${line.unit}` : ""}</b><span>${line.name}</span><b class="num">${vnd(line.sum)}</b></li>`)}</ul>
  <div class="sum"><span>${t(total < 0 ? "give_back" : "display_total")}</span><b class="num" data-testid="display-total" data-sum=${total}>${vnd(Math.abs(total))}<small>₫</small></b></div>
  ${left === null ? nothing : html`<div class="sum rest"><span>${t("still_missing")}</span><b class="num">${vnd(left)}</b></div>`}</main>`;

/** @param {Message} message */
const transfer = ({ qr: code }) => (code ? html`<main class="guest transfer" data-testid="display" data-state="qr">
  <b class="row">${icon("scan-line")} ${t("qr_scan")}</b>${qr(code.text, t("qr_label", { sum: vnd(code.sum) }))}
  <b class="num huge">${vnd(code.sum)}<small>₫</small></b><p>${code.to}<br>${code.name}</p></main>` : nothing);

/** @param {Message} message */
const thanks = ({ total = 0, change = 0 }) => html`<main class="guest thanks" data-testid="display" data-state="thanks"><h1>${t("display_thanks")}</h1>
  ${change ? html`<p>${t("change")}</p><b class="num huge" data-testid="display-change" data-sum=${change}>${vnd(change)}<small>₫</small></b>` : html`<p>${t("display_paid")}</p><b class="num huge">${vnd(total)}<small>₫</small></b>`}</main>`;

const SIGNS = /** @type {Record<string, string>} */ ({ offline: "cloud-off", silent: "clock", ended: "qr-code", waiting: "refresh-cw" });

/** @param {string} why */
const nobody = (why) => html`<main class="guest idle" data-testid="display" data-state="away" data-why=${why}>${mark}
  ${(told?.place || place) && why !== "ended" ? html`<h1>${told?.place || place}</h1>` : nothing}
  <p class="row">${SIGNS[why] ? icon(SIGNS[why]) : nothing} <span>${t(`display_${why}`)}</span></p></main>`;

function draw() {
  const why = away();
  if (why || !told) return render(nobody(why), root);
  const done = told.state === "thanks" && told.id === thanked;
  const now = told.state === "cart" ? cart(told) : told.state === "qr" ? transfer(told) : told.state === "thanks" && !done ? thanks(told) : welcome(told.place);
  render(html`${told.sample ? html`<div class="watermark"><b>${told.sample}</b></div>` : nothing}${now}`, root);
  root.querySelector(".guest li.new")?.scrollIntoView({ block: "nearest" });
}

/** @param {Message} message */
function hear(message) {
  if (message.language !== language()) setLanguage(message.language);
  const fresh = message.state === "thanks" && (told?.state !== "thanks" || told.id !== message.id);
  told = message;
  if (watcher && message.place && message.place !== place) localStorage.setItem(PLACE, (place = message.place));
  if (fresh) {
    clearTimeout(timer);
    timer = setTimeout(() => { thanked = message.id ?? ""; draw(); }, THANKS_MS);
  }
  draw();
}

/** Ask, then ask again when it is time; nothing while nobody can see this screen. */
async function watch() {
  clearTimeout(next);
  const mine = watcher;
  if (!mine || mine === asking || document.visibilityState === "hidden") return;
  asking = mine;
  const again = await mine.round();
  asking = null;
  if (mine !== watcher) return watch();
  if (again === null) forgetKey(localStorage);
  else next = setTimeout(watch, again);
  draw();
}

function pair() {
  const key = takeKey(location, localStorage, history);
  watcher = key ? new Watcher({ ask: asker(key), hear }) : null;
  told = null;
  watch();
}

/** On a tablet of its own this page keeps the shell, so that it opens without the network; it takes a newer build while nobody pays. */
async function renew() {
  if (!watcher || told?.state === "cart" || told?.state === "qr") return;
  const { held = [] } = await navigator.locks.query();
  if (!held.some(({ name }) => name === "till-screen")) takeNewer(); // where a till is open it is the one that renews
}

/** A screen nobody touches must not go dark. */
async function stayAwake() {
  if (document.visibilityState === "visible") await /** @type {any} */ (navigator).wakeLock?.request("screen").catch(() => null);
}

setTheme(theme());
document.documentElement.lang = language();
loadIcons().catch(() => {});
const channel = new BroadcastChannel(CHANNEL);
channel.onmessage = ({ data }) => {
  if (!data?.state) return;
  heardAt = performance.now();
  hear(data);
};
channel.postMessage("hello");
addEventListener("storage", () => { setTheme(theme()); draw(); });
addEventListener("hashchange", () => { if (keyInHash(location.hash)) pair(); });
addEventListener("online", watch);
document.addEventListener("visibilitychange", () => { stayAwake(); watch(); });
setInterval(draw, 1000);
keepShell();
setInterval(askForNewer, NEWER_MS);
setInterval(renew, 20_000);
pair();
stayAwake();
draw();
