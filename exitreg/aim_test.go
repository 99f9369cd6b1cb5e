package exitreg

import (
	"fmt"
	"testing"
)

func TestAim(t *testing.T) {
	h := &Handler{name: "db/close [1]", id: "h7"}
	for a, want := range map[aim]bool{
		{}:                       false,
		{glob: "*"}:              true,
		{glob: "db*"}:            true,
		{glob: "*close*"}:        true,
		{glob: "db?close ?1]"}:   true,
		{glob: "db/close [1]"}:   true,
		{glob: "db/close 1"}:     false,
		{glob: "db"}:             false,
		{glob: "*x"}:             false,
		{glob: "d*c*]**"}:        true,
		{id: "h7"}:               true,
		{id: "h"}:                false,
		{glob: "db*", id: "h7"}:  true,
		{glob: "db*", id: "h8"}:  false,
		{glob: "log*", id: "h7"}: false,
	} {
		if got := a.hits(h); got != want {
			t.Errorf("%+v: %v", a, got)
		}
	}
}

// An observer that never stops talking does not fill the memory.
func TestAimsAreBounded(t *testing.T) {
	var g gate
	for i := range 3 * aimsMax {
		glob := fmt.Sprint("h", i)
		g.obey(order{Do: "fault", Handler: glob, Fault: faultSkip})
		g.obey(order{Do: "hold", Handler: glob})
		g.obey(order{Do: "hold", Handler: "h0"}) // again: no more than before
	}
	if len(g.faults) != aimsMax || len(g.breaks) != aimsMax {
		t.Errorf("%d faults, %d breakpoints", len(g.faults), len(g.breaks))
	}
	if why := g.obey(order{Do: "fault", Handler: "one more", Fault: faultSkip}); why == "" {
		t.Error("one too many is no word worth")
	}
	for i := range aimsMax {
		g.obey(order{Do: "fault", Handler: fmt.Sprint("h", i), Fault: faultNone})
		g.obey(order{Do: "release", Handler: fmt.Sprint("h", i)})
	}
	if g.closed.Load() {
		t.Error("still on guard")
	}
	g.end()
	g.obey(order{Do: "hold"})
	g.obey(order{Do: "fault", Handler: "*", Fault: faultSkip})
	if g.closed.Load() || g.fault(&Handler{name: "a"}) != nil {
		t.Error("obeys after its end")
	}
}
