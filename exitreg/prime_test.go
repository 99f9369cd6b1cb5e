//go:build unix

package exitreg_test

import (
	"fmt"
	"testing"
	"time"

	"multiexit/exitreg"
)

var hasty = role("exiting at once", func() {
	exitreg.Install(exitreg.Name("hasty"))
	register("a b")
	exitreg.Exit(0)
})

// Where the environment says that orders stand, no handler begins before they are all
// there: a process that exits at once is held, and has its faults. Or it says that it
// could not wait as long as a busy machine took.
func TestOrdersComeFirst(t *testing.T) {
	until := time.Now().Add(patience)
	for held := 0; held < 10; {
		if time.Now().After(until) {
			t.Fatalf("the orders were in time %d times only", held)
		}
		o := observe(t)
		p := start(t, hasty, o.env(), "MULTIEXIT_ORDERS=1")
		fmt.Fprintln(o.connected(), fault("b", `"skip"`)+"\n"+`{"do":"hold"}`+"\n"+`{"do":"ready"}`)
		e, _ := o.next()
		for e.Kind != exitreg.KindHold && e.Kind != exitreg.KindNote {
			e, _ = o.next()
		}
		if e.Kind == exitreg.KindNote {
			p.end()
			continue
		}
		if held++; e.Handler != "b" {
			t.Errorf("held before %s", e.Handler)
		}
		o.say(`{"do":"release"}`)
		p.want("a", "code 0")
	}
}

// An observer that never says so costs no more than it may.
func TestOrdersThatNeverCome(t *testing.T) {
	t.Parallel()
	o := observe(t)
	p := start(t, hasty, o.env(), "MULTIEXIT_ORDERS=1")
	p.want("b a", "code 0")
	var before, after int64
	for _, e := range o.all() {
		switch {
		case e.Kind == exitreg.KindRegister:
			before = e.At
		case e.Kind == exitreg.KindNote && e.Text == "exitreg: the orders did not come in time":
			after = e.At
		}
	}
	if waited := time.Duration(after - before); waited < 70*time.Millisecond {
		t.Errorf("it waited %v", waited)
	}

	o = observe(t)
	p = start(t, hasty, o.env(), "MULTIEXIT_ORDERS=1")
	o.connected().Close() // nor one that is gone
	p.want("b a", "code 0")
}
