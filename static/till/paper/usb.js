// A printer on a USB cable over WebUSB: the printer class, bulk out, its own status byte.

import { inPieces, Trouble, within } from "./trouble.js";

const PRINTER = 7; // the USB class
const NO_PAPER = 0x20, FINE = 0x08; // GET_PORT_STATUS: paper empty; not error
const STATUS_MS = 1_500;

const usb = () => /** @type {any} */ (navigator).usb;

export const isThere = () => Boolean(usb());

/** @param {any} device */
const marksOf = ({ vendorId, productId, serialNumber }) => JSON.stringify([vendorId, productId, serialNumber ?? null]);

/** Ask the person; needs their tap. Null: they chose none. */
export async function choose() {
  try {
    const device = await usb().requestDevice({ filters: [{ classCode: PRINTER }] });
    return { kind: "usb", marks: marksOf(device), name: device.productName ?? null };
  } catch (error) {
    if (/** @type {any} */ (error)?.name === "NotFoundError") return null;
    throw new Trouble("denied", false, error);
  }
}

/** The interface of the printer class with a bulk out endpoint. @param {any} device */
function wayIn(device) {
  for (const { interfaceNumber, alternates } of device.configuration?.interfaces ?? []) {
    for (const { interfaceClass, alternateSetting, endpoints } of alternates) {
      const out = endpoints.find((/** @type {any} */ end) => end.direction === "out" && end.type === "bulk");
      if (interfaceClass === PRINTER && out) return { interfaceNumber, alternateSetting, endpoint: out.endpointNumber };
    }
  }
  return null;
}

export class UsbPrinter {
  #device = /** @type {any} */ (null);
  #way = /** @type {any} */ (null);
  #choice;

  /** @param {{ marks: string }} choice @param {{ changed: (there: boolean) => void }} ports */
  constructor(choice, { changed }) {
    this.#choice = choice;
    this.#here = (/** @type {any} */ event) => { if (marksOf(event.device) === choice.marks) changed(true); };
    this.#gone = (/** @type {any} */ event) => {
      if (marksOf(event.device) !== choice.marks) return;
      this.#device = null;
      changed(false);
    };
    usb().addEventListener("connect", this.#here);
    usb().addEventListener("disconnect", this.#gone);
  }

  #here;
  #gone;

  /** Open it without asking anybody. Raises Trouble. */
  async open() {
    if (this.#device?.opened) return;
    const device = (await usb().getDevices()).find((/** @type {any} */ one) => marksOf(one) === this.#choice.marks);
    if (!device) throw new Trouble("off");
    try {
      if (!device.opened) await device.open();
      if (device.configuration === null) await device.selectConfiguration(1);
      const way = wayIn(device);
      if (!way) throw new Trouble("unknown");
      await device.claimInterface(way.interfaceNumber);
      if (way.alternateSetting) await device.selectAlternateInterface(way.interfaceNumber, way.alternateSetting);
      this.#device = device;
      this.#way = way;
    } catch (error) {
      await device.close().catch(() => {});
      if (error instanceof Trouble) throw error;
      throw new Trouble(["SecurityError", "InvalidStateError", "NetworkError"].includes(/** @type {any} */ (error)?.name) ? "busy" : "off", false, error);
    }
  }

  /** @param {Uint8Array} bytes */
  async print(bytes) {
    await this.open();
    await this.#check(false);
    const { endpoint } = this.#way;
    try {
      await inPieces(bytes, async (piece) => {
        const { status } = await this.#device.transferOut(endpoint, piece);
        if (status === "stall") await this.#device.clearHalt("out", endpoint);
        if (status !== "ok") throw new Trouble("cut_off");
      });
    } catch (error) {
      await this.#device?.close().catch(() => {}); // what hangs in it goes; the next print begins anew
      this.#device = null;
      throw error;
    }
    await this.#check(true);
  }

  /** The class's own question; a printer that does not know it is taken at its word. @param {boolean} sent */
  async #check(sent) {
    let status = null;
    try {
      const answer = await within(this.#device.controlTransferIn(
        { requestType: "class", recipient: "interface", request: 1, value: 0, index: this.#way.interfaceNumber }, 1), STATUS_MS);
      status = answer.status === "ok" && answer.data?.byteLength ? answer.data.getUint8(0) : null;
    } catch (error) {
      if (!this.#device) throw new Trouble(sent ? "cut_off" : "off", sent, error);
    }
    if (status === null) return;
    if (status & NO_PAPER) throw new Trouble("no_paper", sent);
    if (!(status & FINE)) throw new Trouble("off", sent);
  }

  async close({ forget = false } = {}) {
    usb().removeEventListener("connect", this.#here);
    usb().removeEventListener("disconnect", this.#gone);
    const device = this.#device ?? (await usb().getDevices()).find((/** @type {any} */ one) => marksOf(one) === this.#choice.marks);
    this.#device = null;
    await device?.close?.().catch(() => {});
    if (forget) await device?.forget?.().catch(() => {});
  }
}
