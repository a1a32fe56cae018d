#!/bin/sh
# Test::More 1.302190 of Perl 5.36: TODO, SKIP, subtests, a plan that is not met, Bail out!.
set -eu
. "$(dirname "$0")/common.sh"

cat > basket.t <<'PERL'
use Test::More;
ok(1, 'adds an item');
is(2 - 1, 2, 'removes an item # 1');
TODO: { local $TODO = 'not yet'; ok(0, 'is shared'); ok(1, 'is seen'); }
SKIP: { skip 'no account', 2; }
subtest 'Till' => sub {
  plan tests => 3;
  ok(1, 'opens');
  subtest 'Coins' => sub { ok(1, 'one'); ok(0, 'two'); done_testing; };
  ok(1, 'closes');
};
subtest 'Planned three' => sub { plan tests => 3; ok(1, 'first'); };
subtest 'Skipped' => sub { plan skip_all => 'closed today'; };
done_testing;
PERL
cat > plan.t <<'PERL'
use Test::More tests => 3;
ok(1, 'first');
ok(1, 'second');
PERL
cat > bail.t <<'PERL'
use Test::More tests => 9;
ok(1, 'opens');
BAIL_OUT('the shop is on fire');
PERL
echo "use Test::More skip_all => 'no shop here';" > none.t
for name in basket plan bail none; do perl $name.t > $name.tap 2>&1 || true; done
publish basket.tap tap/accept/test-more.tap
publish plan.tap tap/accept/test-more-plan-not-met.tap
publish bail.tap tap/accept/test-more-bail-out.tap
publish none.tap tap/accept/test-more-skip-all.tap
cat basket.tap none.tap plan.tap > all.tap
publish all.tap tap/accept/three-documents.tap
prove --merge -v basket.t plan.t > prove.txt 2>&1 || true
publish prove.txt tap/accept/prove-verbose.txt
