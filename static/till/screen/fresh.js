// "Hàng mới": a name, a price, whose it is or "not known", a picture. Sold at once; the office completes it later.
// Also what a code nobody knows offers: find the goods by name and link, or name them here.

import { producersLike } from "../fresh.js";
import { mayLink, unlink } from "../linking.js";
import { vnd } from "../money.js";
import { t } from "../words.js";
import { page } from "./page.js";
import { dong, html, icon, nothing, pad, press } from "./parts.js";

/** @typedef {import("../app.js").App} App */

const LONGEST_NAME = 120;
const LONGEST_SIDE = 1280;

/** @param {App} app @param {{ name?: string, barcode?: string | null }} [known] */
export function openFresh(app, { name = "", barcode = null } = {}) {
  app.touch();
  app.camera.close();
  app.go("fresh", { id: app.newId(), name: name.slice(0, LONGEST_NAME), digits: "", producer: undefined, maker: "", barcode, photo: null, shown: null });
}

/** A picture small enough for bad 4G, without what the camera wrote into it. @param {File} file */
async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
  return /** @type {Blob} */ (blob);
}

/** @param {App} app */
export function fresh(app) {
  const { about } = app;
  const price = Number(about.digits);
  const name = about.name.trim();
  const missing = !name ? "fresh_need_name" : !price ? "fresh_need_price" : null;
  const done = async () => {
    if (missing || about.busy) return;
    about.busy = true;
    try {
      const photo = about.photo ? await about.photo.arrayBuffer() : null;
      const made = await app.newGoods.name(about.id, { name, price, producer: about.producer ?? null, barcode: about.barcode, photo }, app.by);
      if (about.shown) URL.revokeObjectURL(about.shown);
      app.go("sell");
      app.words = "";
      unlink(app);
      app.add(made, about.barcode);
      app.say({ tone: "ok", icon: "package-plus", title: t("fresh_done", { name }), text: t("fresh_done_text") });
      app.sender.poke();
      await app.count();
    } catch (error) {
      about.busy = false;
      app.sayTrouble(error);
    }
  };
  const take = async (/** @type {any} */ event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      about.photo = await shrunk(file);
      about.shown = URL.createObjectURL(about.photo);
      about.problem = null;
    } catch {
      about.problem = t("fresh_no_picture");
    }
    app.redraw();
  };
  return page(app, t("fresh"), html`<div class="two-col fresh">
    <div class="col">
      ${about.barcode ? html`<p class="muted">${icon("scan-barcode")} ${t("fresh_code", { code: about.barcode })}</p>` : nothing}
      <label class="field"><span>${t("fresh_name")}</span><input class="input" data-testid="fresh-name" data-focus .value=${about.name} maxlength=${LONGEST_NAME} autocomplete="off"
        @input=${(/** @type {any} */ e) => { about.name = e.target.value; app.redraw(); }}></label>
      ${maker(app)}
      <div class="row photo">${about.shown ? html`<img src=${about.shown} alt=${t("fresh_photo")}>` : nothing}
        <label class="btn">${icon("camera")} ${t(about.shown ? "fresh_photo_again" : "fresh_photo")}<input class="only-sr" type="file" accept="image/*" capture="environment" data-testid="fresh-photo" @change=${take}></label>
        ${about.problem ? html`<span class="son" role="alert">${about.problem}</span>` : nothing}</div>
    </div>
    <div class="col">
      <div class="total"><b>${t("fresh_price")}</b><span class="num" data-testid="fresh-price">${dong(price)}</span></div>
      ${pad((key) => { about.digits = press(about.digits, key); app.redraw(); })}
      <button class="btn go big" data-testid="fresh-sell" aria-disabled=${missing ? "true" : "false"} @click=${done}>
        ${missing ? t(missing) : html`${icon("package-plus")} ${t("fresh_sell", { sum: vnd(price) })}`}</button>
    </div></div>`);
}

/** Whose goods: some letters of the name, or nobody knows yet. @param {App} app */
function maker(app) {
  const { about } = app;
  const choose = (/** @type {any} */ producer) => { Object.assign(about, { producer, maker: "" }); app.redraw(); };
  if (about.producer !== undefined) {
    return html`<div class="field"><span>${t("fresh_maker")}</span><button class="btn chosen" data-testid="fresh-maker-chosen" @click=${() => choose(undefined)}>
      ${about.producer?.name ?? t("fresh_maker_unknown")} ${icon("x")}</button></div>`;
  }
  return html`<div class="field"><label for="maker">${t("fresh_maker")}</label>
    <input class="input" id="maker" data-testid="fresh-maker" placeholder=${t("fresh_maker_hint")} .value=${about.maker} autocomplete="off"
      @input=${(/** @type {any} */ e) => { about.maker = e.target.value; app.redraw(); }}>
    <div class="makers">${about.maker.trim() ? producersLike(app.catalogue, about.maker).map((one) => html`<button class="btn" data-testid="fresh-maker-one" @click=${() => choose(one)}>${one.name}</button>`) : nothing}
      <button class="btn" data-testid="fresh-maker-none" @click=${() => choose(null)}>${t("fresh_maker_unknown")}</button></div></div>`;
}

/** Over the shelf while a code waits for its goods. @param {App} app */
export function linking(app) {
  const code = app.linking;
  if (!code) return nothing;
  return html`<div class="strip wait still" data-testid="linking" role="status">${icon("link")}
    <div class="grow"><b>${t(mayLink(app) ? "link_title" : "link_find_title", { code })}</b>${t(mayLink(app) ? "link_text" : "link_find_text")}</div>
    <button class="btn" data-testid="link-new" @click=${() => openFresh(app, { name: app.words.trim(), barcode: code })}>${icon("package-plus")} ${t("fresh")}</button>
    <button class="btn bare square" data-testid="link-stop" aria-label=${t("stop")} @click=${() => { unlink(app); app.redraw(); }}>${icon("x")}</button></div>`;
}
