// The network port: JSON in, JSON out, a time limit, never a retry. A thrown error means "not reached".

const LIMIT_MS = 8_000;
const GZIP_FROM = 1_000;

/** @typedef {{ status: number, body: any, etag: string | null, asked: number, heard: number }} Answer */

export class Api {
  /** @param {{ base?: string, now?: () => number, fetch?: typeof fetch }} [given] */
  constructor({ base = "/api/till", now = () => Date.now(), fetch = globalThis.fetch.bind(globalThis) } = {}) {
    this.base = base;
    this.now = now;
    this.fetch = fetch;
    /** What the tablet says of itself: unsent events, battery and storage in percent. @type {() => Record<string, any>} */
    this.state = () => ({});
  }

  /** @param {{ code: string, device: string, public_key: JsonWebKey }} asked */
  enrol(asked) {
    return this.#call("POST", "/enrol", { body: asked });
  }

  /** @param {string} token @param {any} body */
  sendEvents(token, body) {
    return this.#call("POST", "/events", { token, body, limit: 20_000 });
  }

  /** @param {string} token */
  status(token) {
    const said = Object.entries(this.state()).filter(([, value]) => Number.isSafeInteger(value));
    const headers = /** @type {Record<string, string>} */ (
      said.length ? { "Till-State": said.map(([name, value]) => `${name}=${value}`).join(",") } : {});
    return this.#call("GET", "/status", { token, headers });
  }

  /** @param {string} token @param {number} since @param {string | null} etag */
  catalogue(token, since, etag) {
    const headers = etag ? { "If-None-Match": etag } : {};
    return this.#call("GET", `/catalogue?since=${since}`, { token, headers, limit: 60_000 });
  }

  /** @param {string} token @param {string} receiptNo */
  receipt(token, receiptNo) {
    return this.#call("GET", `/receipts/${encodeURIComponent(receiptNo)}`, { token });
  }

  /** @param {string} token @param {string} receiptNo */
  reprint(token, receiptNo) {
    return this.#call("POST", `/receipts/${encodeURIComponent(receiptNo)}/print`, { token });
  }

  /** A neighbour's parcel. @param {string} token @param {{ device: string, cipher: string }} parcel */
  rescue(token, parcel) {
    return this.#call("POST", "/rescue", { token, body: parcel, limit: 30_000 });
  }

  /** A picture, apart from the log. @param {string} token @param {string} sha256 @param {ArrayBuffer} bytes */
  async photo(token, sha256, bytes) {
    const { status } = await this.fetch(`${this.base}/photos/${sha256}`, {
      method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "image/jpeg" }, body: bytes,
      signal: AbortSignal.timeout(60_000), credentials: "omit", cache: "no-store",
    });
    return { status };
  }

  /** The customer's screen on another tablet. @param {string} token @param {"POST" | "PUT" | "DELETE"} method @param {any} [body] */
  display(token, method, body) {
    return this.#call(method, "/display", { token, body });
  }

  /** Open the drawer of the till's printer. @param {string} token */
  drawer(token) {
    return this.#call("POST", "/drawer", { token });
  }

  /**
   * @param {string} method @param {string} path
   * @param {{ token?: string, body?: any, headers?: Record<string, string>, limit?: number }} with_
   * @returns {Promise<Answer>}
   */
  async #call(method, path, { token, body, headers = {}, limit = LIMIT_MS }) {
    const all = /** @type {Record<string, string>} */ ({ Accept: "application/json", ...headers });
    if (token) all.Authorization = `Bearer ${token}`;
    const asked = this.now();
    const response = await this.fetch(this.base + path, {
      method,
      headers: all,
      body: body === undefined ? undefined : await packed(body, all),
      signal: AbortSignal.timeout(limit),
      credentials: "omit",
      redirect: "error", // ours never redirects: it is somebody's Wi-Fi
      cache: "no-store",
    });
    const text = await response.text();
    return {
      status: response.status, body: parsed(text), etag: response.headers.get("ETag"), asked, heard: this.now(),
    };
  }
}

/** A captive portal answers 200 with a page: that is not the server. @param {string} text */
function parsed(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError("not the server's answer");
  }
}

/** @param {any} body @param {Record<string, string>} headers */
async function packed(body, headers) {
  headers["Content-Type"] = "application/json";
  const text = JSON.stringify(body);
  if (text.length <= GZIP_FROM || typeof CompressionStream === "undefined") return text;
  headers["Content-Encoding"] = "gzip";
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
