#!/bin/sh
# nyc 17.1.0, c8 10.1.3 and Vitest 4.1.12 with its Istanbul and V8 providers: two arms of an `if`,
# a ternary, a default argument, a `switch`, a function that is not called.
set -eu
packages="nyc@17.1.0 c8@10.1.3 vitest@4.1.12 @vitest/coverage-istanbul@4.1.12 @vitest/coverage-v8@4.1.12"
. "$(dirname "$0")/common.sh"

mkdir src
cat > src/basket.js <<'JS'
function price(items, voucher = 0) {
  let total = 0;
  for (const item of items) {
    if (item < 0) {
      throw new Error('negative');
    }
    total += item;
  }
  switch (voucher) {
    case 0: break;
    case 5: total -= 5; break;
    default: total = 0;
  }
  return total > 0 ? total : 0;
}

function unused() {
  return 1; }

module.exports = { price, unused };
JS
echo "const { price } = require('./src/basket.js'); price([1, 2]); price([9], 5);" > run.js
npx nyc --reporter=cobertura --reporter=lcovonly --reporter=json --reporter=json-summary \
  --reporter=clover node run.js
for file in cobertura-coverage.xml:cobertura/accept/nyc-17.xml lcov.info:lcov/accept/nyc-17.info \
  coverage-final.json:istanbul-json/accept/nyc-17.json clover.xml:clover/accept/nyc-17.xml \
  coverage-summary.json:istanbul-summary/accept/nyc-17.json; do
  publish "coverage/${file%%:*}" "${file#*:}"
done
npx c8 --reporter=json --reporter=lcovonly --reporter=json-summary node run.js
publish coverage/coverage-final.json istanbul-json/accept/c8-10.json
publish coverage/lcov.info lcov/accept/c8-10.info
publish coverage/coverage-summary.json istanbul-summary/accept/c8-10.json
cat > basket.test.mjs <<'JS'
import { expect, test } from 'vitest';
import { price } from './src/basket.js';

test('price', () => expect(price([9], 5)).toBe(4));
JS
for provider in istanbul v8; do
  npx vitest run --coverage.enabled --coverage.provider=$provider --coverage.include='src/**' \
    --coverage.reporter=json --coverage.reporter=clover --coverage.reporter=cobertura
  publish coverage/coverage-final.json "istanbul-json/accept/vitest-4-$provider.json"
  publish coverage/clover.xml "clover/accept/vitest-4-$provider.xml"
  publish coverage/cobertura-coverage.xml "cobertura/accept/vitest-4-$provider.xml"
done
