#!/bin/sh
# CTest 4.1.2 from PyPI: its dashboard's Test.xml and its JUnit XML, of every way to end.
set -eu
. "$(dirname "$0")/common.sh"

python3 -m venv venv
venv/bin/pip install --quiet cmake==4.1.2
cat > CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(basket NONE)
include(CTest)
add_test(NAME passes COMMAND "${CMAKE_COMMAND}" -E true)
add_test(NAME fails COMMAND "${CMAKE_COMMAND}" -E false)
add_test(NAME is_skipped COMMAND "${CMAKE_COMMAND}" -E false)
set_tests_properties(is_skipped PROPERTIES SKIP_RETURN_CODE 1)
add_test(NAME is_disabled COMMAND "${CMAKE_COMMAND}" -E true)
set_tests_properties(is_disabled PROPERTIES DISABLED TRUE)
add_test(NAME cannot_start COMMAND no-such-program)
add_test(NAME times_out COMMAND "${CMAKE_COMMAND}" -E sleep 5)
set_tests_properties(times_out PROPERTIES TIMEOUT 1)
CMAKE
venv/bin/cmake -S . -B build > cmake.log
(cd build && ../venv/bin/ctest -T Test --output-junit ../junit.xml > ../ctest.log || true)
cp build/Testing/*/Test.xml Test.xml
sed -i -e 's#\b\(Name\|BuildName\|Hostname\|hostname\|OSRelease\|OSVersion\|ModelName\|VendorString\|VendorID\|FamilyID\|ModelID\|TotalPhysicalMemory\|ProcessorClockFrequency\|ProcessorCacheSize\)="[^"]*"#\1="host"#' \
  Test.xml junit.xml
publish Test.xml ctest/accept/ctest-4.xml
publish junit.xml junit/accept/ctest-4.xml
