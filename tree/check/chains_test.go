package check_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
)

// blocked checks what a process waits for: by asking everybody.
func (v *verdict) blocked(n *tree.Node) {
	v.Helper()
	l := v.s.lives[n.ID]
	now := v.s.now
	if len(v.s.queue) > 0 {
		now += (v.s.queue[0].at - now) / 2
	}
	got := check.BlockedBy(v.tree, n, now)
	if l.asked == nil || l.gone != nil {
		if got.Node != nil || got.String() != "" {
			v.wrong("%s is blocked by %s", n.ID, got)
		}
		return
	}
	want, ends := l.blocker()
	var chain []string
	for _, c := range got.Chain {
		chain = append(chain, c.ID)
	}
	var ids []string
	since := time.Duration(0)
	for i, w := range want {
		ids = append(ids, w.id)
		if i > 0 {
			since = max(since, want[i-1].waiting(w))
		}
	}
	last := want[len(want)-1]
	if len(want) == 1 {
		switch since = l.asked.t; {
		case l.held != "":
			since = l.heldAt[len(l.heldAt)-1].from
		case l.turn != nil:
			since = l.turn.begin.t
		}
	}
	if !slices.Equal(chain, ids) || got.Node.ID != last.id || got.Others != ends-1 {
		v.wrong("%s is blocked by %v and %d others, want %v and %d\n%s", n.ID, chain, got.Others, ids, ends-1, v.story())
	}
	if got.Since != since || got.For != now-since {
		v.wrong("%s is blocked by %v since %v for %v, want %v\n%s", n.ID, chain, got.Since, got.For, since, v.story())
	}
	if (got.Handler == nil) != (last.turn == nil) || got.Handler != nil && got.Handler.ID != last.turn.id {
		v.wrong("%s is blocked by handler %v of %s", n.ID, got.Handler, last.id)
	}
	at, what := v.s.change(want, now)
	same := func(words string) bool { return strings.HasPrefix(got.Then, words) }
	if len(what) == 0 && got.Then != "" || len(what) > 0 && (got.Left != at-now || !slices.ContainsFunc(what, same)) {
		v.wrong("%s through %v: %q in %v, want %q in %v\n%s", n.ID, chain, got.Then, got.Left, what, at-now, v.story())
	}
	if why := last.why(); !strings.HasPrefix(got.Why, why) {
		v.wrong("%s: %q, want %q\n%s", n.ID, got.Why, why, v.story())
	}
}

// blocker is the chain to what holds a process up, and how many ends there are.
func (l *life) blocker() (chain []*life, ends int) {
	var all [][]*life
	var follow func(path []*life)
	follow = func(path []*life) {
		l, on := path[len(path)-1], false
		if l.turn != nil && !l.deafened() {
			for _, p := range l.turn.waits {
				if p.waits() {
					on = true
					follow(append(slices.Clone(path), p.on))
				}
			}
		}
		if !on && !slices.ContainsFunc(all, func(o []*life) bool { return o[len(o)-1] == path[len(path)-1] }) {
			all = append(all, path)
		}
	}
	follow([]*life{l})
	for _, c := range all {
		if c[len(c)-1].stuck() {
			return c, len(all)
		}
	}
	return all[0], len(all)
}

// waiting is since when l waits for another.
func (l *life) waiting(on *life) time.Duration {
	i := slices.IndexFunc(l.turn.waits, func(p pending) bool { return p.on == on })
	return l.turn.waits[i].since.t
}

// stuck says that it will not go by itself. That nobody saw the SIGKILL does not
// help it.
func (l *life) stuck() bool {
	return !(l.death != nil && l.seenDeath) && (l.held != "" || l.stopped || l.deaf != "" && !l.ran)
}

func (l *life) pid() string { return strconv.Itoa(l.no) }

func (l *life) why() string {
	switch {
	case l.death != nil && l.seenDeath:
		return "got SIGKILL"
	case l.held != "":
		return "held by you " + l.held
	case l.stopped && l.turn != nil:
		return "stopped in handler do-" + l.turn.id + " "
	case l.stopped:
		return "stopped"
	case l.turn != nil:
		return fmt.Sprintf("handler do-%s %d/%d", l.turn.id, len(l.turns), len(l.tasks))
	case l.ran && l.doing == l.id+" exit":
		return "its handlers are done, it is leaving"
	case l.ran:
		return "between handlers before do-" + l.tasks[l.next].id
	case l.deaf == "ignored":
		return "ignores SIG"
	case l.deaf == "blocked":
		return "blocks SIG"
	}
	return "what it does with SIG"
}

// change is what the chain waits for besides, and when that will be.
// It may be several things at once.
func (s *sim) change(chain []*life, now time.Duration) (at time.Duration, what []string) {
	next := func(l *limit, words string) {
		switch t := l.at; {
		case s.held > 0 || t <= now || len(what) > 0 && t > at:
		case len(what) > 0 && t == at:
			what = append(what, words)
		default:
			at, what = t, []string{words}
		}
	}
	end := chain[len(chain)-1]
	for i := len(chain) - 1; i >= 0; i-- {
		l, of := chain[i], ""
		if l != end {
			of = " of p" + l.id + " " + l.pid()
		}
		if l.turn != nil && l.turn.deadline != nil {
			next(l.turn.deadline, "do-"+l.turn.id+of+" times out")
		}
		if l.deadline != nil {
			next(l.deadline, "the grace"+of+" is over")
		}
		if i > 0 && chain[i-1].turn.kills && chain[i-1].turn.limit != nil {
			next(chain[i-1].turn.limit, "SIGKILL")
		}
	}
	return at, what
}
