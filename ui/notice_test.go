package ui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

func TestFitting(t *testing.T) {
	for _, c := range []struct {
		s    string
		w    int
		want string
	}{
		{"held: all wait; T ends all, N steps", 40, "held: all wait; T ends all, N steps"},
		{"held: all wait; T ends all, N steps", 20, "held: all wait"},
		{"api runs: n again when it has ended (n steps another)", 40, "api runs: n again when it has ended"},
		{"a b; c (d); e (f)", 14, "a b; c (d); e"},
		{"a b; c (d); e (f)", 12, "a b; c (d)"},
		{"a b; c (d); e (f)", 9, "a b; c"},
		{"there is no end to it", 5, "there is no end to it"},
		{"(all of it)", 5, "(all of it)"},
	} {
		if got := fitting(c.s, c.w); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.s, c.w, got, c.want)
		}
	}
}

// longNames gives the process 0.0.0 and its first handler the names that they have
// in life.
func longNames(es []tree.Event) []tree.Event {
	for i := range es {
		if es[i].Name == "worker-1" {
			es[i].Name = "partition-12"
		}
		if es[i].Handler == "flush" {
			es[i].Handler = "flush-metrics"
		}
	}
	return es
}

// In 80 columns a notice has all that has to be done, none of it cut, also beside
// the badge of a pace and a filter.
func TestNoticesFit(t *testing.T) {
	hold := ordered(-2600, tree.Order{Pattern: "*", Word: "hold"})
	hello := tree.Event{Kind: "hello", Node: "0.0.0", T: ms(11)}
	slow := ordered(-2000, tree.Order{Pattern: "*", Word: "pace", Time: 500 * time.Millisecond})
	runs := append(waiting(), tree.Event{Kind: "release", Node: "0.0.0", T: ms(1100)}, on(1101, "begin", "0.0.0", "h2"))
	for _, c := range []struct {
		events []tree.Event
		at     string
		keys   string
		want   string
	}{
		{shop(), "0.0", "P", "held: each waits before its next handler; T ends all, N steps"},
		{waiting(), "0.0", "N N", "partition-12 is between two handlers: N again in a moment"},
		{runs, "0", "N", "partition-12 still runs flush-metrics: N again when it has ended"},
		{runs, "0.0.0", "n", "partition-12 runs flush-metrics: n again when that has ended"},
		{append(shop(), hello, hold), "0.0.0", "n", "partition-12 has not begun: t sends SIGTERM"},
		{append(shop(), hold), "0.0.0", "n", "partition-12 reports no handlers: nothing to step"},
		{append(shop(), hello, hold), "0.0.0", "N", "nobody waits yet: T ends the tree"},
		{shop(), "0.0", "J", "J needs a line of the log (3), the output (4) or the analysis (5)"},
		{shop(), "0.0", ": p a c e enter ctrl+u 2 s enter", "every process rests 2.00s before each handler"},
	} {
		for _, beside := range [][]tree.Event{nil, {slow}} {
			w := watching(t, longNames(append(beside, c.events...)))
			w.send(tea.WindowSizeMsg{Width: 80, Height: 24})
			if beside != nil {
				w.press(keys("/ n enter")...)
			}
			w.choose(w.line(c.at))
			w.press(keys(c.keys)...)
			w.paint()
			rows := strings.Split(w.canvas.Plain(), "\n")
			foot := strings.Join(strings.Fields(rows[23]), " ")
			if x := strings.Index(rows[22], c.want[:10]); x > 0 { // it takes two
				foot = strings.TrimSpace(rows[22]) + " " + strings.TrimSpace(rows[23][x:])
			}
			if !strings.Contains(foot, c.want) || strings.Contains(foot, "…") {
				t.Errorf("%s: %q, want %q", c.keys, foot, c.want)
			}
			if fits := w.notice == c.want || strings.Contains(foot, w.notice); beside != nil && !fits && strings.Contains(foot, "pace") {
				t.Errorf("%s: the pace takes the room: %q", c.keys, foot)
			}
		}
	}
}
