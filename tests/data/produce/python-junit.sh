#!/bin/sh
# JUnit XML as Python writes it: pytest 8.4.2 (both families, reruns by pytest-rerunfailures 16.1),
# unittest-xml-reporting 4.0.0; Robot Framework 7.3.2 and 6.1.1, as output.xml and as xunit.
set -eu
. "$(dirname "$0")/common.sh"

python3 -m venv venv
venv/bin/pip install --quiet pytest==8.4.2 pytest-rerunfailures==16.1 unittest-xml-reporting==4.0.0
cat > test_basket.py <<'PY'
import unittest

import pytest

attempts = []


@pytest.fixture
def shop():
    raise RuntimeError("the shop is closed")


@pytest.fixture
def till():
    yield
    raise RuntimeError("the till is jammed")


def test_passes():
    pass


def test_fails():
    assert 1 + 1 == 3, "<sum> & \"more\" \x00 ☃"


def test_errors_at_setup(shop):
    pass


def test_errors_at_teardown(till):
    pass


@pytest.mark.skip(reason="later")
def test_skipped():
    pass


@pytest.mark.xfail(reason="known")
def test_expected_to_fail():
    assert False


@pytest.mark.parametrize("price", [1, 2])
def test_price(price):
    assert price == 1


def test_flaky():
    attempts.append(1)
    assert len(attempts) > 1


class Basket(unittest.TestCase):
    def test_rows(self):
        for row in range(3):
            with self.subTest(row=row):
                self.assertNotEqual(row, 1)

    def test_empty(self):
        pass
PY
pytest="venv/bin/python -m pytest -q -p no:cacheprovider test_basket.py"
$pytest -p no:rerunfailures -o junit_family=xunit1 --junit-xml=xunit1.xml > pytest.log || true
$pytest -p no:rerunfailures -o junit_family=xunit2 --junit-xml=xunit2.xml > pytest.log || true
$pytest --reruns 2 --junit-xml=reruns.xml > pytest.log || true
publish xunit1.xml junit/accept/pytest-8-xunit1.xml
publish xunit2.xml junit/accept/pytest-8-xunit2.xml
publish reruns.xml junit/accept/pytest-rerunfailures-16.xml
cat > unit.py <<'PY'
import unittest


class Basket(unittest.TestCase):
    def test_passes(self):
        pass

    def test_fails(self):
        self.fail("no")

    def test_errors(self):
        raise RuntimeError

    @unittest.skip("later")
    def test_skipped(self):
        pass


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("closed")

    def test_never(self):
        pass
PY
venv/bin/python -m xmlrunner --output-file unittest.xml unit > unit.log 2>&1 || true
publish unittest.xml junit/accept/unittest-xml-reporting-4.xml

cat > basket.robot <<'ROBOT'
*** Settings ***
Suite Setup    Log    open

*** Test Cases ***
Passes
    Log    fine

Fails
    Fail    no such item

Is Skipped
    Skip    later

*** Keywords ***
Broken
    Fail    closed
ROBOT
mkdir suites
cp basket.robot suites/basket.robot
cat > suites/broken.robot <<'ROBOT'
*** Settings ***
Suite Teardown    Fail    the till is jammed

*** Test Cases ***
Is Skipped As Well
    Skip    later
ROBOT
for version in 7.3.2 6.1.1; do
  python3 -m venv "venv-$version"
  "venv-$version/bin/pip" install --quiet "robotframework==$version"
  "venv-$version/bin/robot" --output output.xml --log NONE --report NONE --xunit xunit.xml suites \
    > robot.log || true
  publish output.xml "robot/accept/robot-$version.xml"
  publish xunit.xml "junit/accept/robot-$version-xunit.xml"
done
