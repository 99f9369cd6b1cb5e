package check_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

const unit = 10 * ms

// quiet is a process without handlers in a made up shutdown, with what may be known of
// it. Times are in units of 10 ms after the beginning, no two ends are at the same.
type quiet struct {
	id         string
	above      *quiet
	kids       []*quiet
	born, gone int    // born: 0 if it was there before
	asked      int    // when somebody was seen to ask it; -1: nobody was
	end        string // the signal that ended it; "": it exited
	caught     bool   // it takes SIGTERM

	from int // since when it was on its way out; -1: it was not
	kin  []*quiet
}

// drawQuiet draws a process that is gone at a time, and what is below it: some of that is
// gone before, some after it.
func drawQuiet(r *rand.Rand, id string, born, gone int, ends map[int]bool) *quiet {
	q := &quiet{id: id, born: born, gone: gone, asked: -1, caught: r.IntN(3) > 0}
	if r.IntN(3) == 0 {
		q.end = [...]string{"SIGTERM", "SIGKILL", "SIGINT"}[r.IntN(3)]
	}
	if strings.Count(id, ".") == 3 {
		return q
	}
	for i := range r.IntN(4) {
		first := born
		if r.IntN(4) == 0 {
			first = born + r.IntN(gone-born)
		}
		end := first + 1 + r.IntN(gone+gone/4)
		if ends[end] {
			continue
		}
		ends[end] = true
		k := drawQuiet(r, fmt.Sprintf("%s.%d", id, i), first, end, ends)
		if r.IntN(4) == 0 {
			k.asked = first + r.IntN(end-first)
		}
		k.above = q
		q.kids = append(q.kids, k)
	}
	return q
}

// settle works out, from the top, who is on its way out since when, and for whom each
// waits: for who is gone before it, below it with nobody between them by then, unless a
// signal ended it itself. Who was not seen to be asked was asked with it, or when the last
// one between them was gone, or when the last one before was killed for whom it waited; but
// one that the default action of a signal ended was only asked then. It is not clear if
// somebody was asked before who waits for it.
func (q *quiet) settle(all []*quiet) (clear bool) {
	clear = true
	if q.above != nil {
		q.from = q.asked
		by, since := q.keeper()
		prompt := q.end == "SIGINT" || q.end == "SIGTERM" && !q.caught
		switch {
		case by == nil, by.from < 0, by.from >= q.gone, by.end != "" && (by.end != "SIGTERM" || !by.caught):
		case q.asked >= 0:
			clear = q.asked >= by.from
			by.kin = append(by.kin, q)
		case !prompt:
			for _, r := range all {
				if of, _ := r.keeper(); of == by && r.asked < 0 && r.end == "SIGKILL" && r.gone < q.gone && (q.end != "SIGKILL" || q.gone-r.gone > 10) {
					since = max(since, r.gone)
				}
			}
			q.from = max(by.from, since)
			by.kin = append(by.kin, q)
		}
	}
	for _, k := range q.kids {
		clear = k.settle(all) && clear
	}
	return clear
}

// keeper is the nearest above that was there longer, and since when nobody was between.
func (q *quiet) keeper() (by *quiet, since int) {
	since = q.born
	for by = q.above; by != nil && by.gone < q.gone; by = by.above {
		since = max(since, by.gone)
	}
	return by, since
}

// flat is q and all below it.
func (q *quiet) flat() []*quiet {
	list := []*quiet{q}
	for _, k := range q.kids {
		list = append(list, k.flat()...)
	}
	return list
}

// path is who was waited for in q, from one time to another: the last one to go by then
// for whom it waits, and before that was asked q again.
func (q *quiet) path(a, b int) []string {
	var last *quiet
	for _, k := range q.kin {
		if k.gone <= b && k.gone > a && (last == nil || k.gone > last.gone) {
			last = k
		}
	}
	var list []string
	if last != nil {
		from := max(a, last.from)
		list = append(q.path(a, from), last.path(from, last.gone)...)
		a = last.gone
	}
	for t := a; t < b; t++ {
		list = append(list, q.id)
	}
	return list
}

// blame is for how long each was on its way out without waiting.
func (q *quiet) blame(to map[string]int) {
	for t := q.from; q.from >= 0 && t < q.gone; t++ {
		if !slices.ContainsFunc(q.kin, func(k *quiet) bool { return k.from <= t && t < k.gone }) {
			to[q.id]++
		}
	}
	for _, k := range q.kids {
		k.blame(to)
	}
}

func (q *quiet) tell(at map[int][]tree.Event) {
	add := func(t int, e tree.Event) {
		e.Node, e.T = q.id, begin+time.Duration(t)*unit
		at[t] = append(at[t], e)
	}
	effect := tree.Default
	if q.caught {
		effect = tree.Caught
	}
	born := q.born
	if born == 0 {
		born = -1 // it was there before
	}
	add(born, tree.Event{Kind: exitreg.KindSpawn, Name: "p", PID: 1000})
	add(born, tree.Event{Kind: exitreg.KindDisposition, Sig: "SIGTERM", Text: string(effect)})
	if q.asked >= 0 {
		add(q.asked, tree.Event{Kind: exitreg.KindSignal, Sig: "SIGTERM", Sender: "multiexit"})
	}
	exit := tree.Event{Kind: exitreg.KindExit, Sig: q.end}
	if q.end == "" {
		exit.Code = new(int)
	}
	add(q.gone, exit)
	for _, k := range q.kids {
		k.tell(at)
	}
}

