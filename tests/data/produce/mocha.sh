#!/bin/sh
# Mocha 12.0.3: tests in every state, a retry that helps, a hook that fails.
set -eu
packages="mocha@12.0.3"
. "$(dirname "$0")/common.sh"

cat > basket.test.js <<'JS'
const assert = require('node:assert');

describe('Basket', () => {
  it('adds an item', () => assert.equal(1 + 1, 2));
  it('removes an item', () => assert.equal(2 - 1, 2));
  it('is saved for later');
  it('skips itself', function () { this.skip(); });
  let attempt = 0;
  it('reaches the shop at the second attempt', function () {
    this.retries(2);
    attempt += 1;
    assert.equal(attempt, 2);
  });
  it('never reaches the shop', function () {
    this.retries(1);
    throw new TypeError('no shop');
  });
});

describe('Till', () => {
  before(() => { throw new Error('the till is locked'); });
  it('takes money', () => {});
});
JS
npx mocha --reporter json --reporter-option output=report.json basket.test.js || true
publish report.json mocha-json/accept/mocha-12.json
