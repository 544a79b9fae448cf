import assert from "node:assert/strict";
import { test } from "node:test";

import { isTooOld } from "../../static/till/renewing.js";

test("a build is too old when the server wants a greater one, number by number", () => {
  for (const [least, app] of [["1.0.0", "0.9.9"], ["1.10", "1.9.5"], ["1.2.0.1", "1.2"], ["2", "1.99.99"]]) {
    assert.equal(isTooOld(least, app), true, `${least} ${app}`);
    assert.equal(isTooOld(app, least), false, `${app} ${least}`);
  }
});

test("the same build, nothing said and nonsense want nothing", () => {
  for (const least of ["1.2.0", "1.2", null, undefined, "", "newest", "1.x"]) assert.equal(isTooOld(least, "1.2.0"), false, `${least}`);
});
