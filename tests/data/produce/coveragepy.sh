#!/bin/sh
# coverage.py 7.6.1 and 7.17.3: XML, JSON and LCOV of one run, with branches, an exclusion, a file
# that nothing imports, and a function that was not called.
set -eu
. "$(dirname "$0")/common.sh"

mkdir -p src/till
touch src/till/__init__.py
cat > src/till/basket.py <<'PY'
def price(items, voucher=None):
    total = 0
    for item in items:
        if item < 0:
            raise ValueError(item)
        total += item
    if voucher and total > 10:
        total -= voucher
    return total if total > 0 else 0


def receipt(items):
    lines = [f"{item}" for item in items]
    if False:  # pragma: no cover
        lines.append("never")
    return "\n".join(lines)
PY
echo 'RATE = 1' > src/till/unused.py
cat > run.py <<'PY'
import sys

sys.path.insert(0, "src")
from till.basket import price

price([1, 2])
price([20], voucher=5)
PY
for version in 7.6.1 7.17.3; do
  python3 -m venv "venv-$version"
  "venv-$version/bin/pip" install --quiet "coverage==$version"
  coverage="venv-$version/bin/coverage"
  $coverage run --branch --source src run.py
  $coverage xml -q
  $coverage json -q
  $coverage lcov -q
  publish coverage.xml "cobertura/accept/coveragepy-$version.xml"
  publish coverage.json "coveragepy-json/accept/coveragepy-$version.json"
  publish coverage.lcov "lcov/accept/coveragepy-$version.lcov"
done
$coverage run --source src run.py
$coverage xml -q
publish coverage.xml cobertura/accept/coveragepy-lines-only.xml
