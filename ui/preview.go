package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// previewEvery is how often the same is asked while processes are born.
const previewEvery = 200 * time.Millisecond

// preview is what a signal would do, as far as the driver has told.
type preview struct {
	waiting bool     // an answer is on its way
	asked   question // the newest question
	shape   int      // the Tree.Shape it was asked at: a birth changes the answer
	of      question // what targets answers
	targets []tree.Target
	failed  string // why there is no answer
}

// question is what a preview is asked for; comparable, so that an answer to
// another one can be told.
type question struct{ sig, scope, nodes string }

type previewMsg struct {
	question question
	targets  []tree.Target
	err      error
}

// question is the one that the open signal dialog has; zero without one.
func (m *Model) question() question {
	d := &m.dialog
	if d.kind != dialogMenu || d.choice >= len(d.items) {
		return question{}
	}
	return question{d.items[d.choice], d.scope().name, strings.Join(d.targets, " ")}
}

// inquire asks the driver what the chosen signal would do, if that was not asked
// yet, or somebody was born since. One question is on its way at a time, however
// fast a held key runs through the list.
func (m *Model) inquire() tea.Cmd {
	p, q := &m.preview, m.question()
	if q == (question{}) {
		p.asked = question{} // what is asked again later is answered anew
		return nil
	}
	shape := m.truth().Shape
	if p.waiting || q == p.asked && shape == p.shape || m.opts.Driver == nil {
		return nil
	}
	wait := time.Duration(0)
	if q == p.asked {
		wait = previewEvery
	}
	p.waiting, p.asked, p.shape = true, q, shape
	d := m.opts.Driver
	return func() tea.Msg {
		time.Sleep(wait)
		targets, err := d.Preview(q.sig, q.scope, strings.Fields(q.nodes))
		return previewMsg{q, targets, err}
	}
}

// onPreview takes an answer in, unless the question has changed meanwhile.
func (m *Model) onPreview(msg previewMsg) {
	p := &m.preview
	p.waiting = false
	if msg.question != m.question() {
		return
	}
	p.of, p.targets, p.failed = msg.question, msg.targets, ""
	if msg.err != nil {
		p.targets, p.failed = nil, oneLine(msg.err.Error())
	}
	m.dirty = true
}

// foreseen is whom the chosen signal would reach and what it would do there: the
// driver's answer, or before it what the tree knows. What has exited since is
// gone.
func (m *Model) foreseen() []tree.Target {
	q, p := m.question(), &m.preview
	var list []tree.Target
	switch {
	case q == (question{}):
	case p.of == q && p.failed == "":
		list = append(list, p.targets...)
	case q.scope == "group" || q.scope == "session":
	default:
		list = m.guess(q.sig)
	}
	for i := range list {
		if n := m.truth().Node(list[i].Node); n != nil && n.Ended() {
			list[i].Effect = tree.EffectGone
		}
	}
	return list
}

// guess is what the tree itself knows of the effect of a signal.
func (m *Model) guess(sig string) []tree.Target {
	var list []tree.Target
	for _, l := range m.reached(m.targets()) {
		d := l.node.Disposition(sig)
		if sig == "SIGTERM" {
			d = disposition(l.node)
		}
		if outright(sig) {
			d = tree.Default
		}
		list = append(list, tree.Target{Node: l.node.ID, Effect: tree.Effect(d), Stopped: l.node.Stopped})
	}
	return list
}

func plain(n int) string { return string(appendCount(nil, n)) }

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return plain(n) + " " + what + "s"
}
