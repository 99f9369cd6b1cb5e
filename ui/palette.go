package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/sahilm/fuzzy"

	"multiexit/tree"
)

// entry is one line of the palette.
type entry struct {
	name string
	of   string // whom it is for, where that is the selection
	rank int    // the lower the sooner
	key  string // the same by a key; empty if it has none
	why  string // it cannot be done now; empty if it can
	do   func() tea.Cmd
	lit  []int // bytes of name that were typed
}

// askPalette opens the palette: every action there is, found by typing.
func (m *Model) askPalette() tea.Cmd {
	m.dialog = dialog{kind: dialogPalette, entries: m.entries()}
	m.look("")
	return nil
}

// look lists the entries that match what was typed, the best first.
func (m *Model) look(input string) {
	d := &m.dialog
	d.input, d.choice, d.found = input, 0, nil
	want := strings.ReplaceAll(input, " ", "")
	if want == "" {
		d.found = d.entries
		return
	}
	names := make([]string, len(d.entries))
	for i := range d.entries {
		names[i] = d.entries[i].name
	}
	for _, hit := range fuzzy.Find(want, names) {
		e := d.entries[hit.Index]
		e.lit = hit.MatchedIndexes
		d.found = append(d.found, e)
	}
}

// pickEntry runs the chosen entry.
func (m *Model) pickEntry() tea.Cmd {
	d := &m.dialog
	if d.choice >= len(d.found) {
		m.notice = "nothing matches " + d.input
		return nil
	}
	e := d.found[d.choice]
	if e.why != "" {
		m.notice = e.why
		return nil
	}
	m.dialog = dialog{}
	return e.do()
}

// entries are all there is, the most useful first: what the keys do with the
// selection, what can be done with each command and group by its name, what the
// other keys do, the orders, the themes, every signal.
func (m *Model) entries() []entry {
	all := m.keyEntries()
	barred := m.barred()
	all = append(all, entry{name: m.stopsAll(), rank: rankSession, why: barred, do: m.askStop})
	all = append(all,
		entry{name: "pace: rest before each handler", rank: rankSession, why: barred, do: m.askPace},
		entry{name: "let go of it alone", of: m.selectedName(), rank: rankSession, why: m.holdless(barred), do: m.letGoOne})
	for _, target := range m.commandNames() {
		for _, v := range []verb{verbRestart, verbStop, verbStart, verbPause, verbContinue, verbDuplicate, verbRemove} {
			if v == verbDuplicate && (target == "all" || m.truth().Command(target) == nil) {
				continue
			}
			why := barred
			if why == "" {
				why = m.pointless(v, target)
			}
			all = append(all, entry{name: string(v) + " " + target, rank: rankNamed, why: why, do: func() tea.Cmd { return m.wishNamed(v, target) }})
		}
	}
	if m.opts.Place != "" {
		all = append(all, entry{name: "where this is recorded", rank: rankOther, do: m.tellPlace})
	}
	if m.opts.Others != nil {
		all = append(all, entry{name: "compare with another run", rank: rankOther, do: m.askOthers})
	}
	for o := range orders {
		all = append(all, entry{name: "sort by " + o.String(), rank: rankRest, do: func() tea.Cmd { return m.sortBy(o) }})
	}
	for _, theme := range []string{"dark", "light", "ansi", "mono"} {
		all = append(all, entry{name: "theme " + theme, rank: rankRest, do: func() tea.Cmd { return m.dress(theme) }})
	}
	for _, sig := range m.opts.Signals {
		all = append(all, entry{name: "signal " + sig, rank: rankRest, why: barred, do: func() tea.Cmd { return m.askThis(sig) }})
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		switch { // what cannot be done now comes last
		case a.why == "" && b.why != "":
			return -1
		case a.why != "" && b.why == "":
			return 1
		}
		return a.rank - b.rank
	})
	return all
}

// pointless is why a verb would do nothing to a command; empty if it would, or if
// the name is a group's.
func (m *Model) pointless(v verb, target string) string {
	c := m.truth().Command(target)
	switch {
	case c == nil:
	case v == verbStart && !idle(c):
		return "it runs already"
	case (v == verbPause || v == verbContinue) && idle(c), v == verbStop && idle(c) && c.State.Over():
		return "nothing of it lives"
	}
	return ""
}

// tellPlace says where the recording is.
func (m *Model) tellPlace() tea.Cmd {
	m.notice = m.opts.Place
	return nil
}

// dress changes the theme. A terminal with few colours has one of its own.
func (m *Model) dress(theme string) tea.Cmd {
	m.theme = newTheme(theme, m.opts.Profile)
	m.notice = "theme " + m.theme.Name
	return nil
}

// barred is why nothing can be signalled or driven here; empty if it can.
func (m *Model) barred() string {
	switch {
	case m.opts.ReadOnly:
		return onlyWatches
	case m.opts.Driver == nil:
		return recorded
	}
	return ""
}

const (
	onlyWatches = "this screen only watches (--readonly)"
	recorded    = "this is a recording: there is nothing to signal or drive"
)

// commandNames are the commands, the groups, and "all" if there are several.
func (m *Model) commandNames() []string {
	var names []string
	for _, c := range m.truth().Commands {
		if c.State == tree.CommandRemoved {
			continue
		}
		names = append(names, c.Name)
		for i, r := range c.Name {
			if group := c.Name[:i]; r == '/' && !slices.Contains(names, group) {
				names = append(names, group)
			}
		}
	}
	if len(names) > 1 {
		names = append(names, "all")
	}
	return names
}

// wishNamed is wish for a command, a group or everything by its name.
func (m *Model) wishNamed(v verb, target string) tea.Cmd {
	m.dialog = dialog{kind: dialogVerb, verb: v, goals: []goal{{target: target}}, subtree: true}
	for _, c := range m.truth().Commands {
		if c.Node != nil && (target == "all" || c.Name == target || strings.HasPrefix(c.Name, target+"/")) {
			m.dialog.targets = append(m.dialog.targets, c.Node.ID)
		}
	}
	if v == verbStart || v == verbContinue {
		return m.do(v, m.dialog.goals)
	}
	return nil
}

// askThis opens the signal dialog at a signal.
func (m *Model) askThis(sig string) tea.Cmd {
	was := m.lastSignal
	m.lastSignal = sig
	cmd := m.askSignal()
	m.lastSignal = was
	return cmd
}
