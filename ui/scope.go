package ui

import "multiexit/tree"

// scope is whom a signal is meant for, seen from the process it is sent to.
type scope struct {
	name   string // for the driver
	label  string
	short  string // where there is little room
	marked bool   // the marked processes instead, each by itself
}

// all says that those below the process are meant too.
func (s scope) all() bool { return s.name == "subtree" || s.name == "leaves" }

var scopes = []scope{
	{name: "process", label: "process", short: "process"},
	{name: "group", label: "group", short: "group"},
	{name: "session", label: "session", short: "session"},
	{name: "subtree", label: "tree root first", short: "tree"},
	{name: "leaves", label: "tree leaves first", short: "leaves first"},
	{name: "process", label: "marked", short: "marked", marked: true},
}

// scopes are the choices of the open signal dialog: without marked processes the
// last is none.
func (d *dialog) scopes() []scope {
	if len(d.marks) == 0 {
		return scopes[:len(scopes)-1]
	}
	return scopes
}

func (d *dialog) scope() scope { return scopes[d.reach] }

// aimAt chooses the scope of the signal dialog, around the end.
func (m *Model) aimAt(i int) {
	d := &m.dialog
	n := len(d.scopes())
	d.reach = (i + n) % n
	d.subtree = d.scope().all()
	d.targets = []string{d.node}
	if d.scope().marked {
		d.targets = d.marks
	}
}

// firstScope is the scope with which a signal dialog opens: what the user has
// marked; else the process, or if that has exited what lives below it.
func (m *Model) firstScope(n *tree.Node) int {
	switch {
	case len(m.dialog.marks) > 0:
		return len(scopes) - 1
	case n != nil && !n.Alive():
		return 3
	}
	return 0
}
