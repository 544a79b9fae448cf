// Chooses the screen for the state and draws it. Dialogs are real ones: focus stays inside, Esc leaves.

import { render } from "../../vendor/lit-html-3.3.3/lit-html.js";
import { approveDialog } from "./approve.js";
import { receipt, withoutReceipt } from "./back.js";
import { cart } from "./cart.js";
import { cash } from "./cash.js";
import { closeShift, openShift } from "./count.js";
import { enrolment, otherTab, refused, starting } from "./doors.js";
import { customerScreen } from "./display.js";
import { drawers, lost } from "./drawers.js";
import { about, menuDialog, unsentDialog } from "./menu.js";
import { page } from "./page.js";
import { fresh } from "./fresh.js";
import { installation } from "./install.js";
import { announced } from "./announced.js";
import { goods, move } from "./goods.js";
import { invoice } from "./invoice.js";
import { change, qrPanel, qrSide, receiptSide } from "./paid.js";
import { number } from "./pads.js";
import { html, nothing } from "./parts.js";
import { receipts } from "./receipts.js";
import { report, sealed } from "./report.js";
import { rescue } from "./rescue.js";
import { shelf } from "./shelf.js";
import { mendPage, split } from "./split.js";
import { unseenPage } from "./tenders.js";
import { t } from "../words.js";
import { header, strip } from "./top.js";
import { helperDialog, pinDialog, who } from "./who.js";

/** @typedef {import("../app.js").App} App */

const PAGES = /** @type {Record<string, (app: App) => any>} */ ({
  rescue,
  open: openShift, close: closeShift, sealed, cash, receipts, receipt, "no-receipt": withoutReceipt, invoice, about, goods, move, announced,
  mend: mendPage, unseen: unseenPage, fresh,
  printer: (app) => app.paper.screen?.(app) ?? page(app, t("printer_title"), nothing),
  report, drawers, continue: lost, display: customerScreen,
  install: installation,
});
const DOORS = /** @type {Record<string, (app: App) => any>} */ ({
  starting, refused, "other-tab": otherTab, enrol: enrolment, who,
});
const DIALOGS = /** @type {Record<string, (app: App) => any>} */ ({
  menu: menuDialog, pin: pinDialog, unsent: unsentDialog, approve: approveDialog, helper: helperDialog,
});

/** No printer: the receipt stands on the screen, but for money given back. @param {App} app */
const onScreen = (app) => !app.paper.any && !((app.desk.last?.total ?? 0) < 0);

/** @param {App} app */
function selling(app) {
  const { panel } = app;
  if (panel === "qr") return html`${qrSide(app)}${qrPanel(app)}`;
  if (panel === "change" && app.desk.last) {
    return html`${onScreen(app) ? receiptSide(app) : shelf(app)}${change(app)}`;
  }
  const side = panel === "split" ? split(app) : panel === "number" ? number(app) : cart(app);
  return html`${shelf(app)}${side}`;
}

/** @param {App} app */
function screen(app) {
  if (app.view === "install" && !app.enrolment) return installation(app);
  if (app.view in DOORS) return html`${DOORS[app.view](app)}`;
  if (app.view in PAGES) return html`<div class="till plain">${header(app)}${PAGES[app.view](app)}${app.strip ? html`<div class="over">${strip(app)}</div>` : nothing}</div>`;
  return html`<div class="till panel-${app.panel} ${onScreen(app) ? "no-printer" : ""}">${header(app)}${selling(app)}</div>`;
}

let shown = "";
let flashed = "";

/** @param {App} app @param {HTMLElement | null} root */
export function draw(app, root) {
  if (!root) return;
  if (!shown) root.replaceChildren(); // what the page said before the script came
  render(html`${screen(app)}${app.dialog ? DIALOGS[app.dialog](app) : nothing}`, root);
  for (const dialog of root.querySelectorAll("dialog:not([open])")) {
    /** @type {HTMLDialogElement} */ (dialog).showModal();
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      app.back();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) app.back();
    });
  }
  const eye = `${app.flash} ${Boolean(app.haggling)}`;
  if (eye !== flashed) {
    flashed = eye;
    root.querySelector(".line.on")?.scrollIntoView({ block: "nearest" });
  }
  const now = `${app.view} ${app.panel === "change" ? "cart" : app.panel}`;
  if (now === shown) return;
  shown = now;
  /** @type {HTMLElement | null} */ (root.querySelector("[data-focus]"))?.focus({ preventScroll: true });
}
