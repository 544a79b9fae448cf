// The printer's side of the browser's device interfaces; see devices.py.

(() => {
  const kept = (name) => JSON.parse(localStorage.getItem("fake." + name) ?? "null");
  const keep = (name, value) => localStorage.setItem("fake." + name, JSON.stringify(value));
  const state = window.printers = {
    jobs: { serial: [], usb: [], rawbt: [] }, dies_after: null, absent: kept("absent"), paper: true, talks: false,
    refuses: false, asked: 0, opened: 0,
    set(what) {
      Object.assign(state, what);
      if ("absent" in what) {
        keep("absent", what.absent);
        port.connected = !what.absent;
        if (what.absent) { port.unplug(); usb.dispatchEvent(told("disconnect", { device })); }
        port.dispatchEvent(new Event(what.absent ? "disconnect" : "connect", { bubbles: true }));
        serial.dispatchEvent(told(what.absent ? "disconnect" : "connect", { target: port }));
        if (!what.absent) usb.dispatchEvent(told("connect", { device }));
      }
    },
  };
  const told = (type, members) => {
    const event = new Event(type);
    for (const [name, value] of Object.entries(members)) Object.defineProperty(event, name, { value });
    return event;
  };
  const gone = () => new DOMException("The device has been lost.", "NetworkError");

  // One port: Bluetooth or a cable, as it was asked for.
  class Port extends EventTarget {
    readable = null; writable = null; connected = !kept("absent");
    getInfo() { return kept("port") ?? {}; }
    unplug() { this.readable = this.writable = null; }
    async open({ baudRate }) {
      if (state.absent) throw gone();
      if (!baudRate || this.writable) throw new DOMException("no", "InvalidStateError");
      state.opened += 1;
      let answers;
      const answer = (byte) => { if (state.talks) answers.enqueue(Uint8Array.of(byte)); };
      const source = () => new ReadableStream({ start(it) { answers = it; }, cancel: () => { queueMicrotask(() => { if (this.writable) this.readable = source(); }); } });
      this.readable = source();
      this.writable = new WritableStream({
        async write(piece) {
          if (state.absent) throw gone();
          if (piece.length === 3 && piece[0] === 0x10 && piece[1] === 4) {
            answer(piece[2] === 4 ? (state.paper ? 0x12 : 0x72) : 0x12);
            return;
          }
          if (piece[0] === 0x1b && piece[1] === 0x40) state.jobs.serial.push([]);
          const job = state.jobs.serial.at(-1);
          if (state.dies_after !== null && job.length + piece.length > state.dies_after) throw gone();
          job.push(...piece);
        },
      }, { highWaterMark: 1 });
    }
    async close() { this.unplug(); }
    async forget() { keep("port", null); }
  }
  const port = new Port();
  const serial = new EventTarget();
  Object.assign(serial, {
    async getPorts() { return kept("port") ? [port] : []; },
    async requestPort({ filters } = {}) {
      state.asked += 1;
      if (!navigator.userActivation.isActive) throw new DOMException("needs a tap", "SecurityError");
      if (state.refuses) throw new DOMException("none chosen", "NotFoundError");
      keep("port", filters ? { bluetoothServiceClassId: filters[0].bluetoothServiceClassId } : { usbVendorId: 0x1a86, usbProductId: 0x7523 });
      return port;
    },
  });

  // One USB printer: a hub's interface first, then the printer's with a bulk out.
  const device = {
    vendorId: 0x0416, productId: 0x5011, serialNumber: "58A1", productName: "POS58 USB", opened: false, configuration: null, claimed: null,
    async open() { if (state.absent) throw gone(); this.opened = true; state.opened += 1; },
    async close() { this.opened = false; this.claimed = null; },
    async forget() { keep("usb", null); },
    async selectConfiguration(n) {
      const bulk = { direction: "out", type: "bulk", endpointNumber: 3 };
      this.configuration = { configurationValue: n, interfaces: [
        { interfaceNumber: 0, alternates: [{ interfaceClass: 3, alternateSetting: 0, endpoints: [{ direction: "in", type: "interrupt", endpointNumber: 1 }] }] },
        { interfaceNumber: 1, alternates: [{ interfaceClass: 7, alternateSetting: 0, endpoints: [{ direction: "in", type: "bulk", endpointNumber: 2 }, bulk] }] },
      ] };
    },
    async claimInterface(n) { if (!this.opened) throw gone(); this.claimed = n; },
    async selectAlternateInterface() {},
    async clearHalt() {},
    async controlTransferIn(setup) {
      if (state.absent || !this.opened) throw gone();
      if (setup.request !== 1 || setup.index !== 1) return { status: "stall" };
      return { status: "ok", data: new DataView(Uint8Array.of(state.paper ? 0x18 : 0x38).buffer) };
    },
    async transferOut(endpoint, piece) {
      if (state.absent || !this.opened || this.claimed !== 1 || endpoint !== 3) throw gone();
      if (piece[0] === 0x1b && piece[1] === 0x40) state.jobs.usb.push([]);
      const job = state.jobs.usb.at(-1);
      if (state.dies_after !== null && job.length + piece.length > state.dies_after) throw gone();
      job.push(...piece);
      return { status: "ok", bytesWritten: piece.length };
    },
  };
  const usb = new EventTarget();
  Object.assign(usb, {
    async getDevices() { return kept("usb") && !state.absent ? [device] : []; },
    async requestDevice({ filters }) {
      state.asked += 1;
      if (!navigator.userActivation.isActive) throw new DOMException("needs a tap", "SecurityError");
      if (state.refuses || !filters.some((one) => one.classCode === 7)) throw new DOMException("none chosen", "NotFoundError");
      keep("usb", true);
      return device;
    },
  });

  // The app that takes a link.
  addEventListener("click", (event) => {
    const href = event.target instanceof HTMLAnchorElement ? event.target.href : "";
    if (!href.startsWith("rawbt:base64,")) return;
    event.preventDefault();
    state.jobs.rawbt.push([...atob(href.slice(13))].map((c) => c.charCodeAt(0)));
  }, true);

  Object.defineProperty(navigator, "serial", { value: serial, configurable: true });
  Object.defineProperty(navigator, "usb", { value: usb, configurable: true });
})();
