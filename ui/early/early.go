// Package early keeps Bubble Tea v1 from asking the terminal for its colours
// before main runs.
//
// Bubble Tea's init sends a query to a terminal on stdout and waits for the
// answer, up to five seconds on a terminal that gives none, even for --version
// (charmbracelet/bubbletea issue 1771). It does not ask where CI is set. So this
// package sets CI, and Restore takes it back before anything could see it.
//
// It must be initialised before termenv reads the environment. Go initialises
// packages in order of their import paths, each as soon as what it imports is
// ready (Go specification, Program initialization). This one imports nothing but
// syscall, which os needs too, and "multiexit/ui/early" sorts before "os": so it
// comes before os, and all that import os come later. An import added here, or a
// module path that sorts after "os", would break that; a test of the main
// package watches it.
package early

import "syscall"

var set bool

func init() {
	if _, ok := syscall.Getenv("CI"); !ok {
		set = syscall.Setenv("CI", "1") == nil
	}
}

// Restore gives the environment back as it was. main calls it first of all, so
// that no child inherits a CI that its user never set. Twice: no change.
func Restore() {
	if set {
		syscall.Unsetenv("CI")
		set = false
	}
}