// Of processes that tell nothing, path and blame are what an independent reading of the
// same rule says, for every unit of time.
func TestMute(t *testing.T) {
	tried := 0
	for seed := range worlds() {
		r := rand.New(rand.NewPCG(seed, 7))
		gone := 40 + r.IntN(60)
		root := drawQuiet(r, "0", 0, gone, map[int]bool{gone: true})
		root.asked, root.end = 0, ""
		if !root.settle(root.flat()) {
			continue
		}
		at := map[int][]tree.Event{}
		root.tell(at)
		var events []tree.Event
		for _, t := range slices.Sorted(maps.Keys(at)) {
			events = append(events, at[t]...)
		}
		rep := check.Analyze(tree.Fold(events))
		if int(rep.Total/unit) != root.gone {
			continue // somebody who was asked outlived it
		}
		tried++
		var got []string
		for _, s := range rep.Path {
			for range s.For / unit {
				got = append(got, s.Node)
			}
		}
		want := root.path(0, root.gone)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v\nwant %v\n%s", seed, got, want, told(events))
		}
		blame := map[string]int{}
		root.blame(blame)
		for _, b := range rep.Blame {
			if blame[b.Node] != int(b.Own/unit) {
				t.Fatalf("seed %d: %s took %v, want %d units\n%s", seed, b.Node, b.Own, blame[b.Node], told(events))
			}
			delete(blame, b.Node)
		}
		for id, d := range blame {
			if d > 0 {
				t.Fatalf("seed %d: %s took %d units and is not blamed\n%s", seed, id, d, told(events))
			}
		}
	}
	if tried < int(worlds())/4 {
		t.Errorf("only %d of %d worlds were clear", tried, worlds())
	}
}

func told(events []tree.Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%v %s %s %s %s\n", e.T-begin, e.Node, e.Kind, e.Sig, e.Text)
	}
	return b.String()
}

// What blocks a process that tells nothing is its own code; who lives below it is told,
// for it may wait for that.
func TestCompany(t *testing.T) {
	guard := func() *story { return guard().send("0", "SIGTERM").after(time.Second) }
	for want, s := range map[string]*story{
		"its own code decides, its child bash 102 lives":                     guard(),
		"its own code decides, its child bash 102 lives and ignores SIGTERM": guard().effect("0.0", "SIGTERM", tree.Ignored),
		"its own code decides, its child bash 102 lives and is stopped":      guard().plain(exitreg.KindStop, "0.0"),
		"its own code decides, below it cat 105 lives, orphaned":             guard().spawn("0.0.0", "cat").died("0.0", "SIGTERM"),
		"its own code decides, below it cat 105 is stopped":                  guard().spawn("0.0.0", "cat").died("0.0", "SIGTERM").plain(exitreg.KindStop, "0.0.0"),
		"its own code decides, 2 children live":                              guard().spawn("0.1", "cat"),
		"its own code decides, 2 children live and cat 105 blocks SIGTERM":   guard().spawn("0.1", "cat").effect("0.1", "SIGTERM", tree.Blocked),
		"its own code decides, below it cat 105 ignores SIGTERM":             guard().spawn("0.0.0", "cat").effect("0.0.0", "SIGTERM", tree.Ignored),
		"its own code decides, its child bash 102 lives and blocks SIGTERM":  guard().effect("0.0", "SIGTERM", tree.Blocked).spawn("0.0.0", "cat").effect("0.0.0", "SIGTERM", tree.Ignored),
		"its own code decides":                        guard().exit("0.0", 0),
		"nobody was seen to ask it to end":            guard().asleep("0", "child", "0.0", ""),
		"ignores SIGTERM":                             guard().effect("0", "SIGTERM", tree.Ignored),
		"has no handler of SIGTERM, about to be gone": guard().effect("0", "SIGTERM", tree.Default),
	} {
		tr := s.tree()
		if got := check.BlockedBy(tr, tr.Node("0"), s.now).Why; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The stop of several commands is told as one.
func TestStopOfEverything(t *testing.T) {
	for commands, want := range map[int]string{1: "SIGTERM to c0 101", 2: "the stop of everything, first SIGTERM to c0 101,"} {
		s := new(story)
		for i := range commands {
			id := fmt.Sprint(i)
			s.see(exitreg.KindCommand, id, func(e *tree.Event) { e.Name, e.Text = "c"+id, "starting" }).spawn(id, "sh")
		}
		s.after(time.Second).send("0", "SIGTERM").after(ms).rung("", "stop", "", 0).after(ms)
		if r := check.Analyze(s.tree()); r.Beginning() != want || r.All != (commands > 1) {
			t.Errorf("%d commands: %q", commands, r.Beginning())
		}
	}
	s := new(story)
	for _, id := range []string{"0", "1"} {
		s.see(exitreg.KindCommand, id, func(e *tree.Event) { e.Name, e.Text = "c"+id, "starting" }).spawn(id, "sh")
	}
	s.after(time.Second).send("0", "SIGTERM").after(time.Second).rung("", "stop", "", 0)
	if r := check.Analyze(s.tree()); r.All {
		t.Errorf("one that was stopped before: %q", r.Beginning())
	}
}
