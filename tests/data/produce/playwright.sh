#!/bin/sh
# Playwright Test 1.65.1, without a browser: its own JSON, and CTRF by playwright-ctrf-json-reporter
# 0.0.29. Every state, two projects, a retry that helps, steps, a file that does not load.
set -eu
packages="@playwright/test@1.65.1 playwright-ctrf-json-reporter@0.0.29"
. "$(dirname "$0")/common.sh"

cat > playwright.config.js <<'JS'
module.exports = {
  retries: 1,
  timeout: 1000,
  projects: [{ name: 'blue' }, { name: 'green' }],
  reporter: [['json', { outputFile: 'report.json' }], ['playwright-ctrf-json-reporter', {}]],
};
JS
cat > basket.spec.js <<'JS'
const { test, expect } = require('@playwright/test');

test.describe('Basket', () => {
  test('adds an item', () => expect(1 + 1).toBe(2));
  test.describe('with an item', () => {
    test('removes it', () => expect(2 - 1).toBe(2));
  });
  test.skip('is saved for later', () => {});
  test.fixme('is shared', () => {});
  test('cannot be lost', () => { test.fail(); expect(1).toBe(2); });
  test('should fail and does not', () => { test.fail(); });
  test('never ends', () => new Promise(() => {}));
  test('reaches the shop at the second attempt', ({}, info) => expect(info.retry).toBe(1));
});
JS
echo "require('./no-such-module');" > broken.spec.js
npx playwright test basket.spec.js || true
publish report.json playwright-json/accept/playwright-1.json
publish ctrf/ctrf-report.json ctrf/accept/playwright-ctrf-reporter.json
npx playwright test || true
publish report.json playwright-json/accept/playwright-1-load-error.json
