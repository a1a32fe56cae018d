#!/bin/sh
# tape 5.10.2: assertions as test points, YAML diagnostics, output between the points.
set -eu
packages="tape@5.10.2"
. "$(dirname "$0")/common.sh"

cat > basket.test.js <<'JS'
const test = require('tape');

test('Basket', (t) => {
  t.equal(1 + 1, 2, 'adds an item');
  t.equal(2 - 1, 2, 'removes an item');
  console.log('{"level": "info", "message": "ok 3 is no test"}');
  t.end();
});
test.skip('is saved for later', (t) => t.end());
test('is shared', { todo: true }, (t) => { t.fail('not yet'); t.end(); });
test('plans', (t) => { t.plan(2); t.pass('once'); });
JS
node basket.test.js > report.tap || true
publish report.tap tap/accept/tape-5.tap
