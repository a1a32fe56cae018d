#!/bin/sh
# Debian's clang and llvm-cov 14: JSON with segments and branches, its summary, LCOV.
set -eu
. "$(dirname "$0")/common.sh"

(mkdir deb && cd deb && apt-get download -qq clang-14 libclang-common-14-dev libclang-cpp14 \
  libclang-rt-14-dev && for package in *.deb; do dpkg -x "$package" .; done)
export LD_LIBRARY_PATH="$work/deb/usr/lib/x86_64-linux-gnu:$work/deb/usr/lib/llvm-14/lib"
mkdir src
cat > src/till.c <<'C'
#include <stdlib.h>

static int change(int paid, int price) {
  if (paid < price || price < 0)
    return -1;
  return paid - price;
}

int unused(void) {
  return 7;
}

#if 0
int skipped(void);
#endif

int main(void) {
  int sum = 0;
  for (int i = 0; i < 3; i++)
    sum += change(10, i);
  return sum > 100
    ? EXIT_FAILURE
    : EXIT_SUCCESS;
}
C
deb/usr/lib/llvm-14/bin/clang -resource-dir "$work/deb/usr/lib/llvm-14/lib/clang/14.0.6" \
  -fprofile-instr-generate -fcoverage-mapping -o till src/till.c
LLVM_PROFILE_FILE=till.profraw ./till
llvm-profdata-14 merge -o till.profdata till.profraw
llvm-cov-14 export -instr-profile till.profdata ./till > report.json
llvm-cov-14 export -instr-profile till.profdata -summary-only ./till > summary.json
llvm-cov-14 export -instr-profile till.profdata -format lcov ./till > lcov.info
publish report.json llvm-cov/accept/llvm-cov-14.json
publish summary.json llvm-cov/accept/llvm-cov-14-summary.json
publish lcov.info lcov/accept/llvm-cov-14.info
