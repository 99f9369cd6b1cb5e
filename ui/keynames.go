package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
)

// keyEntries are the actions of the key map.
func (m *Model) keyEntries() []entry {
	var all []entry
	var words []string
	names, stations := m.keys.names(), m.stations()
	for i := range m.acts {
		a := &m.acts[i]
		if desc := a.key.Help().Desc; desc != "" {
			words = strings.Split(strings.ReplaceAll(desc, " and ", ", "), ", ")
			if i+1 == len(m.acts) || m.acts[i+1].key.Help().Desc != "" {
				words = []string{desc}
			}
		} else if len(words) > 1 {
			words = words[1:]
		}
		name := names[a.key]
		if name == "" && len(words) > 0 {
			name = words[0]
		}
		if name == "" || len(a.key.Keys()) == 0 || a.key == &m.keys.Palette {
			continue
		}
		why := ""
		if !a.key.Enabled() {
			if why = a.why; why == "" {
				why = "not now"
			}
		}
		e := entry{name: name, key: keyName(a.key), why: why, rank: rankOther, do: a.do}
		if s, ok := stations[a.key]; ok {
			e.rank = s.rank
			if s.of {
				e.of = m.meant(s.verb)
			}
			if s.one {
				e.of = m.selectedName()
			}
			if e.why == "" {
				e.why = m.idleKey(a.key, s.verb)
			}
		}
		all = append(all, e)
	}
	return all
}

// names are those of actions that share a help text, where a part of it says too
// little.
func (k *keyMap) names() map[*key.Binding]string {
	return map[*key.Binding]string{
		&k.Up: "up", &k.Down: "down", &k.PageUp: "page up", &k.PageDown: "page down",
		&k.First: "first row", &k.Last: "last row", &k.NextExiting: "next exiting", &k.PrevExiting: "previous exiting",
		&k.SortOn: "sort by the next order", &k.SortBack: "sort by the previous order",
		&k.Tree: "tree pane", &k.Stack: "stack pane", &k.Log: "log pane", &k.PrevPane: "previous pane", &k.Why: "why it took so long",
		&k.StepBack: "one event back", &k.StepOn: "one event on", &k.SeekBack: "one second back", &k.SeekOn: "one second on",
		&k.LeapBack: "ten seconds back", &k.LeapOn: "ten seconds on",
		&k.PrevSignal: "previous signal", &k.NextSignal: "next signal", &k.Start: "start of the tape",
		&k.Pause: "pause the picture", &k.Stop: "stop by the ladder", &k.Halt: "pause or continue", &k.Output: "output or terminal",
		&k.Term: "SIGTERM", &k.TermTree: "SIGTERM to the tree", &k.Signal: "any signal", &k.Enter: "stack",
		&k.Hold: "hold all before their next handlers, or let go", &k.Step: "step one handler", &k.StepTree: "step the tree by one handler",
		&k.Go: "continue what is held", &k.Break: "breakpoints", &k.Fault: "fault: break it on purpose",
		&k.PutOff: "five seconds more before the next rung", &k.Hurry: "next rung now",
	}
}

// keyName is how a key is written.
func keyName(b *key.Binding) string {
	switch k := b.Keys()[0]; k {
	case " ":
		return "space"
	case "enter":
		return "⏎"
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "tab":
		return "⇥"
	default:
		return k
	}
}
