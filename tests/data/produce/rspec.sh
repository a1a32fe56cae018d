#!/bin/sh
# RSpec 3.12 (Debian's ruby-rspec): examples in every state, and an error outside of the examples.
set -eu
. "$(dirname "$0")/common.sh"

cat > basket_spec.rb <<'RUBY'
RSpec.describe 'Basket' do
  it('adds an item') { expect(1 + 1).to eq(2) }
  context 'with an item' do
    it('removes it') { expect(2 - 1).to eq(2) }
    it('raises') { raise ArgumentError, 'no such item' }
  end
  it 'is saved for later'
  it('is shared') { pending('not yet'); raise 'not yet' }
  it('is fixed') { pending('not fixed'); expect(1).to eq(1) }
  xit('is left out') { raise 'never' }
end
RUBY
rspec --format json --out report.json basket_spec.rb || true
publish report.json rspec-json/accept/rspec-3.json
echo "require 'no/such/file'" > broken_spec.rb
rspec --format json --out broken.json broken_spec.rb || true
publish broken.json rspec-json/accept/rspec-3-load-error.json
