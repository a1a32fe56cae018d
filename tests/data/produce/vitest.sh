#!/bin/sh
# Vitest 4.1.12: tests in every state, a retry that helps, a file that does not run.
set -eu
packages="vitest@4.1.12"
. "$(dirname "$0")/common.sh"

cat > basket.test.js <<'JS'
import { describe, expect, test } from 'vitest';

let attempt = 0;
describe('Basket', () => {
  test('adds an item', () => expect(1 + 1).toBe(2));
  test('removes an item', () => expect(2 - 1).toBe(2));
  test.skip('is saved for later', () => {});
  test.todo('is shared');
  test.fails('cannot be lost', () => expect(1).toBe(2));
  test('reaches the shop at the second attempt', { retry: 2 }, () => {
    attempt += 1;
    expect(attempt).toBe(2);
  });
});
JS
echo "import './no-such-module';" > broken.test.js
npx vitest run --reporter=json --outputFile=report.json || true
publish report.json jest-json/accept/vitest-4.json
