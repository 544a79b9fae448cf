// The RawBT app on Android: it takes the bytes by a link and says nothing back.

import { Trouble } from "./trouble.js";

const MOST = 700_000; // a link between apps holds about 1 MB

/** @param {Uint8Array} bytes */
export function linkOf(bytes) {
  let raw = "";
  for (let at = 0; at < bytes.length; at += 8192) raw += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return `rawbt:base64,${btoa(raw)}`;
}

export class RawBt {
  async open() {}

  /** @param {Uint8Array} bytes */
  async print(bytes) {
    const href = linkOf(bytes);
    if (href.length > MOST) throw new Trouble("unknown");
    const link = document.createElement("a");
    link.href = href;
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
  }

  async close() {}
}
