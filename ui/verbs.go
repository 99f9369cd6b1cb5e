package ui

import (
	"regexp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// verb is what can be done with commands; see anywhere for those that are for
// single processes too. They are the words that a Driver knows.
type verb string

const (
	verbStart     verb = "start"
	verbStop      verb = "stop"
	verbRestart   verb = "restart"
	verbPause     verb = "pause"
	verbContinue  verb = "continue"
	verbAdd       verb = "add"
	verbDuplicate verb = "duplicate"
	verbRemove    verb = "remove"
)

// anywhere says that the verb is for any process and all below it; the others
// are for a command as a whole.
func (v verb) anywhere() bool { return v == verbStop || v == verbPause || v == verbContinue }

// goal is one thing a verb is applied to, pinned when its dialog opens.
type goal struct {
	target string // for the driver: the name of a command, or a node
	node   string // the process it was seen at; its row may be another by now
}

// goals are what a verb is meant for: the marked nodes, else the one under the
// cursor; those below another of them are part of it.
func (m *Model) goals(v verb) []goal {
	var ids []string
	for id := range m.marked {
		ids = append(ids, id)
	}
	if len(ids) == 0 && m.cursor != "" {
		ids = append(ids, m.cursor)
	}
	var ns []*tree.Node
	for _, id := range ids {
		if n := m.truth().Node(id); n != nil && !under(n, ids) {
			ns = append(ns, n)
		}
	}
	slices.SortFunc(ns, func(a, b *tree.Node) int { return a.Index - b.Index })
	var all []goal
	for _, n := range ns {
		if g, ok := m.goal(v, n); ok && !slices.ContainsFunc(all, func(o goal) bool { return o.target == g.target }) {
			all = append(all, g)
		}
	}
	return all
}

// goal is what a verb is applied to at a node. If there is nothing the footer
// says why.
func (m *Model) goal(v verb, n *tree.Node) (goal, bool) {
	c := command(n)
	switch {
	case c == nil && !v.anywhere():
		m.notice = string(v) + ": " + n.Name + " belongs to no command of this session"
		return goal{}, false
	case v == verbStart && !idle(c):
		m.notice = c.Name + " runs already"
		return goal{}, false
	case v.anywhere() && !reachable(n, true) && !(v == verbStop && c != nil && !c.State.Over()):
		m.notice = n.Title() + absent(n)
		return goal{}, false
	case c != nil && (n == c.Node || !v.anywhere()):
		if c.Node != nil {
			return goal{c.Name, c.Node.ID}, true
		}
		return goal{c.Name, n.ID}, true
	}
	return goal{n.ID, n.ID}, true
}

// absent is why a process cannot be reached.
func absent(n *tree.Node) string {
	if n != nil && n.State == tree.Unborn {
		return " has not started"
	}
	return " has exited"
}

// wish asks for what a verb would do: at once for what can harm nothing, else by
// a dialog that says what will happen.
func (m *Model) wish(v verb) tea.Cmd {
	if len(m.marked) == 0 && m.cursor == "" {
		m.notice = "there is no process yet"
		return nil
	}
	goals := m.goals(v)
	if len(goals) == 0 {
		return nil
	}
	if v == verbStart || v == verbContinue {
		return m.do(v, goals)
	}
	m.dialog = dialog{kind: dialogVerb, verb: v, goals: goals, subtree: true}
	for _, g := range goals {
		m.dialog.targets = append(m.dialog.targets, g.node)
	}
	return nil
}

func (m *Model) wishes(v verb) func() tea.Cmd { return func() tea.Cmd { return m.wish(v) } }

// togglePause stops what is meant, or continues it if that is stopped.
func (m *Model) togglePause() tea.Cmd {
	for _, g := range m.goals(verbPause) {
		if n := m.truth().Node(g.node); n != nil && halted(n) {
			return m.wish(verbContinue)
		}
	}
	return m.wish(verbPause)
}

// halted says that somebody in a subtree is stopped.
func halted(n *tree.Node) bool {
	found := false
	walk(n, func(n *tree.Node) { found = found || n.Alive() && n.Stopped })
	return found
}

// do asks the driver, goal by goal.
func (m *Model) do(v verb, goals []goal, args ...string) tea.Cmd {
	m.dialog = dialog{}
	clear(m.marked)
	d := m.opts.Driver
	return report(func() error {
		for _, g := range goals {
			if err := d.Do(string(v), g.target, args); err != nil {
				return err
			}
		}
		return nil
	})
}

// restart asks first while something of the command lives, and is a start when
// nothing does.
func (m *Model) restart() tea.Cmd {
	goals := m.goals(verbRestart)
	for _, g := range goals {
		if n := m.truth().Node(g.node); n != nil && alive(n) > 0 {
			return m.wish(verbRestart)
		}
	}
	if len(goals) == 0 {
		return m.wish(verbRestart) // which says why not
	}
	return m.do(verbRestart, goals)
}

// enterCommand is Enter on the row of a command of which nothing lives.
func (m *Model) enterCommand() bool {
	n := m.truth().Node(m.cursor)
	if n == nil || n.Parent != nil || !m.keys.Begin.Enabled() || n.Past || n.Command == nil || !idle(n.Command) {
		return false
	}
	m.dialog = dialog{kind: dialogVerb, verb: verbStart, goals: []goal{{n.Command.Name, n.ID}}}
	return true
}

// commandLine reads what was typed to add a command: "NAME: LINE" as in a Procfile, or
// a command line alone.
func commandLine(s string) []string {
	if p := procLine.FindStringSubmatch(s); p != nil {
		return []string{p[1], p[2]}
	}
	return []string{strings.TrimSpace(s)}
}

var procLine = regexp.MustCompile(`^\s*([A-Za-z0-9][A-Za-z0-9_./-]*):\s+(.*\S)\s*$`)

func (m *Model) askAdd() tea.Cmd { return m.open(dialogAdd) }

func (m *Model) addCommand() tea.Cmd {
	line := strings.TrimSpace(m.dialog.input)
	if line == "" {
		m.notice = "type a command line, or esc"
		return nil
	}
	m.dialog = dialog{}
	d := m.opts.Driver
	return report(func() error { return d.Do(string(verbAdd), "", commandLine(line)) })
}
