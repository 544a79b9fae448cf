// Counting on a phone: the till's camera and scanner put a code into the search; the same code again is one more.

import { Camera } from "../till/camera.js";
import { spellings } from "../till/reader.js";
import { listenForCodes } from "../till/scanner.js";

const TROUBLES = ["insecure", "denied", "none", "busy", "broken"];

/** @param {string} what @returns {any} */
const one = (what) => document.querySelector(what);
/** A code that waits until what is on the screen has been kept. */
let waiting = "";

/** @param {number} by */
function step(by) {
  const box = one("#f-qty");
  const now = Number(box.value.replace(/\s/g, "").replace(",", ".")) || 0;
  box.value = String(Math.max(0, Math.round((now + by) * 1000) / 1000)).replace(".", ",");
}

/** @param {string} code */
function search(code) {
  const box = one("#q");
  box.value = code;
  one("[data-find]").requestSubmit();
}

/** @param {string[]} ways how the code may be written */
function scanned(ways) {
  const form = one("[data-one]");
  const codes = form ? form.dataset.codes.split(" ") : [];
  navigator.vibrate?.(30);
  if (form && ways.some((code) => codes.includes(code))) return step(1);
  if (form && one("#f-qty").value.trim()) {
    waiting = ways[0];
    return form.requestSubmit();
  }
  search(ways[0]);
}

/** What the page offers only with a script, and where the finger goes next. */
function ready() {
  document.querySelectorAll("[data-step]").forEach((button) => { /** @type {HTMLElement} */ (button).hidden = false; });
  const qty = one("#f-qty");
  if (qty) {
    if ("scanned" in qty.dataset && !qty.value) qty.value = "1";
    if (!camera?.isOpen) qty.focus();
    qty.select();
    return;
  }
  if (one("#work")?.dataset.told) {
    one("#q").value = "";
    if (waiting) search(waiting);
    else if (matchMedia("(hover: hover)").matches) one("#q").focus();
  }
  waiting = "";
}

const finder = one("[data-finder]");
const button = one("[data-camera]");
const camera = finder && new Camera({
  changed() {
    const { state } = camera;
    finder.hidden = state === "off";
    finder.querySelector("video").hidden = TROUBLES.includes(state);
    finder.querySelector("video").srcObject = camera.stream;
    finder.querySelector("[data-words]").textContent = finder.dataset[state] ?? "";
    button.setAttribute("aria-pressed", camera.isOpen ? "true" : "false");
  },
  found: (seen) => scanned(spellings(seen)),
});

if (finder) {
  button.hidden = false;
  button.addEventListener("click", () => (camera.isOpen ? camera.close() : camera.open()));
  listenForCodes(document, (code) => scanned([code]));
  document.addEventListener("click", (event) => {
    const by = /** @type {HTMLElement} */ (event.target).closest?.("[data-step]");
    if (by) step(Number(/** @type {HTMLElement} */ (by).dataset.step));
  });
  document.body.addEventListener("htmx:confirm", (/** @type {any} */ event) => {
    // A search typed before somebody went on to the quantity comes too late: it would empty the box, or throw away
    // the answer to what is just being kept. Asked here, before it takes another request's place.
    const { verb, triggeringEvent } = event.detail;
    const late = triggeringEvent?.type === "input" && document.activeElement !== one("#q");
    if (late || (verb === "get" && one("form[method=post].htmx-request"))) event.preventDefault();
  });
  document.body.addEventListener("htmx:afterSettle", ready);
  ready();
}
