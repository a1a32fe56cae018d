#!/bin/sh
# cucumber-js 12.9.0, as JSON and as messages: every status, a background, the rows of an outline,
# a retry that helps and one that does not, a hook that fails; and a run that its last hook ends.
set -eu
packages="@cucumber/cucumber@12.9.0"
. "$(dirname "$0")/common.sh"

mkdir -p features/steps
cat > features/basket.feature <<'GHERKIN'
Feature: Basket

  Background:
    Given a shop

  Scenario: A customer pays
    When the customer pays
    Then the basket is empty

  Scenario: A card is declined
    When the card is declined
    Then the basket is empty

  Scenario: A step nobody wrote
    When something happens that nobody defined

  Scenario: A step two people wrote
    When two of them match

  Scenario: A step for later
    When this is pending

  @skipped
  Scenario: A skipped one
    When the customer pays

  @flaky
  Scenario: The shop answers at the second attempt
    When the shop answers late

  @locked
  Scenario: The till is locked
    When the customer pays

  Scenario Outline: Prices
    When an item costs <price>

    Examples:
      | price |
      | 1     |
      | -1    |
GHERKIN
cat > features/steps/steps.js <<'JS'
const assert = require('node:assert');
const { Before, Given, Then, When } = require('@cucumber/cucumber');

let attempt = 0;
Given('a shop', () => {});
When('the customer pays', () => {});
When('the card is declined', () => { throw new Error('declined'); });
When('two of them match', () => {});
When(/two of them (.*)/, () => {});
When('this is pending', () => 'pending');
When('the shop answers late', () => assert.equal(++attempt, 2));
When('an item costs {int}', (price) => assert.ok(price > 0));
Then('the basket is empty', () => {});
Before({ tags: '@skipped' }, () => 'skipped');
Before({ tags: '@locked' }, () => { throw new Error('no key'); });
JS
npx cucumber-js --retry 1 --import 'features/steps/*.js' --format json:report.json --format message:report.ndjson || true
publish report.json cucumber-json/accept/cucumber-js-12.json
publish report.ndjson cucumber-messages/accept/cucumber-js-12.ndjson

cat > features/steps/run.js <<'JS'
const { AfterAll } = require('@cucumber/cucumber');
AfterAll(() => { throw new Error('the shop does not close'); });
JS
npx cucumber-js --name 'A customer pays' --import 'features/steps/*.js' --format message:run.ndjson || true
publish run.ndjson cucumber-messages/accept/cucumber-js-12-cut-off.ndjson
