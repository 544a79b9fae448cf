// The camera as a scanner: open, look some times a second, say what came into the picture, close. Never left running:
// it stops when the page is hidden, when its screen is gone and after two minutes without a code.

import { makeReader, Sightings } from "./reader.js";

const EVERY_MS = 140;
const IDLE_MS = 120_000;
const WISH = { video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false };

/** @typedef {"off" | "asking" | "on" | "insecure" | "denied" | "none" | "busy" | "broken"} State */

/** Why a camera did not open, as the name of a sentence. @param {any} error @returns {State} */
export function causeOf(error) {
  if (error?.name === "NotAllowedError" || error?.name === "SecurityError") return "denied";
  if (error?.name === "NotFoundError" || error?.name === "OverconstrainedError") return "none";
  if (error?.name === "NotReadableError" || error?.name === "AbortError") return "busy";
  return "broken";
}

export class Camera {
  #changed; #found;
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {import("./reader.js").Reader | null} */
  #reader = null;
  #sightings = new Sightings();
  #foundAt = 0;
  /** @type {State} */
  state = "off";
  /** @type {MediaStream | null} */
  stream = null;
  /** null: this camera has no lamp. @type {boolean | null} */
  torch = null;

  /** @param {{ changed: () => void, found: (seen: import("./reader.js").Seen) => void }} on */
  constructor({ changed, found }) {
    this.#changed = changed;
    this.#found = found;
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.close());
  }

  get isOpen() {
    return this.state === "on" || this.state === "asking";
  }

  /** @param {State} state */
  #be(state) {
    this.state = state;
    this.#changed();
  }

  async open() {
    if (this.isOpen) return;
    if (!navigator.mediaDevices?.getUserMedia) return this.#be("insecure");
    const turn = ++this.#turn;
    this.#be("asking");
    try {
      const [stream, reader] = await Promise.all([
        navigator.mediaDevices.getUserMedia(WISH),
        (this.#reader ? Promise.resolve(this.#reader) : makeReader()).then((made) => ({ made }), (error) => ({ error })),
      ]);
      if (turn !== this.#turn || !("made" in reader)) {
        stream.getTracks().forEach((track) => track.stop());
        if (turn !== this.#turn) return;
        throw /** @type {any} */ (reader).error;
      }
      this.#reader = reader.made;
      this.stream = stream;
      const [track] = stream.getVideoTracks();
      track.addEventListener("ended", () => turn === this.#turn && this.close());
      this.torch = /** @type {any} */ (track.getCapabilities?.())?.torch ? false : null;
      this.#foundAt = performance.now();
      this.#sightings.clear();
      this.#be("on");
      this.#look(turn);
    } catch (error) {
      if (turn !== this.#turn) return;
      if (!/** @type {any} */ (error)?.name?.endsWith("Error") || causeOf(error) === "broken") console.error(error);
      this.#be(causeOf(error));
    }
  }

  close() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.torch = null;
    if (this.state !== "off") this.#be("off");
  }

  async light() {
    const track = this.stream?.getVideoTracks()[0];
    if (!track || this.torch === null) return;
    const on = !this.torch;
    await track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] })).then(() => { this.torch = on; }, () => { this.torch = null; });
    this.#changed();
  }

  /** @param {number} turn */
  #look(turn) {
    this.#timer = setTimeout(async () => {
      const video = /** @type {HTMLVideoElement | null} */ (document.querySelector("video[data-testid=finder]"));
      const now = performance.now();
      if (turn !== this.#turn) return;
      if (!video || now - this.#foundAt > IDLE_MS) return this.close(); // its screen is gone, or nobody scans
      if (video.readyState >= 2 && video.videoWidth) {
        const found = await /** @type {import("./reader.js").Reader} */ (this.#reader)(video).catch(() => []);
        if (turn !== this.#turn) return;
        for (const seen of this.#sightings.take(found, now)) {
          this.#foundAt = now;
          this.#found(seen);
        }
      }
      this.#look(turn);
    }, EVERY_MS);
  }
}
