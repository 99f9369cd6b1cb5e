package demo

import (
	"regexp"
	"testing"
)

// Every handler is found where the scenarios specify it.
func TestSource(t *testing.T) {
	at := regexp.MustCompile(`^[a-z]+\.go:\d+$`)
	var walk func(scenario string, p Spec)
	walk = func(scenario string, p Spec) {
		for _, h := range p.Handlers {
			if src := source(scenario, p.Name, h.Name); !at.MatchString(src) {
				t.Errorf("%s, %s: %s is at %q", scenario, p.Name, h.Name, src)
			}
		}
		for _, kid := range p.Kids {
			walk(scenario, kid)
		}
	}
	for _, s := range List() {
		walk(s.Name, s.Root)
	}
	if src := source("shop", "supervisor", "no such handler"); src != "" {
		t.Errorf("one that is nowhere is at %q", src)
	}
}
