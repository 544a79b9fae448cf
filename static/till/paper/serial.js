// A printer over Web Serial: Bluetooth (SPP) or a cable. Asks how it is where it answers, sends, asks again.

import { inPieces, Trouble, within } from "./trouble.js";

const SPP = "00001101-0000-1000-8000-00805f9b34fb";
const ANSWER_MS = 700; // a printer that talks answers at once; most cheap ones never do
const DONE_MS = 10_000; // after the last byte it may still be working off its buffer
const ASK_PAPER = Uint8Array.of(0x10, 0x04, 0x04); // DLE EOT 4
const ASK_ONLINE = Uint8Array.of(0x10, 0x04, 0x01); // DLE EOT 1

const serial = () => /** @type {any} */ (navigator).serial;

export const isThere = () => Boolean(serial());

/** @param {any} port */
const isBluetooth = (port) => Boolean(port.getInfo().bluetoothServiceClassId);

/** What tells this port from the others, also after a reload. @param {any} port */
const marksOf = (port) => {
  const { usbVendorId = null, usbProductId = null, bluetoothServiceClassId = null } = port.getInfo();
  return JSON.stringify([usbVendorId, usbProductId, bluetoothServiceClassId]);
};

/**
 * Ask the person; needs their tap. Null: they chose none.
 * @param {{ bluetooth: boolean }} asked
 */
export async function choose({ bluetooth }) {
  try {
    const port = await serial().requestPort(bluetooth ? { filters: [{ bluetoothServiceClassId: SPP }] } : {});
    return { kind: isBluetooth(port) ? "bluetooth" : "serial", marks: marksOf(port) };
  } catch (error) {
    if (/** @type {any} */ (error)?.name === "NotFoundError") return null;
    throw new Trouble("denied", false, error);
  }
}

export class SerialPrinter {
  #port = /** @type {any} */ (null);
  /** Whether it ever answered: silence is then trouble. */
  #talks = false;
  #asked = false;
  #choice;

  /** @param {{ marks: string, baud?: number }} choice @param {{ changed: (there: boolean) => void }} ports */
  constructor(choice, { changed }) {
    this.#choice = choice;
    this.changed = changed;
    this.#here = (/** @type {any} */ event) => { if (marksOf(event.target) === choice.marks) changed(true); };
    this.#gone = (/** @type {any} */ event) => {
      if (this.#port ? event.target !== this.#port : marksOf(event.target) !== choice.marks) return;
      this.#port = null;
      changed(false);
    };
    serial().addEventListener("connect", this.#here);
    serial().addEventListener("disconnect", this.#gone);
  }

  #here;
  #gone;

  /** Open it without asking anybody. Raises Trouble. */
  async open() {
    if (this.#port?.writable) return;
    const ports = await serial().getPorts();
    const port = ports.find((/** @type {any} */ one) => marksOf(one) === this.#choice.marks);
    if (!port) throw new Trouble("denied");
    if (port.connected === false) throw new Trouble("off");
    try {
      if (!port.writable) await within(port.open({ baudRate: this.#choice.baud ?? 115_200, bufferSize: 16_384 }), 15_000);
    } catch (error) {
      throw new Trouble(/** @type {any} */ (error)?.name === "InvalidStateError" ? "busy" : "off", false, error);
    }
    this.#port = port;
    this.#asked = this.#talks = false;
  }

  /** @param {Uint8Array} bytes */
  async print(bytes) {
    await this.open();
    if (this.#talks || !this.#asked) await this.#check(ANSWER_MS, false);
    const writer = this.#port.writable.getWriter();
    try {
      await inPieces(bytes, async (piece) => { await writer.ready; await writer.write(piece); });
    } catch (error) {
      this.#drop();
      throw error;
    } finally {
      try { writer.releaseLock(); } catch { /* the port went */ }
    }
    if (this.#talks) await this.#check(DONE_MS, true);
  }

  /** Raises Trouble where the printer says it cannot. @param {number} ms @param {boolean} sent */
  async #check(ms, sent) {
    const paper = await this.#ask(ASK_PAPER, ms);
    if (paper !== null && paper & 0b0110_0000) throw new Trouble("no_paper", sent);
    const online = paper === null ? null : await this.#ask(ASK_ONLINE, ms);
    if (online !== null && online & 0b0000_1000) throw new Trouble("off", sent);
    if (paper === null && this.#talks) throw new Trouble(sent ? "cut_off" : "slow", sent);
    this.#asked = true;
    this.#talks = paper !== null;
  }

  /** One status byte, or null. Real-time answers look like 0xx1xx10; anything else is not ours. @param {Uint8Array} question @param {number} ms */
  async #ask(question, ms) {
    if (!this.#port?.readable) return null;
    const writer = this.#port.writable.getWriter();
    const reader = this.#port.readable.getReader();
    const silent = setTimeout(() => reader.cancel().catch(() => {}), ms);
    try {
      await within(writer.write(question), ms);
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return null;
        for (const byte of value) if ((byte & 0b1001_0011) === 0b0001_0010) return byte;
      }
    } catch (error) {
      if (this.#port) return null;
      throw new Trouble("off", false, error);
    } finally {
      clearTimeout(silent);
      for (const lock of [reader, writer]) try { lock.releaseLock(); } catch { /* the port went */ }
    }
  }

  /** What is stuck in a port goes with it: the next print begins anew. */
  #drop() {
    const port = this.#port;
    this.#port = null;
    Promise.resolve(port?.writable?.abort?.()).catch(() => {}).then(() => port?.close?.()).catch(() => {});
  }

  async close({ forget = false } = {}) {
    serial().removeEventListener("connect", this.#here);
    serial().removeEventListener("disconnect", this.#gone);
    const port = this.#port ?? (await serial().getPorts()).find((/** @type {any} */ one) => marksOf(one) === this.#choice.marks);
    this.#port = null;
    await port?.close?.().catch(() => {});
    if (forget) await port?.forget?.().catch(() => {});
  }
}
