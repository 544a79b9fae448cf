// Runs inside the till's page, put there by bench/till.py: does one thing as a finger or scanner would, tells how long it took.
window.bench = {
  /** Until what was just changed is on the screen. */
  painted: () => new Promise((done) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => done(performance.now());
    after.port2.postMessage(null);
  })),
  /** Until the page has such an element. */
  there: (selector) => new Promise((done) => {
    if (document.querySelector(selector)) return done(performance.now());
    const eyes = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      eyes.disconnect();
      done(performance.now());
    });
    eyes.observe(document, { childList: true, subtree: true, attributes: true });
  }),
  /** From the start of the page to the first goods; who sells is chosen where it is asked. */
  async start() {
    const ready = await this.there("[data-testid=staff],[data-testid=tile]");
    if (document.querySelector("[data-testid=tile]")) return this.painted();
    return ready + (await this.tap("[data-testid=staff]", "[data-testid=tile]")).painted;
  },
  async scan(code, product) {
    const qty = () => Number(document.querySelector(`[data-testid=line][data-product="${product}"]`)?.dataset.qty ?? 0);
    const before = qty();
    const key = (key, code) => dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
    for (const digit of code) key(digit, `Digit${digit}`);
    const began = performance.now();
    key("Enter", "Enter");
    await Promise.resolve().then(() => {});
    void document.body.offsetHeight;
    const worked = performance.now() - began;
    if (qty() <= before) throw new Error(`no line for ${code}`);
    return { worked, painted: (await this.painted()) - began };
  },
  async type(text) {
    const box = document.querySelector("[data-testid=search]");
    const took = [];
    for (let n = 1; n <= text.length; n++) {
      box.value = text.slice(0, n);
      const began = performance.now();
      box.dispatchEvent(new Event("input", { bubbles: true }));
      await Promise.resolve().then(() => {});
      void document.body.offsetHeight;
      const worked = performance.now() - began;
      took.push({ worked, painted: (await this.painted()) - began });
      await new Promise((rest) => setTimeout(rest, 60));
    }
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((rest) => setTimeout(rest, 250));
    return took;
  },
  async tap(selector, shows) {
    const began = performance.now();
    const shown = this.there(shows);
    document.querySelector(selector).click();
    return { worked: (await shown) - began, painted: (await this.painted()) - began };
  },
};
