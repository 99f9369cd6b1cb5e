package tty

import "testing"

// TestGuardMinds: only its own command line makes a process the guard.
func TestGuardMinds(t *testing.T) {
	for _, args := range [][]string{nil, {"demo"}, {"run", guardMark}, {guardMark, "x"}} {
		if Guard(args) {
			t.Errorf("%q is taken for the guard", args)
		}
	}
}
