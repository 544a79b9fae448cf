// The camera's button and its picture: in the shelf or on the pairing card, never over the cart or the pay row.

import { t } from "../words.js";
import { html, icon, nothing } from "./parts.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export const cameraButton = (app) => html`<button type="button" class="btn square camera" data-testid="camera" aria-pressed=${app.camera.isOpen ? "true" : "false"}
  aria-label=${t(app.camera.isOpen ? "camera_close" : "camera_open")} @click=${() => toggle(app)}>${icon(app.camera.isOpen ? "x" : "camera")}</button>`;

/** @param {App} app */
export function toggle(app) {
  if (app.camera.isOpen) return app.camera.close();
  app.touch();
  /** @type {HTMLElement | null} */ (document.activeElement)?.blur?.();
  app.camera.open();
}

/** @param {App} app */
export function finder(app) {
  const { camera } = app;
  if (camera.state === "off") return nothing;
  if (!camera.isOpen) {
    return html`<div class="strip wait still" data-testid="camera-trouble" data-why=${camera.state} role="alert">${icon("camera")}
      <div class="grow"><b>${t(`camera_${camera.state}`)}</b>${t(`camera_${camera.state}_do`)}</div>
      <button type="button" class="btn bare square" aria-label=${t("dismiss")} @click=${() => camera.close()}>${icon("x")}</button></div>`;
  }
  return html`<div class="finder" data-testid="finder-box" data-state=${camera.state}>
    <video data-testid="finder" autoplay playsinline .muted=${true} .srcObject=${camera.stream} aria-label=${t("camera_picture")}></video>
    <span class="aim" aria-hidden="true"></span>
    <p class="cap" role="status">${t(camera.state === "asking" ? "camera_asking" : "camera_hint")}</p>
    ${camera.torch === null ? nothing : html`<button type="button" class="btn square torch" data-testid="torch" aria-pressed=${camera.torch ? "true" : "false"} aria-label=${t("camera_torch")}
      @click=${() => camera.light()}>${icon("zap")}</button>`}</div>`;
}
