package ui

import "github.com/charmbracelet/bubbles/key"

// Where the entries of the palette stand. Before these are the keys of the
// selection, in their own order.
const (
	rankSession = 50 + iota
	rankNamed
	rankOther
	rankMove
	rankRest
)

// station is where a key stands in the palette, and whether it is for the
// selection: a verb for the command that that belongs to.
type station struct {
	rank int
	of   bool
	one  bool // for the selected process alone, whatever is marked
	verb verb
}

func (m *Model) stations() map[*key.Binding]station {
	k := &m.keys
	all := map[*key.Binding]station{}
	for i, s := range []struct {
		key  *key.Binding
		verb verb
	}{
		{&k.Hurry, ""}, {&k.PutOff, ""},
		{&k.Restart, verbRestart}, {&k.Stop, verbStop}, {&k.Begin, verbStart}, {&k.Halt, verbPause},
		{&k.Term, ""}, {&k.TermTree, ""}, {&k.Signal, ""}, {&k.Kill, ""}, {&k.Details, ""},
		{&k.Step, ""}, {&k.Fault, ""},
		{&k.Output, ""}, {&k.Attach, ""}, {&k.Stdin, ""}, {&k.Duplicate, verbDuplicate}, {&k.Remove, verbRemove}, {&k.Add, verbAdd},
	} {
		all[s.key] = station{rank: i, verb: s.verb, of: s.key != &k.Hurry && s.key != &k.PutOff && s.verb != verbAdd}
	}
	for _, b := range []*key.Binding{&k.Step, &k.Details, &k.Stdin} {
		s := all[b]
		s.one = true
		all[b] = s
	}
	for _, b := range []*key.Binding{
		&k.Up, &k.Down, &k.PageUp, &k.PageDown, &k.First, &k.Last, &k.Left, &k.Right, &k.Parent, &k.Enter, &k.Escape,
	} {
		all[b] = station{rank: rankMove}
	}
	return all
}

// meant is whom a key is for, by name: a verb is for the whole command.
func (m *Model) meant(v verb) string {
	n := m.truth().Node(m.cursor)
	switch {
	case len(m.marked) > 0:
		return plain(len(m.marked)) + " marked"
	case n == nil:
		return ""
	case v != "" && !v.anywhere() && command(n) != nil:
		return command(n).Name
	}
	return n.Title()
}

// selectedName is the name of the process under the cursor.
func (m *Model) selectedName() string {
	if n := m.truth().Node(m.cursor); n != nil {
		return n.Title()
	}
	return ""
}

// idleKey is why a key that is enabled would do nothing for the selection.
func (m *Model) idleKey(b *key.Binding, v verb) string {
	was := m.notice
	defer func() { m.notice = was }()
	switch k := &m.keys; {
	case b == &k.Hurry || b == &k.PutOff:
		if l, _ := m.ladderIn(m.truth()); l == nil {
			return "nothing is being stopped here"
		}
	case b == &k.Attach:
		if m.terminals[rootOf(m.cursor)] == nil {
			return "it has no terminal"
		}
	case v != "" && v != verbAdd && len(m.goals(v)) == 0:
		return m.notice
	}
	return ""
}
