package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// askFault opens the dialog of faults: for the marked processes, else the one under
// the cursor; for the selected handler, or if another pane has the focus the one that
// is next.
func (m *Model) askFault() tea.Cmd {
	ids := m.aims(false)
	if len(ids) == 0 {
		return nil
	}
	d := dialog{kind: dialogFault, node: ids[0], targets: ids}
	if slices.Contains(ids, m.cursor) {
		d.node = m.cursor
	}
	if h := m.aimed(); h != nil && len(ids) == 1 && h.Node.ID != d.node {
		d.handler = m.nextOf(ids) // the stack is that of another process
	} else if h != nil {
		d.handler = h.Name
	} else {
		d.handler = m.nextOf(append([]string{d.node}, ids...))
	}
	m.dialog = d
	m.dialog.reach = int(m.reaches()[0])
	m.chooseFault(0)
	return nil
}

// nextOf is the name of the next handler of the first of the nodes that has one.
func (m *Model) nextOf(ids []string) string {
	for _, id := range ids {
		if n := m.truth().Node(id); n != nil && n.Pending() > 0 {
			return n.Plan()[0].Name
		}
	}
	return ""
}

// sufferers are those of the processes that the dialog of faults is about in which a
// fault could show; of a single one nobody asks.
func (m *Model) sufferers(w word) []*tree.Node {
	all := m.targets()
	if len(all) < 2 {
		return all
	}
	return slices.DeleteFunc(all, func(n *tree.Node) bool {
		switch {
		case !n.Alive():
			return true
		case w.Handler == everybody:
			return !n.Reports && n.Pending() == 0
		case w.Handler != "":
			return !slices.ContainsFunc(n.Plan(), func(h *tree.Handler) bool { return tree.Glob(w.Handler, h.Name) })
		case w.Fault == "ignore":
			return !n.Reports
		}
		return false
	})
}

// faultPatterns are whom the chosen fault is for.
func (m *Model) faultPatterns(w word) (patterns []string) {
	if faultReach(m.dialog.reach) == inEvery {
		return []string{everybody}
	}
	for _, n := range m.sufferers(w) {
		patterns = append(patterns, m.handle(n))
	}
	return patterns
}

// faultSubject is whom a fault is for, in words: by name if it is one, else how many,
// and of how many if not all that were marked can take it.
func (m *Model) faultSubject(w word) (name string, many bool) {
	ns, of := m.sufferers(w), len(m.dialog.targets)
	switch {
	case len(ns) == 1 && of == 1:
		return ns[0].Title(), false
	case len(ns) < of:
		return plain(len(ns)) + " of the " + processes(of), len(ns) != 1
	}
	return processes(len(ns)), true
}

// faultText is the chosen fault with whom it is for.
func (m *Model) faultText(w word) string {
	whom := m.patternName(everybody)
	if faultReach(m.dialog.reach) != inEvery {
		whom, _ = m.faultSubject(w)
	}
	return whom + ": " + orderWhat(w.order(""))
}

// paintFaulty writes the processes that the dialog is about: how many, and by name as
// far as there is room.
func (m *Model) paintFaulty(x, y, w int) {
	ns := m.targets()
	if len(ns) == 1 {
		m.paintWhom(x, y, w, ns[0])
		return
	}
	u := m.canvas.Text(x, y, plain(len(ns))+" marked processes", m.theme.Strong, w) + 2
	names := ""
	for i, n := range ns {
		if i > 0 {
			names += ", "
		}
		if names += n.Title(); canvas.Width(names) > w {
			break
		}
	}
	m.canvas.Text(x+u, y, names, m.theme.Calm, w-u)
}
