package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
)

// heard waits until a peer has printed the line that it was told, however its
// reads were cut.
func (w *observed) heard(node, line string) {
	w.t.Helper()
	w.event("the peer to read "+line, func(e *tree.Event) bool {
		return e.Kind == exitreg.KindOut && e.Node == node && strings.TrimPrefix(e.Text, "told ") == line
	})
}

func order1(t *testing.T, s *Session, pattern, line string) {
	t.Helper()
	if err := s.Order(pattern, line); err != nil {
		t.Fatal(err)
	}
}

const (
	anyHold = `{"do":"hold"}`
	hang    = `{"do":"fault","handler":"flush","fault":"hang"}`
)

// Orders stand for those to come; a process that has another name from Install on
// gets with it what it has not got yet, and nothing twice.
func TestOrdersStand(t *testing.T) {
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := watched(t, s)
	order1(t, s, "worker-*", hang)
	order1(t, s, "*", anyHold)
	order1(t, s, "other", `{"do":"pace","ns":5}`)
	hello := `{"kind":"hello","pid":\p,"name":"%s"}`
	node, err := s.Run(Command{Argv: role("peer", fmt.Sprintf(hello, "tool"), fmt.Sprintf(hello, "worker-1")), Name: "main"})
	if err != nil {
		t.Fatal(err)
	}
	w.heard(node, anyHold)
	w.heard(node, hang)
	order1(t, s, "main", `{"do":"release"}`) // by the name of its command; and for those that report already
	w.heard(node, `{"do":"release"}`)
	const pace = `{"do":"pace","ns":7}`
	for _, line := range []string{`{"do":"release"}`, anyHold, `{"do":"release","handler":"x"}`, `{"do":"release"}`, pace} {
		order1(t, s, "*", line) // of these the first and the third change nothing: nobody is told
	}
	w.heard(node, pace)
	var notes []string
	for _, e := range w.all() {
		switch {
		case e.Kind == exitreg.KindNote && e.Node == node:
			notes = append(notes, e.Text)
		case e.Kind == exitreg.KindHello && e.Node == node:
			notes = append(notes, e.Name)
		}
	}
	if want := []string{"tool", "ordered: hold", "worker-1", "ordered: hang flush", "ordered: release",
		"ordered: hold", "ordered: release"}; !slices.Equal(notes, want) {
		t.Errorf("%q\nwant %q", notes, want)
	}
}

// What takes an order back takes it from those to come.
func TestOrdersTakenBack(t *testing.T) {
	s := newSession(Config{})
	for _, one := range [][2]string{
		{"a", anyHold}, {"a", anyHold}, {"b", anyHold}, {"b", `{"do":"hold","handler":"x"}`},
		{"a", `{"do":"pace","ns":5}`}, {"a", `{"do":"pace","ns":6}`}, {"a", hang}, {"b", hang},
		{"a", `{"do":"fault","handler":"flush","fault":"exit","code":3}`},
	} {
		order1(t, s, one[0], one[1])
	}
	stand := func() (list []string) {
		for _, o := range s.orders {
			list = append(list, o.pattern+" "+o.String())
		}
		return list
	}
	want := []string{"a hold", "b hold", "b hold at x", "a pace 6ns", "b hang flush", "a exit flush with 3"}
	if got := stand(); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	order1(t, s, "*", `{"do":"release"}`)
	order1(t, s, "b", `{"do":"fault","handler":"flush","fault":"none"}`)
	order1(t, s, "*", `{"do":"pace"}`)
	if got := stand(); !slices.Equal(got, []string{"b hold at x", "a exit flush with 3"}) {
		t.Errorf("%q", got)
	}
}

// Who is stepped by two screens at once is held no more for the second, which is not
// told that nobody is.
func TestStepTooLate(t *testing.T) {
	s := newSession(Config{})
	went := &proc{id: "0", name: "db", pid: 7, running: true}
	waits := &proc{id: "1", name: "api", held: true}
	for _, tt := range []struct {
		live          []*proc
		pattern, want string
	}{
		{[]*proc{went, waits}, "0", "step: db (pid 7) is not held: it was let go already, or runs on"},
		{[]*proc{went}, "0", "step: db (pid 7) is not held: it was let go already, or runs on"},
		{[]*proc{went, waits}, "x*", "step: none of these is held"},
		{[]*proc{{id: "0"}}, "0", "step: nobody is held (hold them first; they wait when a signal has come)"},
	} {
		s.live = tt.live
		if got := s.stepless(&standingOrder{pattern: tt.pattern}).Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestOrderErrors(t *testing.T) {
	s := newSession(Config{})
	for line, want := range map[string]string{
		"hold":                           "an order has to be a JSON object",
		`{"do":"dance"}`:                 `no such order: "dance"`,
		`{"do":"step"}`:                  "step: nobody is held",
		"{" + strings.Repeat(" ", 5<<10): "more than 4 KiB",
	} {
		if err := s.Order("*", line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20s: %v", line, err)
		}
	}
	for i := range maxOrders {
		order1(t, s, fmt.Sprint("p", i), anyHold)
	}
	if err := s.Order("one", anyHold); err == nil {
		t.Error("one order too many was kept")
	}
}

// A breakpoint at any signal is one, however that is written: as nothing or as a glob,
// as the stream has it.
func TestAnySignalIsOne(t *testing.T) {
	for _, tt := range [][2]string{{"", `,"sig":"*"`}, {`,"sig":"*"`, ""}} {
		s := newSession(Config{})
		order1(t, s, "a", `{"do":"hold","on":"signal"`+tt[0]+`}`)
		order1(t, s, "a", `{"do":"release","on":"signal"`+tt[1]+`}`)
		if len(s.orders) != 0 {
			t.Errorf("%q is not taken back by %q", tt[0], tt[1])
		}
	}
}
