import assert from "node:assert/strict";
import { test } from "node:test";

import { ascii, fold } from "../../static/till/fold.js";
import { base64url, fromBase64, toHex, uuid7, uuidBytes } from "../../static/till/ids.js";

test("fold drops accents, case and the bar of đ", () => {
  assert.equal(fold("Chè Đinh Tân Cương"), "che dinh tan cuong");
  assert.equal(fold("Mật ong hoa rừng đồi bà Chúa Hích"), "mat ong hoa rung doi ba chua hich");
  assert.equal(fold("Che\u0300 ĐẶNG"), "che dang");
  assert.equal(ascii("Chuyển Khoản"), "Chuyen Khoan");
});

test("ids are version 7 and always grow", () => {
  let before = "";
  for (let i = 0; i < 10_000; i++) {
    const id = uuid7(i % 100 === 0 ? 1_795_300_000_000 + i : 1_795_300_000_000);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(id > before);
    before = id;
  }
});

test("a UUID's bytes go through base64url and back", () => {
  const id = "019aa600-00c9-7000-8000-0000000000ff";
  const text = base64url(uuidBytes(id));
  assert.equal(text.length, 22);
  assert.equal(toHex(fromBase64(text)), id.replaceAll("-", ""));
});
