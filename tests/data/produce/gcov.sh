#!/bin/sh
# gcc 12 with its gcov, gcovr 8.4 and Debian's lcov 1.16: a template with two instances, a branch
# that is taken one way, a function that is not called, a header.
set -eu
. "$(dirname "$0")/common.sh"

git init --quiet .
git -c user.name=x -c user.email=x@example.org commit --quiet --allow-empty -m empty # for --coveralls
mkdir src
cat > src/till.hpp <<'CPP'
template <typename T> T larger(T a, T b) {
  if (a > b)
    return a;
  return b;
}
CPP
cat > src/till.cpp <<'CPP'
#include "till.hpp"

int change(int paid, int price) {
  if (paid < price || price < 0)
    return -1;
  return paid - price;
}

int unused() { return 7; }

int main() {
  int sum = 0;
  for (int i = 0; i < 3; i++)
    sum += change(10, i);
  sum += larger(1, 2);
  return larger(2.5, 1.5) > sum ? 1 : 0;
}
CPP
g++ --coverage -O0 -c -o till.o src/till.cpp
g++ --coverage -o till till.o
./till || true
python3 -m venv venv
venv/bin/pip install --quiet gcovr==8.4
gcovr="venv/bin/gcovr --root . --filter src/"
$gcovr --json report.json --json-summary summary.json --cobertura cobertura.xml --lcov lcov.info \
  --sonarqube sonar.xml --coveralls coveralls.json --clover clover.xml --jacoco jacoco.xml
publish report.json gcovr-json/accept/gcovr-8.4.json
publish summary.json gcovr-summary/accept/gcovr-8.4.json
publish cobertura.xml cobertura/accept/gcovr-8.4.xml
publish lcov.info lcov/accept/gcovr-8.4.info
publish sonar.xml sonar-generic/accept/gcovr-8.4.xml
publish coveralls.json coveralls-json/accept/gcovr-8.4.json
publish clover.xml clover/accept/gcovr-8.4.xml
publish jacoco.xml jacoco/accept/gcovr-8.4.xml
gcov -b -c till.gcda > gcov.log
publish till.cpp.gcov gcov-text/accept/gcc-12.gcov
publish till.hpp.gcov gcov-text/accept/gcc-12-template.gcov
gcov -b -c --json-format till.gcda > gcov.log
gunzip till.gcov.json.gz
publish till.gcov.json gcov-json/accept/gcc-12.json
(mkdir deb && cd deb && apt-get download -qq lcov libperlio-gzip-perl libjson-perl &&
  for package in *.deb; do dpkg -x "$package" .; done)
PERL5LIB=$(echo "$work"/deb/usr/lib/*/perl5/*):$work/deb/usr/share/perl5
export PERL5LIB PATH="$work/deb/usr/bin:$PATH"
lcov="perl deb/usr/bin/lcov --rc lcov_branch_coverage=1 --quiet"
$lcov --capture --directory . --output-file all.info
$lcov --extract all.info "$work/src/*" --output-file src.info
publish src.info lcov/accept/lcov-1.16.info
