#!/bin/sh
# node --test (v20.20.2) with its TAP reporter: nested suites, todo, skip, a failing hook.
set -eu
. "$(dirname "$0")/common.sh"

cat > basket.test.js <<'JS'
const assert = require('node:assert');
const { after, before, describe, it, test } = require('node:test');

describe('Basket', () => {
  it('adds an item', () => assert.equal(1 + 1, 2));
  describe('with #1 item', () => {
    it('removes it', () => assert.equal(2 - 1, 2));
    it('is saved for later', { skip: 'no account' });
  });
  it('is shared', { todo: true }, () => assert.fail('not yet'));
});
describe('Nothing in it', () => {});
describe('Till', () => {
  after(() => { throw new Error('the till does not close'); });
  it('takes money', () => {});
});
test('asks for help', async (t) => {
  await t.test('by telephone', () => {});
  throw new Error('nobody answers');
});
JS
node --test --test-reporter=tap basket.test.js > report.tap || true
publish report.tap tap/accept/node-20.tap
