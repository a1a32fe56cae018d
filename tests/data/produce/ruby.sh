#!/bin/sh
# Ruby 3.1's own Coverage, written down as SimpleCov does: lines and branches, two commands.
set -eu
. "$(dirname "$0")/common.sh"

mkdir lib
cat > lib/till.rb <<'RUBY'
class Till
  def price(items, voucher: nil)
    total = items.sum
    if voucher && total > 10
      total -= voucher
    else
      total += 0
    end
    total.positive? ? total : 0
  end

  def unused
    7
  end
end
RUBY
cat > run.rb <<'RUBY'
require 'coverage'
require 'json'
commands = [['first', nil], ['second', 5]].to_h do |name, voucher|
  Coverage.start(lines: true, branches: true)
  load "#{Dir.pwd}/lib/till.rb"
  Till.new.price([20], voucher: voucher)
  [name, { coverage: Coverage.result, timestamp: 1_700_000_000 }]
end
File.write('resultset.json', JSON.pretty_generate(commands))
RUBY
ruby run.rb
publish resultset.json simplecov-resultset/accept/ruby-3.1.json
