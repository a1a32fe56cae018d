#!/bin/sh
# Jest 30.5.2, with its own JSON and with the CTRF reporter 0.0.11: tests in every state, a retry
# that helps, a file that does not run; and a run whose only fault is a missed coverage threshold.
set -eu
packages="jest@30.5.2 jest-ctrf-json-reporter@0.0.11"
. "$(dirname "$0")/common.sh"

cat > basket.test.js <<'JS'
let attempt = 0;
jest.retryTimes(2);
describe('Basket', () => {
  describe('with items', () => {
    test('adds an item', () => expect(1 + 1).toBe(2));
    test('removes an item', () => expect(2 - 1).toBe(2));
  });
  test.skip('is saved for later', () => {});
  test.todo('is shared');
  test('reaches the shop at the second attempt', () => {
    attempt += 1;
    expect(attempt).toBe(2);
  });
});
JS
echo "require('./no-such-module');" > broken.test.js
npx jest --json --outputFile=report.json --testLocationInResults \
  --reporters=jest-ctrf-json-reporter || true
publish report.json jest-json/accept/jest-30.json
publish ctrf/ctrf-report.json ctrf/accept/jest-ctrf-reporter.json

mkdir small && cd small
echo '{"jest": {"coverageThreshold": {"global": {"functions": 100}}}}' > package.json
echo 'exports.used = () => 1; exports.unused = () => { return 2; };' > shop.js
cat > shop.test.js <<'JS'
test('is used', () => expect(require('./shop').used()).toBe(1));
JS
npx jest --json --outputFile=report.json --coverage || true
publish report.json jest-json/accept/jest-30-coverage-threshold.json
