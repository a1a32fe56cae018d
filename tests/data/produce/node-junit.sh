#!/bin/sh
# JUnit XML as JavaScript writes it: jest 30.2.0 with jest-junit 16.0.0, Mocha 11.7.4 with
# mocha-junit-reporter 2.2.1, Vitest 3.2.4, and node's own runner.
set -eu
packages="jest@30.2.0 jest-junit@16.0.0 mocha@11.7.4 mocha-junit-reporter@2.2.1 vitest@3.2.4"
. "$(dirname "$0")/common.sh"

mkdir jest mocha vitest node
cat > jest/basket.test.js <<'JS'
describe("basket", () => {
  test("same title", () => { throw new Error("first"); });
  test("same title", () => {});
  test("adds", () => {});
  test.skip("later", () => {});
  test.todo("some day");
});
JS
echo 'throw new Error("cannot be loaded")' > jest/broken.test.js
(cd jest && echo '{}' > package.json &&
  JEST_JUNIT_OUTPUT_FILE=../jest.xml JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true \
  npx jest --rootDir . --reporters=jest-junit > ../jest.log 2>&1 || true)
publish jest.xml junit/accept/jest-junit-16.xml
cat > mocha/basket.js <<'JS'
const assert = require("node:assert");
describe("basket", function () {
  let attempts = 0;
  it("adds", () => {});
  it("fails", () => { assert.strictEqual(1, 2); });
  it.skip("later", () => {});
  it("passes at the second attempt", function () { this.retries(2); assert(attempts++ > 0); });
  describe("closed", () => {
    before(() => { throw new Error("the shop is closed"); });
    it("never runs", () => {});
  });
});
JS
npx mocha --reporter mocha-junit-reporter --reporter-options mochaFile=mocha.xml mocha/basket.js \
  > mocha.log 2>&1 || true
publish mocha.xml junit/accept/mocha-junit-reporter-2.xml
cat > vitest/basket.test.js <<'JS'
import { describe, expect, test } from "vitest";
let attempts = 0;
describe("basket", () => {
  test("adds", () => {});
  test("fails", () => { expect(1).toBe(2); });
  test.skip("later", () => {});
  test("passes at the second attempt", { retry: 2 }, () => { expect(attempts++).toBe(1); });
});
JS
(cd vitest && npx vitest run --reporter=junit --outputFile=../vitest.xml > ../vitest.log 2>&1 || true)
publish vitest.xml junit/accept/vitest-3.xml
cat > node/basket.test.js <<'JS'
const { describe, it } = require("node:test");
const assert = require("node:assert");
describe("basket", () => {
  it("adds", () => {});
  it("fails", () => { assert.strictEqual(1, 2); });
  it("later", { skip: true }, () => {});
  it("some day", { todo: true }, () => { throw new Error("not yet"); });
});
JS
node --test --test-reporter=junit --test-reporter-destination=node.xml node/basket.test.js || true
publish node.xml junit/accept/node-test.xml
