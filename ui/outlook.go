package ui

import (
	"strings"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// outlook is what becomes of one target, in a word, in a few, in many.
type outlook struct {
	kind, brief, text string
	style             canvas.Style
}

func (m *Model) outlook(sig string, x tree.Target) outlook {
	t := &m.theme
	warn, bad := fg(t.Signal.Base), fg(t.Fail.Base)
	n := m.truth().Node(x.Node)
	waits := x.Stopped && sig != "SIGKILL" && sig != "SIGCONT"
	nothing := x.Effect == tree.EffectDefault && fateOf(sig) == fateNone
	switch {
	case x.Effect == tree.EffectGone:
		return outlook{"gone", "gone", "gone", t.Hint}
	case x.Effect == tree.EffectRefused:
		return outlook{"refused", "not permitted", "not permitted", bad}
	case x.Effect == tree.EffectPID1:
		return outlook{"PID 1", "PID 1: nothing will happen", "PID 1: no default action, nothing will happen", warn}
	case sig == "SIGCONT" && x.Stopped:
		return outlook{"continued", "continues", "continues", fg(t.OK.Base)}
	case x.Effect == tree.EffectIgnored:
		return outlook{"ignored", "ignored: nothing happens", "ignored: nothing will happen", warn}
	case waits && !nothing:
		return outlook{"stopped", "stopped: pending", "stopped: pending until SIGCONT", warn}
	case x.Effect == tree.EffectBlocked:
		return outlook{"blocked", "blocked: pending", "blocked: pending until it unblocks", bad}
	case x.Effect == tree.EffectDefault:
		return m.byDefault(sig, n)
	case x.Effect == tree.EffectCaught && n != nil && n.Deafened(sig):
		return outlook{"ignored", "ignored (injected)", "ignored (injected): nothing will happen", warn}
	case x.Effect == tree.EffectCaught:
		return m.caught(sig, n, x.Unsure)
	}
	return outlook{"not known", "not known", "not known", t.Label}
}

// byDefault is what the default action of a signal does to n; see signal(7).
func (m *Model) byDefault(sig string, n *tree.Node) outlook {
	t := &m.theme
	switch fateOf(sig) {
	case fateNone:
		return outlook{"default", "default: nothing happens", "default: nothing will happen", t.Label}
	case fateStop:
		return outlook{"stops", "stops", "stops until SIGCONT", fg(t.Signal.Base)}
	case fateCont:
		return outlook{"default", "default: nothing happens", "runs already: nothing will happen", t.Label}
	}
	kind, dies := "default", "default: dies"
	switch {
	case sig == "SIGKILL":
		kind, dies = "killed", "dies at once"
	case fateOf(sig) == fateCore:
		dies = "default: dumps core"
	}
	lost := "handlers"
	if n != nil && n.Pending() > 0 {
		lost = plural(n.Pending(), "handler")
	}
	return outlook{kind, dies, dies + " without running " + lost, fg(t.Fail.Tone.at(.85))}
}

// caught says how many handlers a signal would run, if it is one that begins
// their run and they are known.
func (m *Model) caught(sig string, n *tree.Node, unsure bool) outlook {
	s := "caught"
	if n != nil && n.Reports && tree.Ends(sig) {
		s = "caught: " + plural(n.Pending(), "handler")
	}
	if unsure {
		return outlook{"caught", s + ", perhaps", s + ", as far as its masks tell", m.theme.Calm}
	}
	return outlook{"caught", s, s, m.theme.Calm}
}

// tally is how many of the targets there are of each kind, in the order in which
// they come: "5 caught · 1 default".
func (m *Model) tally(sig string, list []tree.Target) string {
	var kinds []string
	count := map[string]int{}
	for _, x := range list {
		kind := m.outlook(sig, x).kind
		if count[kind] == 0 {
			kinds = append(kinds, kind)
		}
		count[kind]++
	}
	for i, kind := range kinds {
		kinds[i] = plain(count[kind]) + " " + kind
	}
	return strings.Join(kinds, " · ")
}

// taken counts the targets that a signal gets to at all.
func taken(list []tree.Target) int {
	n := 0
	for _, x := range list {
		if x.Effect != tree.EffectGone && x.Effect != tree.EffectRefused {
			n++
		}
	}
	return n
}
