package ui

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// filter is what the rows must match: words that all have to be found. A plain
// word is looked for in the name; "pid:", "state:" and "handler:" look elsewhere.
type filter struct {
	text    string // as typed
	editing bool   // keys go to the text
	terms   []term
	hits    int // rows that match by themselves, without the ancestors shown with them
}

type term struct {
	field field
	want  string // lower case
}

type field uint8

const (
	byName field = iota
	byPID
	byState
	byHandler
)

var fields = map[string]field{"name": byName, "pid": byPID, "state": byState, "handler": byHandler}

func (f *filter) active() bool { return len(f.terms) > 0 }

// set parses a text. A word that names an unknown field is looked for as it is,
// and one whose value is not typed yet hides nothing.
func (f *filter) set(text string) {
	f.text, f.terms = text, nil
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		t := term{want: word}
		if name, value, ok := strings.Cut(word, ":"); ok {
			if by, known := fields[name]; known {
				t = term{field: by, want: value}
			}
		}
		if t.want != "" {
			f.terms = append(f.terms, t)
		}
	}
}

func (f *filter) match(n *tree.Node) bool {
	for _, t := range f.terms {
		if !t.match(n) {
			return false
		}
	}
	return true
}

func (t term) match(n *tree.Node) bool {
	switch t.field {
	case byPID:
		return strings.HasPrefix(strconv.Itoa(n.PID), t.want)
	case byState:
		return matchState(n, t.want)
	case byHandler:
		for _, h := range n.Handlers() {
			if h.State != tree.Removed && contains(h.Name, t.want) {
				return true
			}
		}
		return false
	}
	return contains(n.Name, t.want) || contains(n.Title(), t.want)
}

// past says that earlier runs of commands are asked for.
func (f *filter) past() bool {
	for _, t := range f.terms {
		if t.field == byState && t.want == "past" {
			return true
		}
	}
	return false
}

// matchState knows the words that the screen uses: the states, the dispositions
// of SIGTERM, and what happened to a process.
func matchState(n *tree.Node, want string) bool {
	for _, w := range []struct {
		word string
		is   bool
	}{
		{"live", n.State == tree.Live},
		{"alive", n.Alive()},
		{"exiting", n.State == tree.Exiting},
		{"running", n.Running() != nil},
		{"stuck", n.State == tree.Stuck},
		{"exited", n.State == tree.Exited},
		{"failed", n.State == tree.Failed},
		{"gone", n.Ended()},
		{"waiting", n.State == tree.Unborn},
		{"unborn", n.State == tree.Unborn},
		{"past", n.Past},
		{"twice", n.Twice != ""},
		{"caught", n.Term == tree.Caught},
		{"default", n.Term == tree.Default},
		{"ignored", n.Term == tree.Ignored},
		{"blocked", n.Term == tree.Blocked},
		{"stopped", n.Stopped},
		{"orphan", n.Orphan},
		{"held", n.Held},
		{"lost", n.Lost() > 0},
	} {
		if w.is && strings.HasPrefix(w.word, want) {
			return true
		}
	}
	return n.Command != nil && !n.Past && strings.HasPrefix(string(n.Command.State), want)
}

// contains looks for want, which is in lower case, and allocates nothing for a
// name that is too.
func contains(name, want string) bool {
	return strings.Contains(strings.ToLower(name), want)
}

// volatile says that any event may change what matches, not only a birth.
func (f *filter) volatile() bool {
	for _, t := range f.terms {
		if t.field == byState || t.field == byHandler {
			return true
		}
	}
	return false
}

// edit opens the filter line.
func (m *Model) edit() tea.Cmd {
	m.filter.editing = true
	m.focus = paneTree
	return nil
}

// filterKey edits the text; the rows follow at once. Enter keeps the filter, esc
// drops it; the arrows move in the rows meanwhile.
func (m *Model) filterKey(msg tea.KeyMsg) tea.Cmd {
	switch msg.Type {
	case tea.KeyEnter:
		m.filter.editing = false
		m.wanted = m.cursor
	case tea.KeyEsc:
		m.unfilter()
	case tea.KeyBackspace:
		if m.filter.text == "" {
			m.filter.editing = false
		} else {
			m.search(chop(m.filter.text))
		}
	case tea.KeyCtrlU:
		m.search("")
	case tea.KeyCtrlW:
		text := strings.TrimRight(m.filter.text, " ")
		m.search(text[:strings.LastIndexByte(text, ' ')+1])
	case tea.KeyUp, tea.KeyDown, tea.KeyPgUp, tea.KeyPgDown:
		return m.act(msg.String())
	case tea.KeySpace, tea.KeyRunes:
		if !msg.Alt {
			m.search(m.filter.text + printable(msg.Runes))
		}
	}
	return nil
}

func (m *Model) search(text string) {
	m.filter.set(text)
	m.stale, m.cursor = true, "" // the cursor goes to what was looked for
}

func (m *Model) unfilter() {
	m.filter.editing = false
	m.search("")
}

// chop drops the last character.
func chop(s string) string {
	r := []rune(s)
	return string(r[:len(r)-1])
}

// printable is what of a paste may stand in one line of text.
func printable(rs []rune) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if !strconv.IsPrint(r) {
			return -1
		}
		return r
	}, string(rs))
}
